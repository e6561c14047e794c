package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/client"
)

// TestActions lists the actions of the samples and counts them.
func TestActions(t *testing.T) {
	address := demo(t)
	command(t, 0, "login", address)
	out, _ := command(t, 0, "actions", "--overdue")
	if lines := strings.Split(strings.TrimSpace(out), "\n"); len(lines) < 8 || !strings.HasPrefix(lines[0], "#1/") || !strings.Contains(lines[0], "2024-03-20  open") {
		t.Errorf("the overdue actions are\n%s", out)
	}
	if out, _ = command(t, 0, "actions", "--state", "verified"); out != "" {
		t.Errorf("verified are %q, want none", out)
	}
	out, _ = command(t, 0, "actions", "--team", "Platform team", "--format", "json")
	for line := range strings.Lines(out) {
		var a client.Action
		if err := json.Unmarshal([]byte(line), &a); err != nil || a.Item.Team() != "Platform team" {
			t.Errorf("%s: %v", line, err)
		}
	}
	out, _ = command(t, 0, "actions", "figures", "--days", "0")
	for _, want := range []string{"completion rate", "0 %, 0 of ", "more than half are open", "in which you take no part"} {
		if !strings.Contains(out, want) {
			t.Errorf("the figures say no %q:\n%s", want, out)
		}
	}
	if out, _ = command(t, 0, "actions", "figures", "--format", "json"); !json.Valid([]byte(out)) {
		t.Errorf("the figures as JSON are %s", out)
	}
	if _, errs := command(t, 2, "actions", "--format", "xml"); !strings.Contains(errs, "text or json") {
		t.Errorf("another format: %s", errs)
	}
}
