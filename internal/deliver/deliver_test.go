package deliver_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/webhook"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/secret"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/sqldb/pgtest"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
)

var postgres pgtest.Server

func TestMain(m *testing.M) {
	if runChild() {
		return
	}
	code := m.Run()
	postgres.Stop()
	os.Exit(code)
}

var (
	lead  = hindcast.Viewer{PersonID: "lead", Name: "Incident commander", Role: hindcast.RoleMember}
	admin = hindcast.Viewer{PersonID: "admin", Name: "Admin", Role: hindcast.RoleAdmin}
)

// key seals what the tests keep, in child programs too.
const key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

// office is a library from which messages go out, with a clock that the test moves.
type office struct {
	*testing.T
	*deliver.Service
	wf     *workflow.Service
	store  *store.Store
	worker *queue.Worker
	now    time.Time
}

// parts are the services of a library in a database.
func parts(ctx context.Context, url, folder string, now func() time.Time, vendors ...connector.Vendor) (*store.Store, *deliver.Service, *workflow.Service, *queue.Queue, error) {
	st, err := store.Open(ctx, url)
	if err != nil {
		return nil, nil, nil, nil, err
	}
	blobs, err := blob.OpenDir(filepath.Join(folder, "blobs"))
	if err != nil {
		return nil, nil, nil, nil, err
	}
	box, err := secret.NewBox(key)
	if err != nil {
		return nil, nil, nil, nil, err
	}
	q := queue.New(queue.Config{DB: st.DB(), Now: now})
	d := deliver.New(deliver.Config{
		DB: st.DB(), Queue: q, Box: box, Vendors: vendors, Now: now, Address: func() string { return "https://hindcast.example.org" },
		HTTP: outhttp.New(outhttp.Config{Now: time.Now, Private: true, Timeout: 2 * time.Second}),
	})
	wf := workflow.New(workflow.Config{Store: st, Blobs: blobs, Now: now, Announce: d.Announce})
	return st, d, wf, q, nil
}

func onBoth(t *testing.T, story func(o *office)) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			url := filepath.Join(t.TempDir(), "hindcast.db")
			if engine == "postgres" {
				url = postgres.URL(t)
			}
			o := &office{T: t, now: time.Date(2026, 3, 15, 14, 1, 0, 0, time.UTC)}
			st, d, wf, q, err := parts(t.Context(), url, t.TempDir(), func() time.Time { return o.now }, webhook.Vendor())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = st.Close() })
			o.store, o.Service, o.wf = st, d, wf
			o.worker = &queue.Worker{Queue: q, Handlers: d.Handlers(), Backoff: func(int) time.Duration { return time.Minute }, AtOnce: 1}
			story(o)
		})
	}
}

// receiver is a program that is told. It answers with status, and counts effects
// by the id of messages.
type receiver struct {
	*httptest.Server
	mu      sync.Mutex
	status  int
	calls   int
	after   string            // Retry-After
	effects map[string]string // by id: the body
	order   []string          // types
}

func receive(t *testing.T) *receiver {
	r := &receiver{status: http.StatusNoContent, effects: map[string]string{}}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.calls++
		id := req.Header.Get("webhook-id")
		if before, ok := r.effects[id]; ok && before != string(body) {
			t.Errorf("message %s says %s, before %s", id, body, before)
		}
		if _, ok := r.effects[id]; !ok && r.status < 300 {
			var m struct{ Type string }
			if err := json.Unmarshal(body, &m); err != nil {
				t.Error(err)
			}
			r.effects[id] = string(body)
			r.order = append(r.order, m.Type)
		}
		if r.after != "" {
			w.Header().Set("Retry-After", r.after)
		}
		w.WriteHeader(r.status)
		if r.status >= 300 {
			_, _ = fmt.Fprintf(w, "I cannot read %s", body)
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) answers(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

// heard returns the types of the messages, and all bodies in one text.
func (r *receiver) heard() ([]string, string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var bodies []string
	for _, b := range r.effects {
		bodies = append(bodies, b)
	}
	return slices.Sorted(slices.Values(r.order)), strings.Join(bodies, "\n")
}

func (o *office) ok(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

// tell makes an endpoint.
func (o *office) tell(r *receiver, change func(*deliver.Put)) deliver.Endpoint {
	o.Helper()
	p := deliver.Put{Kind: "webhook", Name: "Chat", Events: deliver.Events(), Settings: map[string]secret.Text{"url": secret.New(r.URL + "/hook?token=s3cret-token")}}
	if change != nil {
		change(&p)
	}
	e, _, err := o.PutEndpoint(o.Context(), admin, p)
	o.ok(err)
	return e
}

// work sends what is due.
func (o *office) work() {
	o.Helper()
	for {
		n, err := o.worker.Step(o.Context())
		o.ok(err)
		if n == 0 {
			return
		}
	}
}

func (o *office) begin(n workflow.NewIncident) *workflow.Document {
	o.Helper()
	d, err := o.wf.Create(o.Context(), lead, n)
	o.ok(err)
	return d
}

func (o *office) edit(d *workflow.Document, value string) {
	o.Helper()
	_, err := o.wf.Edit(o.Context(), lead, d.ID, []part.Change{{Path: "owner", Value: workflow.JSON(value)}}, "")
	o.ok(err)
}

func (o *office) deliveries(f deliver.Filter) []deliver.Delivery {
	o.Helper()
	page, err := o.Deliveries(o.Context(), admin, f)
	o.ok(err)
	return page.Items
}

// only returns the one delivery there is.
func (o *office) only() deliver.Delivery {
	o.Helper()
	list := o.deliveries(deliver.Filter{})
	if len(list) != 1 {
		o.Fatalf("%d deliveries, want one: %+v", len(list), list)
	}
	return list[0]
}

func TestWhatHappensIsTold(t *testing.T) {
	onBoth(t, func(o *office) {
		everything, published := receive(t), receive(t)
		o.tell(everything, func(p *deliver.Put) { p.Drafts = true })
		o.tell(published, func(p *deliver.Put) { p.Events = []workflow.EventKind{workflow.PostmortemPublished} })
		d := o.begin(workflow.NewIncident{Title: "Ledger outage", Severity: 2})
		for i := range 5 {
			o.edit(d, fmt.Sprint("Team ", i))
		}
		if heard, _ := everything.heard(); len(heard) != 0 {
			t.Errorf("%v was sent within the transaction", heard)
		}
		o.work()
		if heard, _ := everything.heard(); !slices.Equal(heard, []string{"incident.created"}) {
			t.Errorf("heard %v before five minutes were over", heard)
		}
		o.now = o.now.Add(5 * time.Minute)
		o.work()
		heard, body := everything.heard()
		if diff := cmp.Diff([]string{"incident.created", "postmortem.changed"}, heard); diff != "" {
			t.Errorf("five edits (-want +got):\n%s", diff)
		}
		var m struct {
			Type      string
			Timestamp time.Time
			Data      deliver.EventData
		}
		o.ok(json.Unmarshal([]byte(body[:strings.IndexByte(body, '\n')]), &m))
		want := deliver.EventData{IncidentID: d.ID, Number: d.Num, Title: "Ledger outage", Severity: 2, Status: hindcast.StatusDraft, URL: fmt.Sprintf("https://hindcast.example.org/p/%d", d.Num)}
		if diff := cmp.Diff(want, m.Data); diff != "" {
			t.Errorf("data (-want +got):\n%s", diff)
		}
		if heard, _ := published.heard(); len(heard) != 0 {
			t.Errorf("one that is told of publications only heard %v", heard)
		}
		for _, to := range []hindcast.Status{hindcast.StatusInReview, hindcast.StatusApproved, hindcast.StatusPublished} {
			_, err := o.wf.Move(o.Context(), lead, d.ID, to, "")
			o.ok(err)
		}
		o.work()
		if heard, body := published.heard(); !slices.Equal(heard, []string{"postmortem.published"}) || !strings.Contains(body, "Ledger outage") {
			t.Errorf("heard %v: %s", heard, body)
		}
		for _, x := range o.deliveries(deliver.Filter{State: deliver.Sent}) {
			if x.Attempts != 1 || x.Answer != "204 No Content" || x.EndedAt.IsZero() || !x.NextAt.IsZero() {
				t.Errorf("delivery %+v", x)
			}
		}
	})
}

func TestAChangeThatIsUndoneTellsNothing(t *testing.T) {
	onBoth(t, func(o *office) {
		r := receive(t)
		o.tell(r, nil)
		d := o.begin(workflow.NewIncident{Title: "Outage"})
		o.work()
		err := o.store.DB().Write(o.Context(), func(tx *sqldb.Tx) error {
			o.ok(o.Announce(o.Context(), tx, workflow.Event{Kind: workflow.PostmortemPublished, At: o.now, IncidentID: d.ID, Status: hindcast.StatusPublished}))
			return context.Canceled
		})
		if err == nil {
			t.Fatal("the transaction was committed")
		}
		o.work()
		if heard, _ := r.heard(); len(heard) != 1 {
			t.Errorf("heard %v", heard)
		}
	})
}

// TestPrivateIncidentsAndDraftsAreToldToThoseWhoMayKnow also holds that an
// incident which becomes private while a message waits is not told any more.
func TestPrivateIncidentsAndDraftsAreToldToThoseWhoMayKnow(t *testing.T) {
	onBoth(t, func(o *office) {
		trusted, plain := receive(t), receive(t)
		o.tell(trusted, func(p *deliver.Put) { p.Private, p.Drafts = true, true })
		o.tell(plain, nil)
		o.begin(workflow.NewIncident{Title: "zanzibar", Private: true, PrivateReason: "people"})
		o.begin(workflow.NewIncident{Title: "mombasa"})
		o.work()
		if heard, body := trusted.heard(); len(heard) != 2 || !strings.Contains(body, "zanzibar") || !strings.Contains(body, "mombasa") {
			t.Errorf("one that may know heard %v: %s", heard, body)
		}
		if heard, body := plain.heard(); len(heard) != 1 || strings.Contains(body, "zanzibar") || strings.Contains(body, "mombasa") {
			t.Errorf("one that may not know heard %v: %s", heard, body)
		}
		d := o.begin(workflow.NewIncident{Title: "lamu"})
		_, err := o.wf.SetPrivate(o.Context(), lead, d.ID, true, "people")
		o.ok(err)
		o.work()
		if heard, _ := plain.heard(); len(heard) != 1 {
			t.Errorf("of what became private it heard %v", heard)
		}
		failed := o.deliveries(deliver.Filter{State: deliver.Failed})
		if len(failed) != 1 || failed[0].Answer != "the post-mortem is private now" {
			t.Errorf("deliveries that failed: %+v", failed)
		}
		if list, err := o.Endpoints(o.Context(), admin); err != nil || list[0].Failures+list[1].Failures != 0 {
			t.Errorf("endpoints count what was not their fault: %+v, %v", list, err)
		}
		raw, err := json.Marshal(o.deliveries(deliver.Filter{}))
		o.ok(err)
		for _, word := range []string{"zanzibar", "mombasa", "lamu"} {
			if strings.Contains(string(raw), word) {
				t.Errorf("the list of deliveries tells an admin of %s: %s", word, raw)
			}
		}
	})
}

func TestAFailureIsSeenTriedAgainAndEndsInSuccess(t *testing.T) {
	onBoth(t, func(o *office) {
		r := receive(t)
		end := o.tell(r, nil)
		r.answers(http.StatusInternalServerError)
		o.begin(workflow.NewIncident{Title: "zanzibar"})
		o.work()
		d := o.only()
		if d.State != deliver.Queued || d.Attempts != 1 || !strings.Contains(d.Answer, "500") || strings.Contains(d.Answer, "I cannot read") || !d.NextAt.Equal(o.now.Add(time.Minute)) {
			t.Errorf("after a failure: %+v", d)
		}
		if e, err := o.Endpoint(o.Context(), admin, end.ID); err != nil || e.Failures != 1 {
			t.Errorf("endpoint %+v, %v", e, err)
		}
		r.answers(http.StatusOK)
		o.ok(o.Retry(o.Context(), admin, d.ID)) // a person does not wait
		o.work()
		if d := o.only(); d.State != deliver.Sent || d.Attempts != 2 {
			t.Errorf("after a retry: %+v", d)
		}
		if err := o.Retry(o.Context(), admin, d.ID); hindcast.CodeOf(err) != hindcast.Conflict {
			t.Errorf("sending again what was sent = %v", err)
		}
		if e, err := o.Endpoint(o.Context(), admin, end.ID); err != nil || e.Failures != 0 {
			t.Errorf("endpoint %+v, %v", e, err)
		}
		if heard, _ := r.heard(); len(heard) != 1 || r.calls != 2 {
			t.Errorf("heard %v in %d calls", heard, r.calls)
		}
	})
}

func TestAReceiverSaysWhenToComeBack(t *testing.T) {
	onBoth(t, func(o *office) {
		r := receive(t)
		o.tell(r, nil)
		r.after = "7200"
		r.answers(http.StatusTooManyRequests)
		o.begin(workflow.NewIncident{Title: "Outage"})
		o.work()
		if d := o.only(); d.State != deliver.Queued || d.NextAt.Before(o.now.Add(2*time.Hour-time.Minute)) {
			t.Errorf("after it asked for two hours: %+v, now it is %s", d, o.now)
		}
	})
}

func TestAnEndpointThatFailsAgainAndAgainIsSwitchedOff(t *testing.T) {
	onBoth(t, func(o *office) {
		r := receive(t)
		end := o.tell(r, nil)
		r.answers(http.StatusBadGateway)
		o.begin(workflow.NewIncident{Title: "Outage"})
		for range 15 {
			o.work()
			o.now = o.now.Add(time.Minute)
		}
		e, err := o.Endpoint(o.Context(), admin, end.ID)
		if err != nil || e.Disabled.IsZero() || !strings.Contains(e.Why, "10 attempts in a row failed") || !strings.Contains(e.Why, "502") {
			t.Errorf("endpoint %+v, %v", e, err)
		}
		if d := o.only(); d.State != deliver.Failed || d.Attempts != queue.DefaultAttempts || r.calls != queue.DefaultAttempts {
			t.Errorf("delivery %+v after %d calls", d, r.calls)
		}
		o.begin(workflow.NewIncident{Title: "Second"}) // is not queued
		failed := o.only()
		r.answers(http.StatusOK)
		o.ok(o.Retry(o.Context(), admin, failed.ID))
		o.work()
		if d := o.only(); d.State != deliver.Failed || !strings.HasPrefix(d.Answer, "the endpoint is switched off") {
			t.Errorf("a retry while it is switched off: %+v", d)
		}
		_, generated, err := o.PutEndpoint(o.Context(), admin, deliver.Put{ID: end.ID, Name: "Chat", Events: deliver.Events()})
		if o.ok(err); len(generated) != 0 {
			t.Error("switching it on made a new secret")
		}
		if n, err := o.RetryFailed(o.Context(), admin, end.ID); n != 1 || err != nil {
			t.Errorf("RetryFailed = %d, %v", n, err)
		}
		o.work()
		if d := o.only(); d.State != deliver.Sent {
			t.Errorf("a retry after it was switched on: %+v", d)
		}
		if n, err := o.RetryFailed(o.Context(), admin, end.ID); n != 0 || err != nil {
			t.Errorf("RetryFailed of nothing = %d, %v", n, err)
		}
	})
}

func TestAReceiverThatIsGoneIsSwitchedOffAtOnce(t *testing.T) {
	onBoth(t, func(o *office) {
		r := receive(t)
		end := o.tell(r, nil)
		r.answers(http.StatusGone)
		o.begin(workflow.NewIncident{Title: "Outage"})
		o.work()
		e, err := o.Endpoint(o.Context(), admin, end.ID)
		if err != nil || e.Disabled.IsZero() || !strings.Contains(e.Why, "410") {
			t.Errorf("endpoint %+v, %v", e, err)
		}
		if d := o.only(); d.State != deliver.Failed || r.calls != 1 {
			t.Errorf("delivery %+v", d)
		}
	})
}

func TestAPersonApprovesCancelsAndBringsBack(t *testing.T) {
	onBoth(t, func(o *office) {
		r := receive(t)
		o.tell(r, func(p *deliver.Put) { p.Approve = true })
		o.begin(workflow.NewIncident{Title: "Outage"})
		o.work()
		d := o.only()
		if heard, _ := r.heard(); d.State != deliver.Waiting || len(heard) != 0 {
			t.Fatalf("delivery %+v, heard %v", d, heard)
		}
		o.ok(o.Cancel(o.Context(), admin, d.ID))
		if err := o.Approve(o.Context(), admin, d.ID); hindcast.CodeOf(err) != hindcast.Conflict {
			t.Errorf("approving what was canceled = %v", err)
		}
		o.ok(o.Retry(o.Context(), admin, d.ID))
		o.work()
		if d := o.only(); d.State != deliver.Waiting {
			t.Errorf("brought back without approval: %+v", d)
		}
		if _, msg, err := o.Delivery(o.Context(), admin, d.ID); err != nil || msg != nil {
			t.Errorf("an admin who may not read the draft sees %+v, %v", msg, err)
		}
		_, err := o.wf.Join(o.Context(), admin, d.IncidentID, "to decide what is told")
		o.ok(err)
		if _, msg, err := o.Delivery(o.Context(), admin, d.ID); err != nil || msg == nil || msg.Subject != "Post-mortem #1 was begun" {
			t.Errorf("one who may read it sees %+v, %v", msg, err)
		}
		o.ok(o.Approve(o.Context(), admin, d.ID))
		o.work()
		if d := o.only(); d.State != deliver.Sent || d.ApprovedBy != "admin" {
			t.Errorf("after approval: %+v", d)
		}
	})
}

func TestWhatIsQueuedCanBeCanceled(t *testing.T) {
	onBoth(t, func(o *office) {
		r := receive(t)
		o.tell(r, nil)
		o.begin(workflow.NewIncident{Title: "Outage"})
		o.ok(o.Cancel(o.Context(), admin, o.only().ID))
		o.work()
		if heard, _ := r.heard(); len(heard) != 0 || o.only().State != deliver.Canceled {
			t.Errorf("heard %v, delivery %+v", heard, o.only())
		}
		o.ok(o.Retry(o.Context(), admin, o.only().ID))
		o.work()
		if heard, _ := r.heard(); len(heard) != 1 {
			t.Errorf("heard %v after a retry", heard)
		}
		counts, err := o.Counts(o.Context())
		if diff := cmp.Diff(map[deliver.State]int64{deliver.Sent: 1}, counts); err != nil || diff != "" {
			t.Errorf("counts, %v (-want +got):\n%s", err, diff)
		}
	})
}

func TestSecretsAreSealedShownOnceAndReplaced(t *testing.T) {
	onBoth(t, func(o *office) {
		r := receive(t)
		end, first, err := o.PutEndpoint(o.Context(), admin, deliver.Put{Kind: "webhook", Name: "Chat", Events: deliver.Events(), Settings: map[string]secret.Text{"url": secret.New(r.URL + "/s3cret-path"), "secret": secret.New("whsec_chosen")}})
		o.ok(err)
		second, err := o.RotateSecret(o.Context(), admin, end.ID)
		o.ok(err)
		one, two := first["secret"].Reveal(), second["secret"].Reveal()
		if !strings.HasPrefix(one, "whsec_") || !strings.HasPrefix(two, "whsec_") || one == two || one == "whsec_chosen" {
			t.Errorf("secrets %q and %q", one, two)
		}
		var signatures []int
		r.Config.Handler = http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
			signatures = append(signatures, len(strings.Fields(req.Header.Get("webhook-signature"))))
		})
		for range 2 {
			result, err := o.TestEndpoint(o.Context(), admin, end.ID)
			if o.ok(err); !result.OK {
				t.Errorf("test: %+v", result)
			}
			o.now = o.now.Add(25 * time.Hour)
		}
		if diff := cmp.Diff([]int{2, 1}, signatures); diff != "" {
			t.Errorf("signatures on the day of the change and after it (-want +got):\n%s", diff)
		}
		var row, audit string
		o.ok(o.store.DB().QueryRow(o.Context(), `select host || target || disabled_why from endpoint`).Scan(&row))
		lines, err := sqldb.All(o.Context(), o.store.DB(), func(scan func(...any) error) (s string, err error) { return s, scan(&s) }, `select act || detail from audit order by id`)
		o.ok(err)
		audit = strings.Join(lines, "\n")
		list, err := o.Endpoints(o.Context(), admin)
		o.ok(err)
		for _, s := range []string{"s3cret-path", one, two} {
			if strings.Contains(row+audit+fmt.Sprintf("%+v", list), s) {
				t.Errorf("%s is in the database, in the audit trail or in the list", s)
			}
		}
		for _, act := range []string{"endpoint.create", "endpoint.secret", "endpoint.test"} {
			if !strings.Contains(audit, act) {
				t.Errorf("the audit trail lacks %s:\n%s", act, audit)
			}
		}
	})
}

func TestATestSaysWhatIsWrong(t *testing.T) {
	onBoth(t, func(o *office) {
		r := receive(t)
		end := o.tell(r, nil)
		r.answers(http.StatusForbidden)
		result, err := o.TestEndpoint(o.Context(), admin, end.ID)
		if o.ok(err); result.OK || !strings.Contains(result.Answer, "403") || strings.Contains(result.Answer, "s3cret-token") {
			t.Errorf("test: %+v", result)
		}
		o.ok(o.DeleteEndpoint(o.Context(), admin, end.ID))
		if _, err := o.TestEndpoint(o.Context(), admin, end.ID); hindcast.CodeOf(err) != hindcast.NotFound {
			t.Errorf("testing what was removed = %v", err)
		}
	})
}

func TestOnlyAdminsDecideWhatLeaves(t *testing.T) {
	onBoth(t, func(o *office) {
		r := receive(t)
		end := o.tell(r, nil)
		o.begin(workflow.NewIncident{Title: "Outage"})
		id := o.only().ID
		for name, f := range map[string]func(v hindcast.Viewer) error{
			"list":    func(v hindcast.Viewer) error { _, err := o.Endpoints(o.Context(), v); return err },
			"get":     func(v hindcast.Viewer) error { _, err := o.Endpoint(o.Context(), v, end.ID); return err },
			"put":     func(v hindcast.Viewer) error { _, _, err := o.PutEndpoint(o.Context(), v, deliver.Put{}); return err },
			"delete":  func(v hindcast.Viewer) error { return o.DeleteEndpoint(o.Context(), v, end.ID) },
			"test":    func(v hindcast.Viewer) error { _, err := o.TestEndpoint(o.Context(), v, end.ID); return err },
			"rotate":  func(v hindcast.Viewer) error { _, err := o.RotateSecret(o.Context(), v, end.ID); return err },
			"history": func(v hindcast.Viewer) error { _, err := o.Deliveries(o.Context(), v, deliver.Filter{}); return err },
			"failed":  func(v hindcast.Viewer) error { _, err := o.RetryFailed(o.Context(), v, end.ID); return err },
			"message": func(v hindcast.Viewer) error { _, _, err := o.Delivery(o.Context(), v, id); return err },
			"retry":   func(v hindcast.Viewer) error { return o.Retry(o.Context(), v, id) },
			"cancel":  func(v hindcast.Viewer) error { return o.Cancel(o.Context(), v, id) },
			"approve": func(v hindcast.Viewer) error { return o.Approve(o.Context(), v, id) },
		} {
			for _, v := range []hindcast.Viewer{{}, lead, {PersonID: "admin", Role: hindcast.RoleAdmin, Scopes: []hindcast.Scope{hindcast.ScopeWrite}, TokenID: "t"}} {
				if err := f(v); hindcast.CodeOf(err) != hindcast.Denied {
					t.Errorf("%s by %+v = %v", name, v, err)
				}
			}
		}
	})
}

func TestWrongEndpointsAreRefusedWithEveryFault(t *testing.T) {
	onBoth(t, func(o *office) {
		good := deliver.Put{Kind: "webhook", Name: "Chat", Events: deliver.Events(), Settings: map[string]secret.Text{"url": secret.New("https://example.org")}}
		for want, change := range map[string]func(*deliver.Put){
			"name: ":                         func(p *deliver.Put) { p.Name = " " },
			"no event \"weather\"":           func(p *deliver.Put) { p.Events = append(p.Events[:1:1], "weather") },
			"name: say in up to 100 letters": func(p *deliver.Put) { p.Name, p.Events = "", nil },
			"events: choose some":            func(p *deliver.Put) { p.Name, p.Events = "", nil },
			"kind: ":                         func(p *deliver.Put) { p.Kind = "pigeon" },
			"url: ":                          func(p *deliver.Put) { p.Settings = nil },
		} {
			p := good
			change(&p)
			if _, _, err := o.PutEndpoint(o.Context(), admin, p); hindcast.CodeOf(err) != hindcast.Invalid || !strings.Contains(err.Error(), want) {
				t.Errorf("%v, want %s", err, want)
			}
		}
		if list, err := o.Endpoints(o.Context(), admin); err != nil || len(list) != 0 {
			t.Errorf("endpoints %v, %v", list, err)
		}
	})
}

func TestDeliveriesComeInPagesAndAreForgotten(t *testing.T) {
	onBoth(t, func(o *office) {
		r := receive(t)
		end := o.tell(r, nil)
		for i := range 5 {
			o.begin(workflow.NewIncident{Title: fmt.Sprint("Outage ", i)})
			o.now = o.now.Add(time.Second)
		}
		o.work()
		var got []deliver.Delivery
		for f := (deliver.Filter{EndpointID: end.ID, State: deliver.Sent, Limit: 2}); ; {
			page, err := o.Deliveries(o.Context(), admin, f)
			o.ok(err)
			got = append(got, page.Items...)
			if f.After = page.Next; f.After == "" {
				break
			}
		}
		want := o.deliveries(deliver.Filter{})
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(deliver.Delivery{})); diff != "" || len(got) != 5 {
			t.Errorf("pages (-whole +pages):\n%s", diff)
		}
		o.now = o.now.Add(100 * 24 * time.Hour)
		o.work()
		if left := o.deliveries(deliver.Filter{}); len(left) != 0 {
			t.Errorf("after a hundred days: %+v", left)
		}
	})
}
