package grafana

import (
	"cmp"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/signature"
	"github.com/hindcast/hindcast/internal/secret"
)

// alert is what is read of an alert.
type alert struct {
	Labels    map[string]string `json:"labels"`
	StartsAt  time.Time         `json:"startsAt"`
	EndsAt    time.Time         `json:"endsAt"` // the year 1 while it fires
	Generator string            `json:"generatorURL"`
}

// trial reports whether an alert is the one by which Grafana tries a contact point.
func (a alert) trial() bool {
	return a.Labels["alertname"] == "TestAlert" && a.Labels["instance"] == "Grafana"
}

// notification is what is read of a request of a contact point.
type notification struct {
	Version     string            `json:"version"`
	Org         int64             `json:"orgId"`
	GroupKey    string            `json:"groupKey"`
	Status      string            `json:"status"`
	Title       string            `json:"title"`
	Alerts      []alert           `json:"alerts"`
	Labels      map[string]string `json:"commonLabels"`
	Annotations map[string]string `json:"commonAnnotations"`
	URL         string            `json:"externalURL"`
}

// Receive reads a notification of one group of alerts, which is the incident: it is
// opened when the first alert fires and resolved when the last one ends.
func (g *Grafana) Receive(h http.Header, body []byte, now time.Time) ([]connector.Notice, error) {
	if err := g.genuine(h, body, now); err != nil {
		return nil, err
	}
	var n notification
	if err := json.Unmarshal(body, &n); err != nil || n.Version != "1" || n.GroupKey == "" || len(n.Alerts) == 0 || n.Status != "firing" && n.Status != "resolved" {
		return nil, hindcast.Errorf(hindcast.Invalid, "the body is no notification of a contact point in version 1 of its format; leave its payload as Grafana has it")
	}
	sum := sha256.Sum256(body)
	out := n.notice(now)
	out.ID = hex.EncodeToString(sum[:16])
	return []connector.Notice{out}, nil
}

// notice says what a notification means here.
func (n notification) notice(now time.Time) connector.Notice {
	group := sha256.Sum256(fmt.Appendf(nil, "%d %s", n.Org, n.GroupKey))
	earliest := slices.MinFunc(n.Alerts, func(a, b alert) int { return a.StartsAt.Compare(b.StartsAt) })
	out := connector.Notice{
		Ref: hex.EncodeToString(group[:16]), Kind: connector.IncidentOpened, At: earliest.StartsAt.UTC(),
		Title:    cmp.Or(n.Annotations["summary"], n.Labels["alertname"], n.Title),
		Severity: n.Labels["severity"], Service: cmp.Or(n.Labels["service"], n.Labels["service_name"], n.Labels["app"]), URL: n.URL,
	}
	if len(n.Alerts) == 1 && earliest.Generator != "" {
		out.URL = earliest.Generator
	}
	if n.Status == "resolved" {
		out.Kind = connector.IncidentResolved
		out.At = slices.MaxFunc(n.Alerts, func(a, b alert) int { return a.EndsAt.Compare(b.EndsAt) }).EndsAt.UTC()
		if out.At.Year() <= 1 {
			out.At = now.UTC()
		}
	}
	if !slices.ContainsFunc(n.Alerts, func(a alert) bool { return !a.trial() }) {
		out.Kind = connector.NothingToDo
	}
	return out
}

// genuine returns a Denied error unless a request is signed with our secret or
// carries it. What says that it is signed must be signed.
func (g *Grafana) genuine(h http.Header, body []byte, now time.Time) error {
	keys := []secret.Text{g.settings["secret"]}
	if until, err := time.Parse(time.RFC3339, g.settings["secret.until"].Reveal()); err == nil && now.Before(until) {
		keys = append(keys, g.settings["secret.old"])
	}
	r := http.Request{Header: h}
	given, ok := strings.CutPrefix(h.Get("Authorization"), "Bearer ")
	if _, password, basic := r.BasicAuth(); basic {
		given, ok = password, true
	}
	if h.Get("X-Grafana-Alerting-Signature") != "" || !ok {
		return signature.Grafana(h).Verify(h, body, now, keys...)
	}
	if slices.ContainsFunc(keys, func(t secret.Text) bool {
		return !t.IsZero() && subtle.ConstantTimeCompare([]byte(given), []byte(t.Reveal())) == 1
	}) {
		return nil
	}
	return hindcast.Errorf(hindcast.Denied, "the request does not carry the secret of this connection; enter it in the contact point of Grafana")
}
