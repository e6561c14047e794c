package workflow_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/workflow"
)

// TestNamesStayWithWhoTakesPart looks for a name in whatever others get of what
// is published: the document, what it was, what changed, and who did it.
func TestNamesStayWithWhoTakesPart(t *testing.T) {
	onBoth(t, func(l *library) {
		d := l.create("Outage")
		l.edit(lead, d.ID, "participants", []hindcast.Participant{{Role: "on-call engineer", Name: "Jo Quokka"}})
		l.edit(lead, d.ID, "sections/summary", hindcast.Section{Kind: hindcast.SectionSummary, Heading: "Summary", Text: "Jo Quokka saw it first."})
		for _, s := range []hindcast.Status{hindcast.StatusInReview, hindcast.StatusApproved, hindcast.StatusPublished} {
			_, err := l.Move(l.ctx, lead, d.ID, s, "")
			l.ok(err)
		}
		action := hindcast.ActionItem{ID: "a", Description: "Ask Jo Quokka", Status: hindcast.ActionOpen}
		l.edit(lead, d.ID, "actions/a", action)
		action.Description = "Ask Jo Quokka again"
		l.clock = l.clock.AddDate(0, 0, 1)
		last := l.edit(lead, d.ID, "actions/a", action).Revision
		told := func(v hindcast.Viewer) string {
			now := l.get(v, "1")
			page, err := l.Revisions(l.ctx, v, d.ID, "", 10)
			l.ok(err)
			one, err := l.Revision(l.ctx, v, d.ID, last)
			l.ok(err)
			then, err := l.At(l.ctx, v, d.ID, last-1)
			l.ok(err)
			turns, err := l.Turns(l.ctx, v, d.ID, []int64{last})
			l.ok(err)
			return fmt.Sprintf("%+v %s %+v %s", now.People, string(workflow.JSON(now.Post)), page.Items, string(workflow.JSON([]any{one, then, turns})))
		}
		for _, v := range []hindcast.Viewer{other, reader, admin} {
			if got := told(v); strings.Contains(got, "Quokka") || strings.Contains(got, "PersonID:lead") || !strings.Contains(got, "On-call engineer saw it first") {
				t.Errorf("%s is told who it was, or not what happened:\n%s", v.PersonID, got)
			}
		}
		if got := told(lead); strings.Count(got, "Quokka") < 5 || !strings.Contains(got, "PersonID:lead") {
			t.Errorf("who takes part is not told who it was:\n%s", got)
		}
	})
}
