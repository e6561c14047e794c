package followup_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store/storetest"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/followup"
)

// TestNoReadScansALargeTable asks SQLite how it answers what is read of actions.
func TestNoReadScansALargeTable(t *testing.T) {
	s := storetest.SQLite(t)
	if err := storetest.Fill(t.Context(), s, 60, storetest.Size{Entries: 1, Factors: 2, Actions: 3, Prose: 100, Revisions: 1}); err != nil {
		t.Fatal(err)
	}
	wf := workflow.New(workflow.Config{Store: s})
	f := followup.New(followup.Config{Workflow: wf, DB: s.DB()})
	readEverything(t, f, wf)
	texts := s.DB().Prepared()
	n := 0
	for _, text := range texts {
		if !strings.Contains(text, "action") && !strings.Contains(text, "factor") {
			continue
		}
		n++
		plan, err := sqldb.All(t.Context(), s.DB(), func(scan func(...any) error) (detail string, err error) {
			var id, parent, unused int
			err = scan(&id, &parent, &unused, &detail)
			return detail, err
		}, `explain query plan `+text, make([]any, 40+strings.Count(text, "$"))...)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		for _, step := range plan {
			if step == "SCAN teams" { // the names that were stepped to
				continue
			}
			if strings.HasPrefix(step, "SCAN ") && !strings.Contains(step, " USING ") && !strings.Contains(step, "counted") && !strings.Contains(step, "CONSTANT ROW") {
				t.Errorf("a full scan (%s) in\n%s\n%s", step, text, strings.Join(plan, "\n"))
			}
		}
	}
	if n < 15 {
		t.Errorf("only %d statements; the test does not see what is read", n)
	}
}

func readEverything(t *testing.T, f *followup.Service, wf *workflow.Service) {
	t.Helper()
	v := hindcast.Viewer{PersonID: "person7", Name: "Engineer A", Role: hindcast.RoleAdmin}
	check := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	n := 7
	for _, x := range []followup.Filter{{}, {Open: true}, {Overdue: true}, {Stale: true}, {Mine: true}, {Owner: "ledger team"}, {Team: "ledger team"}, {Priority: hindcast.PriorityHigh}, {Service: "ledger"},
		{Effect: hindcast.ImprovesDetection}, {Severity: 2}, {Status: hindcast.ActionDone}, {Latest: true, Status: hindcast.ActionVerified}, {Took: &n}, {OpenedFrom: f.Today().Add(-9), OpenedTo: f.Today()}, {ClosedFrom: f.Today().Add(-9)}} {
		x.Limit = 3
		check(f.List(t.Context(), v, x))
		check(f.Counts(t.Context(), v, x))
		check(f.Figures(t.Context(), v, x, 90))
	}
	check(f.Choices(t.Context(), v))
	check(f.Figures(t.Context(), v, followup.Filter{}, 0))
	check(f.Reviews(t.Context(), v, 5))
	check(f.Views(t.Context(), v))
	check(f.Digest(t.Context(), v))
	list, err := wf.List(t.Context(), v, workflow.Filter{Limit: 1})
	if err != nil || len(list.Items) == 0 {
		t.Fatal(err)
	}
	d, err := wf.Get(t.Context(), v, list.Items[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	check(f.Echoes(t.Context(), v, d))
	if i := slices.IndexFunc(d.Post.Actions, func(a hindcast.ActionItem) bool { return a.ID != "" }); i >= 0 {
		check(f.Since(t.Context(), v, d, d.Post.Actions[i].ID))
		check(f.Get(t.Context(), v, d.ID, d.Post.Actions[i].ID))
	}
}
