package ticket_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/deliver/ticket"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/secret"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/sqldb/pgtest"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/storetest"
	"github.com/hindcast/hindcast/internal/workflow"
)

var postgres pgtest.Server

func TestMain(m *testing.M) {
	code := m.Run()
	postgres.Stop()
	os.Exit(code)
}

var (
	lead     = hindcast.Viewer{PersonID: "lead", Name: "Incident commander", Role: hindcast.RoleMember}
	stranger = hindcast.Viewer{PersonID: "stranger", Name: "Engineer B", Role: hindcast.RoleMember}
	admin    = hindcast.Viewer{PersonID: "admin", Name: "Admin", Role: hindcast.RoleAdmin}
)

// board is a tracker in memory. What it is told before it fails it has done.
type board struct {
	mu      sync.Mutex
	tickets map[string]connector.Ticket // by key
	refs    map[string]connector.Ref
	state   connector.TicketState
	creates int
	after   func() error // after a ticket is made; nil for nothing
	down    error
	deleted string // the id of a ticket that is there no more
}

func (b *board) CreateTicket(_ context.Context, t connector.Ticket) (connector.Ref, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.creates++
	if b.down != nil {
		return connector.Ref{}, b.down
	}
	if _, ok := b.refs[t.Key]; !ok {
		b.tickets[t.Key], b.refs[t.Key] = t, connector.Ref{ID: fmt.Sprint(len(b.refs) + 1), URL: fmt.Sprintf("https://tracker.example.org/%d", len(b.refs)+1)}
	}
	if b.after != nil {
		if err := b.after(); err != nil {
			return connector.Ref{}, err
		}
	}
	return b.refs[t.Key], nil
}

func (b *board) TicketState(_ context.Context, id string) (connector.TicketState, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if id == b.deleted {
		return connector.TicketState{}, hindcast.Errorf(hindcast.NotFound, "there is nothing at this address")
	}
	return b.state, b.down
}

func (b *board) vendor() connector.Vendor {
	return connector.Vendor{
		Name: "board", Title: "Board", Roles: []connector.Role{connector.Tracks},
		Check: func(connector.Settings) (string, error) { return "https://tracker.example.org", nil },
		Open:  func(connector.Settings, connector.Deps) (any, error) { return b, nil },
	}
}

// library is one from which tickets go out, with a clock that the test moves.
type library struct {
	*testing.T
	*ticket.Service
	*board
	wf     *workflow.Service
	out    *deliver.Service
	worker *queue.Worker
	doc    *workflow.Document
	place  string
	now    time.Time
	told   []workflow.Note
}

func onBoth(t *testing.T, story func(l *library)) {
	storetest.Each(t, &postgres, func(t *testing.T, st *store.Store) {
		blobs, err := blob.OpenDir(filepath.Join(t.TempDir(), "blobs"))
		if err != nil {
			t.Fatal(err)
		}
		box, err := secret.NewBox("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
		if err != nil {
			t.Fatal(err)
		}
		l := &library{T: t, board: &board{tickets: map[string]connector.Ticket{}, refs: map[string]connector.Ref{}}, now: time.Date(2024, 3, 18, 9, 0, 0, 0, time.UTC)}
		now := func() time.Time { return l.now }
		address := func() string { return "https://hindcast.example.org" }
		q := queue.New(queue.Config{DB: st.DB(), Now: now})
		l.out = deliver.New(deliver.Config{DB: st.DB(), Queue: q, Box: box, Vendors: []connector.Vendor{l.vendor()}, Now: now, Address: address, HTTP: outhttp.New(outhttp.Config{Now: now})})
		l.wf = workflow.New(workflow.Config{Store: st, Blobs: blobs, Now: now})
		l.out.Again = func(ctx context.Context, tx *sqldb.Tx, endpoint string) error { return l.Again(ctx, tx, endpoint) }
		l.Service = ticket.New(ticket.Config{DB: st.DB(), Queue: q, Workflow: l.wf, Trackers: l.out, Address: address, Now: now, Tell: func(_ context.Context, _ *sqldb.Tx, _ string, n workflow.Note) error {
			l.told = append(l.told, n)
			return nil
		}})
		l.worker = &queue.Worker{Queue: q, Handlers: l.Handlers(), Backoff: func(int) time.Duration { return time.Minute }, AtOnce: 1}
		l.prepare()
		story(l)
	})
}

// prepare makes a place and a post-mortem with two action items.
func (l *library) prepare() {
	l.Helper()
	e, _, err := l.out.PutEndpoint(l.Context(), admin, deliver.Put{Kind: "board", Name: "Platform board"})
	l.ok(err)
	l.place = e.ID
	l.doc, err = l.wf.Create(l.Context(), lead, workflow.NewIncident{Title: "Mobile API down", Kind: hindcast.KindIncident, Severity: 1})
	l.ok(err)
	_, err = l.wf.Edit(l.Context(), lead, l.doc.ID, []part.Change{
		{Path: "number", Value: workflow.JSON("4521")},
		{Path: "actions/a1", Value: workflow.JSON(hindcast.ActionItem{Description: "Add an alert on the pool, token=hunter2hunter2hunter2", Detail: "Ask kim@example.org.", Owner: "Platform team",
			Priority: hindcast.PriorityCritical, Due: hindcast.Date{Year: 2024, Month: 3, Day: 22}, DoneWhen: "it fires in the drill", Effects: []hindcast.Effect{hindcast.PreventsRecurrence}, Status: hindcast.ActionOpen})},
		{Path: "actions/a2", Value: workflow.JSON(hindcast.ActionItem{Description: "Review the checklist", Status: hindcast.ActionOpen})},
	}, "")
	l.ok(err)
}

func (l *library) ok(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

// work does what is due; a job that failed is due a minute later.
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

// action returns an action item as it is now.
func (l *library) action(id string) hindcast.ActionItem {
	l.Helper()
	d, err := l.wf.Get(l.Context(), lead, l.doc.ID)
	l.ok(err)
	for _, a := range d.Post.Actions {
		if a.ID == id {
			return a
		}
	}
	l.Fatalf("there is no action %s", id)
	return hindcast.ActionItem{}
}

// only returns the one ticket there is.
func (l *library) only() ticket.Ticket {
	l.Helper()
	list, err := l.Of(l.Context(), lead, l.doc.ID)
	l.ok(err)
	if len(list) != 1 {
		l.Fatalf("%d tickets, want one: %+v", len(list), list)
	}
	return list[0]
}

func TestAnActionBecomesATicket(t *testing.T) {
	onBoth(t, func(l *library) {
		l.ok(l.Ask(l.Context(), lead, l.doc.ID, l.place, []string{"a1"}))
		if got := l.only(); got.State != ticket.Queued || got.Place != "Platform board" {
			l.Errorf("before: %+v, want one that is queued in Platform board", got)
		}
		l.work()
		got := l.only()
		if got.State != ticket.Open || got.Ref != "1" || got.URL != "https://tracker.example.org/1" {
			l.Errorf("after: %+v, want open ticket 1", got)
		}
		want := connector.Ticket{
			Key: got.ID, Title: "Add an alert on the pool, token=[redacted]", Text: "Ask [redacted].\n\nDone when: it fires in the drill\n\nOwner: Platform team",
			Labels: []string{"post-mortem", "incident-4521", "prevents-recurrence"}, Priority: hindcast.PriorityCritical, Due: hindcast.Date{Year: 2024, Month: 3, Day: 22}, URL: "https://hindcast.example.org/p/1#actions/a1",
		}
		if diff := cmp.Diff(want, l.tickets[got.ID]); diff != "" {
			l.Errorf("ticket (-want +got):\n%s", diff)
		}
		if got := l.action("a1").Ticket; got != "https://tracker.example.org/1" {
			l.Errorf("the action item has the ticket %q", got)
		}
		l.ok(l.Ask(l.Context(), lead, l.doc.ID, l.place, []string{"a1"}))
		if l.work(); l.creates != 1 {
			l.Errorf("asked again, %d tickets were made, want 1", l.creates)
		}
	})
}

// TestOneTicketWhereverItStops lets an attempt end at every step after the ticket
// was made.
func TestOneTicketWhereverItStops(t *testing.T) {
	for name, stop := range map[string]func(l *library, cancel func()) func() error{
		"the answer is lost": func(*library, func()) func() error {
			return func() error { return hindcast.Errorf(hindcast.Unavailable, "lost") }
		},
		"the program stops": func(_ *library, cancel func()) func() error { return func() error { cancel(); return nil } },
		"the program stops, and fails": func(_ *library, cancel func()) func() error {
			return func() error { cancel(); return context.Canceled }
		},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(l *library) {
				l.ok(l.Ask(l.Context(), lead, l.doc.ID, l.place, []string{"a1"}))
				ctx, cancel := context.WithCancel(l.Context())
				defer cancel()
				l.after = stop(l, cancel)
				_, _ = l.worker.Step(ctx) // it is about what is left behind
				if got := l.only(); got.State != ticket.Queued {
					l.Errorf("after it stopped: %+v, want one that is queued", got)
				}
				l.after, l.now = nil, l.now.Add(5*time.Minute)
				l.work()
				if got := l.only(); got.State != ticket.Open || len(l.tickets) != 1 || l.creates != 2 {
					l.Errorf("%+v, %d tickets after %d attempts; want one, open, after 2", got, len(l.tickets), l.creates)
				}
			})
		})
	}
}

func TestWhatHappensToATicketComesBack(t *testing.T) {
	onBoth(t, func(l *library) {
		l.ok(l.Ask(l.Context(), lead, l.doc.ID, l.place, []string{"a1"}))
		l.work()
		is := func(st connector.TicketState, want hindcast.ActionStatus) hindcast.ActionItem {
			l.Helper()
			l.state, l.now = st, l.now.Add(10*time.Minute)
			l.work()
			a := l.action("a1")
			if a.Status != want {
				l.Errorf("a ticket that is %q makes the action %s, want %s", st.Status, a.Status, want)
			}
			return a
		}
		is(connector.TicketState{Status: "open"}, hindcast.ActionOpen)
		closed := connector.TicketState{Done: true, Status: "closed, completed", Changed: l.now.Add(24 * time.Hour)}
		if a := is(closed, hindcast.ActionDone); a.Closed != (hindcast.Date{Year: 2024, Month: 3, Day: 19}) {
			l.Errorf("closed on %s, want the day in the tracker", a.Closed)
		}
		is(connector.TicketState{Status: "open"}, hindcast.ActionInProgress)
		if a := is(connector.TicketState{Declined: true, Status: "closed, not planned", Changed: closed.Changed}, hindcast.ActionDeclined); !strings.Contains(a.Reason, "Platform board") {
			l.Errorf("declined because %q, want where", a.Reason)
		}
		is(connector.TicketState{Status: "open"}, hindcast.ActionOpen)
	})
}

// TestPeopleDecide leaves an action item that people have verified as it is.
// TestATicketThatWasDeleted keeps nobody from looking at the others, and says so.
func TestATicketThatWasDeleted(t *testing.T) {
	onBoth(t, func(l *library) {
		l.ok(l.Ask(l.Context(), lead, l.doc.ID, l.place, []string{"a1", "a2"}))
		l.work()
		l.board.deleted, l.board.state = "1", connector.TicketState{Done: true, Status: "closed", Changed: l.now}
		if err := l.Look(l.Context(), lead, l.doc.ID); err != nil {
			t.Errorf("Look = %v, want the others looked at", err)
		}
		list, err := l.Of(l.Context(), lead, l.doc.ID)
		l.ok(err)
		for _, x := range list {
			want, said := ticket.Done, "closed"
			if x.Ref == "1" {
				want, said = ticket.Open, "1 is not in Platform board any more: it was deleted or moved"
			}
			if x.State != want || !strings.HasPrefix(x.Said, said) {
				t.Errorf("ticket %s is %s, %q; want %s, %q", x.Ref, x.State, x.Said, want, said)
			}
		}
	})
}

func TestPeopleDecide(t *testing.T) {
	onBoth(t, func(l *library) {
		l.ok(l.Ask(l.Context(), lead, l.doc.ID, l.place, []string{"a1"}))
		l.work()
		a := l.action("a1")
		l.ok(a.Move(hindcast.ActionMove{To: hindcast.ActionDone, On: hindcast.DateOf(l.now)}))
		a.Verification = &hindcast.Verification{How: "it fired in the drill", By: "facilitator"}
		l.ok(a.Move(hindcast.ActionMove{To: hindcast.ActionVerified, On: hindcast.DateOf(l.now)}))
		_, err := l.wf.Edit(l.Context(), lead, l.doc.ID, []part.Change{{Path: "actions/a1", Value: workflow.JSON(a)}}, "")
		l.ok(err)
		for _, st := range []connector.TicketState{{Declined: true, Status: "closed"}, {Status: "open"}, {Done: true, Status: "closed"}} {
			l.state, l.now = st, l.now.Add(10*time.Minute)
			if l.work(); l.action("a1").Status != hindcast.ActionVerified {
				l.Errorf("a ticket that is %+v makes the action %s", st, l.action("a1").Status)
			}
		}
	})
}

func TestATicketThatCannotBeMade(t *testing.T) {
	onBoth(t, func(l *library) {
		l.down = hindcast.Errorf(hindcast.Invalid, "the project has no labels")
		l.ok(l.Ask(l.Context(), lead, l.doc.ID, l.place, []string{"a1"}))
		if l.work(); l.only().State != ticket.Failed || !strings.Contains(l.only().Said, "no labels") {
			l.Errorf("%+v, want one that failed and says why", l.only())
		}
		l.down = nil
		l.ok(l.Ask(l.Context(), lead, l.doc.ID, l.place, []string{"a1"}))
		if l.work(); l.only().State != ticket.Open {
			l.Errorf("asked again: %+v, want one that is open", l.only())
		}
	})
}

func TestWhoMayAsk(t *testing.T) {
	onBoth(t, func(l *library) {
		ask := func(v hindcast.Viewer, place string, actions ...string) hindcast.Code {
			return hindcast.CodeOf(l.Ask(l.Context(), v, l.doc.ID, place, actions))
		}
		for name, tt := range map[string]struct{ got, want hindcast.Code }{
			"a stranger":                  {ask(stranger, l.place, "a1"), hindcast.NotFound},
			"an admin who takes no part":  {ask(admin, l.place, "a1"), hindcast.NotFound},
			"a place that is not there":   {ask(lead, "nowhere", "a1"), hindcast.NotFound},
			"an action that is not there": {ask(lead, l.place, "a1", "a9"), hindcast.NotFound},
			"no action":                   {ask(lead, l.place), hindcast.Invalid},
		} {
			if tt.got != tt.want {
				l.Errorf("%s: %q, want %q", name, tt.got, tt.want)
			}
		}
		if _, err := l.Of(l.Context(), stranger, l.doc.ID); hindcast.CodeOf(err) != hindcast.NotFound {
			l.Errorf("a stranger reads the tickets: %v", err)
		}
		_, err := l.wf.SetPrivate(l.Context(), lead, l.doc.ID, true, "customer data")
		l.ok(err)
		if got := ask(lead, l.place, "a1"); got != hindcast.Denied {
			l.Errorf("of a private one: %q, want %q", got, hindcast.Denied)
		}
		if list, err := l.Of(l.Context(), lead, l.doc.ID); err != nil || len(list) != 0 {
			l.Errorf("tickets that nobody was allowed to ask for: %+v, %v", list, err)
		}
	})
}

// list returns all tickets, by their actions.
func (l *library) list() []ticket.Ticket {
	l.Helper()
	list, err := l.Of(l.Context(), lead, l.doc.ID)
	l.ok(err)
	slices.SortFunc(list, func(a, b ticket.Ticket) int { return strings.Compare(a.ActionID, b.ActionID) })
	return list
}

// waiting returns what waits for approval, by its actions.
func (l *library) waiting() []ticket.Proposal {
	l.Helper()
	list, err := l.Waiting(l.Context(), admin)
	l.ok(err)
	slices.SortFunc(list, func(a, b ticket.Proposal) int { return strings.Compare(a.ActionID, b.ActionID) })
	return list
}

// minute lets a minute go by and does what is due.
func (l *library) minute() {
	l.Helper()
	l.now = l.now.Add(time.Minute)
	l.work()
}

// TestATicketWaitsForApproval asks in a place whose tickets an admin approves.
func TestATicketWaitsForApproval(t *testing.T) {
	onBoth(t, func(l *library) {
		_, _, err := l.out.PutEndpoint(l.Context(), admin, deliver.Put{ID: l.place, Name: "Platform board", Approve: true})
		l.ok(err)
		l.ok(l.Ask(l.Context(), lead, l.doc.ID, l.place, []string{"a1", "a2"}))
		l.minute()
		for _, tk := range l.list() {
			if tk.State != ticket.Waiting || l.creates != 0 {
				l.Fatalf("before approval: %+v and %d requests, want it to wait", tk, l.creates)
			}
		}
		if _, err := l.Waiting(l.Context(), lead); hindcast.CodeOf(err) != hindcast.Denied {
			l.Errorf("a member looks at what waits: %v", err)
		}
		list := l.waiting()
		if len(list) != 2 || list[0].IncidentNum != 0 || list[0].Title != "" || list[0].Place != "Platform board" || list[0].AskedBy != "lead" {
			l.Errorf("an admin who takes no part sees %+v, want where it goes and who asks", list)
		}
		_, err = l.wf.Share(l.Context(), lead, l.doc.ID, admin.PersonID, access.Participant)
		l.ok(err)
		list = l.waiting()
		if list[0].IncidentNum != l.doc.Num || !strings.HasPrefix(list[0].Title, "Add an alert on the pool") || strings.Contains(list[0].Title, "hunter2") || fmt.Sprint(list[0].Labels) != "[post-mortem incident-4521 prevents-recurrence]" {
			l.Errorf("an admin who takes part sees %+v, want what the ticket will say", list[0])
		}
		if err := l.Approve(l.Context(), lead, list[0].ID); hindcast.CodeOf(err) != hindcast.Denied {
			l.Errorf("a member approves: %v", err)
		}
		if err := l.Refuse(l.Context(), admin, list[1].ID, " "); hindcast.CodeOf(err) != hindcast.Invalid {
			l.Errorf("refused without a reason: %v", err)
		}
		l.ok(l.Refuse(l.Context(), admin, list[1].ID, "it is another team's board"))
		l.ok(l.Approve(l.Context(), admin, list[0].ID))
		if err := l.Refuse(l.Context(), admin, list[0].ID, "too late"); hindcast.CodeOf(err) != hindcast.Conflict {
			l.Errorf("refused after it was approved: %v", err)
		}
		l.minute()
		got := l.list()
		if got[0].State != ticket.Open || got[0].ApprovedBy != "admin" || got[1].State != ticket.Refused || got[1].Said != "it is another team's board" || l.creates != 1 {
			l.Errorf("after the decisions: %+v and %d requests", got, l.creates)
		}
		l.ok(l.Ask(l.Context(), lead, l.doc.ID, l.place, []string{"a1", "a2"}))
		l.minute()
		if got := l.list(); got[0].State != ticket.Open || got[1].State != ticket.Waiting || got[1].Said != "" || l.creates != 1 {
			l.Errorf("asked for again: %+v and %d requests, want the second to wait", got, l.creates)
		}
		l.down = hindcast.Errorf(hindcast.Invalid, "the board is full")
		l.ok(l.Approve(l.Context(), admin, got[1].ID))
		l.minute()
		if got := l.list(); got[1].State != ticket.Failed {
			l.Fatalf("after a refusal of the tracker: %+v", got[1])
		}
		l.down = nil
		l.ok(l.Ask(l.Context(), lead, l.doc.ID, l.place, []string{"a2"}))
		l.minute()
		if got := l.list(); got[1].State != ticket.Open || len(l.tickets) != 2 {
			l.Errorf("what was approved and failed is tried again: %+v", got[1])
		}
	})
}
