package notice_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb/pgtest"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/storetest"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/notice"
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
	other  = hindcast.Viewer{PersonID: "other", Name: "Engineer B", Role: hindcast.RoleMember}
	reads  = hindcast.Viewer{PersonID: "member", Role: hindcast.RoleMember, TokenID: "t", Scopes: []hindcast.Scope{hindcast.ScopeRead}}
)

// library is one in which people are told things, with a clock that the test moves.
type library struct {
	*testing.T
	*notice.Service
	wf     *workflow.Service
	worker *queue.Worker
	doc    *workflow.Document
	now    time.Time
}

// onBoth runs a story on both databases, with a draft that lead leads.
func onBoth(t *testing.T, story func(l *library)) {
	storetest.Each(t, &postgres, func(t *testing.T, st *store.Store) {
		blobs, err := blob.OpenDir(filepath.Join(t.TempDir(), "blobs"))
		if err != nil {
			t.Fatal(err)
		}
		l := &library{T: t, now: time.Date(2024, 3, 18, 9, 0, 0, 0, time.UTC)}
		now := func() time.Time { return l.now }
		l.Service = notice.New(notice.Config{DB: st.DB(), Now: now})
		l.wf = workflow.New(workflow.Config{Store: st, Blobs: blobs, Now: now, Notify: l.Post})
		l.worker = &queue.Worker{Queue: queue.New(queue.Config{DB: st.DB(), Now: now}), Handlers: l.Handlers(), AtOnce: 1}
		l.doc, err = l.wf.Create(t.Context(), lead, workflow.NewIncident{Title: "Mobile API down", Kind: hindcast.KindIncident, Severity: 1})
		l.ok(err)
		story(l)
	})
}

func (l *library) ok(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

// tell tells people something, as lead.
func (l *library) tell(n workflow.Note) {
	l.Helper()
	l.ok(l.wf.Hold(l.Context(), lead, l.doc.ID, access.Read, func(h *workflow.Held) error { return h.Notify(l.Context(), n) }))
}

// subjects returns what a person was told, the latest first, and how many of it is
// unread.
func (l *library) subjects(v hindcast.Viewer) (out []string, unread int) {
	l.Helper()
	list, err := l.List(l.Context(), v)
	l.ok(err)
	for _, n := range list {
		out = append(out, n.Subject)
	}
	unread, err = l.Unread(l.Context(), v)
	l.ok(err)
	return out, unread
}

// inbox compares what a person was told.
func (l *library) inbox(v hindcast.Viewer, unread int, want ...string) {
	l.Helper()
	got, n := l.subjects(v)
	if diff := cmp.Diff(got, want, cmpopts.EquateEmpty()); diff != "" || n != unread {
		l.Errorf("the inbox of %s has %d unread, want %d; differs: %s", v.PersonID, n, unread, diff)
	}
}

// work does what is due.
func (l *library) work() {
	l.Helper()
	for {
		n, err := l.worker.Step(l.Context())
		l.ok(err)
		if n == 0 {
			return
		}
	}
}

// share lets member take part, and reads what that told.
func (l *library) share() {
	l.Helper()
	_, err := l.wf.Share(l.Context(), lead, l.doc.ID, member.PersonID, access.Participant)
	l.ok(err)
	l.ok(l.MarkAll(l.Context(), member))
}

func TestPeopleAreToldOnceAndRead(t *testing.T) {
	onBoth(t, func(l *library) {
		_, err := l.wf.Share(l.Context(), lead, l.doc.ID, member.PersonID, access.Participant)
		l.ok(err)
		before, unread := l.subjects(member)
		l.now = l.now.Add(time.Minute)
		for range 2 {
			l.tell(workflow.Note{Kind: workflow.NoteReply, To: []string{"lead", "member", "member"}, Subject: "An\nanswer", Path: "/p/1/review", Key: "c1"})
		}
		l.inbox(member, unread+1, append([]string{"An answer"}, before...)...)
		l.inbox(lead, 0)
		list, err := l.List(l.Context(), member)
		l.ok(err)
		for _, v := range []hindcast.Viewer{other, member} {
			l.ok(l.MarkRead(l.Context(), v, list[0].ID))
		}
		l.inbox(member, unread, append([]string{"An answer"}, before...)...)
		if err := l.MarkAll(l.Context(), reads); hindcast.CodeOf(err) != hindcast.Denied {
			l.Errorf("a token that reads marks: %v, want Denied", err)
		}
		l.ok(l.MarkAll(l.Context(), member))
		l.inbox(member, 0, append([]string{"An answer"}, before...)...)
	})
}

func TestOthersMarkNothing(t *testing.T) {
	onBoth(t, func(l *library) {
		l.share()
		l.now = l.now.Add(time.Minute)
		l.tell(workflow.Note{Kind: workflow.NoteMention, To: []string{"member"}, Subject: "You are named"})
		list, err := l.List(l.Context(), member)
		l.ok(err)
		l.ok(l.MarkRead(l.Context(), other, list[0].ID))
		if _, unread := l.subjects(member); unread != 1 {
			l.Errorf("%d unread after another person marked it, want 1", unread)
		}
		if err := l.MarkAll(l.Context(), hindcast.Viewer{}); hindcast.CodeOf(err) != hindcast.Denied {
			l.Errorf("nobody marks: %v, want Denied", err)
		}
	})
}

func TestWhatOneMayNotSeeIsNotShown(t *testing.T) {
	onBoth(t, func(l *library) {
		l.share()
		l.now = l.now.Add(time.Minute)
		l.tell(workflow.Note{Kind: workflow.NoteMention, To: []string{"member", "other"}, Subject: "You are named"})
		l.inbox(other, 0)
		if got, unread := l.subjects(member); unread != 1 || got[0] != "You are named" {
			l.Errorf("who takes part has %q, %d unread", got, unread)
		}
		l.ok(l.wf.Unshare(l.Context(), lead, l.doc.ID, member.PersonID))
		l.inbox(member, 0)
		_, err := l.wf.Share(l.Context(), lead, l.doc.ID, member.PersonID, access.Reviewer)
		l.ok(err)
		l.ok(l.wf.Remove(l.Context(), lead, l.doc.ID, "a mistake"))
		l.inbox(member, 0)
		l.now = l.now.AddDate(0, 0, workflow.TrashDays+1)
		_, err = l.wf.Tidy(l.Context()) // also what was told of it
		l.ok(err)
		l.inbox(member, 0)
	})
}

func TestOldNoticesAreRemoved(t *testing.T) {
	onBoth(t, func(l *library) {
		l.tell(workflow.Note{Kind: workflow.NoteShared, To: []string{"member"}, Subject: "Long ago", Key: "k"})
		l.now = l.now.Add(notice.KeptFor - time.Hour)
		_, err := l.wf.Share(l.Context(), lead, l.doc.ID, member.PersonID, access.Participant)
		l.ok(err)
		l.work()
		before, _ := l.subjects(member)
		if before[len(before)-1] != "Long ago" {
			l.Fatalf("%q, want the old notice last", before)
		}
		l.now = l.now.Add(25 * time.Hour)
		l.work()
		if after, _ := l.subjects(member); cmp.Diff(after, before[:len(before)-1], cmpopts.EquateEmpty()) != "" {
			l.Errorf("%q are left of %q, want all but the last", after, before)
		}
	})
}

func TestWhoTakesPartIsToldOfMoves(t *testing.T) {
	onBoth(t, func(l *library) {
		_, err := l.wf.Share(l.Context(), lead, l.doc.ID, member.PersonID, access.Participant)
		l.ok(err)
		l.inbox(member, 1, "You take part in #1 as participant")
		l.now = l.now.Add(time.Minute)
		_, err = l.wf.Move(l.Context(), lead, l.doc.ID, hindcast.StatusInReview, "")
		l.ok(err)
		l.inbox(member, 2, "#1 is in review now", "You take part in #1 as participant")
		l.inbox(lead, 0)
		l.inbox(other, 0)
	})
}
