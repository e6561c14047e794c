package grafana

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector/prometheus"
)

// probed is how far back a probe looks for annotations.
const probed = 7 * 24 * time.Hour

// listed is how many data sources a probe names.
const listed = 20

// Probe says what the token sees: the organization, annotations, what it may write,
// data sources of Prometheus with their UIDs, and which queries find something.
func (g *Grafana) Probe(ctx context.Context) (string, error) {
	count, err := g.count(ctx)
	if err != nil {
		return "", fmt.Errorf("read annotations in Grafana: %w", err)
	}
	out := []string{"The token sees " + count + " of the last seven days" + g.organization(ctx) + ", with what is chosen here."}
	for _, part := range []func(context.Context) string{g.rights, g.sources} {
		if said := part(ctx); said != "" {
			out = append(out, said)
		}
	}
	said, err := g.tried(ctx)
	if err != nil {
		return "", err
	}
	if said != "" {
		out = append(out, said)
	}
	return strings.Join(out, " "), nil
}

// count says how many annotations there are.
func (g *Grafana) count(ctx context.Context) (string, error) {
	now := g.deps.Now()
	n, more := 0, ""
	for _, d := range g.dashboards {
		values := url.Values{"from": {stamp(now.Add(-probed).UnixMilli())}, "to": {stamp(now.UnixMilli())}, "limit": {strconv.Itoa(pageSize)}}
		if d != "" {
			values.Set("dashboardUID", d)
		}
		g.filter(values)
		list, _, err := g.find(ctx, values)
		if err != nil {
			return "", err
		}
		if n += len(list); len(list) >= pageSize {
			more = "more than "
		}
	}
	if n == 1 {
		return "1 annotation", nil
	}
	return more + strconv.Itoa(n) + " annotations", nil
}

// organization says which one the token is of. Not every token may know.
func (g *Grafana) organization(ctx context.Context) string {
	var org struct {
		Name string `json:"name"`
	}
	if _, err := g.do(ctx, http.MethodGet, "/api/org", nil, nil, &org); err != nil || org.Name == "" {
		return ""
	}
	return " in the organization “" + org.Name + "”"
}

// rights says what the token may do beside reading annotations, as far as Grafana
// tells.
func (g *Grafana) rights(ctx context.Context) string {
	var may map[string][]string
	if _, err := g.do(ctx, http.MethodGet, "/api/access-control/user/permissions", nil, nil, &may); err != nil || len(may) == 0 {
		return ""
	}
	var can, cannot []string
	for _, r := range []struct{ action, words string }{
		{"annotations:create", "mark what is published"}, {"annotations:write", "bring a mark up to date"}, {"datasources:query", "ask data sources"},
	} {
		if _, ok := may[r.action]; ok {
			can = append(can, r.words)
		} else {
			cannot = append(cannot, r.words+" ("+r.action+")")
		}
	}
	var out []string
	if can != nil {
		out = append(out, "It may "+strings.Join(can, ", ")+".")
	}
	if cannot != nil {
		out = append(out, "It may not "+strings.Join(cannot, ", ")+".")
	}
	return strings.Join(out, " ")
}

// sources names the data sources of Prometheus, with what is written before a query.
func (g *Grafana) sources(ctx context.Context) string {
	var list []struct {
		UID  string `json:"uid"`
		Name string `json:"name"`
		Type string `json:"type"`
	}
	if _, err := g.do(ctx, http.MethodGet, "/api/datasources", nil, nil, &list); err != nil {
		return "It may not list data sources (datasources:read); a query can name one by its UID all the same."
	}
	var names []string
	for _, s := range list {
		if strings.Contains(s.Type, "prometheus") { // also the plugins of clouds, which speak the same
			names = append(names, fmt.Sprintf("%s [%s]", s.Name, s.UID))
		}
	}
	switch {
	case names == nil:
		return "It sees no data source of Prometheus."
	case len(names) > listed:
		return fmt.Sprintf("It sees %d data sources of Prometheus, among them %s.", len(names), strings.Join(names[:listed], ", "))
	}
	return "It sees the data sources of Prometheus " + strings.Join(names, ", ") + "."
}

// tried asks every query for one sample and says which find nothing.
func (g *Grafana) tried(ctx context.Context) (string, error) {
	var empty []string
	n := 0
	for _, q := range g.queries {
		if q.text == prometheus.AlertHistory {
			continue // there is often nothing
		}
		n++
		body, err := g.ask(ctx, q.source, "query", url.Values{"query": {q.text}})
		if hindcast.CodeOf(err) == hindcast.NotFound {
			return "", hindcast.Errorf(hindcast.Invalid, "there is no data source %s in Grafana, or the token does not see it", q.source)
		}
		if err != nil {
			return "", fmt.Errorf("ask data source %s of Grafana for %s: %w", q.source, q.text, err)
		}
		if !prometheus.Found(body) {
			empty = append(empty, q.text)
		}
	}
	switch {
	case n == 0:
		return "", nil
	case empty != nil:
		return "Nothing is there at the moment for: " + strings.Join(empty, "; ") + ".", nil
	}
	return "Every query finds something.", nil
}
