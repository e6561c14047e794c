package workflow_test

import (
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/workflow"
)

func TestTurnsShowBeforeAndAfter(t *testing.T) {
	onBoth(t, func(l *library) {
		d := l.create("Ledger outage")
		var revisions []int64
		for _, owner := range []string{"Team A", "Team B", "Team C"} {
			saved, err := l.Edit(l.ctx, lead, d.ID, []part.Change{{Path: "owner", Value: workflow.JSON(owner)}}, "")
			l.ok(err)
			revisions = append(revisions, saved.Revision)
		}
		got, err := l.Turns(l.ctx, lead, d.ID, []int64{revisions[0], revisions[1], 99})
		l.ok(err)
		for i, want := range [][2]string{{"", "Team A"}, {"Team A", "Team B"}} {
			turn := got[revisions[i]]
			if turn.Before.Owner != want[0] || turn.After.Owner != want[1] {
				l.Errorf("revision %d turned %q into %q, want %q", revisions[i], turn.Before.Owner, turn.After.Owner, want)
			}
		}
		if len(got) != 2 {
			l.Errorf("%d turns, want those that were asked for and exist", len(got))
		}
		_, err = l.Turns(l.ctx, other, d.ID, revisions)
		l.refused("the turns of a draft of others", err, hindcast.NotFound)

		// Who reads what is published sees no turn from before.
		for _, to := range []hindcast.Status{hindcast.StatusInReview, hindcast.StatusApproved, hindcast.StatusPublished} {
			_, err := l.Move(l.ctx, lead, d.ID, to, "")
			l.ok(err)
		}
		seen, err := l.Turns(l.ctx, reader, d.ID, revisions)
		l.ok(err)
		if len(seen) != 0 {
			l.Errorf("a reader sees %d turns of the draft", len(seen))
		}
	})
}
