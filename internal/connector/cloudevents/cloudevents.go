// Package cloudevents takes events in the format of CloudEvents 1.0 over HTTP, from
// whatever makes changes: pipelines, flags, scripts. They come one by one as JSON
// (structured), as headers and data (binary), or many at once (batch).
//
// A sender proves itself by a bearer token, or by a signature of the body with the
// token as key, in the header X-Hub-Signature-256 as GitHub has it. In the binary
// form the headers say what happened, and no signature covers them, so that it needs
// the token itself.
package cloudevents

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/signature"
	"github.com/hindcast/hindcast/internal/secret"
)

// Vendor returns the vendor for a list.
func Vendor() connector.Vendor {
	return connector.Vendor{
		Name: "cloudevents", Title: "Deploys and events (CloudEvents)", Roles: []connector.Role{connector.Receives, connector.Reports},
		Fields: []connector.Field{{Name: "token", Title: "Token", Help: "which the sender sends as Authorization: Bearer, or with which it signs", Secret: true, Generate: rand.Text}},
		Setup: func(hook string) (say, copied string) {
			return "Send events there as they happen, with the token that was shown when the connection was made. For example, when a version goes out:", example(hook)
		},
		Check: func(connector.Settings) (string, error) { return "receives events", nil },
		Open: func(s connector.Settings, _ connector.Deps) (any, error) {
			if s["token"].IsZero() {
				return nil, hindcast.Errorf(hindcast.Invalid, "token: there is none; have it replaced in the settings")
			}
			return &Sender{s}, nil
		},
	}
}

// example is how a script sends an event.
func example(hook string) string {
	return "curl " + hook + ` -H 'Authorization: Bearer THE TOKEN' -H 'Content-Type: application/cloudevents+json' -d '{
  "specversion": "1.0", "id": "'$(uuidgen)'", "source": "/ci/shop", "type": "com.example.deployment.started",
  "time": "'$(date -u +%FT%TZ)'",
  "data": {"service": "checkout", "version": "2.8.0", "previous_version": "2.7.9", "by": "deploy job"}}'`
}

// Sender is one or several that send with the same token.
type Sender struct{ settings connector.Settings }

// mostEvents is how many events may come at once.
const mostEvents = 500

// Receive reads events. Each notice has its event as JSON in one line, whichever form
// it came in.
func (s *Sender) Receive(h http.Header, body []byte, now time.Time) ([]connector.Notice, error) {
	bearer := s.bearer(h, now)
	if !bearer {
		if err := signature.Signed().Verify(h, body, now, s.keys(now)...); err != nil {
			return nil, err
		}
	}
	list, err := events(h, body, bearer)
	if err != nil {
		return nil, err
	}
	var out []connector.Notice
	for i, e := range list {
		n, err := e.notice(now)
		if err != nil {
			return nil, hindcast.Errorf(hindcast.Invalid, "event %d: %v", i+1, err)
		}
		out = append(out, n)
	}
	return out, nil
}

// keys are the token, and the one before it for a while.
func (s *Sender) keys(now time.Time) []secret.Text {
	out := []secret.Text{s.settings["token"]}
	if until, err := time.Parse(time.RFC3339, s.settings["token.until"].Reveal()); err == nil && now.Before(until) {
		out = append(out, s.settings["token.old"])
	}
	return out
}

// bearer reports whether a request has the token.
func (s *Sender) bearer(h http.Header, now time.Time) bool {
	given, ok := strings.CutPrefix(h.Get("Authorization"), "Bearer ")
	return ok && slices.ContainsFunc(s.keys(now), func(t secret.Text) bool {
		return !t.IsZero() && subtle.ConstantTimeCompare([]byte(given), []byte(t.Reveal())) == 1
	})
}

// event is one event: its attributes and data, as they are written in JSON.
type event map[string]json.RawMessage

// events reads the events of a request in one of the three forms.
func events(h http.Header, body []byte, bearer bool) ([]event, error) {
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		kind = ""
	}
	switch {
	case kind == "application/cloudevents-batch+json":
		var list []event
		if json.Unmarshal(body, &list) != nil || len(list) > mostEvents {
			return nil, hindcast.Errorf(hindcast.Invalid, "the body is no list of up to %d CloudEvents", mostEvents)
		}
		return list, nil
	case strings.HasPrefix(kind, "application/cloudevents") && kind != "application/cloudevents+json":
		return nil, hindcast.Errorf(hindcast.Invalid, "events are read in the JSON format only; send application/cloudevents+json")
	case h.Get("Ce-Specversion") != "" && !bearer:
		return nil, hindcast.Errorf(hindcast.Denied, "a signature does not cover the headers of an event in binary form; send the token, or the event as application/cloudevents+json")
	case h.Get("Ce-Specversion") != "":
		return binary(h, kind, body)
	}
	var one event
	if json.Unmarshal(body, &one) != nil || one["specversion"] == nil {
		return nil, hindcast.Errorf(hindcast.Invalid, "the request is no CloudEvent: send it as application/cloudevents+json, or with its attributes in headers that begin with ce-")
	}
	return []event{one}, nil
}

// mostAttribute bounds an attribute in a header.
const mostAttribute = 4 << 10

// binary reads an event whose attributes are headers and whose data is the body.
func binary(h http.Header, kind string, body []byte) ([]event, error) {
	e := event{}
	set := func(name string, value any) error {
		raw, err := json.Marshal(value)
		e[name] = raw
		return err
	}
	for name, values := range h {
		attribute, ok := strings.CutPrefix(strings.ToLower(name), "ce-")
		if !ok || attribute == "data" || attribute == "data_base64" || attribute == "datacontenttype" {
			continue
		}
		value, err := url.PathUnescape(values[0])
		if err != nil || len(value) > mostAttribute || !utf8.ValidString(value) {
			return nil, hindcast.Errorf(hindcast.Invalid, "the header ce-%.40s cannot be read", attribute)
		}
		if err := set(attribute, value); err != nil {
			return nil, err
		}
	}
	if kind != "" {
		if err := set("datacontenttype", h.Get("Content-Type")); err != nil {
			return nil, err
		}
	}
	switch {
	case len(body) == 0:
	case isJSON(kind) && json.Valid(body):
		e["data"] = body
	case isJSON(kind):
		return nil, hindcast.Errorf(hindcast.Invalid, "the data of the event is no JSON, as its content type says")
	case strings.HasPrefix(kind, "text/") && utf8.Valid(body):
		return []event{e}, set("data", string(body))
	default:
		return []event{e}, set("data_base64", base64.StdEncoding.EncodeToString(body))
	}
	return []event{e}, nil
}

func isJSON(kind string) bool {
	return kind == "" || strings.HasSuffix(kind, "/json") || strings.HasSuffix(kind, "+json")
}

// text returns an attribute that is a text.
func (e event) text(name string) string {
	var s string
	if json.Unmarshal(e[name], &s) != nil {
		return ""
	}
	return s
}

// notice says what an event tells. The same event, by its source and id, is the same
// notice.
func (e event) notice(now time.Time) (connector.Notice, error) {
	if !strings.HasPrefix(e.text("specversion"), "1.") {
		return connector.Notice{}, fmt.Errorf("its specversion is not 1.0")
	}
	for _, name := range []string{"id", "source", "type"} {
		if e.text(name) == "" {
			return connector.Notice{}, fmt.Errorf("it has no %s", name)
		}
	}
	at := now.UTC()
	if text := e.text("time"); text != "" {
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return connector.Notice{}, fmt.Errorf("its time is none of RFC 3339")
		}
		at = t.UTC()
	} else if e.text("recordedtime") == "" {
		e["recordedtime"] = json.RawMessage(now.UTC().Format(`"` + time.RFC3339Nano + `"`))
	}
	raw, err := json.Marshal(e)
	if err != nil {
		return connector.Notice{}, fmt.Errorf("it cannot be written as JSON")
	}
	var line bytes.Buffer
	if err := json.Compact(&line, raw); err != nil {
		return connector.Notice{}, fmt.Errorf("it cannot be written as JSON")
	}
	sum := sha256.Sum256([]byte(e.text("source") + "\x00" + e.text("id")))
	return connector.Notice{ID: hex.EncodeToString(sum[:16]), Kind: connector.Happened, Ref: e.text("source"), Title: e.text("type"), At: at, Record: line.Bytes()}, nil
}
