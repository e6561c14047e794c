package reading_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/sqldb/pgtest"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/reading"
)

var postgres pgtest.Server

func TestMain(m *testing.M) {
	code := m.Run()
	postgres.Stop()
	os.Exit(code)
}

var (
	lead   = hindcast.Viewer{PersonID: "lead", Name: "Incident commander", Role: hindcast.RoleMember}
	member = hindcast.Viewer{PersonID: "member", Name: "Engineer A", Role: hindcast.RoleMember}
	reader = hindcast.Viewer{PersonID: "reader", Name: "Engineer B", Role: hindcast.RoleReader}
	nobody = hindcast.Viewer{}
	token  = hindcast.Viewer{PersonID: "member", Role: hindcast.RoleMember, TokenID: "t", Scopes: []hindcast.Scope{hindcast.ScopeRead}}
)

// library is the rules on a database, with what people were told.
type library struct {
	*testing.T
	docs  *workflow.Service
	read  *reading.Service
	db    *sqldb.DB
	clock time.Time
	notes []workflow.Note
	told  []workflow.EventKind
	fail  error // of whoever is told
	doc   *workflow.Document
}

// onBoth runs a story on SQLite and on PostgreSQL, with a draft that lead leads.
func onBoth(t *testing.T, story func(*library)) {
	t.Run("sqlite", func(t *testing.T) { story(open(t, filepath.Join(t.TempDir(), "hindcast.db"))) })
	t.Run("postgres", func(t *testing.T) { story(open(t, postgres.URL(t))) })
}

func open(t *testing.T, url string) *library {
	t.Helper()
	l := &library{T: t, clock: time.Date(2024, 3, 18, 9, 0, 0, 0, time.UTC)}
	st, err := store.Open(t.Context(), url)
	l.ok(err)
	t.Cleanup(func() { _ = st.Close() })
	blobs, err := blob.OpenDir(filepath.Join(t.TempDir(), "blobs"))
	l.ok(err)
	now := func() time.Time { return l.clock }
	l.db = st.DB()
	l.docs = workflow.New(workflow.Config{Store: st, Blobs: blobs, Now: now, Freeze: reading.Freeze,
		Notify: func(_ context.Context, _ *sqldb.Tx, _ string, n workflow.Note) error {
			l.notes = append(l.notes, n)
			return nil
		},
		Announce: func(_ context.Context, _ *sqldb.Tx, e workflow.Event) error {
			l.told = append(l.told, e.Kind)
			return l.fail
		}})
	l.read = reading.New(reading.Config{Workflow: l.docs, DB: l.db, Now: now})
	l.doc, err = l.docs.Create(t.Context(), lead, workflow.NewIncident{Title: "Ledger outage", Severity: 2, Services: []string{"ledger", "100%_sure"}})
	l.ok(err)
	l.edit("title", "Ledger outage")
	return l
}

func (l *library) ok(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

func (l *library) edit(path, value string) {
	l.Helper()
	_, err := l.docs.Edit(l.Context(), lead, l.doc.ID, []part.Change{{Path: path, Value: workflow.JSON(value)}}, "")
	l.ok(err)
}

func (l *library) move(to ...hindcast.Status) {
	l.Helper()
	for _, s := range to {
		l.clock = l.clock.Add(time.Hour)
		_, err := l.docs.Move(l.Context(), lead, l.doc.ID, s, "to look again")
		l.ok(err)
	}
}

func (l *library) publish() {
	l.Helper()
	l.move(hindcast.StatusInReview, hindcast.StatusApproved, hindcast.StatusPublished)
}

// title returns what a viewer reads as the title, or the code of the error.
func (l *library) title(v hindcast.Viewer, n int64) string {
	l.Helper()
	p, err := l.read.Get(l.Context(), v, "1", n)
	front, head, ferr := l.read.Front(l.Context(), v, 1, n)
	l.ok(ferr)
	if (front != nil) != (err == nil) {
		l.Errorf("%s has the front %+v of publication %d, and reads it: %v", v.PersonID, front, n, err)
	}
	if err != nil {
		return string(hindcast.CodeOf(err))
	}
	if !front.Shows(p) || front.Today && head.Role != string(p.Part) {
		l.Errorf("%s reads publication %d with %+v, and has the front %+v", v.PersonID, n, p.Front, front)
	}
	return p.Title()
}

// TestReadersKeepWhatIsPublished follows a post-mortem that is published, taken up
// again, changed and published anew.
func TestReadersKeepWhatIsPublished(t *testing.T) {
	onBoth(t, func(l *library) {
		const none = string(hindcast.NotFound)
		see := func(when, want string) {
			l.Helper()
			for name, v := range map[string]hindcast.Viewer{"member": member, "reader": reader, "token": token} {
				if got := l.title(v, 0); got != want {
					l.Errorf("%s, a %s reads %q, want %q", when, name, got, want)
				}
			}
			if got := l.title(nobody, 0); got != none {
				l.Errorf("%s, nobody reads %q", when, got)
			}
		}
		see("as a draft", none)
		l.publish()
		see("published", "Ledger outage")
		l.move(hindcast.StatusDraft)
		l.edit("title", "Secret draft")
		see("taken up again", "Ledger outage")
		p, err := l.read.Get(l.Context(), reader, "#1", 0)
		l.ok(err)
		if !p.Revised || p.Today || p.N != 1 || p.Revision == 0 {
			l.Errorf("taken up again, a reader gets Revised %v, Today %v, N %d of revision %d", p.Revised, p.Today, p.N, p.Revision)
		}
		if _, err := l.docs.Get(l.Context(), reader, "1"); hindcast.CodeOf(err) != hindcast.NotFound {
			l.Errorf("the document itself, taken up again: %v, want NotFound", err)
		}
		list, err := l.read.List(l.Context(), reader, "")
		l.ok(err)
		if len(list) != 1 || list[0].Title != "Ledger outage" || !list[0].Revised {
			l.Errorf("the list has %+v", list)
		}
		l.publish()
		see("published anew", "Secret draft")
		if got := l.title(reader, 1); got != "Ledger outage" {
			l.Errorf("publication 1 is %q", got)
		}
		if got := l.title(reader, 3); got != none {
			l.Errorf("publication 3 is %q", got)
		}
	})
}

// TestWhatIsTakenFromReaders checks the three ways in which they lose it.
func TestWhatIsTakenFromReaders(t *testing.T) {
	const none = string(hindcast.NotFound)
	onBoth(t, func(l *library) {
		l.publish()
		if err := l.read.Withdraw(l.Context(), lead, "1", 1, "a password"); hindcast.CodeOf(err) != hindcast.Conflict {
			l.Errorf("withdrawing what is published now: %v, want Conflict", err)
		}
		l.move(hindcast.StatusDraft)
		_, err := l.docs.SetPrivate(l.Context(), lead, l.doc.ID, true, "of people")
		l.ok(err)
		if got, mine := l.title(reader, 0), l.title(lead, 0); got != none || mine != "Ledger outage" {
			l.Errorf("private, a reader reads %q and the lead %q", got, mine)
		}
		if list, err := l.read.List(l.Context(), lead, ""); err != nil || len(list) != 0 {
			l.Errorf("private, the list has %v, %v", list, err)
		}
		_, err = l.docs.SetPrivate(l.Context(), lead, l.doc.ID, false, "")
		l.ok(err)
		for _, v := range []hindcast.Viewer{member, reader} {
			if err := l.read.Withdraw(l.Context(), v, "1", 1, "x"); hindcast.CodeOf(err) != hindcast.NotFound {
				l.Errorf("%s withdraws: %v, want NotFound", v.PersonID, err)
			}
		}
		l.ok(l.read.Withdraw(l.Context(), lead, "1", 1, "a password"))
		if got := l.title(reader, 0) + l.title(reader, 1); got != none+none {
			l.Errorf("withdrawn, a reader reads %q", got)
		}
		editions, err := l.read.Editions(l.Context(), &reading.Front{Num: 1, Part: access.Lead})
		l.ok(err)
		if len(editions) != 1 || editions[0].Why != "a password" {
			l.Errorf("editions: %+v", editions)
		}
		l.publish()
		if got := l.title(reader, 0); got != "Ledger outage" {
			l.Errorf("published anew, a reader reads %q", got)
		}
		l.ok(l.docs.Remove(l.Context(), lead, l.doc.ID, "twice"))
		if got := l.title(reader, 0); got != none {
			l.Errorf("removed, a reader reads %q", got)
		}
	})
}

// TestPublishingIsOnce stops the work after everything was written, as a crash
// does, and publishes again.
func TestPublishingIsOnce(t *testing.T) {
	onBoth(t, func(l *library) {
		l.move(hindcast.StatusInReview, hindcast.StatusApproved)
		l.told, l.fail = nil, errors.New("the power went")
		if _, err := l.docs.Move(l.Context(), lead, l.doc.ID, hindcast.StatusPublished, ""); err == nil {
			l.Fatal("publishing went on although nobody could be told")
		}
		n, _, err := sqldb.Value[int](l.Context(), l.db, `select count(*) from publication`)
		l.ok(err)
		if d, err := l.docs.Get(l.Context(), lead, "1"); err != nil || n != 0 || d.Post.Status != hindcast.StatusApproved {
			l.Errorf("after the crash there are %d publications, status %s, %v", n, d.Post.Status, err)
		}
		l.told, l.fail = nil, nil
		l.move(hindcast.StatusPublished)
		if _, err := l.docs.Move(l.Context(), lead, l.doc.ID, hindcast.StatusPublished, ""); err == nil {
			l.Error("it was published twice")
		}
		if d := cmp.Diff([]workflow.EventKind{workflow.PostmortemPublished}, l.told); d != "" {
			l.Errorf("told (-want +got):\n%s", d)
		}
		if n, _, err = sqldb.Value[int](l.Context(), l.db, `select count(*) from publication`); err != nil || n != 1 {
			l.Errorf("%d publications, %v; want 1", n, err)
		}
	})
}

// TestWhatBeganPublishedIsKept takes up what was imported as published, also when
// it was before publications were kept.
func TestWhatBeganPublishedIsKept(t *testing.T) {
	onBoth(t, func(l *library) {
		l.publish()
		d, _, err := l.docs.CreateFromMarkdown(l.Context(), lead, "old.md", []byte(publishedText), workflow.NewIncident{Quiet: true})
		l.ok(err)
		p, err := l.read.Get(l.Context(), reader, "2", 0)
		l.ok(err)
		if p.N != 1 || p.Title() != "Old outage" || !p.At.Equal(time.Date(2020, 5, 1, 10, 0, 0, 0, time.UTC)) {
			l.Errorf("imported: publication %d %q of %s", p.N, p.Title(), p.At)
		}
		l.ok(l.db.Write(l.Context(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec(l.Context(), `delete from publication`)
			return err
		}))
		if p, err = l.read.Get(l.Context(), reader, "2", 0); err != nil || p.N != 0 || p.Title() != "Old outage" {
			l.Errorf("of before publications were kept: %+v, %v", p, err)
		}
		_, err = l.docs.Move(l.Context(), lead, d.ID, hindcast.StatusDraft, "to look again")
		l.ok(err)
		if p, err = l.read.Get(l.Context(), reader, "2", 0); err != nil || p.N != 1 || !p.Revised {
			l.Errorf("taken up again: %+v, %v", p, err)
		}
	})
}

const publishedText = `---
hindcast: 1
status: published
history:
  - to: in-review
    at: 2020-05-01T08:00:00Z
    by: owner
  - to: approved
    at: 2020-05-01T09:00:00Z
    by: owner
  - to: published
    at: 2020-05-01T10:00:00Z
    by: owner
---

# Old outage

## Summary

It was long ago.
`

func TestReadersLeaveMarks(t *testing.T) {
	onBoth(t, func(l *library) {
		l.publish()
		ctx := l.Context()
		for range 2 {
			l.ok(l.read.Thank(ctx, reader, "1", true))
		}
		l.ok(l.read.Thank(ctx, member, "1", true))
		id, err := l.read.Ask(ctx, reader, "1", " Was the pool sized for that? ")
		l.ok(err)
		if err := l.read.Answer(ctx, member, "1", id, "No"); hindcast.CodeOf(err) != hindcast.Denied {
			l.Errorf("who takes no part answers: %v, want Denied", err)
		}
		l.ok(l.read.Answer(ctx, lead, "1", id, "It was not."))
		l.ok(l.read.Use(ctx, member, "1", "Billing", "same pool"))
		l.ok(l.read.Use(ctx, member, "1", "billing", "same pool, now bounded"))
		p, err := l.read.Get(ctx, reader, "1", 0)
		l.ok(err)
		got, err := l.read.Marks(ctx, reader, &p.Front)
		l.ok(err)
		want := reading.Marks{Thanks: 2, Thanked: true,
			Questions: []reading.Question{{ID: id, At: l.clock, Text: "Was the pool sized for that?", Mine: true, Answers: []reading.Answer{{At: l.clock, Text: "It was not."}}}},
			Uses:      []reading.Use{{Service: "billing", Note: "same pool, now bounded", At: l.clock}}}
		if d := cmp.Diff(want, got, cmpopts.IgnoreFields(reading.Answer{}, "ID")); d != "" {
			l.Errorf("marks (-want +got):\n%s", d)
		}
		var kinds []string
		for _, n := range l.notes {
			kinds = append(kinds, string(n.Kind)+" "+strings.Join(n.To, ",")+" "+n.Path)
		}
		at := "/p/1/read#question-" + id
		if d := cmp.Diff([]string{"question lead " + at, "reply reader " + at}, kinds); d != "" {
			l.Errorf("told (-want +got):\n%s", d)
		}
		lessons, err := l.read.Lessons(ctx, reader, "BILLING")
		l.ok(err)
		if len(lessons) != 1 || lessons[0].Note != "same pool, now bounded" || lessons[0].Title != "Ledger outage" {
			l.Errorf("lessons: %+v", lessons)
		}
		l.ok(l.read.Use(ctx, member, "1", "billing", ""))
		l.ok(l.read.Thank(ctx, reader, "1", false))
		if err := l.read.TakeBack(ctx, member, "1", id); hindcast.CodeOf(err) != hindcast.NotFound {
			l.Errorf("taking back another's question: %v, want NotFound", err)
		}
		l.ok(l.read.TakeBack(ctx, reader, "1", id))
		if got, err = l.read.Marks(ctx, reader, &p.Front); err != nil || got.Thanks != 1 || len(got.Questions)+len(got.Uses) > 0 {
			l.Errorf("taken back: %+v, %v", got, err)
		}
	})
}

// TestMarksNeedTheRightToRead refuses marks of those who may not read, and those
// that nobody could read.
func TestMarksNeedTheRightToRead(t *testing.T) {
	onBoth(t, func(l *library) {
		ctx := l.Context()
		tries := func(v hindcast.Viewer) map[string]error {
			_, ask := l.read.Ask(ctx, v, "1", "How?")
			return map[string]error{"thank": l.read.Thank(ctx, v, "1", true), "ask": ask, "use": l.read.Use(ctx, v, "1", "billing", "note")}
		}
		for what, err := range tries(reader) {
			if hindcast.CodeOf(err) != hindcast.NotFound {
				l.Errorf("%s at a draft: %v, want NotFound", what, err)
			}
		}
		l.publish()
		for what, err := range tries(token) {
			if hindcast.CodeOf(err) != hindcast.Denied {
				l.Errorf("%s with a token that reads: %v, want Denied", what, err)
			}
		}
		for what, err := range tries(nobody) {
			if hindcast.CodeOf(err) != hindcast.NotFound {
				l.Errorf("nobody: %s: %v, want NotFound", what, err)
			}
		}
		l.move(hindcast.StatusDraft)
		for what, err := range tries(reader) {
			if err != nil {
				l.Errorf("%s at what is being revised: %v", what, err)
			}
		}
		for _, bad := range []string{"", " ", strings.Repeat("x", reading.MaxText+1), "a\x00b", "\xff"} {
			if _, err := l.read.Ask(ctx, reader, "1", bad); hindcast.CodeOf(err) != hindcast.Invalid {
				l.Errorf("asking %.10q: %v, want Invalid", bad, err)
			}
		}
		var err error
		for range reading.MaxQuestions {
			_, err = l.read.Ask(ctx, reader, "1", "And then?")
		}
		if hindcast.CodeOf(err) != hindcast.Conflict {
			l.Errorf("one question too many: %v, want Conflict", err)
		}
	})
}

// TestListOfAService finds a service by its whole name, whatever is in it.
func TestListOfAService(t *testing.T) {
	onBoth(t, func(l *library) {
		l.publish()
		for service, want := range map[string]int{"Ledger": 1, "100%_sure": 1, "ledge": 0, "%": 0, "100%xsure": 0, `"`: 0} {
			list, err := l.read.List(l.Context(), reader, service)
			l.ok(err)
			if len(list) != want {
				l.Errorf("of %q there are %d, want %d", service, len(list), want)
			}
		}
		if _, err := l.read.List(l.Context(), nobody, ""); hindcast.CodeOf(err) != hindcast.NotFound {
			l.Errorf("nobody gets a list: %v", err)
		}
	})
}

// TestMigrationKeepsWhatIsPublished runs what migration 13 does with libraries of
// before, in one with a published, a reopened and a second publication.
func TestMigrationKeepsWhatIsPublished(t *testing.T) {
	text, err := os.ReadFile("../../store/migrations/postgres/00013_reading.sql")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "insert into publication")
	fill, _, ok := strings.Cut(rest, ";")
	if !ok {
		t.Fatal("the migration fills nothing")
	}
	onBoth(t, func(l *library) {
		l.publish()
		l.move(hindcast.StatusDraft)
		l.edit("title", "Ledger outage, again")
		l.publish()
		before, err := l.read.Get(l.Context(), reader, "1", 0)
		l.ok(err)
		for _, reopened := range []bool{false, true} {
			if reopened {
				l.move(hindcast.StatusDraft)
			}
			l.ok(l.db.Write(l.Context(), func(tx *sqldb.Tx) error {
				if _, err := tx.Exec(l.Context(), `delete from publication`); err != nil {
					return err
				}
				_, err := tx.Exec(l.Context(), "insert into publication"+fill)
				return err
			}))
			got, err := l.read.Get(l.Context(), reader, "1", 0)
			if reopened {
				if hindcast.CodeOf(err) != hindcast.NotFound {
					l.Errorf("a reopened one of before: %v, want NotFound as it was", err)
				}
				continue
			}
			l.ok(err)
			if got.N != 1 || got.Title() != before.Title() || got.Revision != before.Revision || !got.At.Equal(before.At) {
				l.Errorf("publication %d %q of revision %d at %s, want what was published last", got.N, got.Title(), got.Revision, got.At)
			}
		}
	})
}
