// Package connectortest is the contract of the roles of package connector: a
// vendor passes it before anything else is looked at. A test says how the vendor
// is opened against a service and how that service answers when all is well; the
// suite then lets the service misbehave.
//
// What is held for every role that asks a service: it waits as it is told after
// 429, tries again after 5xx or says that it may be tried, ends in time when the
// service is slow, notices answers that are cut short or are no JSON, says that a
// credential is not accepted, and never shows the credential. Sources read every
// page. What makes something carries the same key when it is sent again.
package connectortest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/outhttp"
)

// Service says how a vendor is tried.
type Service struct {
	// Open opens the vendor against a service at a base address. Everything that
	// proves who asks must contain the credential.
	Open func(base string, d connector.Deps, credential string) (any, error)
	// Answer answers as the service does when all is well.
	Answer http.HandlerFunc
	// Key returns by what a request that makes something can be recognized; needed
	// for trackers, publishers and announcers.
	Key func(r *http.Request, body []byte) string
	// IgnoresBody says that what the service answers is not read.
	IgnoresBody bool
	// RetriesRefusals says that a refused credential may be accepted later, because
	// the other end is somebody's own program.
	RetriesRefusals bool
	// Refuse answers that the credential is not accepted, where the service says so
	// with a status of success; nil where it does not.
	Refuse http.HandlerFunc
	// Pages is how many files a source has in the window that it is asked for; Answer
	// must hand them out on at least two pages.
	Pages int
}

// Credential is what vendors are opened with; it must appear nowhere.
const Credential = "Cr3d-do-not-show"

// Announcer holds that a vendor announces as it should.
func Announcer(t *testing.T, s Service) { report(t, s.announcer(t.Context())) }

// Tracker holds that a vendor tracks as it should.
func Tracker(t *testing.T, s Service) { report(t, s.tracker(t.Context())) }

// Publisher holds that a vendor publishes as it should.
func Publisher(t *testing.T, s Service) { report(t, s.publisher(t.Context())) }

// Source holds that a vendor fetches as it should.
func Source(t *testing.T, s Service) { report(t, s.source(t.Context())) }

// Talker holds that a vendor reads, names and shows as it should, beside what holds
// for it as a source and a receiver. channel, message and user are ids there.
func Talker(t *testing.T, s Service, channel, message, user string) {
	report(t, s.talker(t.Context(), channel, message, user))
}

func (s Service) talker(ctx context.Context, channel, message, user string) (out []string) {
	for name, f := range map[string]func(context.Context, connector.Talker) error{
		"a message": func(ctx context.Context, t connector.Talker) error {
			_, err := t.Message(ctx, channel, message)
			return err
		},
		"names": func(ctx context.Context, t connector.Talker) error {
			_, err := t.Names(ctx, []string{user})
			return err
		},
		"links": func(ctx context.Context, t connector.Talker) error {
			return t.Show(ctx, connector.Talk{Channel: channel, Message: message}, []connector.Card{{Link: "https://hindcast.example.org/p/1", Title: "Outage"}})
		},
	} {
		for _, fault := range s.role(ctx, false, func(ctx context.Context, v any) error {
			t, ok := v.(connector.Talker)
			if !ok {
				return errors.New("it is no Talker")
			}
			return f(ctx, t)
		}) {
			out = append(out, name+": "+fault)
		}
	}
	return out
}

func report(t *testing.T, faults []string) {
	t.Helper()
	for _, f := range faults {
		t.Error(f)
	}
}

func (s Service) announcer(ctx context.Context) []string {
	return s.role(ctx, true, func(ctx context.Context, v any) error {
		a, ok := v.(connector.Announcer)
		if !ok {
			return errors.New("it is no Announcer")
		}
		_, err := a.Announce(ctx, connector.Message{ID: "key-1", Ref: "Q1", Type: "postmortem.published", At: time.Unix(1773583200, 0), Subject: "Outage", Text: "Text", URL: "https://hindcast.example.org/p/1",
			Data: []byte(`{"incident_id":"i-1","number":1,"title":"Outage","status":"published","url":"https://hindcast.example.org/p/1","started_at":"2026-03-15T12:00:00Z","resolved_at":"2026-03-15T13:00:00Z"}`)})
		return err
	})
}

func (s Service) tracker(ctx context.Context) []string {
	return s.role(ctx, true, func(ctx context.Context, v any) error {
		tr, ok := v.(connector.Tracker)
		if !ok {
			return errors.New("it is no Tracker")
		}
		ref, err := tr.CreateTicket(ctx, connector.Ticket{Key: "key-1", Title: "Alert on pool size", Text: "Text", Labels: []string{"postmortem"}})
		if err == nil && (ref.ID == "" || ref.URL == "") {
			return fmt.Errorf("a ticket without id or address: %+v", ref)
		}
		if err != nil {
			return err
		}
		_, err = tr.TicketState(ctx, ref.ID)
		return err
	})
}

func (s Service) publisher(ctx context.Context) []string {
	return s.role(ctx, true, func(ctx context.Context, v any) error {
		p, ok := v.(connector.Publisher)
		if !ok {
			return errors.New("it is no Publisher")
		}
		ref, err := p.Publish(ctx, connector.Page{Key: "key-1", Title: "Outage", Markdown: "# Outage\n"})
		if err == nil && (ref.ID == "" || ref.URL == "") {
			return fmt.Errorf("a page without id or address: %+v", ref)
		}
		return err
	})
}

func (s Service) source(ctx context.Context) []string {
	files := 0
	fetch := func(ctx context.Context, v any) (err error) {
		files, err = fetchAll(ctx, v)
		return err
	}
	out := s.role(ctx, false, fetch)
	if calls, err := s.try(ctx, 1, s.Answer, fetch); err != nil || len(calls) < 2 || files != s.Pages {
		out = append(out, fmt.Sprintf("pages: %d files in %d requests, %v; want %d in at least 2", files, len(calls), err, s.Pages))
	}
	return out
}

// fetchAll reads every page of a source and returns how many files there were.
func fetchAll(ctx context.Context, v any) (int, error) {
	src, ok := v.(connector.Source)
	if !ok {
		return 0, errors.New("it is no Source")
	}
	files := 0
	w := connector.Window{From: time.Unix(1773583200, 0), To: time.Unix(1773590400, 0)}
	for after, seen := "", map[string]bool{}; ; {
		b, err := src.Fetch(ctx, w, after)
		if err != nil {
			return files, err
		}
		files += len(b.Files)
		for _, f := range b.Files {
			if f.Name == "" || f.Source == "" || f.FetchedAt.IsZero() || strings.Contains(f.Source+f.Name, Credential) {
				return files, fmt.Errorf("file %q lacks a name, a source or a time, or shows the credential", f.Name)
			}
		}
		if b.Next == "" {
			return files, nil
		}
		if after = b.Next; seen[after] {
			return files, errors.New("the same page comes again and again")
		}
		seen[after] = true
	}
}

// call is a request that arrived.
type call struct {
	at    time.Time
	makes bool // something, so that it needs a key
	key   string
}

// act is the use of a role.
type act func(ctx context.Context, v any) error

// try opens the vendor against a service that answers with h and uses it.
func (s Service) try(ctx context.Context, attempts int, h http.HandlerFunc, f act) ([]call, error) {
	var mu sync.Mutex
	var calls []call
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		c := call{at: time.Now(), makes: r.Method != http.MethodGet}
		if s.Key != nil && c.makes {
			c.key = s.Key(r, body)
		}
		mu.Lock()
		calls = append(calls, c)
		mu.Unlock()
		h(w, r)
	}))
	defer server.Close()
	d := connector.Deps{Now: time.Now, HTTP: outhttp.New(outhttp.Config{Now: time.Now, Private: true, Attempts: attempts, Timeout: 300 * time.Millisecond, Total: 3 * time.Second})}
	v, err := s.Open(server.URL, d, Credential)
	if err == nil {
		err = f(ctx, v)
	}
	mu.Lock()
	defer mu.Unlock() // a request that was given up may still be arriving
	return slices.Clone(calls), err
}

// problem is a way in which a service misbehaves.
type problem struct {
	name   string
	answer http.HandlerFunc
	codes  []hindcast.Code // that the error may have; none when it must succeed
	body   bool            // it is in the body of an answer that says success
}

func (s Service) problems() []problem {
	refused := []hindcast.Code{hindcast.Denied}
	if s.RetriesRefusals {
		refused = append(refused, hindcast.Unavailable)
	}
	status := func(code int, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(code)
			_, _ = fmt.Fprint(w, "you sent ", r.URL, r.Header) // a service that repeats what it should not
		}
	}
	raw := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, text)
		}
	}
	var more []problem
	if s.Refuse != nil {
		more = append(more, problem{"a refusal that looks like success", s.Refuse, refused, false})
	}
	return append(more, []problem{
		{"429 for an hour", status(429, "Retry-After", "3600"), []hindcast.Code{hindcast.Unavailable}, false},
		{"500", status(500), []hindcast.Code{hindcast.Unavailable}, false},
		{"503", status(503), []hindcast.Code{hindcast.Unavailable}, false},
		{"an expired credential", status(401), refused, false},
		{"a right that is missing", status(403), refused, false},
		{"a slow service", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, []hindcast.Code{hindcast.Unavailable}, false},
		{"a connection that ends", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, []hindcast.Code{hindcast.Unavailable}, false},
		{"an answer cut short", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "5000")
			_, _ = io.WriteString(w, `{"a":`)
		}, []hindcast.Code{hindcast.Unavailable}, true},
		{"an answer that is no JSON", raw("<html>Sign in</html>"), []hindcast.Code{hindcast.Unavailable, hindcast.Invalid}, true},
		{"an empty answer", raw(""), []hindcast.Code{hindcast.Unavailable, hindcast.Invalid}, true},
		{"JSON of another kind", raw(`"text"`), []hindcast.Code{hindcast.Unavailable, hindcast.Invalid}, true},
	}...)
}

// role lets the service misbehave in every way, and at last behave.
func (s Service) role(ctx context.Context, makes bool, f act) []string {
	out := append(s.misbehave(ctx, f), s.waiting(ctx, makes, f)...)
	canceled, stop := context.WithCancel(ctx)
	stop()
	if _, err := s.try(canceled, 1, s.Answer, f); err == nil {
		out = append(out, "stopped before it began: success")
	}
	first, err := s.try(ctx, 1, s.Answer, f)
	if err != nil || len(first) == 0 {
		return append(out, fmt.Sprintf("all is well: %v after %d requests", err, len(first)))
	}
	if !makes {
		return out
	}
	second, err := s.try(ctx, 1, s.Answer, f)
	if _, one := key(append(first, second...)); err != nil || !one {
		out = append(out, fmt.Sprintf("the same twice: keys of %v and %v, %v; want one key", first, second, err))
	}
	return out
}

// misbehave tries every problem.
func (s Service) misbehave(ctx context.Context, f act) (out []string) {
	for _, p := range s.problems() {
		calls, err := s.try(ctx, 1, p.answer, f)
		if p.body && s.IgnoresBody {
			continue
		}
		if !slices.Contains(p.codes, hindcast.CodeOf(err)) {
			out = append(out, fmt.Sprintf("%s: the error is %q (%s), want one of %v", p.name, fmt.Sprint(err), hindcast.CodeOf(err), p.codes))
		}
		if strings.Contains(fmt.Sprintf("%v %+v %#v %s", err, err, err, said(err)), Credential) {
			out = append(out, fmt.Sprintf("%s: the error shows the credential: %v", p.name, err))
		}
		if len(calls) > 3 {
			out = append(out, fmt.Sprintf("%s: %d requests", p.name, len(calls)))
		}
	}
	return out
}

// waiting lets the service ask for a second and then behave.
func (s Service) waiting(ctx context.Context, makes bool, f act) []string {
	var asked atomic.Bool
	calls, err := s.try(ctx, 2, func(w http.ResponseWriter, r *http.Request) {
		if asked.CompareAndSwap(false, true) {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		s.Answer(w, r)
	}, f)
	why := ""
	switch {
	case err != nil && !waits(err):
		why = fmt.Sprintf("%v does not say when to come back", err)
	case err != nil:
	case len(calls) < 2:
		why = "success without a second request"
	case calls[1].at.Sub(calls[0].at) < 900*time.Millisecond:
		why = "it did not wait for the second that it was told to"
	case makes:
		if keys, one := key(calls); !one {
			why = fmt.Sprintf("sent under the keys %q, want one key", keys)
		}
	}
	if why == "" {
		return nil
	}
	return []string{"429, then all is well: " + why}
}

// key returns the keys of the requests that make something, and whether they are
// one. A vendor may look first for what it made before.
func key(calls []call) (keys []string, one bool) {
	for _, c := range calls {
		if c.makes && !slices.Contains(keys, c.key) {
			keys = append(keys, c.key)
		}
	}
	return keys, len(keys) == 1 && keys[0] != ""
}

// said returns what the service answered, if the error has it.
func said(err error) string {
	var e *outhttp.Error
	if errors.As(err, &e) {
		return e.Said
	}
	return ""
}

// waits reports whether an error says for how long to wait.
func waits(err error) bool {
	var e *outhttp.Error
	return errors.As(err, &e) && e.Wait > 0
}
