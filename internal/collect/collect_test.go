package collect_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/auth"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/collect"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/cloudevents"
	"github.com/hindcast/hindcast/internal/deliver"
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
	admin  = hindcast.Viewer{PersonID: "admin", Name: "Admin", Role: hindcast.RoleAdmin}
	member = hindcast.Viewer{PersonID: "member", Name: "Engineer B", Role: hindcast.RoleMember}
)

// pager is a pager in memory: it tells by notices in JSON, under a word that proves
// it, and knows its own incidents. metrics is a system that knows the time only.
type pager struct {
	mu     sync.Mutex
	asked  []connector.Window
	down   error
	has    []connector.Incident // by ref
	before func()
	note   string
	lacks  []string // what is not in what it has
}

func (p *pager) Receive(h http.Header, body []byte, _ time.Time) ([]connector.Notice, error) {
	if h.Get("Word") != "open sesame" {
		return nil, hindcast.Errorf(hindcast.Denied, "not genuine")
	}
	var n connector.Notice
	if err := json.Unmarshal(body, &n); err != nil {
		return nil, hindcast.Errorf(hindcast.Invalid, "no notice")
	}
	return []connector.Notice{n}, nil
}

const began = `{"ts":"2024-03-15T14:38:45Z","level":"error","service":"mobile-api","msg":"cannot read configuration"}`

func (p *pager) Fetch(_ context.Context, w connector.Window, _ string) (connector.Batch, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, w)
	if p.before != nil {
		p.before()
	}
	if p.down != nil {
		return connector.Batch{}, p.down
	}
	switch w.Query {
	case "sum(":
		return connector.Batch{}, fmt.Errorf("fetch sum( from metrics: %w", hindcast.Errorf(hindcast.Invalid, "1:5: unclosed left parenthesis"))
	case "nothing":
		return connector.Batch{}, nil
	case "up", "down":
		return connector.Batch{Files: []connector.File{{Name: w.Query + ".ndjson", Body: []byte(began + "\n" + w.Query + "\n")}}, Notes: p.lacks}, nil
	}
	return connector.Batch{Notes: p.lacks, Files: []connector.File{{Name: "log.ndjson", Body: []byte(began + "\n" + p.note), Source: "pager", FetchedAt: time.Now()}}}, nil
}

func (p *pager) Describe(_ context.Context, ref string) (connector.Incident, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, x := range p.has {
		if x.Ref == ref {
			return x, nil
		}
	}
	return connector.Incident{Notice: connector.Notice{Ref: "Q" + ref, Number: ref, Title: "Mobile API down", Severity: "P1", At: at(38)}, Resolved: at(60)}, nil
}

// List gives one incident a page.
func (p *pager) List(_ context.Context, from, to time.Time, after string) (list []connector.Incident, next string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down != nil {
		return nil, "", p.down
	}
	for _, x := range p.has {
		if x.Ref > after && !x.At.Before(from) && x.At.Before(to) {
			return []connector.Incident{x}, x.Ref, nil
		}
	}
	return nil, "", nil
}

func at(minute int) time.Time {
	return time.Date(2024, 3, 15, 14, 0, 0, 0, time.UTC).Add(time.Duration(minute) * time.Minute)
}

// library is one that takes in, with a clock that the test moves.
type library struct {
	*testing.T
	*collect.Service
	wf       *workflow.Service
	out      *deliver.Service
	worker   *queue.Worker
	pager    *pager
	metrics  *pager
	endpoint string
	now      time.Time
	gone     bool
	tickets  []string
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
		l := &library{T: t, pager: &pager{}, metrics: &pager{note: began + "\n"}, now: at(40)}
		now := func() time.Time { return l.now }
		vendor := func(name string, p *pager, byRef bool, roles ...connector.Role) connector.Vendor {
			return connector.Vendor{Name: name, Title: name, Roles: roles, ByRef: byRef,
				Check: func(connector.Settings) (string, error) { return name, nil },
				Open:  func(connector.Settings, connector.Deps) (any, error) { return p, nil }}
		}
		q := queue.New(queue.Config{DB: st.DB(), Now: now})
		l.out = deliver.New(deliver.Config{DB: st.DB(), Queue: q, Box: box, Now: now, Address: func() string { return "https://hindcast.example.org" }, HTTP: outhttp.New(outhttp.Config{Now: now}),
			Vendors: []connector.Vendor{vendor("pager", l.pager, true, connector.Fetches, connector.Receives), asks(vendor("metrics", l.metrics, false, connector.Fetches)), cloudevents.Vendor()}})
		l.wf = workflow.New(workflow.Config{Store: st, Blobs: blobs, Now: now})
		l.Service = collect.New(collect.Config{DB: st.DB(), Queue: q, Deliver: l.out, Workflow: l.wf, Now: now, Person: l.person,
			Tickets: func(_ context.Context, _ *sqldb.Tx, _, ref, _ string) error {
				l.tickets = append(l.tickets, ref)
				return nil
			}})
		l.worker = &queue.Worker{Queue: q, Handlers: l.Handlers(), Backoff: func(int) time.Duration { return time.Minute }, AtOnce: 1}
		l.endpoint = l.connect("pager", "Pager")
		l.connect("metrics", "Metrics")
		story(l)
	})
}

// asks makes a vendor one that answers queries of people's own.
func asks(v connector.Vendor) connector.Vendor {
	v.Asks = true
	return v
}

func (l *library) person(_ context.Context, id string) (auth.Person, error) {
	if l.gone || id != admin.PersonID {
		return auth.Person{}, hindcast.Errorf(hindcast.NotFound, "nobody")
	}
	return auth.Person{ID: admin.PersonID, Name: admin.Name, Role: admin.Role}, nil
}

func (l *library) connect(kind, name string) string {
	l.Helper()
	e, _, err := l.out.PutEndpoint(l.Context(), admin, deliver.Put{Kind: kind, Name: name})
	l.ok(err)
	return e.ID
}

func (l *library) ok(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

// tell sends a notice about incident Q1.
func (l *library) tell(id string, kind connector.NoticeKind, when time.Time, severity string) {
	l.Helper()
	body, err := json.Marshal(connector.Notice{ID: id, Kind: kind, Ref: "Q1", Number: "4521", Title: "Mobile API down", Severity: severity, Service: "mobile-api", At: when})
	l.ok(err)
	_, err = l.Receive(l.Context(), l.endpoint, http.Header{"Word": {"open sesame"}}, body)
	l.ok(err)
}

// later moves the clock and does what is due by then.
func (l *library) later(d time.Duration) {
	l.Helper()
	l.now = l.now.Add(d)
	for {
		n, err := l.worker.Step(l.Context())
		l.ok(err)
		if n == 0 {
			return
		}
	}
}

func (l *library) episodes() []collect.Episode {
	l.Helper()
	page, err := l.Episodes(l.Context(), admin, collect.Filter{})
	l.ok(err)
	return page.Items
}

// only returns the one episode there is.
func (l *library) only() collect.Episode {
	l.Helper()
	list := l.episodes()
	if len(list) != 1 {
		l.Fatalf("%d episodes, want one: %+v", len(list), list)
	}
	return list[0]
}

func (l *library) count() int {
	l.Helper()
	page, err := l.wf.List(l.Context(), admin, workflow.Filter{})
	l.ok(err)
	return len(page.Items)
}

func TestAnIncidentThatIsOverIsDrafted(t *testing.T) {
	onBoth(t, func(l *library) {
		l.tell("n1", connector.IncidentOpened, at(38), "P1")
		l.tell("n2", connector.IncidentChanged, at(40), "P1")
		l.tell("n2", connector.IncidentChanged, at(40), "P1")
		l.later(20 * time.Minute)
		if e := l.only(); e.State != collect.Open || l.count() != 0 {
			l.Errorf("while it goes on: %+v and %d post-mortems, want it open and none", e, l.count())
		}
		l.tell("n3", connector.IncidentResolved, at(60), "P1")
		l.tell("n3", connector.IncidentResolved, at(60), "P1")
		l.later(time.Minute)
		if e := l.only(); e.State != collect.Due || l.count() != 0 {
			l.Errorf("a minute after: %+v and %d post-mortems, want it due and none", e, l.count())
		}
		l.later(2 * time.Minute)
		e := l.only()
		if e.State != collect.Drafted || e.Said != "" || l.count() != 1 {
			l.Fatalf("%+v and %d post-mortems, want one draft", e, l.count())
		}
		d, err := l.wf.Get(l.Context(), admin, e.IncidentID)
		l.ok(err)
		inc := d.Post.Incident
		if inc.Title != "Mobile API down" || inc.Number != "4521" || inc.Severity != 1 || d.People[0].PersonID != "admin" || d.People[0].Role != "lead" {
			l.Errorf("the post-mortem: %+v by %+v", inc, d.People)
		}
		rows, err := l.wf.Evidence(l.Context(), admin, d.ID)
		l.ok(err)
		var names []string
		for _, r := range rows {
			names = append(names, r.Name[:strings.Index(r.Name, "/")+1])
		}
		slices.Sort(names)
		if diff := cmp.Diff([]string{"Metrics/", "Pager/", "received/", "received/", "received/"}, names); diff != "" {
			l.Errorf("evidence (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]connector.Window{{From: at(-22), To: at(63), Query: "Q1"}}, l.pager.asked); diff != "" {
			l.Errorf("the pager was asked (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]connector.Window{{From: at(-22), To: at(63)}}, l.metrics.asked); diff != "" {
			l.Errorf("the metrics were asked (-want +got):\n%s", diff)
		}
	})
}

func TestWhatBeginsAgainSoonGoesOn(t *testing.T) {
	onBoth(t, func(l *library) {
		l.tell("n1", connector.IncidentOpened, at(38), "P1")
		l.tell("n2", connector.IncidentResolved, at(40), "P1")
		l.tell("n3", connector.IncidentOpened, at(41), "P1")
		l.later(30 * time.Minute)
		if e := l.only(); e.State != collect.Open || l.count() != 0 {
			l.Errorf("it began again: %+v and %d post-mortems, want it open and none", e, l.count())
		}
		l.tell("n4", connector.IncidentResolved, at(60), "P1")
		if l.later(5 * time.Minute); l.only().State != collect.Drafted {
			l.Errorf("over at last: %+v", l.only())
		}
		l.tell("n5", connector.IncidentOpened, at(75), "P1")
		l.tell("n6", connector.IncidentResolved, at(80), "P1")
		if l.later(5 * time.Minute); l.only().State != collect.Drafted || l.count() != 1 {
			l.Errorf("again after the draft: %+v and %d post-mortems, want the same one", l.only(), l.count())
		}
		l.tell("n7", connector.IncidentOpened, at(300), "P1")
		if got := l.episodes(); len(got) != 2 || got[0].State != collect.Open || !got[0].BeganAt.Equal(at(300)) {
			l.Errorf("hours later: %+v, want another episode", got)
		}
	})
}

func TestThePolicyDecides(t *testing.T) {
	for severity, want := range map[string]collect.State{"P1": collect.Drafted, "SEV-2": collect.Drafted, "P3": collect.Skipped, "warning": collect.Skipped, "critical": collect.Drafted, "": collect.Drafted, "P9": collect.Drafted} {
		t.Run("severity "+severity, func(t *testing.T) {
			onBoth(t, func(l *library) {
				l.tell("n1", connector.IncidentOpened, at(38), severity)
				l.tell("n2", connector.IncidentResolved, at(60), severity)
				if l.later(5 * time.Minute); l.only().State != want {
					l.Errorf("%+v, want %s", l.only(), want)
				}
				if want != collect.Skipped {
					return
				}
				if l.only().Said == "" {
					l.Error("it does not say why")
				}
				if err := l.Draft(l.Context(), member, l.only().ID); hindcast.CodeOf(err) != hindcast.Denied {
					l.Errorf("a member drafts it: %v", err)
				}
				l.ok(l.Draft(l.Context(), admin, l.only().ID))
				if l.later(0); l.only().State != collect.Drafted || l.count() != 1 {
					l.Errorf("by hand: %+v", l.only())
				}
			})
		})
	}
}

func TestASourceThatDoesNotAnswer(t *testing.T) {
	onBoth(t, func(l *library) {
		l.metrics.down = hindcast.Errorf(hindcast.Unavailable, "it does not answer")
		l.tell("n1", connector.IncidentOpened, at(38), "P1")
		l.tell("n2", connector.IncidentResolved, at(39), "P1")
		if l.later(3 * time.Minute); l.only().State != collect.Due || !strings.Contains(l.only().Said, "does not answer") {
			l.Errorf("after an attempt: %+v, want it due and why", l.only())
		}
		l.later(2 * time.Minute)
		l.later(2 * time.Minute)
		if e := l.only(); e.State != collect.Drafted || !strings.Contains(e.Said, "Metrics") {
			l.Errorf("after three: %+v, want a draft that says what is missing", e)
		}
	})
}

// TestOneDraftWhereverItStops stops the program while evidence is fetched, and after
// the post-mortem was begun.
func TestOneDraftWhereverItStops(t *testing.T) {
	onBoth(t, func(l *library) {
		l.tell("n1", connector.IncidentOpened, at(38), "P1")
		l.tell("n2", connector.IncidentResolved, at(39), "P1")
		for range 2 {
			ctx, cancel := context.WithCancel(l.Context())
			l.metrics.before = cancel
			l.now = l.now.Add(5 * time.Minute)
			_, _ = l.worker.Step(ctx) // it is about what is left behind
			cancel()
		}
		l.metrics.before = nil
		if l.later(10 * time.Minute); l.only().State != collect.Drafted || l.count() != 1 {
			l.Errorf("%+v and %d post-mortems, want one draft", l.only(), l.count())
		}
	})
}

func TestWhoConnectedItIsGone(t *testing.T) {
	onBoth(t, func(l *library) {
		l.gone = true
		l.tell("n1", connector.IncidentOpened, at(38), "P1")
		l.tell("n2", connector.IncidentResolved, at(39), "P1")
		if l.later(5 * time.Minute); l.only().State != collect.Failed || !strings.Contains(l.only().Said, "has no account any more") {
			l.Errorf("%+v, want that it failed and why", l.only())
		}
	})
}

func TestAnIncidentIsPulledByItsNumber(t *testing.T) {
	onBoth(t, func(l *library) {
		l.now = at(300)
		_, err := l.Pull(l.Context(), admin, l.endpoint, " #4521 ")
		l.ok(err)
		l.later(0)
		e := l.only()
		if e.State != collect.Drafted || e.Title != "Mobile API down" || e.Ref != "Q4521" || !e.BeganAt.Equal(at(38)) || !e.EndedAt.Equal(at(60)) {
			l.Errorf("%+v, want a draft of what the pager says", e)
		}
		if diff := cmp.Diff([]connector.Window{{From: at(-22), To: at(90)}}, l.metrics.asked); diff != "" {
			l.Errorf("the metrics were asked (-want +got):\n%s", diff)
		}
		if _, err := l.Pull(l.Context(), member, l.endpoint, "4521"); hindcast.CodeOf(err) != hindcast.Denied {
			l.Errorf("a member pulls: %v", err)
		}
	})
}

func TestWhatIsNotGenuineIsNotKept(t *testing.T) {
	onBoth(t, func(l *library) {
		_, err := l.Receive(l.Context(), l.endpoint, http.Header{}, []byte(`{"ID":"n1","Kind":"incident.opened","Ref":"Q1"}`))
		if hindcast.CodeOf(err) != hindcast.Denied || len(l.episodes()) != 0 {
			l.Errorf("%v and %d episodes, want Denied and none", err, len(l.episodes()))
		}
		if _, err := l.Receive(l.Context(), "nobody", http.Header{"Word": {"open sesame"}}, nil); hindcast.CodeOf(err) != hindcast.NotFound {
			l.Errorf("an endpoint that is not there: %v", err)
		}
		l.tell("t1", connector.TicketChanged, at(50), "")
		l.tell("t1", connector.TicketChanged, at(50), "")
		l.tell("p1", connector.NothingToDo, at(50), "")
		if fmt.Sprint(l.tickets) != "[Q1]" || len(l.episodes()) != 0 {
			l.Errorf("tickets %v and %d episodes, want one ticket and none", l.tickets, len(l.episodes()))
		}
	})
}

// incident is one that the pager knows.
func incident(ref string, from, to time.Time, severity string) connector.Incident {
	return connector.Incident{Notice: connector.Notice{Ref: ref, Number: "45" + ref[1:], Title: "Mobile API down", Severity: severity, At: from}, Resolved: to}
}

func TestALookFindsWhatNobodyTold(t *testing.T) {
	onBoth(t, func(l *library) {
		l.tell("n1", connector.IncidentOpened, at(38), "P1")
		l.now = at(300)
		l.pager.has = []connector.Incident{incident("Q0", at(-3000), at(-2990), "P1"), incident("Q1", at(38), at(60), "P1"), incident("Q2", at(100), at(120), "P3"), incident("Q3", at(290), time.Time{}, "P2")}
		look := func(want ...string) {
			l.Helper()
			got, err := l.Look(l.Context(), admin, time.Time{})
			l.ok(err)
			var changed []string
			for _, e := range got.Changed {
				changed = append(changed, e.Ref+" "+string(e.State))
			}
			if diff := cmp.Diff(want, changed); diff != "" || len(got.Faults) != 0 {
				l.Errorf("a look (-want +got):\n%s\nfaults %v", diff, got.Faults)
			}
		}
		look("Q1 due", "Q2 due", "Q3 open")
		look()
		l.later(0)
		states := map[string]collect.State{}
		for _, e := range l.episodes() {
			states[e.Ref] = e.State
		}
		if diff := cmp.Diff(map[string]collect.State{"Q1": collect.Drafted, "Q2": collect.Skipped, "Q3": collect.Open}, states); diff != "" || l.count() != 1 {
			l.Errorf("after it (-want +got):\n%s\n%d post-mortems, want one", diff, l.count())
		}
		l.now = at(3000)
		l.pager.has[3].Resolved = at(310)
		look("Q3 due")
		l.tell("n9", connector.IncidentResolved, at(310), "P2")
		if l.later(5 * time.Minute); l.count() != 2 {
			l.Errorf("%d post-mortems, want two: it was told what it knew", l.count())
		}
		if _, err := l.Look(l.Context(), admin, at(-4000)); err != nil || len(l.episodes()) != 4 {
			l.Errorf("a look far back: %v and %d episodes, want four", err, len(l.episodes()))
		}
	})
}

func TestALookAtAPagerThatDoesNotAnswer(t *testing.T) {
	onBoth(t, func(l *library) {
		l.pager.has = []connector.Incident{incident("Q1", at(30), at(35), "P1")}
		l.pager.down = hindcast.Errorf(hindcast.Unavailable, "it does not answer")
		got, err := l.Look(l.Context(), admin, time.Time{})
		l.ok(err)
		if len(got.Faults) != 1 || !strings.Contains(got.Faults[0], "Pager: it does not answer") {
			l.Errorf("faults %v, want that of the pager", got.Faults)
		}
		l.pager.down = nil
		if got, err = l.Look(l.Context(), admin, time.Time{}); err != nil || len(got.Changed) != 1 {
			l.Errorf("the next look: %+v, %v, want the incident", got, err)
		}
		if _, err := l.Look(l.Context(), member, time.Time{}); hindcast.CodeOf(err) != hindcast.Denied {
			l.Errorf("a member looks: %v", err)
		}
	})
}
