package deliver_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/slack"
	"github.com/hindcast/hindcast/internal/connector/webhook"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/secret"
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
	log    *bytes.Buffer
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
			o := &office{T: t, log: &bytes.Buffer{}, now: time.Date(2026, 3, 15, 14, 1, 0, 0, time.UTC)}
			st, d, wf, q, err := parts(t.Context(), url, t.TempDir(), func() time.Time { return o.now }, webhook.Vendor(), slack.Vendor())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = st.Close() })
			o.store, o.Service, o.wf = st, d, wf
			o.worker = &queue.Worker{Queue: q, Handlers: d.Handlers(), Backoff: func(int) time.Duration { return time.Minute }, AtOnce: 1, Log: slog.New(slog.NewTextHandler(o.log, nil))}
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
