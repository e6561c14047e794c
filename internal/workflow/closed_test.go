package workflow_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
)

// publish moves a document of lead to published.
func (l *library) publish(id string) {
	l.Helper()
	for _, to := range []hindcast.Status{hindcast.StatusInReview, hindcast.StatusApproved, hindcast.StatusPublished} {
		_, err := l.Move(l.ctx, lead, id, to, "")
		l.ok(err)
	}
}

// TestDraftsStayWithThoseWhoWroteThem publishes what was toned down in review.
func TestDraftsStayWithThoseWhoWroteThem(t *testing.T) {
	onBoth(t, func(l *library) {
		d := l.create("It was the fault of one engineer")
		first := l.edit(lead, d.ID, "title", "A deploy without a canary")
		l.publish(d.ID)
		after := l.edit(lead, d.ID, "actions/a", hindcast.ActionItem{Description: "Deploy to a canary first"})

		all, err := l.Revisions(l.ctx, lead, d.ID, "", 0)
		l.ok(err)
		seen, err := l.Revisions(l.ctx, other, d.ID, "", 0)
		l.ok(err)
		if len(all.Items) != 5 || len(seen.Items) != 1 || seen.Items[0].N != after.Revision || seen.Next != "" {
			l.Errorf("the lead sees %d revisions and others %v, want 5 and the last one", len(all.Items), seen)
		}
		for n := int64(0); n < after.Revision-1; n++ {
			_, err := l.At(l.ctx, other, d.ID, n)
			l.refused("a version from before", err, hindcast.NotFound)
		}
		for _, n := range []int64{after.Revision - 1, after.Revision} {
			if then, err := l.At(l.ctx, other, d.ID, n); err != nil || then.Incident.Title != "A deploy without a canary" {
				l.Errorf("at revision %d = %q, %v", n, then.Incident.Title, err)
			}
		}
		_, err = l.Revision(l.ctx, other, d.ID, first.Revision)
		l.refused("a change from before", err, hindcast.NotFound)
		_, err = l.Revision(l.ctx, other, d.ID, after.Revision)
		l.ok(err)
		_, err = l.Audit(l.ctx, other, store.AuditFilter{IncidentID: d.ID})
		l.refused("the audit trail", err, hindcast.Denied)
	})
}

// TestReadingTokenLeavesNothing refuses what a token that may only read could
// still do: end its person's part.
func TestReadingTokenLeavesNothing(t *testing.T) {
	l := open(t, filepath.Join(t.TempDir(), "hindcast.db"))
	d := l.create("Outage")
	_, err := l.Share(l.ctx, lead, d.ID, other.PersonID, access.Participant)
	l.ok(err)
	token := other
	token.TokenID, token.Scopes = "t", []hindcast.Scope{hindcast.ScopeRead}
	l.refused("leaving with a token that reads", l.Unshare(l.ctx, token, d.ID, other.PersonID), hindcast.Denied)
	_, err = l.BringBack(l.ctx, token, d.ID, 0)
	l.refused("bringing back with a token that reads", err, hindcast.Denied)
	l.ok(l.Unshare(l.ctx, other, d.ID, other.PersonID))
}

// TestLinesFarBeyondTheEnd asks for lines whose numbers overflow.
func TestLinesFarBeyondTheEnd(t *testing.T) {
	l := open(t, filepath.Join(t.TempDir(), "hindcast.db"))
	d := l.create("Outage")
	rows, _, err := l.AddEvidence(l.ctx, lead, d.ID, []workflow.File{text("app.log", "one\ntwo\n")})
	l.ok(err)
	for _, first := range []int{math.MaxInt - 999, math.MaxInt, math.MaxInt - 60} {
		_, lines, err := l.Lines(l.ctx, lead, d.ID, rows[0].SHA256, first, math.MaxInt)
		if err != nil || len(lines) != 0 {
			l.Errorf("Lines from %d = %v, %v", first, lines, err)
		}
	}
}

// text is a file of evidence.
func text(name, s string) workflow.File {
	return workflow.File{Name: name, Size: int64(len(s)), Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(s)), nil }}
}

// TestOthersCannotTellWhatExists compares what is said of a draft of others, of
// one in the trash, and of nothing.
func TestOthersCannotTellWhatExists(t *testing.T) {
	onBoth(t, func(l *library) {
		draft, gone := l.create("A draft"), l.create("Once published")
		l.publish(gone.ID)
		l.ok(l.Remove(l.ctx, lead, gone.ID, "twice"))
		_, nothing := l.Restore(l.ctx, other, store.NewID(l.clock))
		for name, id := range map[string]string{"draft": draft.ID, "trash": gone.ID} {
			_, err := l.Restore(l.ctx, other, id)
			if err == nil || err.Error() != nothing.Error() {
				l.Errorf("restoring somebody's %s: %v, want %v", name, err, nothing)
			}
			_, err = l.Move(l.ctx, other, id, hindcast.StatusDraft, "why")
			l.refused("moving somebody's "+name, err, hindcast.NotFound)
		}
	})
}

// TestOneOfManyEditsOfAVersionIsKept sends changes without bases, made from the same
// version, at once.
func TestOneOfManyEditsOfAVersionIsKept(t *testing.T) {
	onBoth(t, func(l *library) {
		d := l.create("Outage")
		var kept atomic.Int64
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				_, err := l.EditVersion(l.ctx, lead, d.ID, d.Version, []part.Change{{Path: "owner", Value: workflow.JSON(fmt.Sprint("Team ", i))}}, "")
				if err == nil {
					kept.Add(1)
				} else if hindcast.CodeOf(err) != hindcast.Conflict {
					l.Error(err)
				}
			})
		}
		all.Wait()
		if n := kept.Load(); n != 1 {
			l.Errorf("%d of 8 edits of one version were kept, want 1", n)
		}
	})
}

// slow is a writer that waits for a signal.
type slow struct{ began, end chan struct{} }

func (s slow) Write(p []byte) (int, error) {
	select {
	case s.began <- struct{}{}:
	default:
	}
	<-s.end
	return len(p), nil
}

// TestOneExportAtATime asks for a library while it is exported.
func TestOneExportAtATime(t *testing.T) {
	l := open(t, filepath.Join(t.TempDir(), "hindcast.db"))
	l.create("Outage")
	w := slow{make(chan struct{}, 1), make(chan struct{})}
	ended := make(chan error, 1)
	go func() { ended <- l.Export(l.ctx, lead, w) }()
	<-w.began
	l.refused("a second export", l.Export(l.ctx, other, io.Discard), hindcast.Unavailable)
	close(w.end)
	l.ok(<-ended)
	l.ok(l.Export(l.ctx, lead, io.Discard))
}

// TestLongTextsAreRefused keeps texts out whose rendering holds the server up.
func TestLongTextsAreRefused(t *testing.T) {
	l := open(t, filepath.Join(t.TempDir(), "hindcast.db"))
	d := l.create("Outage")
	long := strings.Repeat("It was slow. ", workflow.MaxText/10)
	_, err := l.Edit(l.ctx, lead, d.ID, []part.Change{change("sections/summary", hindcast.Section{Kind: hindcast.SectionSummary, Heading: "Summary", Text: long})}, "")
	l.refused("a long section", err, hindcast.Invalid)
	_, _, err = l.CreateFromMarkdown(l.ctx, lead, "long.md", []byte("# Outage\n\n## Summary\n\n"+long), workflow.NewIncident{})
	l.refused("importing a long section", err, hindcast.Invalid)
}

// broken is a store of blobs that fails in a way that nobody foresaw.
type broken struct{ blob.Store }

func (broken) Open(context.Context, string) (io.ReadCloser, error) { panic("a fault of ours") }

// TestPanicFailsTheBuildOnly builds from evidence that makes the program panic.
func TestPanicFailsTheBuildOnly(t *testing.T) {
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "hindcast.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close() }() // the test is over
	blobs, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := workflow.New(workflow.Config{Store: st, Blobs: broken{blobs}})
	d, err := s.Begin(t.Context(), lead, workflow.NewIncident{Title: "Outage"}, []workflow.File{text("app.log", "2024-03-15T14:00:00Z ERROR down\n")})
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.StartBuild(t.Context(), lead, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	<-b.Done()
	if p := b.Progress(); p.State != workflow.BuildFailed || bytes.Contains([]byte(p.Error), []byte("fault of ours")) {
		t.Errorf("Progress = %+v, want a failure that tells nothing of the inside", p)
	}
}
