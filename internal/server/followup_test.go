package server_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/client"
)

// TestActionsOverTheAPI takes an action through its states with the public client,
// then happens again, and reviews what is left without it.
func TestActionsOverTheAPI(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	r, _ := listen(t, nil)
	admin := r.admin()
	_, page := admin.do("POST", "/settings/tokens", "application/x-www-form-urlencoded", "name=client&scope=admin")
	c, err := client.New(r.url, regexp.MustCompile(`hct_[\w-]+`).FindString(page))
	if err != nil {
		t.Fatal(err)
	}
	ok := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	text := func(title, day, status string) []byte {
		return []byte("---\nhindcast: 1\ntitle: " + title + "\nservices: [checkout]\nstarted_at: " + day + "T10:00:00Z\nprimary_category: monitoring-gap\n---\n\n# " + title +
			"\n\n## Root Cause Analysis\n\n- Nobody watched the pool <!-- f:pool -->\n  - Category: monitoring gap\n  - Gap: monitoring\n\n## Action Items\n\n" +
			"- Alert on the pool <!-- a:alert -->\n  - Owner: Shop team - Engineer B\n  - Priority: high\n  - Due: 2024-03-20\n  - Answers: <!-- f:pool -->\n" + status)
	}
	old, err := c.Import(ctx, "old.md", text("The pool ran dry", "2024-03-01", ""), client.ImportOptions{})
	ok("Import", err)

	var late []client.Action
	for a, err := range c.Actions(ctx, client.ActionQuery{Overdue: true, Team: "shop team"}) {
		ok("Actions", err)
		late = append(late, a)
	}
	if len(late) != 1 || late[0].IncidentID != old.ID || !late[0].MayChange || late[0].Base == "" || late[0].Item.ID != "alert" {
		t.Fatalf("Actions = %+v", late)
	}
	if _, err := c.ChangeAction(ctx, old.ID, "alert", client.ActionChange{To: hindcast.ActionVerified}); hindcast.CodeOf(err) != hindcast.Conflict {
		t.Errorf("verified at once: %v, want a conflict", err)
	}
	done, err := c.ChangeAction(ctx, old.ID, "alert", client.ActionChange{To: hindcast.ActionDone, Base: late[0].Base})
	ok("ChangeAction to done", err)
	if _, err := c.ChangeAction(ctx, old.ID, "alert", client.ActionChange{To: hindcast.ActionInProgress, Reason: "not yet", Base: late[0].Base}); hindcast.CodeOf(err) != hindcast.Conflict {
		t.Errorf("from what was read before: %v, want a conflict", err)
	}
	ok("UndoActions", c.UndoActions(ctx, done))
	_, err = c.ChangeAction(ctx, old.ID, "alert", client.ActionChange{To: hindcast.ActionDone})
	ok("ChangeAction again", err)
	if _, err := c.ChangeAction(ctx, old.ID, "alert", client.ActionChange{To: hindcast.ActionVerified, Verification: &hindcast.Verification{How: "it fired", By: "Engineer B"}}); hindcast.CodeOf(err) != hindcast.Invalid {
		t.Errorf("verified by its owner: %v, want it invalid", err)
	}
	_, err = c.ChangeAction(ctx, old.ID, "alert", client.ActionChange{To: hindcast.ActionVerified, Verification: &hindcast.Verification{How: "it fired", By: "reviewer", On: hindcast.Date{Year: 2024, Month: 3, Day: 20}}})
	ok("ChangeAction to verified", err)

	again, err := c.Import(ctx, "again.md", text("The pool ran dry again", "2024-05-01", "  - Status: done\n"), client.ImportOptions{})
	ok("Import", err)
	echoes, err := c.Echoes(ctx, again.ID)
	ok("Echoes", err)
	if len(echoes) != 1 || echoes[0].Num != old.Num || !echoes[0].Category || len(echoes[0].Services) != 1 {
		t.Errorf("Echoes = %+v", echoes)
	}
	one, err := c.Action(ctx, old.ID, "alert")
	ok("Action", err)
	if len(one.Since) != 1 || one.Since[0].Num != again.Num || len(one.Item.History) != 2 {
		t.Errorf("Action = %+v", one)
	}
	figures, err := c.ActionFigures(ctx, client.ActionQuery{Service: "checkout"}, 0)
	ok("ActionFigures", err)
	if m := figures.Method; m.Total != 2 || m.Closed != 2 || *m.CompletionRate != 100 || figures.Verified != 1 || figures.LeftOut == "" {
		t.Errorf("ActionFigures = %+v", figures)
	}

	review, err := c.BeginActionReview(ctx, "service=checkout")
	ok("BeginActionReview", err)
	if review.Left != 1 || review.Next == nil || review.Next.IncidentID != again.ID || !strings.Contains(strings.Join(review.Why, " "), "not verified") {
		t.Fatalf("BeginActionReview = %+v, want one that asks about what nobody verified", review)
	}
	at := client.ActionTarget{Incident: again.ID, Action: "alert", Base: review.Next.Base}
	looked, err := c.LookAtAction(ctx, review.ID, at, "changed", "the drill was on Monday", client.ActionChange{To: hindcast.ActionVerified, Verification: &hindcast.Verification{How: "it fired", By: "reviewer"}})
	ok("LookAtAction", err)
	if looked.Revision == 0 {
		t.Errorf("LookAtAction = %+v, want a change", looked)
	}
	ended, err := c.EndActionReview(ctx, review.ID)
	ok("EndActionReview", err)
	if ended.Ended.IsZero() || len(ended.Looks) != 1 || ended.Looks[0].Note != "the drill was on Monday" || ended.Left != 0 {
		t.Errorf("EndActionReview = %+v", ended)
	}
	if got, err := c.ActionReview(ctx, review.ID); err != nil || got.Ended.IsZero() {
		t.Errorf("ActionReview = %+v, %v", got, err)
	}
	if all, err := c.ActionReviews(ctx); err != nil || len(all) != 1 {
		t.Errorf("ActionReviews = %+v, %v", all, err)
	}
	ok("UndoActions", c.UndoActions(ctx, looked))
	digest, err := c.ActionDigest(ctx)
	ok("ActionDigest", err)
	if len(digest.Unverified) != 1 || digest.Unverified[0].IncidentNum != again.Num {
		t.Errorf("ActionDigest = %+v", digest)
	}
	owner := "Reliability team"
	made, refused, err := c.ChangeActions(ctx, []client.ActionTarget{{Incident: again.ID, Action: "alert"}, {Incident: again.ID, Action: "gone"}}, client.ActionChange{Owner: &owner})
	ok("ChangeActions", err)
	if len(made) != 1 || len(refused) != 1 || refused[0].Action != "gone" {
		t.Errorf("ChangeActions = %+v, %+v", made, refused)
	}
}
