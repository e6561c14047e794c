// Package grafana speaks with the HTTP API of Grafana, with the token of a service
// account: annotations become evidence, and queries are asked of Prometheus through
// the proxy of a data source, both as the bytes that internal/evidence/alertmanager
// and internal/evidence/prometheus read. What was published is marked by an
// annotation over the time of the incident. Alerts come as the requests of a contact
// point of the kind webhook, version 1 of their format.
package grafana

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

// What the settings may hold.
const (
	mostQueries    = 50
	mostDashboards = 20
	mostTags       = 20
)

// Vendor returns the vendor for a list.
func Vendor() connector.Vendor {
	return connector.Vendor{
		Name: "grafana", Title: "Grafana", Roles: []connector.Role{connector.Fetches, connector.Receives, connector.Announces},
		Silent: true, Asks: true, Tells: []string{"postmortem.published"},
		Fields: []connector.Field{
			{Name: "url", Title: "Address", Help: "where Grafana is, such as https://grafana.example.org"},
			{Name: "token", Title: "Token of a service account", Help: "the role Viewer is enough to read; Editor marks what is published", Secret: true},
			{Name: "datasource", Title: "Prometheus data source", Help: "its UID, for the queries below; “Ask what it may do there” lists those that the token sees", Optional: true},
			{Name: "queries", Title: "Queries", Help: "in PromQL, one a line: the metrics that are kept with every incident. One that begins with a UID in brackets, such as [abc123] up, is asked of that data source. Write - for none", Long: true, Optional: true},
			{Name: "tags", Title: "Tags", Help: "one a line: only annotations with one of them are evidence. Empty or * for all", Long: true, Optional: true},
			{Name: "dashboards", Title: "Dashboards", Help: "their UIDs, one a line: only annotations of these are evidence. Empty or * for all that the token sees", Long: true, Optional: true},
			{Name: "type", Title: "Kind of annotations", Help: "write alert for what alerting did, annotation for what people and pipelines noted, and both or nothing for both", Optional: true},
			{Name: "secret", Title: "Secret of the contact point", Help: "with which Grafana signs its alerts", Secret: true, Generate: rand.Text},
		},
		Setup: setup,
		Check: func(s connector.Settings) (string, error) {
			g, err := open(s)
			if err != nil {
				return "", err
			}
			return g.address, nil
		},
		Open: func(s connector.Settings, d connector.Deps) (any, error) {
			g, err := open(s)
			if err != nil {
				return nil, err
			}
			g.deps = d
			return g, nil
		},
	}
}

func setup(hook string) (say, copied string) {
	return "For alerts, add a contact point of the kind Webhook in Grafana, with the secret that was shown when the connection was made. Before Grafana 12, which cannot sign, the secret is the credentials of the Authorization header with the scheme Bearer, or the password of basic authentication. What is published is marked with the tag post-mortem; an annotation query by that tag shows it on a dashboard.",
		"URL: " + hook + "\nHTTP Method: POST\nHMAC Signature\n- Secret: THE SECRET\n- Header: X-Grafana-Alerting-Signature\n- Timestamp Header: X-Grafana-Alerting-Timestamp"
}

// uid is what Grafana allows as a UID.
var uid = lazyregexp.New(`^[A-Za-z0-9_-]{1,40}$`)

// Grafana is one organization of a server.
type Grafana struct {
	address    string
	token      secret.Text
	settings   connector.Settings // for the secret of the contact point, and the one before it
	dashboards []string           // whose annotations are read; one that is empty for all
	tags       []string           // of which an annotation has one; none for all
	kind       string             // of annotations: "alert", "annotation"; empty for both
	queries    []query
	deps       connector.Deps
}

func open(s connector.Settings) (*Grafana, error) {
	g := &Grafana{
		address: strings.TrimRight(s["url"].Reveal(), "/"), token: s["token"], settings: s,
		dashboards: lines(s["dashboards"]), tags: lines(s["tags"]), kind: strings.TrimSpace(s["type"].Reveal()),
	}
	if g.kind == "both" {
		g.kind = ""
	}
	var faults []string
	wrong := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if _, ok := connector.Address(g.address); !ok {
		wrong("url: write an address such as https://grafana.example.org")
	}
	if g.token.IsZero() {
		wrong("token: enter the token of a service account")
	}
	for _, d := range g.dashboards {
		if !uid.MatchString(d) {
			wrong("dashboards: %q is no UID; it stands in the address of the dashboard, /d/UID/name", d)
			break
		}
	}
	if len(g.dashboards) > mostDashboards || len(g.tags) > mostTags {
		wrong("dashboards: name up to %d, and up to %d tags", mostDashboards, mostTags)
	}
	if g.kind != "" && g.kind != "alert" && g.kind != "annotation" {
		wrong("type: write alert, annotation or both")
	}
	var err error
	if g.queries, err = queries(s); err != nil {
		wrong("%v", err)
	}
	if faults != nil {
		return nil, connector.Wrong(faults)
	}
	if g.dashboards == nil {
		g.dashboards = []string{""}
	}
	return g, nil
}

// lines are the lines of a setting that say something. "*" and "-" are how people
// take back what they entered before: a field that is left empty stays as it was.
func lines(t secret.Text) (out []string) {
	for line := range strings.Lines(t.Reveal()) {
		if line = strings.TrimSpace(line); line != "" && line != "*" && line != "-" {
			out = append(out, line)
		}
	}
	return out
}

// do asks for something and reads the answer into v, unless that is nil.
func (g *Grafana) do(ctx context.Context, method, path string, values url.Values, body, v any) (*outhttp.Response, error) {
	address := g.address + path
	if len(values) > 0 {
		address += "?" + values.Encode()
	}
	return connector.Ask(ctx, g.deps.HTTP, "Grafana", outhttp.Request{
		Method: method, URL: address, Credential: "grafana " + g.address,
		Authorize: func(h http.Header) { h.Set("Authorization", "Bearer "+g.token.Reveal()) },
	}, body, v)
}

// annotation is what is read of an annotation.
type annotation struct {
	ID      int64           `json:"id"`
	Time    int64           `json:"time"` // milliseconds since the Unix epoch
	TimeEnd int64           `json:"timeEnd"`
	Text    string          `json:"text"`
	Tags    []string        `json:"tags"`
	Data    json.RawMessage `json:"data"` // whatever who made it keeps with it
}

// end is when an annotation ends, which of a point is when it is.
func (a annotation) end() int64 { return max(a.Time, a.TimeEnd) }

// find asks for annotations and returns them as they came, too.
func (g *Grafana) find(ctx context.Context, values url.Values) (list []annotation, raw []json.RawMessage, err error) {
	res, err := g.do(ctx, http.MethodGet, "/api/annotations", values, nil, &raw)
	if err != nil {
		return nil, nil, err
	}
	if err := json.Unmarshal(res.Body, &list); err != nil || raw == nil {
		return nil, nil, hindcast.Errorf(hindcast.Unavailable, "the answer is no list of annotations; look whether the address is that of Grafana")
	}
	return list, raw, nil
}
