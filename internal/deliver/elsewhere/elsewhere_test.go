package elsewhere_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/audience"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/deliver/elsewhere"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/secret"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/sqldb/pgtest"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/storetest"
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
	lead     = hindcast.Viewer{PersonID: "lead", Name: "Incident commander", Role: hindcast.RoleMember}
	stranger = hindcast.Viewer{PersonID: "stranger", Name: "Engineer B", Role: hindcast.RoleMember}
	admin    = hindcast.Viewer{PersonID: "admin", Name: "Admin", Role: hindcast.RoleAdmin}
)

// wiki is a publisher in memory that does before it fails.
type wiki struct {
	mu      sync.Mutex
	pages   map[string]connector.Page // by key
	version map[string]int
	calls   int
	during  func() error // after a page is written; nil for nothing
	down    error
}

func (w *wiki) Publish(_ context.Context, p connector.Page) (connector.Ref, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls++
	if w.down != nil {
		return connector.Ref{}, w.down
	}
	if _, ok := w.pages[p.Key]; !ok && p.Known.ID != "" && !p.Overwrite {
		return connector.Ref{}, hindcast.Errorf(hindcast.Conflict, "the page %w", connector.ErrGone)
	}
	if have, ok := w.pages[p.Key]; ok && have.Markdown == "by hand" && !p.Overwrite {
		return connector.Ref{}, hindcast.Errorf(hindcast.Conflict, "somebody changed it")
	}
	w.version[p.Key]++
	w.pages[p.Key] = p
	if w.during != nil {
		if err := w.during(); err != nil {
			return connector.Ref{}, err
		}
	}
	return connector.Ref{ID: "page-" + p.Key, URL: "https://wiki.example.org/" + p.Key, Version: fmt.Sprint(w.version[p.Key])}, nil
}

func (w *wiki) ReadPage(_ context.Context, ref string) (connector.Page, error) {
	if ref != "https://wiki.example.org/old" {
		return connector.Page{}, hindcast.Errorf(hindcast.NotFound, "there is no such page")
	}
	return connector.Page{Title: "Checkout down", Markdown: "## Timeline\n\n- 2024-03-15 14:37 UTC rollout\n", URL: ref}, nil
}

func (w *wiki) vendor() connector.Vendor {
	return connector.Vendor{
		Name: "wiki", Title: "Wiki", Roles: []connector.Role{connector.Publishes, connector.Imports},
		Check: func(connector.Settings) (string, error) { return "https://wiki.example.org", nil },
		Open:  func(connector.Settings, connector.Deps) (any, error) { return w, nil },
	}
}

// library is one that publishes elsewhere, with a clock that the test moves.
type library struct {
	*testing.T
	*elsewhere.Service
	*wiki
	wf     *workflow.Service
	out    *deliver.Service
	worker *queue.Worker
	doc    *workflow.Document
	place  deliver.Endpoint
	now    time.Time
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
		l := &library{T: t, wiki: &wiki{pages: map[string]connector.Page{}, version: map[string]int{}}, now: time.Date(2024, 3, 18, 9, 0, 0, 0, time.UTC)}
		now := func() time.Time { return l.now }
		address := func() string { return "https://hindcast.example.org" }
		q := queue.New(queue.Config{DB: st.DB(), Now: now})
		l.out = deliver.New(deliver.Config{DB: st.DB(), Queue: q, Box: box, Vendors: []connector.Vendor{l.vendor()}, Now: now, Address: address, HTTP: outhttp.New(outhttp.Config{Now: now})})
		l.wf = workflow.New(workflow.Config{Store: st, Blobs: blobs, Now: now, Freeze: reading.Freeze,
			Announce: func(ctx context.Context, tx *sqldb.Tx, e workflow.Event) error { return l.Announce(ctx, tx, e) }})
		l.Service = elsewhere.New(elsewhere.Config{DB: st.DB(), Queue: q, Workflow: l.wf, Reading: reading.New(reading.Config{Workflow: l.wf, DB: st.DB(), Now: now}), Connections: l.out, Address: address, Now: now})
		l.worker = &queue.Worker{Queue: q, Handlers: l.Handlers(), Backoff: func(int) time.Duration { return time.Minute }, AtOnce: 1}
		l.doc, err = l.wf.Create(l.Context(), lead, workflow.NewIncident{Title: "Mobile API down", Kind: hindcast.KindIncident, Severity: 1})
		l.ok(err)
		l.connect(deliver.Put{})
		story(l)
	})
}

func (l *library) ok(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

func (l *library) connect(p deliver.Put) {
	l.Helper()
	p.ID, p.Kind, p.Name = l.place.ID, "wiki", "Team wiki"
	e, _, err := l.out.PutEndpoint(l.Context(), admin, p)
	l.ok(err)
	l.place = e
}

// publish publishes the post-mortem with a summary.
func (l *library) publish(summary string) {
	l.Helper()
	d, err := l.wf.Get(l.Context(), lead, l.doc.ID)
	l.ok(err)
	if d.Post.Status == hindcast.StatusPublished {
		l.move(hindcast.StatusDraft)
		d, err = l.wf.Get(l.Context(), lead, l.doc.ID)
		l.ok(err)
	}
	base := d.Tags()["sections/summary"]
	_, err = l.wf.Edit(l.Context(), lead, l.doc.ID, []part.Change{{Path: "sections/summary", Base: &base, Value: workflow.JSON(hindcast.Section{Kind: hindcast.SectionSummary, Heading: "Incident Summary", Text: summary})}}, "")
	l.ok(err)
	l.move(hindcast.StatusInReview, hindcast.StatusApproved, hindcast.StatusPublished)
}

func (l *library) move(to ...hindcast.Status) {
	l.Helper()
	for _, s := range to {
		l.now = l.now.Add(time.Hour)
		_, err := l.wf.Move(l.Context(), lead, l.doc.ID, s, "to look again")
		l.ok(err)
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

func (l *library) only() elsewhere.Page {
	l.Helper()
	list, err := l.Of(l.Context(), lead, l.doc.ID)
	l.ok(err)
	if len(list) != 1 {
		l.Fatalf("%d pages, want one: %+v", len(list), list)
	}
	return list[0]
}

func (l *library) ask(w elsewhere.Want) {
	l.Helper()
	w.Endpoint = l.place.ID
	l.ok(l.Ask(l.Context(), lead, l.doc.ID, w))
}

func TestAPostmortemBecomesAPage(t *testing.T) {
	onBoth(t, func(l *library) {
		if err := l.Ask(l.Context(), lead, l.doc.ID, elsewhere.Want{Endpoint: l.place.ID}); hindcast.CodeOf(err) != hindcast.NotFound {
			l.Errorf("a draft: %v, want %s", err, hindcast.NotFound)
		}
		l.publish("The pool was empty, token=hunter2hunter2hunter2.")
		if l.work(); l.calls != 0 {
			l.Error("a page was written that nobody asked for")
		}
		l.ask(elsewhere.Want{Audience: audience.Executive})
		l.work()
		got := l.only()
		if got.State != elsewhere.Written || got.Edition != 1 || got.URL != "https://wiki.example.org/"+got.ID || got.Audience != audience.Executive {
			l.Errorf("page = %+v", got)
		}
		page := l.pages[got.ID]
		if page.Title != "Post-mortem #1: Mobile API down" || page.URL != "https://hindcast.example.org/p/1/read" {
			l.Errorf("title %q, address %q", page.Title, page.URL)
		}
		if d := cmp.Diff([]string{"post-mortem", "incident-1"}, page.Labels); d != "" {
			l.Errorf("labels (-want +got):\n%s", d)
		}
		if !strings.Contains(page.Markdown, "The pool was empty") || strings.Contains(page.Markdown, "hunter2") || strings.Contains(page.Markdown, "hindcast: 1") || strings.HasPrefix(page.Markdown, "# ") {
			l.Errorf("text:\n%s", page.Markdown)
		}
	})
}

// TestAgain publishes a second time, over a page that somebody changed too.
func TestAgain(t *testing.T) {
	onBoth(t, func(l *library) {
		l.connect(deliver.Put{Events: []workflow.EventKind{workflow.PostmortemPublished}})
		l.publish("First.")
		l.work()
		first := l.only()
		l.publish("Second.")
		l.work()
		second := l.only()
		if first.Edition != 1 || second.Edition != 2 || second.ID != first.ID || !strings.Contains(l.pages[first.ID].Markdown, "Second.") || l.pages[first.ID].Known.Version != "1" {
			l.Errorf("first %+v, second %+v, known %+v", first, second, l.pages[first.ID].Known)
		}
		hand := l.pages[first.ID]
		hand.Markdown = "by hand"
		l.pages[first.ID] = hand
		l.publish("Third.")
		l.work()
		if got := l.only(); got.State != elsewhere.Changed || got.Edition != 2 || !strings.Contains(got.Said, "somebody changed it") || l.pages[first.ID].Markdown != "by hand" {
			l.Errorf("over a change by hand: %+v", got)
		}
		l.ask(elsewhere.Want{Overwrite: true})
		l.work()
		if got := l.only(); got.State != elsewhere.Written || got.Edition != 3 {
			l.Errorf("overwritten: %+v", got)
		}
		delete(l.pages, first.ID)
		l.publish("Fourth.")
		l.work()
		if got := l.only(); got.State != elsewhere.Gone || len(l.pages) != 0 {
			l.Errorf("after it was deleted there: %+v", got)
		}
		l.ask(elsewhere.Want{Overwrite: true})
		l.work()
		if got := l.only(); got.State != elsewhere.Written || got.Edition != 4 || !strings.Contains(l.pages[first.ID].Markdown, "Fourth.") {
			l.Errorf("made anew: %+v", got)
		}
	})
}

// TestAskedForWhileItIsWritten writes the page once more.
func TestAskedForWhileItIsWritten(t *testing.T) {
	onBoth(t, func(l *library) {
		l.connect(deliver.Put{Events: []workflow.EventKind{workflow.PostmortemPublished}})
		l.publish("First.")
		l.during = func() error {
			l.during = nil
			l.mu.Unlock()
			defer l.mu.Lock()
			l.publish("Second.")
			return nil
		}
		l.work()
		if got := l.only(); got.State != elsewhere.Written || got.Edition != 2 || !strings.Contains(l.pages[got.ID].Markdown, "Second.") {
			l.Errorf("page = %+v:\n%s", got, l.pages[got.ID].Markdown)
		}
	})
}

// TestWhereverItStops lets an attempt end at every step after the page was written.
func TestWhereverItStops(t *testing.T) {
	for name, stop := range map[string]func(cancel func()) func() error{
		"the answer is lost": func(func()) func() error {
			return func() error { return hindcast.Errorf(hindcast.Unavailable, "lost") }
		},
		"the program stops":            func(cancel func()) func() error { return func() error { cancel(); return nil } },
		"the program stops, and fails": func(cancel func()) func() error { return func() error { cancel(); return context.Canceled } },
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(l *library) {
				l.publish("First.")
				l.ask(elsewhere.Want{})
				ctx, cancel := context.WithCancel(l.Context())
				defer cancel()
				l.during = stop(cancel)
				_, _ = l.worker.Step(ctx) // it is about what is left behind
				if got := l.only(); got.State != elsewhere.Queued {
					l.Errorf("after it stopped: %+v, want one that is queued", got)
				}
				l.during, l.now = nil, l.now.Add(5*time.Minute)
				l.work()
				if got := l.only(); got.State != elsewhere.Written || len(l.pages) != 1 || l.calls != 2 {
					l.Errorf("%+v, %d pages after %d attempts; want one, written, after 2", got, len(l.pages), l.calls)
				}
			})
		})
	}
}

func TestWhoMayAndWhatWaits(t *testing.T) {
	onBoth(t, func(l *library) {
		l.connect(deliver.Put{Events: []workflow.EventKind{workflow.PostmortemPublished}, Approve: true})
		l.publish("First.")
		if l.work(); l.only().State != elsewhere.Waiting || l.calls != 0 {
			l.Errorf("page = %+v after %d calls, want one that waits", l.only(), l.calls)
		}
		helper := hindcast.Viewer{PersonID: "helper", Name: "Engineer C", Role: hindcast.RoleMember}
		_, err := l.wf.Share(l.Context(), lead, l.doc.ID, helper.PersonID, access.Participant)
		l.ok(err)
		if list, err := l.Of(l.Context(), helper, l.doc.ID); err != nil || len(list) != 1 {
			l.Errorf("who takes part looks: %d pages, %v; want one", len(list), err)
		}
		if err := l.Ask(l.Context(), helper, l.doc.ID, elsewhere.Want{Endpoint: l.place.ID}); hindcast.CodeOf(err) != hindcast.Denied {
			l.Errorf("who takes part asks: %v, want %s", err, hindcast.Denied)
		}
		for _, v := range []hindcast.Viewer{stranger, {PersonID: "r", Role: hindcast.RoleReader}} {
			if err := l.Ask(l.Context(), v, l.doc.ID, elsewhere.Want{Endpoint: l.place.ID}); hindcast.CodeOf(err) != hindcast.Denied {
				l.Errorf("%s asks: %v, want %s", v.PersonID, err, hindcast.Denied)
			}
			if _, err := l.Of(l.Context(), v, l.doc.ID); hindcast.CodeOf(err) != hindcast.Denied {
				l.Errorf("%s looks: %v, want %s", v.PersonID, err, hindcast.Denied)
			}
		}
		if err := l.Ask(l.Context(), lead, l.doc.ID, elsewhere.Want{Endpoint: l.place.ID, Audience: "all"}); hindcast.CodeOf(err) != hindcast.Invalid {
			l.Errorf("an audience that there is not: %v, want %s", err, hindcast.Invalid)
		}
		l.ask(elsewhere.Want{})
		if l.work(); l.only().State != elsewhere.Written {
			l.Errorf("page = %+v, want one that is written", l.only())
		}
		_, err = l.wf.SetPrivate(l.Context(), lead, l.doc.ID, true, "a customer is named")
		l.ok(err)
		if err := l.Ask(l.Context(), lead, l.doc.ID, elsewhere.Want{Endpoint: l.place.ID}); hindcast.CodeOf(err) != hindcast.Denied {
			l.Errorf("a private one: %v, want %s", err, hindcast.Denied)
		}
	})
}

func TestTakeAPage(t *testing.T) {
	onBoth(t, func(l *library) {
		d, report, err := l.Take(l.Context(), lead, l.place.ID, "https://wiki.example.org/old", workflow.NewIncident{Quiet: true})
		l.ok(err)
		if d.Post.Incident.Title != "Checkout down" || report.Entries != 1 {
			l.Errorf("title %q, report %+v", d.Post.Incident.Title, report)
		}
		if _, _, err := l.Take(l.Context(), lead, l.place.ID, "https://wiki.example.org/new", workflow.NewIncident{}); hindcast.CodeOf(err) != hindcast.NotFound {
			l.Errorf("a page that is missing: %v, want %s", err, hindcast.NotFound)
		}
		if _, _, err := l.Take(l.Context(), hindcast.Viewer{PersonID: "r", Role: hindcast.RoleReader}, l.place.ID, "https://wiki.example.org/old", workflow.NewIncident{}); hindcast.CodeOf(err) != hindcast.Denied {
			l.Errorf("a reader: %v, want %s", err, hindcast.Denied)
		}
	})
}
