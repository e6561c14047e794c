package followup_test

import (
	"strings"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/followup"
)

// TestListsFromOutside reads a list again and again by who takes part and who does not:
// what is kept for the one is not shown to the other, and not after a change.
func TestListsFromOutside(t *testing.T) {
	onBoth(t, func(l *library) {
		d := l.add(pm{title: "A", service: "checkout", actions: []hindcast.ActionItem{{ID: "a", Description: "Watch the pool"}, {ID: "b", Description: "Ask ops@example.org for alerts"}}})
		read := func(v hindcast.Viewer) string {
			page, err := l.List(l.ctx, v, followup.Filter{Open: true})
			l.ok(err)
			var out []string
			for _, r := range page.Items {
				out = append(out, r.Item.Description)
			}
			return strings.Join(out, "; ")
		}
		check := func(first string) {
			t.Helper()
			for range 2 {
				if got, want := read(lead), first+"; Ask ops@example.org for alerts"; got != want {
					t.Errorf("who takes part reads %q, want %q", got, want)
				}
				if got := read(other); !strings.HasPrefix(got, first+"; Ask ") || strings.Contains(got, "ops@example.org") {
					t.Errorf("who takes no part reads %q, want %q first and no address", got, first)
				}
			}
		}
		check("Watch the pool")
		_, err := l.wf.Edit(l.ctx, lead, d.ID, []part.Change{{Path: "actions/a", Value: workflow.JSON(hindcast.ActionItem{ID: "a", Description: "Watch both pools"})}}, "")
		l.ok(err)
		check("Watch both pools")
	})
}
