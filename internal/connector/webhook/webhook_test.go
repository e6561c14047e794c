package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
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
	"github.com/hindcast/hindcast/internal/connector/webhook"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

// The example of the documentation of Svix, who wrote Standard Webhooks.
const (
	exampleSecret    = "whsec_plJ3nmyCDGBKInavdOK15jsl"
	exampleID        = "msg_loFOjxBNrRLzqYUf"
	exampleTime      = 1731705121
	exampleBody      = `{"event_type":"ping","data":{"success":true}}`
	exampleSignature = "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="
)

func TestSignatureIsTheOneOfTheSpecification(t *testing.T) {
	got, err := webhook.Sign(secret.New(exampleSecret), exampleID, time.Unix(exampleTime, 0), []byte(exampleBody))
	if err != nil || got != exampleSignature {
		t.Errorf("Sign = %q, %v, want %q", got, err, exampleSignature)
	}
	for _, bad := range []string{"", "whsec_", "whsec_***"} {
		if got, err := webhook.Sign(secret.New(bad), exampleID, time.Unix(exampleTime, 0), nil); err == nil {
			t.Errorf("Sign with secret %q = %q", bad, got)
		}
	}
}

func open(t *testing.T, url string, more connector.Settings, now time.Time) connector.Announcer {
	t.Helper()
	s := connector.Settings{"url": secret.New(url), "secret": secret.New(exampleSecret)}
	for k, v := range more {
		s[k] = v
	}
	v, err := webhook.Vendor().Open(s, connector.Deps{HTTP: outhttp.New(outhttp.Config{Now: time.Now, Private: true}), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	return v.(connector.Announcer)
}

// genuine reports whether a receiver with a secret finds its signature, as the
// specification says to look for it.
func genuine(r *http.Request, body []byte, key string) bool {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(key, "whsec_"))
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, raw)
	mac.Write([]byte(r.Header.Get("webhook-id") + "." + r.Header.Get("webhook-timestamp") + "." + string(body)))
	for _, s := range strings.Split(r.Header.Get("webhook-signature"), " ") {
		version, value, _ := strings.Cut(s, ",")
		sent, err := base64.StdEncoding.DecodeString(value)
		if err == nil && version == "v1" && hmac.Equal(sent, mac.Sum(nil)) {
			return true
		}
	}
	return false
}

func TestWhatAReceiverSees(t *testing.T) {
	now := time.Date(2026, 3, 15, 14, 5, 0, 0, time.UTC)
	other := webhook.NewSecret()
	for name, tt := range map[string]struct {
		more         connector.Settings
		first, other bool // secrets with which it is genuine
	}{
		"one secret":             {nil, true, false},
		"while a secret changes": {connector.Settings{"secret.old": secret.New(other), "secret.until": secret.New(now.Add(time.Hour).Format(time.RFC3339))}, true, true},
		"after it changed":       {connector.Settings{"secret.old": secret.New(other), "secret.until": secret.New(now.Add(-time.Hour).Format(time.RFC3339))}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				if genuine(r, body, exampleSecret) != tt.first || genuine(r, body, other) != tt.other || genuine(r, append(body, ' '), exampleSecret) {
					t.Errorf("signature %q", r.Header.Get("webhook-signature"))
				}
				var got map[string]any
				if err := json.Unmarshal(body, &got); err != nil {
					t.Error(err)
				}
				want := map[string]any{"type": "postmortem.published", "timestamp": "2026-03-15T14:00:00Z", "data": map[string]any{"number": 7.0}}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("body (-want +got):\n%s", diff)
				}
				if h := r.Header; r.Method != "POST" || h.Get("webhook-id") != "msg_1" || h.Get("webhook-timestamp") != fmt.Sprint(now.Unix()) || h.Get("Content-Type") != "application/json" {
					t.Errorf("%s with headers %v", r.Method, h)
				}
				w.WriteHeader(http.StatusNoContent)
			}))
			defer s.Close()
			answer, err := open(t, s.URL, tt.more, now).Announce(t.Context(), message())
			if err != nil || answer != "204 No Content" {
				t.Errorf("Announce = %q, %v", answer, err)
			}
		})
	}
}

func message() connector.Message {
	return connector.Message{ID: "msg_1", Type: "postmortem.published", At: time.Date(2026, 3, 15, 14, 0, 0, 0, time.UTC), Data: json.RawMessage(`{"number":7}`)}
}

// TestWhatIsWorthAnotherAttempt: a receiver is somebody's program, whose faults
// are put right, except that 410 says that it wants no more.
func TestWhatIsWorthAnotherAttempt(t *testing.T) {
	for status, want := range map[int]hindcast.Code{400: hindcast.Unavailable, 401: hindcast.Unavailable, 404: hindcast.Unavailable, 410: hindcast.NotFound, 429: hindcast.Unavailable, 500: hindcast.Unavailable, 302: hindcast.Unavailable} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		_, err := open(t, s.URL, nil, time.Now()).Announce(t.Context(), message())
		if hindcast.CodeOf(err) != want {
			t.Errorf("%d: %v is %s, want %s", status, err, hindcast.CodeOf(err), want)
		}
		s.Close()
	}
}

func TestAddresses(t *testing.T) {
	for url, want := range map[string]string{
		"https://hooks.example.org/T0/s3cret?x=1": "https://hooks.example.org", "https://user:s3cret@hooks.example.org:8443/": "https://hooks.example.org:8443",
		"ftp://example.org": "", "example.org": "", "": "", "https://": "", "https://example.org/#part": "", "javascript:alert(1)": "",
	} {
		where, err := webhook.Vendor().Check(connector.Settings{"url": secret.New(url)})
		if where != want || (err == nil) != (want != "") || err != nil && hindcast.CodeOf(err) != hindcast.Invalid {
			t.Errorf("%q leads to %q, %v; want %q", url, where, err, want)
		}
	}
}

func TestConformance(t *testing.T) {
	connectortest.Announcer(t, connectortest.Service{
		Open: func(base string, d connector.Deps, credential string) (any, error) {
			return webhook.Vendor().Open(connector.Settings{"url": secret.New(base + "/hook?token=" + credential), "secret": secret.New(exampleSecret)}, d)
		},
		Answer:      func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
		Key:         func(r *http.Request, _ []byte) string { return r.Header.Get("webhook-id") },
		IgnoresBody: true, RetriesRefusals: true,
	})
}
