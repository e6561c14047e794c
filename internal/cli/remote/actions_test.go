package remote_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/client"
)

// TestActions lists the actions of the samples and counts them.
func TestActions(t *testing.T) {
	address := demo(t)
	hindcast(t, 0, "login", address)
	out, _ := hindcast(t, 0, "actions", "--overdue")
	if lines := strings.Split(strings.TrimSpace(out), "\n"); len(lines) < 8 || !strings.HasPrefix(lines[0], "#1/") || !strings.Contains(lines[0], "2024-03-20  open") {
		t.Errorf("the overdue actions are\n%s", out)
	}
	if out, _ = hindcast(t, 0, "actions", "--state", "verified"); out != "" {
		t.Errorf("verified are %q, want none", out)
	}
	out, _ = hindcast(t, 0, "actions", "--team", "Platform team", "--format", "json")
	for line := range strings.Lines(out) {
		var a client.Action
		if err := json.Unmarshal([]byte(line), &a); err != nil || a.Item.Team() != "Platform team" {
			t.Errorf("%s: %v", line, err)
		}
	}
	out, _ = hindcast(t, 0, "actions", "figures", "--days", "0")
	for _, want := range []string{"completion rate", "0 %, 0 of ", "more than half are open", "in which you take no part"} {
		if !strings.Contains(out, want) {
			t.Errorf("the figures say no %q:\n%s", want, out)
		}
	}
	if out, _ = hindcast(t, 0, "actions", "figures", "--format", "json"); !json.Valid([]byte(out)) {
		t.Errorf("the figures as JSON are %s", out)
	}
	for _, tt := range []struct{ flag, value, want string }{
		{"--format", "xml", "text or json"}, {"--state", "finished", "open, in-progress, done, verified, wont-do"},
		{"--priority", "urgent", "critical, high, medium, low"}, {"--effect", "none", "prevents-recurrence"},
	} {
		if _, errs := hindcast(t, 2, "actions", tt.flag, tt.value); !strings.Contains(errs, tt.want) {
			t.Errorf("%s %s: %s, want %q in it", tt.flag, tt.value, errs, tt.want)
		}
	}
	if _, errs := hindcast(t, 2, "actions", "figures", "--days", "-3"); !strings.Contains(errs, "no number of days") {
		t.Errorf("a negative number of days: %s", errs)
	}
}

// TestAServerThatIsNotThere says what to do, and not which path was asked for.
func TestAServerThatIsNotThere(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	t.Setenv("HINDCAST_SERVER", "http://127.0.0.1:1")
	t.Setenv("HINDCAST_TOKEN", "hct_x")
	if _, errs := hindcast(t, 1, "sync"); !strings.Contains(errs, "the server at http://127.0.0.1:1 cannot be reached; look whether it runs there") || strings.Contains(errs, "/api/") {
		t.Errorf("sync says %s", errs)
	}
}
