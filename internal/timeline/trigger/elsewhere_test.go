package trigger_test

import (
	"testing"

	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/trigger"
)

// TestChangeElsewhere takes a setting that was changed where no users are for no change
// that can set anything off.
func TestChangeElsewhere(t *testing.T) {
	for env, want := range map[string]bool{"": true, "production": true, "eu-west-1": true, "shop": true, "sandbox": false, "staging-eu": false, "qa": false, "test": false, "preview": false, "Shop (local)": false} {
		f := &fact.Fact{Class: fact.Changed, Env: env}
		if got := trigger.Change(f); got != want {
			t.Errorf("a setting changed in %q can set an incident off: %v, want %v", env, got, want)
		}
	}
}
