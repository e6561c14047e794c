package pagerduty_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/connectortest"
	"github.com/hindcast/hindcast/internal/connector/pagerduty"
	"github.com/hindcast/hindcast/internal/secret"
)

func receiver(hook string) (connector.Receiver, error) {
	v, err := pagerduty.Vendor().Open(connector.Settings{"token": secret.New("t"), "secret": secret.New(hook)}, connector.Deps{})
	if err != nil {
		return nil, err
	}
	return v.(connector.Receiver), nil
}

func sign(body []byte, _ time.Time, key string) http.Header {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(body)
	return http.Header{"X-Pagerduty-Signature": {"v1=" + hex.EncodeToString(mac.Sum(nil))}}
}

// hook is a webhook of version 3 about an incident.
func hook(kind string) []byte {
	return fmt.Appendf(nil, `{"event":{"id":"01BW","event_type":%q,"resource_type":"incident","occurred_at":"2024-03-15T15:00:12.458Z","agent":null,"client":null,
		"data":{"id":"Q02","type":"incident","html_url":"https://example.pagerduty.com/incidents/Q02","number":4521,"status":"resolved","title":"Mobile API down","urgency":"high","priority":{"summary":"P1"},"service":{"summary":"mobile-api"}}}}`, kind)
}

func TestReceiverConformance(t *testing.T) {
	connectortest.Receiver(t, connectortest.Sender{Open: receiver, Sign: sign, Body: hook("incident.triggered"), Tells: 1})
}

func TestWhatAWebhookTells(t *testing.T) {
	at := time.Date(2024, 3, 15, 15, 0, 12, 458_000_000, time.UTC)
	whole := connector.Notice{ID: "01BW", Ref: "Q02", Number: "4521", Title: "Mobile API down", Severity: "P1", Service: "mobile-api", At: at, URL: "https://example.pagerduty.com/incidents/Q02"}
	kind := func(k connector.NoticeKind) connector.Notice { n := whole; n.Kind = k; return n }
	for name, tt := range map[string]struct {
		body []byte
		want connector.Notice
	}{
		"triggered":    {hook("incident.triggered"), kind(connector.IncidentOpened)},
		"reopened":     {hook("incident.reopened"), kind(connector.IncidentOpened)},
		"acknowledged": {hook("incident.acknowledged"), kind(connector.IncidentChanged)},
		"resolved":     {hook("incident.resolved"), kind(connector.IncidentResolved)},
		"a note": {[]byte(`{"event":{"id":"01GI","event_type":"incident.annotated","resource_type":"incident","occurred_at":"2024-03-15T15:00:12.458Z","data":{"incident":{"id":"Q02","html_url":"https://example.pagerduty.com/incidents/Q02","summary":"Mobile API down"},"id":"PEM","content":"text","type":"incident_note"}}}`),
			connector.Notice{ID: "01GI", Kind: connector.IncidentChanged, Ref: "Q02", Title: "Mobile API down", At: at, URL: "https://example.pagerduty.com/incidents/Q02"}},
		"a ping": {[]byte(`{"event":{"id":"01GP","event_type":"pagey.ping","resource_type":"pagey","occurred_at":"2024-03-15T15:00:12.458Z","data":{"message":"Hello","type":"ping"}}}`),
			connector.Notice{ID: "01GP", Kind: connector.NothingToDo, At: at}},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := receiver("s")
			if err != nil {
				t.Fatal(err)
			}
			got, err := r.Receive(sign(tt.body, at, "s"), tt.body, at)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]connector.Notice{tt.want}, got); diff != "" {
				t.Errorf("notices (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNothingIsReceivedWithoutASecret(t *testing.T) {
	r, err := receiver("")
	if err != nil {
		t.Fatal(err)
	}
	body := hook("incident.resolved")
	if _, err := r.Receive(sign(body, time.Now(), ""), body, time.Now()); hindcast.CodeOf(err) != hindcast.Denied {
		t.Errorf("a request signed with nothing: %v, want %s", err, hindcast.Denied)
	}
}

func TestWhatTheKeySees(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/incidents":
			_, _ = io.WriteString(w, `{"incidents":[{"title":"t"},{"id":"Q03","incident_number":4522,"title":"Search down","status":"acknowledged","urgency":"low","created_at":"2024-03-15T16:00:00Z","priority":{"summary":"P2"}}]}`)
		default:
			_, _ = io.WriteString(w, `{"incident":{"id":"Q02","incident_number":4521,"title":"Mobile API down","html_url":"https://example.pagerduty.com/incidents/Q02","status":"resolved","urgency":"high","created_at":"2024-03-15T14:38:45Z","last_status_change_at":"2024-03-15T15:00:12Z","priority":null,"service":{"summary":"mobile-api"}}}`)
		}
	}))
	defer s.Close()
	p := source(t, s.URL).(*pagerduty.PagerDuty)
	if got, err := p.Probe(t.Context()); err != nil || !strings.Contains(got, "sees incidents") {
		t.Errorf("Probe = %q, %v", got, err)
	}
	got, err := p.Describe(t.Context(), "4521")
	want := connector.Notice{Kind: connector.IncidentOpened, Ref: "Q02", Number: "4521", Title: "Mobile API down", Severity: "high", Service: "mobile-api", At: time.Date(2024, 3, 15, 14, 38, 45, 0, time.UTC), URL: "https://example.pagerduty.com/incidents/Q02"}
	end := time.Date(2024, 3, 15, 15, 0, 12, 0, time.UTC)
	if diff := cmp.Diff(connector.Incident{Notice: want, Resolved: end}, got); diff != "" || err != nil {
		t.Errorf("Describe: %v (-want +got):\n%s", err, diff)
	}
	list, next, err := p.List(t.Context(), end, end.Add(time.Hour), "")
	wantList := []connector.Incident{{Notice: connector.Notice{Kind: connector.IncidentOpened, Ref: "Q03", Number: "4522", Title: "Search down", Severity: "P2", At: time.Date(2024, 3, 15, 16, 0, 0, 0, time.UTC)}}}
	if diff := cmp.Diff(wantList, list); diff != "" || next != "" || err != nil {
		t.Errorf("List goes on at %q, %v (-want +got):\n%s", next, err, diff)
	}
}
