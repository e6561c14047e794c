package moments_test

import (
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/web/moments"
)

func TestOfHidesWhatNobodyKnewYet(t *testing.T) {
	at := func(s int) time.Time { return time.Date(2024, 3, 15, 14, 37, s, 0, time.UTC) }
	p := hindcast.Postmortem{Timeline: []hindcast.Entry{
		{ID: "e1", At: at(0), KnownAt: at(0), Key: true, Title: "rollout"},
		{ID: "e2", At: at(5), KnownAt: at(30), Title: "crash"},
		{ID: "e3", At: at(40), KnownAt: at(40), Key: true, Title: "alert"},
	}}
	bar, then := moments.Of(12, p, at(10))
	if len(then.Timeline) != 1 || len(p.Timeline) != 3 {
		t.Errorf("as of then there are %d entries, want 1", len(then.Timeline))
	}
	if want := "2 things nobody knew yet: 1 had happened, 1 was still to come"; bar.Summary != want {
		t.Errorf("Summary = %q, want %q", bar.Summary, want)
	}
	if len(bar.Stops) != 3 || bar.Stops[0].Title != "rollout" || bar.Stops[2].Title != "" {
		t.Errorf("Stops = %v, want those of the key entries and the moment itself, without what came later", bar.Stops)
	}
	if got, want := moments.Address(12, at(0)), "/p/12?at=2024-03-15T14%3A37%3A00Z#s-timeline"; got != want {
		t.Errorf("Address = %s, want %s", got, want)
	}
}
