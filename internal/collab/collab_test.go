package collab_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/collab"
	"github.com/hindcast/hindcast/internal/collab/change"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/server"
	"github.com/hindcast/hindcast/internal/sqldb/pgtest"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
)

var postgres pgtest.Server

func TestMain(m *testing.M) {
	code := m.Run()
	postgres.Stop()
	os.Exit(code)
}

var (
	lead  = hindcast.Viewer{PersonID: "lead", Name: "Incident commander", Role: hindcast.RoleMember}
	other = hindcast.Viewer{PersonID: "other", Name: "Engineer A", Role: hindcast.RoleMember}
	third = hindcast.Viewer{PersonID: "third", Name: "Engineer B", Role: hindcast.RoleMember}
)

// library is a server's rules and its co-writing, with a clock that the test moves.
type library struct {
	testing.TB
	docs  *workflow.Service
	write *collab.Service
	clock time.Time
	store *store.Store
	at    collab.Place
	keep  int
	url   string
}

// onBoth runs a story on SQLite and on PostgreSQL, in a document that lead and
// other write.
func onBoth(t *testing.T, story func(l *library)) {
	t.Run("sqlite", func(t *testing.T) { story(open(t, filepath.Join(t.TempDir(), "hindcast.db"))) })
	t.Run("postgres", func(t *testing.T) { story(open(t, postgres.URL(t))) })
}

func open(t testing.TB, url string) *library {
	t.Helper()
	l := &library{TB: t, clock: time.Date(2024, 3, 18, 9, 0, 0, 0, time.UTC), keep: 4, url: url}
	l.join(url)
	d, err := l.docs.Create(t.Context(), lead, workflow.NewIncident{Title: "Ledger outage", Severity: 2})
	l.ok(err)
	_, err = l.docs.Share(t.Context(), lead, d.ID, other.PersonID, "participant")
	l.ok(err)
	l.at = collab.Place{ID: d.ID, Num: d.Num, Key: "summary"}
	l.set("The pool ran dry.")
	return l
}

// join starts a server on a database.
func (l *library) join(url string) {
	l.Helper()
	st, err := store.Open(l.Context(), url)
	l.ok(err)
	l.Cleanup(func() { _ = st.Close() })
	blobs, err := blob.OpenDir(filepath.Join(l.TempDir(), "blobs"))
	l.ok(err)
	l.store = st
	now := func() time.Time { return l.clock }
	l.docs = workflow.New(workflow.Config{Store: st, Blobs: blobs, Now: now,
		Settle: func(ctx context.Context, h *workflow.Held) error { return server.Settle(ctx, l.write, h) }})
	l.write = collab.New(collab.Config{DB: st.DB(), Documents: server.Documents(l.docs), Now: now, Keep: l.keep})
}

func (l *library) ok(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

func (l *library) refused(what string, err error, want hindcast.Code) {
	l.Helper()
	if got := hindcast.CodeOf(err); got != want {
		l.Errorf("%s: error %v has code %q, want %q", what, err, got, want)
	}
}

// set changes the section as a form does.
func (l *library) set(text string) workflow.Saved {
	l.Helper()
	saved, err := l.docs.Edit(l.Context(), lead, l.at.ID, []part.Change{{Path: "sections/summary",
		Value: workflow.JSON(hindcast.Section{Kind: hindcast.SectionSummary, Heading: "Summary", Text: text})}}, "")
	l.ok(err)
	return saved
}

// document checks the text that everybody reads.
func (l *library) document(want string) {
	l.Helper()
	d, err := l.docs.Get(l.Context(), lead, l.at.ID)
	l.ok(err)
	if got := d.Post.Section(hindcast.SectionSummary).Text; got != want {
		l.Errorf("the document says %q, want %q", got, want)
	}
}

// says checks the text of those who write.
func (l *library) says(want string) int64 {
	l.Helper()
	o, err := l.write.Open(l.Context(), lead, l.at)
	l.ok(err)
	if o.Text != want {
		l.Errorf("those who write see %q, want %q", o.Text, want)
	}
	return o.Version
}

// replace is the change that puts text in the place of old, once, in a whole text.
func replace(whole, old, text string) change.Set {
	before, _, _ := strings.Cut(whole, old)
	from := len(change.Units(before))
	return change.Replace(len(change.Units(whole)), from, from+len(change.Units(old)), change.Units(text))
}

func (l *library) push(v hindcast.Viewer, version int64, changes ...change.Set) (collab.Pushed, error) {
	return l.write.Push(l.Context(), v, l.at, collab.Push{Client: v.PersonID + ":1", Version: version, Changes: changes})
}

func TestTwoWriteOneSection(t *testing.T) {
	onBoth(t, func(l *library) {
		v := l.says("The pool ran dry.")
		first, err := l.push(lead, v, replace("The pool ran dry.", "pool", "pool of connections"))
		l.ok(err)
		if first.Stale || first.Version != v+1 {
			l.Fatalf("Push = %+v", first)
		}
		// Both wrote from the same version: the second is told what it lacks.
		mine := replace("The pool ran dry.", "dry", "empty 😀")
		late, err := l.push(other, v, mine)
		l.ok(err)
		if !late.Stale || len(late.Steps) != 1 || late.Steps[0].Client != "lead:1" || late.Version != first.Version {
			l.Fatalf("a push from an earlier version = %+v, want it to be stale", late)
		}
		mine, err = mine.Over(late.Steps[0].Change, false)
		l.ok(err)
		_, err = l.push(other, late.Version, mine)
		l.ok(err)
		l.says("The pool of connections ran empty 😀.")
		l.document("The pool ran dry.") // for a moment
		l.ok(l.write.Settle(l.Context(), l.at))
		l.document("The pool of connections ran empty 😀.")
	})
}

func TestAChangeThatDoesNotFitIsRefused(t *testing.T) {
	onBoth(t, func(l *library) {
		l.set("A 😀")
		v := l.says("A 😀")
		for name, c := range map[string]change.Set{
			"it is of another length":            change.Keep(3),
			"it cuts a character in two":         change.Replace(4, 3, 3, change.Units("x")),
			"it makes the text longer than most": change.Replace(4, 0, 0, change.Units(strings.Repeat("x", collab.MaxText))),
		} {
			_, err := l.push(lead, v, c)
			l.refused(name, err, hindcast.Invalid)
		}
		_, err := l.write.Push(l.Context(), lead, l.at, collab.Push{Client: "other:1", Version: v, Changes: []change.Set{change.Keep(4)}})
		l.refused("in the name of another", err, hindcast.Invalid)
		_, err = l.push(lead, v+1, change.Keep(4))
		l.refused("from a version that does not exist", err, hindcast.NotFound)
		l.says("A 😀")
	})
}

func TestWhoMayWrite(t *testing.T) {
	onBoth(t, func(l *library) {
		v := l.says("The pool ran dry.")
		c := replace("The pool ran dry.", "dry", "empty")
		_, err := l.push(third, v, c)
		l.refused("who takes no part", err, hindcast.NotFound)
		_, err = l.write.Open(l.Context(), third, l.at)
		l.refused("who takes no part, to open it", err, hindcast.NotFound)
		_, err = l.write.Open(l.Context(), lead, collab.Place{ID: l.at.ID, Num: l.at.Num, Key: "nothing"})
		l.refused("a section that is not there", err, hindcast.NotFound)
		l.ok(l.docs.Unshare(l.Context(), lead, l.at.ID, other.PersonID))
		_, err = l.push(other, v, c)
		l.refused("who takes no part any more", err, hindcast.NotFound)

		// What was written comes in before a decision about it, and nothing after it.
		_, err = l.push(lead, v, c)
		l.ok(err)
		for _, to := range []hindcast.Status{hindcast.StatusInReview, hindcast.StatusApproved} {
			_, err = l.docs.Move(l.Context(), lead, l.at.ID, to, "")
			l.ok(err)
		}
		l.document("The pool ran empty.")
		_, err = l.push(lead, v+1, replace("The pool ran empty.", "empty", "dry"))
		l.refused("after approval", err, hindcast.Conflict)
		l.document("The pool ran empty.")
	})
}

// TestEditsByOtherWaysComeTogether edits the section in the document while people
// write in it: each sees the other's, and nothing is lost.
func TestEditsByOtherWaysComeTogether(t *testing.T) {
	onBoth(t, func(l *library) {
		v := l.says("The pool ran dry.")
		_, err := l.push(other, v, replace("The pool ran dry.", "dry", "dry at 14:02"))
		l.ok(err)
		form := l.set("The whole pool ran dry.") // by somebody who saw the document
		late, err := l.push(other, v+1, replace("The pool ran dry at 14:02.", "ran", "went"))
		l.ok(err)
		if !late.Stale || len(late.Steps) != 1 || late.Steps[0].Client != "document" || late.Steps[0].Person != lead.PersonID {
			l.Fatalf("a push after the form = %+v, want the form's change as a step", late)
		}
		l.document("The whole pool ran dry at 14:02.")
		l.says("The whole pool ran dry at 14:02.")

		// Bringing back and undoing are such ways.
		_, err = l.docs.BringBack(l.Context(), lead, l.at.ID, form.Revision)
		l.ok(err)
		l.says("The whole pool ran dry.")
		l.document("The whole pool ran dry.")
	})
}

// TestWhatWasTakenBackIsNotInTheWay has somebody undo and redo before a form of
// another is brought in.
func TestWhatWasTakenBackIsNotInTheWay(t *testing.T) {
	onBoth(t, func(l *library) {
		v := l.says("The pool ran dry.")
		_, err := l.push(other, v, replace("The pool ran dry.", " ran dry", ""), replace("The pool.", ".", " ran dry."))
		l.ok(err)
		l.set("The pool ran empty.")
		l.says("The pool ran empty.")
	})
}

func TestLineEndsOfAnotherSystemStay(t *testing.T) {
	onBoth(t, func(l *library) {
		l.set("One.\r\nTwo.")
		v := l.says("One.\nTwo.")
		_, err := l.push(lead, v, replace("One.\nTwo.", "Two", "2"))
		l.ok(err)
		l.ok(l.write.Settle(l.Context(), l.at))
		l.document("One.\n2.")
		l.says("One.\n2.")
	})
}

// TestASessionIsOneRevision has two people write in turn for some minutes.
func TestASessionIsOneRevision(t *testing.T) {
	onBoth(t, func(l *library) {
		text, v := "The pool ran dry.", l.says("The pool ran dry.")
		count := func() []workflow.Revision {
			page, err := l.docs.Revisions(l.Context(), lead, l.at.ID, "", 0)
			l.ok(err)
			return page.Items
		}
		before := len(count())
		for i := range 8 {
			who := []hindcast.Viewer{other, other, lead, lead}[i%4]
			c := replace(text, ".", " more.")
			out, err := c.Apply(change.Units(text))
			l.ok(err)
			_, err = l.push(who, v+int64(i), c)
			l.ok(err)
			text = change.String(out)
			if l.clock = l.clock.Add(30 * time.Second); i != 1 { // once with what both wrote
				l.ok(l.write.Settle(l.Context(), l.at))
			}
		}
		l.document(text)
		all := count()
		if len(all) != before+1 || all[0].PersonID != other.PersonID {
			l.Errorf("%d revisions more, the last by %s; want one, by who began", len(all)-before, all[0].PersonID)
		}
		writers, err := l.write.Writers(l.Context(), l.at.Num, []int64{all[0].N})
		l.ok(err)
		if got := writers[all[0].N]; !slices.Equal(got, []string{"lead", "other"}) {
			l.Errorf("written by %v, want both", got)
		}
		audit, err := l.docs.Audit(l.Context(), lead, workflow.AuditFilter{IncidentID: l.at.ID})
		l.ok(err)
		var who []string
		for _, e := range audit.Items {
			if e.Act == "postmortem.cowrite" {
				who = append(who, e.PersonID)
			}
		}
		if !slices.Equal(who, []string{"lead", "other"}) { // the last first
			l.Errorf("audited that %v wrote, want each of both once", who)
		}
		l.clock = l.clock.Add(10 * time.Minute)
		_, err = l.push(lead, v+8, replace(text, "The", "A"))
		l.ok(err)
		l.ok(l.write.Settle(l.Context(), l.at))
		if all = count(); len(all) != before+2 {
			l.Errorf("%d revisions more after a pause, want 2", len(all)-before)
		}
	})
}

// TestALongLogIsShortened comes back with a version whose steps are gone.
func TestALongLogIsShortened(t *testing.T) {
	onBoth(t, func(l *library) {
		v := l.says("The pool ran dry.")
		n := len("The pool ran dry.")
		for i := range 20 {
			_, err := l.push(lead, v+int64(i), change.Replace(n+i, 0, 0, change.Units("x")))
			l.ok(err)
			l.ok(l.write.Settle(l.Context(), l.at))
		}
		late, err := l.push(other, v, change.Keep(n))
		l.ok(err)
		if !late.Stale || len(late.Steps) != 20 {
			l.Errorf("a push where the steps are at hand = stale %v, %d steps; want 20", late.Stale, len(late.Steps))
		}
		there := *l
		there.join(l.url)
		_, err = there.push(other, v, change.Keep(n))
		l.refused("a push from a version that is gone", err, hindcast.NotFound)
		_, err = l.write.Since(l.Context(), l.at, v)
		l.refused("the steps since", err, hindcast.NotFound)
		steps, err := l.write.Since(l.Context(), l.at, v+18)
		l.ok(err)
		if len(steps) != 2 {
			l.Errorf("%d steps since, want 2", len(steps))
		}
		l.says(strings.Repeat("x", 20) + "The pool ran dry.")
	})
}

// TestServersShareASection writes on two servers with one database in turn, one of
// which knows nothing yet of what the other wrote.
func TestServersShareASection(t *testing.T) {
	onBoth(t, func(l *library) {
		there := *l
		there.join(l.url)
		v := l.says("The pool ran dry.")
		there.says("The pool ran dry.")
		_, err := l.push(lead, v, replace("The pool ran dry.", "dry", "empty"))
		l.ok(err)
		late, err := there.push(other, v, replace("The pool ran dry.", "The", "A"))
		l.ok(err)
		if !late.Stale || len(late.Steps) != 1 {
			l.Fatalf("a push on the other server = %+v, want it to be stale", late)
		}
		_, err = there.push(other, late.Version, replace("The pool ran empty.", "The", "A"))
		l.ok(err)
		l.ok(l.write.Settle(l.Context(), l.at))
		l.document("A pool ran empty.")
		there.says("A pool ran empty.")
		l.ok(there.write.Settle(l.Context(), l.at))
		there.document("A pool ran empty.")
	})
}
