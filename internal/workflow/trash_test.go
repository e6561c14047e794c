package workflow_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/workflow"
)

func TestPurgeLeavesATombstone(t *testing.T) {
	onBoth(t, func(l *library) {
		d, err := l.Draft(l.ctx, lead, workflow.NewIncident{Title: "One"}, evidence(t, all), nil)
		l.ok(err)
		e, err := l.Draft(l.ctx, other, workflow.NewIncident{Title: "Two"}, evidence(t, all), nil)
		l.ok(err)
		sum := d.Post.Evidence[0].SHA256
		l.refused("purging without a reason", l.Purge(l.ctx, lead, d.ID, sum, " "), hindcast.Invalid)
		l.ok(l.Purge(l.ctx, lead, d.ID, sum, "holds a token"))
		_, _, err = l.Lines(l.ctx, lead, d.ID, sum, 1, 2)
		l.refused("lines of what was purged", err, hindcast.NotFound)
		if _, _, err = l.Lines(l.ctx, other, e.ID, sum, 1, 2); err != nil {
			l.Errorf("another incident lost the file: %v", err)
		}
		added, _, err := l.AddEvidence(l.ctx, lead, d.ID, evidence(t, all))
		l.ok(err)
		if len(added) != 0 {
			l.Errorf("purged evidence came back: %v", added)
		}
		l.ok(l.Purge(l.ctx, other, e.ID, sum, "holds a token"))
		_, _, err = l.Bytes(l.ctx, other, e.ID, sum)
		l.refused("bytes of what was purged everywhere", err, hindcast.NotFound)
	})
}

func TestRemoveAndRestore(t *testing.T) {
	onBoth(t, func(l *library) {
		d := l.create("Checkout failed")
		l.ok(l.Remove(l.ctx, lead, d.ID, "a duplicate"))
		_, err := l.Get(l.ctx, lead, d.ID)
		l.refused("getting what was removed", err, hindcast.NotFound)
		_, err = l.Restore(l.ctx, other, d.ID)
		l.refused("restoring another's", err, hindcast.NotFound)
		_, err = l.Restore(l.ctx, lead, d.ID)
		l.ok(err)
		l.get(lead, d.ID)
	})
}

func TestTidyErasesTheTrash(t *testing.T) {
	onBoth(t, func(l *library) {
		kept, err := l.Draft(l.ctx, lead, workflow.NewIncident{Title: "Kept"}, evidence(t, func(n string) bool { return strings.Contains(n, "pagerduty") }), nil)
		l.ok(err)
		gone, err := l.Draft(l.ctx, lead, workflow.NewIncident{Title: "Gone"}, evidence(t, all), nil)
		l.ok(err)
		l.ok(l.Remove(l.ctx, lead, gone.ID, "a duplicate"))
		l.clock = time.Now().AddDate(0, 0, workflow.TrashDays-1) // blobs have times of the disk
		if n, err := l.Tidy(l.ctx); err != nil || n.Incidents != 1 {
			l.Fatalf("Tidy = %+v, %v, want the one that was removed", n, err)
		}
		_, err = l.Restore(l.ctx, lead, gone.ID)
		l.refused("restoring what was erased", err, hindcast.NotFound)
		rows, err := l.Evidence(l.ctx, lead, kept.ID)
		l.ok(err)
		for _, r := range rows {
			_, bytes, err := l.Bytes(l.ctx, lead, kept.ID, r.SHA256)
			l.ok(err)
			l.ok(bytes.Close())
		}
		if n, err := l.Tidy(l.ctx); err != nil || n != (workflow.Tidied{}) {
			l.Errorf("Tidy again = %+v, %v, want nothing", n, err)
		}
	})
}
