package connectortest

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/outhttp"
)

// made is a vendor made up for this test. It plays every role, as it should
// unless flaw says what is wrong with it.
type made struct {
	base, credential, flaw string
	d                      connector.Deps
	sent                   int
}

func (m *made) ask(ctx context.Context, method, path, key string, v any) error {
	m.sent++
	url := m.base + path
	r := outhttp.Request{Method: method, URL: url, Repeatable: true, Header: http.Header{}, Authorize: func(h http.Header) { h.Set("Authorization", "Bearer "+m.credential) }}
	switch m.flaw {
	case "leaks":
		if _, err := m.d.HTTP.Do(ctx, r); err != nil {
			return fmt.Errorf("ask with %s: %w", m.credential, err)
		}
	case "loses the key":
		key = fmt.Sprint(key, time.Now().UnixNano())
	case "hides errors":
		_, _ = m.d.HTTP.Do(ctx, r)
		return nil
	case "does not wait":
		for range 3 {
			req, err := http.NewRequestWithContext(ctx, method, url, nil)
			if err != nil {
				return err
			}
			req.Header.Set("Key", key)
			if res, err := (&http.Client{Timeout: 200 * time.Millisecond}).Do(req); err == nil && res.StatusCode < 300 {
				return json.NewDecoder(res.Body).Decode(v)
			}
		}
		return errors.New("it does not work")
	}
	if key != "" {
		r.Header.Set("Key", key)
	}
	res, err := m.d.HTTP.Do(ctx, r)
	if err != nil {
		return err
	}
	if m.flaw == "reads anything" {
		_ = json.Unmarshal(res.Body, v)
		return nil
	}
	if err := json.Unmarshal(res.Body, v); err != nil {
		return hindcast.Errorf(hindcast.Unavailable, "the service answers something else than JSON")
	}
	return nil
}

func (m *made) Announce(ctx context.Context, msg connector.Message) (string, error) {
	return "", m.ask(ctx, "POST", "/messages", msg.ID, &struct{}{})
}

func (m *made) CreateTicket(ctx context.Context, t connector.Ticket) (ref connector.Ref, err error) {
	err = m.ask(ctx, "POST", "/tickets", t.Key, &ref)
	return ref, err
}

func (m *made) TicketState(ctx context.Context, id string) (st connector.TicketState, err error) {
	return st, m.ask(ctx, "GET", "/tickets/"+id, "", &st)
}

func (m *made) Publish(ctx context.Context, p connector.Page) (ref connector.Ref, err error) {
	err = m.ask(ctx, "PUT", "/pages", p.Key, &ref)
	return ref, err
}

func (m *made) Fetch(ctx context.Context, _ connector.Window, after string) (b connector.Batch, err error) {
	if err := m.ask(ctx, "GET", "/logs/"+after, "", &b); err != nil {
		return b, err
	}
	for i := range b.Files {
		b.Files[i].FetchedAt = m.d.Now()
	}
	switch m.flaw {
	case "one page":
		b.Next = ""
	case "the same page":
		b.Next = "2"
	}
	return b, nil
}

func (m *made) Receive(h http.Header, body []byte, now time.Time) ([]connector.Notice, error) {
	at, err := time.Parse(time.RFC3339, h.Get("At"))
	switch {
	case m.flaw == "believes everything":
	case !hmac.Equal([]byte(h.Get("Signature")), []byte(mac(body, h.Get("At"), m.credential))):
		if m.flaw == "leaks" {
			return nil, hindcast.Errorf(hindcast.Denied, "not signed with %s", m.credential)
		}
		return nil, hindcast.Errorf(hindcast.Denied, "the signature is not genuine")
	case m.flaw != "believes the old" && (err != nil || now.Sub(at) > time.Minute):
		return nil, hindcast.Errorf(hindcast.Denied, "the request is too old")
	}
	var list []connector.Notice
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, hindcast.Errorf(hindcast.Invalid, "the request is no JSON")
	}
	if m.flaw == "new ids" {
		m.sent++
		list[0].ID = fmt.Sprint(m.sent)
	}
	return list, nil
}

func mac(body []byte, at, key string) string {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(at + "." + string(body)))
	return hex.EncodeToString(h.Sum(nil))
}

func service(flaw string) Service {
	return Service{
		Open: func(base string, d connector.Deps, credential string) (any, error) {
			return &made{base: base, credential: credential, flaw: flaw, d: d}, nil
		},
		Answer: func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/logs/":
				_, _ = fmt.Fprint(w, `{"Files":[{"Name":"a","Source":"made"},{"Name":"b","Source":"made"}],"Next":"2"}`)
			case "/logs/2":
				_, _ = fmt.Fprint(w, `{"Files":[{"Name":"c","Source":"made"}]}`)
			default:
				_, _ = fmt.Fprint(w, `{"ID":"1","URL":"https://tracker.example.org/1"}`)
			}
		},
		Key: func(r *http.Request, _ []byte) string { return r.Header.Get("Key") }, Pages: 3,
	}
}

func sender(flaw string) Sender {
	return Sender{
		Open: func(credential string) (connector.Receiver, error) {
			return &made{credential: credential, flaw: flaw}, nil
		},
		Sign: func(body []byte, at time.Time, credential string) http.Header {
			text := at.Format(time.RFC3339)
			return http.Header{"At": {text}, "Signature": {mac(body, text, credential)}}
		},
		Body: []byte(`[{"ID":"a"},{"ID":"b"}]`), Tells: 2, Timed: true,
	}
}

// TestTheSuiteFindsWhatIsWrong tries vendors that are right and vendors that have
// one flaw each.
func TestTheSuiteFindsWhatIsWrong(t *testing.T) {
	roles := map[string]func(flaw string) []string{
		"announcer": func(flaw string) []string { return service(flaw).announcer(t.Context()) },
		"tracker":   func(flaw string) []string { return service(flaw).tracker(t.Context()) },
		"publisher": func(flaw string) []string { return service(flaw).publisher(t.Context()) },
		"source":    func(flaw string) []string { return service(flaw).source(t.Context()) },
		"receiver":  func(flaw string) []string { return sender(flaw).check() },
	}
	for _, tt := range []struct{ role, flaw, want string }{
		{"announcer", "", ""}, {"tracker", "", ""}, {"publisher", "", ""}, {"source", "", ""}, {"receiver", "", ""},
		{"announcer", "leaks", "shows the credential"}, {"publisher", "loses the key", "the same twice"}, {"tracker", "loses the key", "the same twice"},
		{"tracker", "hides errors", "500: the error is"}, {"announcer", "does not wait", "did not wait"}, {"publisher", "reads anything", "no JSON"},
		{"source", "one page", "pages: 2 files"}, {"source", "the same page", "again and again"}, {"source", "leaks", "shows the credential"},
		{"receiver", "believes everything", "without a signature"}, {"receiver", "believes the old", "an hour old"}, {"receiver", "new ids", "has the ids"}, {"receiver", "leaks", "shows the credential"},
	} {
		t.Run(tt.role+" "+tt.flaw, func(t *testing.T) {
			t.Parallel()
			faults := strings.Join(roles[tt.role](tt.flaw), "\n")
			if tt.want == "" && faults != "" || !strings.Contains(faults, tt.want) {
				t.Errorf("faults = %q, want %q", faults, tt.want)
			}
		})
	}
}
