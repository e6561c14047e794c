// Package alertmanager takes the webhook notifications of Alertmanager, version 4
// of their format. They carry no signature: Alertmanager proves itself with a
// bearer token, which belongs into its http_config, and so needs an encrypted
// connection.
package alertmanager

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/secret"
)

// Vendor returns the vendor for a list.
func Vendor() connector.Vendor {
	return connector.Vendor{
		Name: "alertmanager", Title: "Alertmanager", Roles: []connector.Role{connector.Receives},
		Fields: []connector.Field{{Name: "token", Title: "Bearer token", Help: "which Alertmanager sends as the credentials of its http_config", Secret: true, Generate: rand.Text}},
		Setup: func(hook string) (string, string) {
			return "In its configuration, with the token that was shown when the connection was made:",
				"receivers:\n- name: hindcast\n  webhook_configs:\n  - url: " + hook + "\n    send_resolved: true\n    http_config:\n      authorization:\n        credentials: THE TOKEN"
		},
		Check: func(connector.Settings) (string, error) { return "receives alerts", nil },
		Open: func(s connector.Settings, _ connector.Deps) (any, error) {
			if s["token"].IsZero() {
				return nil, hindcast.Errorf(hindcast.Invalid, "token: there is none; have it replaced in the settings")
			}
			return &Alertmanager{s}, nil
		},
	}
}

// Alertmanager is one or several that send with the same token.
type Alertmanager struct{ settings connector.Settings }

// notification is what is read of a notification.
type notification struct {
	Version  string `json:"version"`
	GroupKey string `json:"groupKey"`
	Status   string `json:"status"`
	Alerts   []struct {
		StartsAt time.Time `json:"startsAt"`
		EndsAt   time.Time `json:"endsAt"`
	} `json:"alerts"`
	Labels      map[string]string `json:"commonLabels"`
	Annotations map[string]string `json:"commonAnnotations"`
	URL         string            `json:"externalURL"`
}

// Receive reads a notification of one group of alerts. The group is the incident:
// it is opened when the first alert fires and resolved when the last one ends.
func (a *Alertmanager) Receive(h http.Header, body []byte, now time.Time) ([]connector.Notice, error) {
	if !a.knows(h, now) {
		return nil, hindcast.Errorf(hindcast.Denied, "the request has no token of this connection; set it as the credentials of the receiver's http_config")
	}
	var n notification
	if err := json.Unmarshal(body, &n); err != nil || n.Version != "4" || n.GroupKey == "" || len(n.Alerts) == 0 {
		return nil, hindcast.Errorf(hindcast.Invalid, "the body is no notification of Alertmanager in version 4 of its format")
	}
	sum, group := sha256.Sum256(body), sha256.Sum256([]byte(n.GroupKey))
	out := connector.Notice{
		ID: hex.EncodeToString(sum[:16]), Ref: hex.EncodeToString(group[:16]), Kind: connector.IncidentOpened, At: n.Alerts[0].StartsAt,
		Title: n.Annotations["summary"], Severity: n.Labels["severity"], Service: n.Labels["service"], URL: n.URL,
	}
	if out.Title == "" {
		out.Title = n.Labels["alertname"]
	}
	for _, x := range n.Alerts {
		if x.StartsAt.Before(out.At) {
			out.At = x.StartsAt
		}
	}
	if n.Status == "resolved" {
		out.Kind, out.At = connector.IncidentResolved, n.Alerts[0].EndsAt
		for _, x := range n.Alerts {
			if x.EndsAt.After(out.At) {
				out.At = x.EndsAt
			}
		}
	}
	return []connector.Notice{out}, nil
}

// knows reports whether a request has the token, or the one before it for a while.
func (a *Alertmanager) knows(h http.Header, now time.Time) bool {
	given, ok := strings.CutPrefix(h.Get("Authorization"), "Bearer ")
	if !ok {
		return false
	}
	same := func(t secret.Text) bool {
		return !t.IsZero() && subtle.ConstantTimeCompare([]byte(given), []byte(t.Reveal())) == 1
	}
	until, err := time.Parse(time.RFC3339, a.settings["token.until"].Reveal())
	return same(a.settings["token"]) || err == nil && now.Before(until) && same(a.settings["token.old"])
}
