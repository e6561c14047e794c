package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/auth"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/sqldb/pgtest"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/page"
	"github.com/hindcast/hindcast/internal/store/storetest"
	"github.com/hindcast/hindcast/internal/store/upkeep"
	"github.com/hindcast/hindcast/internal/web"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/followup"
	"github.com/hindcast/hindcast/internal/workflow/kept"
	"github.com/hindcast/hindcast/internal/workflow/notice"
	"github.com/hindcast/hindcast/internal/workflow/reading"
)

// walk is a library whose pages are looked at after each change.
type walk struct {
	*testing.T
	store  *store.Store
	blobs  blob.Store
	auth   *auth.Auth
	now    time.Time
	policy hindcast.Policy
	build  string
	first  *store.Document

	running *web.Handler // with all that it has in memory since it began
	began   string       // by which policy and build
	rests   int          // how often it was told that memory can be given back
}

// along returns a handler that has shown what was before, as long as a program runs.
func (w *walk) along() *web.Handler {
	w.Helper()
	if now := fmt.Sprint(w.build, w.policy); w.began != now {
		w.running, w.began = w.pages(), now
	}
	return w.running
}

// pages returns handlers that have nothing in memory.
func (w *walk) pages() *web.Handler {
	w.Helper()
	now := func() time.Time { return w.now }
	flow := workflow.New(workflow.Config{Store: w.store, Blobs: w.blobs, Policy: w.policy, Now: now})
	h, err := web.New(web.Config{
		Workflow: flow, Reading: reading.New(reading.Config{Workflow: flow, DB: w.store.DB(), Now: now}), Notice: notice.New(notice.Config{DB: w.store.DB(), Now: now}), Auth: w.auth, Followup: followup.New(followup.Config{Workflow: flow, DB: w.store.DB(), Now: now}), Now: now,
		Kept: kept.New(kept.Config{DB: w.store.DB(), Policy: flow.Policy(), Build: func() (string, error) { return w.build, nil }}),
		Rest: func() { w.rests++ },
	})
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(h.Close)
	return h
}

var (
	walkers = []hindcast.Viewer{
		{PersonID: "person0", Name: "Engineer A", Role: hindcast.RoleMember},
		{PersonID: "person1", Name: "Engineer B", Role: hindcast.RoleMember},
		{PersonID: "person1", Name: "Engineer B", Role: hindcast.RoleReader},
		{PersonID: "person2", Name: "Engineer C", Role: hindcast.RoleMember, TokenID: "token", Scopes: []hindcast.Scope{hindcast.ScopeRead}},
		{PersonID: "stranger", Name: "Engineer D", Role: hindcast.RoleMember},
		{PersonID: "reader", Name: "Engineer E", Role: hindcast.RoleReader},
		{PersonID: "admin", Name: "Engineer F", Role: hindcast.RoleAdmin},
		{},
	}
	looks    = []string{"whole=1", "whole=1&zoom=3&lanes=service"}
	editions = []string{"", "1"}
)

// serves answers a request of a viewer.
type serves = func(http.ResponseWriter, *http.Request, hindcast.Viewer) error

// readOf returns what a handler answers to who reads a publication, the last one
// when n is empty.
func readOf(t *testing.T, serve serves, num int64, n, coding string, v hindcast.Viewer) string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), "GET", fmt.Sprintf("/p/%d/read", num), nil)
	r.SetPathValue("n", n)
	return told(t, serve, r, num, coding, v)
}

// answerOf returns what a handler answers to who looks at a document.
func answerOf(t *testing.T, serve serves, num int64, look, coding string, v hindcast.Viewer) string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), "GET", fmt.Sprintf("/p/%d?%s", num, look), nil)
	r.Header.Set("Hindcast-Script", "1") // without being led elsewhere
	return told(t, serve, r, num, coding, v)
}

// told returns what a handler answers, or the code of its error.
func told(t *testing.T, serve serves, r *http.Request, num int64, coding string, v hindcast.Viewer) string {
	t.Helper()
	r.SetPathValue("num", fmt.Sprint(num))
	r.Header.Set("Accept-Encoding", coding)
	w := httptest.NewRecorder()
	if err := serve(w, r, v); err != nil {
		return "error: " + string(hindcast.CodeOf(err))
	}
	if w.Header().Get("Content-Encoding") != "gzip" {
		return w.Body.String()
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z) // checks sum and size
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// look compares what everybody sees with what would be made now: rendered for the
// first time, from memory, and from the store.
func (w *walk) look(step string, num int64) {
	w.Helper()
	first, second := w.pages(), w.pages()
	for _, look := range looks {
		for i, v := range walkers {
			w.one(fmt.Sprintf("%s: #%d?%s for viewer %d", step, num, look, i), first, second, func(h *web.Handler, fresh bool, coding string) string {
				if fresh {
					return answerOf(w.T, h.Fresh, num, look, coding, v)
				}
				return answerOf(w.T, h.Post, num, look, coding, v)
			})
		}
	}
	for _, n := range editions {
		for i, v := range walkers {
			w.one(fmt.Sprintf("%s: publication %q of #%d for viewer %d", step, n, num, i), first, second, func(h *web.Handler, fresh bool, coding string) string {
				if fresh {
					return readOf(w.T, h.FreshRead, num, n, coding, v)
				}
				return readOf(w.T, h.Read, num, n, coding, v)
			})
		}
	}
}

// one compares one page as one viewer sees it.
func (w *walk) one(who string, first, second *web.Handler, ask func(h *web.Handler, fresh bool, coding string) string) {
	w.Helper()
	want := ask(first, true, "identity")
	w.same(who+", first", ask(first, false, "identity"), want)
	first.Settled()
	w.same(who+", from memory", ask(first, false, "gzip"), want)
	w.same(who+", from memory as it is", ask(first, false, "identity"), want)
	w.same(who+", from what runs all along", ask(w.along(), false, "gzip"), want)
	w.same(who+", from the store", ask(second, false, "gzip"), want)
	w.same(who+", from the store as it is", ask(second, false, "identity"), want)
	second.Settled()
}

func (w *walk) same(who, got, want string) {
	w.Helper()
	if got == want {
		return
	}
	at := 0
	for at < min(len(got), len(want)) && got[at] == want[at] {
		at++
	}
	near := func(s string) string { return s[max(0, min(at, len(s))-60):min(len(s), at+60)] }
	w.Errorf("%s: the page is not what would be made now: it has\n%q\nwant\n%q", who, near(got), near(want))
}

// freeze publishes the first document as it is for its readers.
func (w *walk) freeze() {
	w.Helper()
	err := w.store.Write(w.Context(), func(tx *store.Tx) error {
		d, err := tx.Load(w.Context(), w.first.ID)
		if err != nil {
			return err
		}
		return reading.Freeze(w.Context(), tx.SQL(), workflow.Frozen{Num: d.Num, Revision: 7, At: w.now, Post: d.Post})
	})
	if err != nil {
		w.Fatal(err)
	}
}

// change changes the first document as the workflow does.
func (w *walk) change(f func(*store.Document)) {
	w.Helper()
	err := w.store.Write(w.Context(), func(tx *store.Tx) error {
		d, err := tx.Load(w.Context(), w.first.ID)
		if err != nil {
			return err
		}
		f(d)
		return tx.Save(w.Context(), d)
	})
	if err != nil {
		w.Fatal(err)
	}
}

func (w *walk) insert(d *store.Document) {
	w.Helper()
	if err := w.store.Write(w.Context(), func(tx *store.Tx) error { return tx.Insert(w.Context(), d) }); err != nil {
		w.Fatal(err)
	}
}

func (w *walk) exec(text string, args ...any) {
	w.Helper()
	err := w.store.DB().Write(w.Context(), func(tx *sqldb.Tx) error {
		_, err := tx.Exec(w.Context(), text, args...)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
}

// steps is a walk over what changes a page. Who shows something new on the page of
// a post-mortem adds here what makes it change.
func (w *walk) steps() []step {
	reviewer := store.Participant{PersonID: "stranger", Role: "reviewer", AddedAt: w.now, AddedBy: "person0"}
	other := storetest.Document(3, storetest.Size{Entries: 1, Factors: 1, Actions: 1, Prose: 100})
	other.Post.Sections[0].Text = "It was like #1.\n"
	doc := func(name string, f func(*store.Document)) step { return step{name, func() { w.change(f) }} }
	return []step{
		{"published", func() {}},
		doc("title", func(d *store.Document) { d.Post.Incident.Title = "Checkout & <b>payments</b> \u2028 stopped" }),
		doc("section", func(d *store.Document) { d.Post.Sections[0].Text = "Nobody had tried it, see #4521.\n" }),
		doc("entry", func(d *store.Document) { d.Post.Timeline[0].Title = "The deploy began" }),
		doc("factor", func(d *store.Document) { d.Post.Factors[0].Description = "No alert on the pool" }),
		doc("action", func(d *store.Document) { d.Post.Actions[0].Status = hindcast.ActionDone }),
		doc("evidence", func(d *store.Document) {
			d.Post.Evidence = []hindcast.Evidence{{Name: "chat.json", SHA256: strings.Repeat("ab", 32), Format: "chat"}}
		}),
		doc("purged", func(d *store.Document) { d.Post.Evidence = nil }),
		doc("required", func(d *store.Document) { d.Required, d.Why = !d.Required, "because of the SLO" }),
		doc("due", func(d *store.Document) { d.PublishDue = d.PublishDue.AddDate(0, 0, 1) }),
		doc("shared", func(d *store.Document) { d.People = append(d.People, reviewer) }),
		doc("other role", func(d *store.Document) { d.People[3].Role = "participant" }),
		doc("unshared", func(d *store.Document) { d.People = d.People[:3] }),
		doc("other lead", func(d *store.Document) { d.People[0].Role, d.People[1].Role = "participant", "lead" }),
		doc("due soon", func(d *store.Document) {
			d.Post.Actions[1].Status, d.Post.Actions[1].Due = hindcast.ActionOpen, hindcast.DateOf(w.now).Add(1)
		}),
		{"frozen", w.freeze},
		doc("done since", func(d *store.Document) { d.Post.Actions[0].Status = hindcast.ActionVerified }),
		{"late", func() { w.now = w.now.AddDate(0, 0, 3) }},
		{"thanked", func() { w.exec(`insert into reader_thanks (incident, person, at) values (1, 'stranger', 1)`) }},
		{"asked", func() {
			w.exec(`insert into reader_question (incident, id, person, at, text) values (1, 'q1', 'reader', 1, 'Was it tried?')`)
		}},
		{"answered", func() {
			w.exec(`insert into reader_answer (incident, question, id, person, at, text) values (1, 'q1', 'a1', 'person0', 2, 'It was not.')`)
		}},
		{"used", func() {
			w.exec(`insert into reader_use (incident, person, service_key, service, note, at) values (1, 'stranger', 'ledger', 'ledger', 'the same pool', 3)`)
		}},
		{"frozen again", func() { w.now = w.now.Add(time.Hour); w.freeze() }},
		{"withdrawn", func() {
			w.exec(`update publication set withdrawn_at = 9, withdrawn_by = 'person0', withdrawn_why = 'a name' where n = 1`)
		}},
		doc("private", func(d *store.Document) { d.Private = true }),
		doc("open", func(d *store.Document) { d.Private = false }),
		{"referred to", func() { w.insert(other) }},
		{"referred to by one that is gone", func() {
			w.exec(`update incident set deleted_at = 1 where id = $1`, other.ID)
		}},
		{"name", func() {
			w.exec(`update person set name = 'Engineer Z' where id = 'person1'`)
			w.now = w.now.Add(time.Minute) // a name is read again after a while
		}},
		{"years later", func() { w.now = w.now.AddDate(9, 0, 0) }},
		{"policy", func() { w.policy.Severities = w.policy.Severities[:1] }},
		{"build", func() { w.build = "the next" }},
		doc("draft", func(d *store.Document) { d.Post.Status = hindcast.StatusDraft }),
		doc("title of the draft", func(d *store.Document) { d.Post.Incident.Title = "Checkout stopped for an hour" }),
		doc("in review", func(d *store.Document) { d.Post.Status = hindcast.StatusInReview }),
		doc("published again", func(d *store.Document) { d.Post.Status = hindcast.StatusPublished }),
		{"derived again", func() {
			if err := upkeep.Reindex(w.Context(), w.store); err != nil {
				w.Fatal(err)
			}
		}},
		doc("removed", func(d *store.Document) { d.DeletedAt = w.now }),
		doc("restored", func(d *store.Document) { d.DeletedAt = time.Time{} }),
	}
}

type step struct {
	name string
	do   func()
}

func newWalk(t *testing.T, s *store.Store) *walk {
	t.Helper()
	w := &walk{T: t, store: s, now: time.Date(2024, 3, 15, 10, 0, 0, 0, time.UTC), build: "this", policy: hindcast.DefaultPolicy()}
	var err error
	if w.blobs, err = blob.OpenDir(filepath.Join(t.TempDir(), "blobs")); err != nil {
		t.Fatal(err)
	}
	w.auth = auth.New(auth.Config{DB: s.DB(), Now: func() time.Time { return w.now }, Audit: func(context.Context, *sqldb.Tx, hindcast.Viewer, string, any) error { return nil }})
	for i, v := range walkers[:7] {
		w.exec(`insert into person (id, email, name, role, disabled, password, created_at, seen_at) values ($1, $2, $3, $4, $5, '', 0, 0) on conflict do nothing`,
			v.PersonID, fmt.Sprintf("%d@example.com", i), v.Name, string(v.Role), false)
	}
	w.first = storetest.Document(1, storetest.Size{Entries: 4, Factors: 3, Actions: 2, Prose: 1000})
	users := 7.0
	w.first.Post.Incident.Impact.Users.Value = &users // a level 2 by the policy
	w.first.Post.Incident.Severity = 3
	w.first.People = nil
	for i, role := range []string{"lead", "participant", "reviewer"} {
		w.first.People = append(w.first.People, store.Participant{PersonID: fmt.Sprintf("person%d", i), Role: role, AddedAt: w.now.Add(time.Duration(i)), AddedBy: "person0"})
	}
	w.insert(w.first)
	return w
}

// TestAKeptPageIsWhatWouldBeMadeNow walks over changes and compares, for everybody,
// the page that is made of what is kept with one that is made of nothing kept, byte
// for byte. It fails when something on a sheet changes without its key.
func TestAKeptPageIsWhatWouldBeMadeNow(t *testing.T) {
	t.Parallel()
	var postgres pgtest.Server
	t.Cleanup(postgres.Stop)
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		t.Parallel()
		w := newWalk(t, s)
		for _, step := range w.steps() {
			step.do()
			w.look(step.name, w.first.Num)
		}
		if err := w.pages().FillOnce(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		w.look("filled ahead", w.first.Num)
	})
}

func TestMemoryIsGivenBackWhenPagesWereMade(t *testing.T) {
	w := newWalk(t, storetest.SQLite(t))
	for _, want := range []int{2, 2} { // both pages of one document; nothing to be made
		if err := w.pages().FillOnce(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		if w.rests != want {
			t.Errorf("it rested %d times, want %d", w.rests, want)
		}
	}
}

// TestWhatIsKeptIsUsed damages what is kept: a page whose body can be read shows it,
// and one whose body cannot is made again.
func TestWhatIsKeptIsUsed(t *testing.T) {
	w := newWalk(t, storetest.SQLite(t))
	stranger := walkers[4]
	title := []byte(storetest.Document(1, storetest.Size{}).Post.Incident.Title)
	for variant, ask := range map[string]func(h *web.Handler) string{
		kept.Outside:     func(h *web.Handler) string { return answerOf(t, h.Post, 1, "whole=1", "gzip", stranger) },
		kept.ReadOutside: func(h *web.Handler) string { return readOf(t, h.Read, 1, "", "gzip", stranger) },
	} {
		want := ask(w.pages())
		if err := w.pages().FillOnce(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		lacking, err := page.Lacking(t.Context(), w.store.DB(), w.build, variant, 0, 10)
		if err != nil || lacking != nil {
			t.Errorf("after all was made ahead, %v lack a page %s: %v", lacking, variant, err)
		}
		var body []byte
		if err := w.store.DB().QueryRow(t.Context(), `select body from page where incident = 1 and variant = $1`, variant).Scan(&body); err != nil {
			t.Fatal(err)
		}
		w.exec(`update page set body = $1`, bytes.Replace(body, title, bytes.ToUpper(title), 1)) // the title of the window is not compressed
		if got := ask(w.pages()); !strings.Contains(got, string(bytes.ToUpper(title))) {
			t.Errorf("the page %s does not show what is kept", variant)
		}
		for _, cut := range []int{0, 1, len(title) + 1, len(title) + 4, len(body) - 1} {
			w.exec(`update page set body = $1`, body[:cut])
			h := w.pages()
			if got := ask(h); got != want {
				t.Errorf("with %d bytes of what was kept the page %s is not made again", cut, variant)
			}
			h.Settled()
		}
		w.exec(`delete from page`)
	}
}
