package store_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/storetest"
)

// TestActionsOfOlderVersionsAreFilledIn holds what migration 14 makes of the rows of
// an earlier version against what a write makes of the same documents.
func TestActionsOfOlderVersionsAreFilledIn(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		day := hindcast.DateOf(march)
		incident := hindcast.Phases{StartedAt: march, ResolvedAt: march.Add(30 * time.Hour)}
		for i, actions := range [][]hindcast.ActionItem{{
			{ID: "a", Description: "x", Owner: "Platform team - Engineer B", Status: hindcast.ActionOpen, Opened: day.Add(3), Effects: hindcast.Effects()},
			{ID: "b", Description: "x", Owner: "Shop / Engineer A", Status: hindcast.ActionDone, Closed: day.Add(9), Effects: hindcast.Effects()[1:2]},
			{ID: "c", Description: "x", Status: hindcast.ActionDeclined, Reason: "costly", Closed: day.Add(-4), Revisit: day.Add(90)},
			{ID: "d", Description: "x", Owner: "On-call", Status: hindcast.ActionVerified, Opened: day, Closed: day.Add(2), Verification: &hindcast.Verification{How: "seen", By: "reviewer", On: day.Add(5)}},
		}, {{ID: "a", Description: "x", Status: hindcast.ActionOpen}}} {
			d := &store.Document{ID: store.NewID(march.Add(time.Duration(i) * time.Hour)), CreatedAt: march.AddDate(0, 0, 2), Post: hindcast.Postmortem{
				Incident: hindcast.Incident{Title: "Outage"}, Status: hindcast.StatusDraft, Category: hindcast.CodeDefect, Actions: actions,
				Factors: []hindcast.Factor{{ID: "f", Description: "No review", Category: hindcast.ProcessGap, Gap: hindcast.GapReview}, {ID: "g", Description: "It broke", Category: hindcast.CodeDefect},
					{ID: "h", Description: "An alert", Category: hindcast.CodeDefect, Tag: hindcast.Detecting}, {ID: "i", Description: "A thought", Category: hindcast.CodeDefect, RuledOutBy: "logs"}, {ID: "j", Description: "?"}}}}
			if i == 0 {
				d.Post.Incident.Phases = incident
			}
			write(t, s, func(tx *store.Tx) error { return tx.Insert(t.Context(), d) })
		}
		want := followed(t, s)
		migrateAgain(t, s, "00014_actions.sql", []string{`update action set team_key = '', effects = '', opened = 0, closed = 0, since = 0, revisit = 0`, `delete from factor`}, "update action set", "insert into factor")
		if diff := cmp.Diff(want, followed(t, s)); diff != "" || len(want) != 9 {
			t.Errorf("%d rows (-written +migrated):\n%s", len(want), diff)
		}
	})
}

// migrateAgain runs those statements of a migration that begin so, after others.
func migrateAgain(t *testing.T, s *store.Store, file string, run []string, begins ...string) {
	t.Helper()
	text, err := os.ReadFile("migrations/" + string(s.DB().Engine) + "/" + file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, s, func(tx *store.Tx) error {
		for part := range strings.SplitSeq(string(text), ";\n") {
			for _, begin := range begins {
				if i := strings.Index(part, begin); i >= 0 {
					run = append(run, part[i:])
				}
			}
		}
		for _, text := range run {
			if _, err := tx.SQL().Exec(t.Context(), text); err != nil {
				return err
			}
		}
		return nil
	})
}

// TestParticipantsOfOlderVersionsAreFilledIn does the same for migration 34.
func TestParticipantsOfOlderVersionsAreFilledIn(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		insert(t, s, draft(), draft(published), draft(func(d *store.Document) { d.DeletedAt = march }),
			draft(func(d *store.Document) {
				d.Required, d.Post.Actions = false, nil
				d.People = append(d.People, store.Participant{PersonID: "other", AddedAt: march})
			}))
		rows := func() []string {
			t.Helper()
			rows, err := sqldb.All(t.Context(), s.DB(), func(scan func(...any) error) (row string, err error) {
				err = scan(&row)
				return row, err
			}, `select incident || ' ' || person || ' ' || status || ' ' || publish_due || ' ' || actions_open from participant order by 1`)
			if err != nil {
				t.Fatal(err)
			}
			return rows
		}
		want := rows()
		migrateAgain(t, s, "00034_standing.sql", []string{`update participant set status = '', publish_due = 0, actions_open = 0`}, "update participant set")
		if diff := cmp.Diff(want, rows()); diff != "" || len(want) != 5 {
			t.Errorf("%d rows (-written +migrated):\n%s", len(want), diff)
		}
	})
}

// followed returns the rows by which actions are followed.
func followed(t *testing.T, s *store.Store) []string {
	t.Helper()
	rows, err := sqldb.All(t.Context(), s.DB(), func(scan func(...any) error) (string, error) {
		var row string
		err := scan(&row)
		return row, err
	}, `select incident || ' ' || id || ' ' || team_key || ' |' || effects || '| ' || opened || ' ' || closed || ' ' || since || ' ' || revisit from action
		union all select incident || ' ' || id || ' ' || sign || ' ' || category || ' ' || said from factor order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
