package grafana

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/prometheus"
)

// query is asked of Prometheus through the proxy of a data source.
type query struct{ source, text string }

// queries reads the queries of the settings. Which alerts of Prometheus fired is
// asked of every data source that is asked anything.
func queries(s connector.Settings) (out []query, err error) {
	source := strings.TrimSpace(s["datasource"].Reveal())
	if source != "" && !uid.MatchString(source) {
		return nil, fmt.Errorf("datasource: %q is no UID; “Ask what it may do there” lists them", source)
	}
	for _, line := range lines(s["queries"]) {
		q, err := readQuery(line, source)
		if err != nil {
			return nil, fmt.Errorf("queries: %w", err)
		}
		out = append(out, q)
	}
	if len(out) > mostQueries {
		return nil, fmt.Errorf("queries: write up to %d, one a line", mostQueries)
	}
	for _, q := range slices.Clone(out) {
		if history := (query{q.source, prometheus.AlertHistory}); !slices.Contains(out, history) {
			out = append(out, history)
		}
	}
	return out, nil
}

// readQuery reads a query as people write it: for a data source, or "[UID] query"
// for another one.
func readQuery(line, source string) (query, error) {
	text := strings.TrimSpace(line)
	if rest, ok := strings.CutPrefix(text, "["); ok {
		source, text, ok = strings.Cut(rest, "]")
		if source, text = strings.TrimSpace(source), strings.TrimSpace(text); !ok || !uid.MatchString(source) || text == "" {
			return query{}, fmt.Errorf("write [UID] before a query, with the UID of a data source, not %q", line)
		}
	}
	if source == "" {
		return query{}, fmt.Errorf("say which data source is asked: enter its UID above, or write [UID] before %q", text)
	}
	return query{source, text}, nil
}

// own reads a query that is asked in place of those of the settings. It goes to the
// data source of the settings, or to one that a query there names, and to no other
// that the token may see.
func (g *Grafana) own(line string) (query, error) {
	source := strings.TrimSpace(g.settings["datasource"].Reveal())
	var known []string
	if source != "" {
		known = append(known, source)
	}
	for _, q := range g.queries {
		if !slices.Contains(known, q.source) {
			known = append(known, q.source)
		}
	}
	if len(known) == 0 {
		return query{}, hindcast.Errorf(hindcast.Invalid, "this connection names no data source; an admin enters one in Settings, Connections")
	}
	if source == "" && len(known) == 1 {
		source = known[0]
	}
	if source == "" && !strings.HasPrefix(line, "[") {
		return query{}, hindcast.Errorf(hindcast.Invalid, "begin with the data source that is asked, in brackets: one of %s", strings.Join(known, ", "))
	}
	q, err := readQuery(line, source)
	if err == nil && !slices.Contains(known, q.source) {
		err = fmt.Errorf("the data source %s is none of this connection; ask %s", q.source, strings.Join(known, " or "))
	}
	if err != nil {
		return query{}, hindcast.Errorf(hindcast.Invalid, "%v", err)
	}
	return q, nil
}

// answer returns the answer to the i-th query over a window.
func (g *Grafana) answer(ctx context.Context, w connector.Window, list []query, i int) (connector.Batch, error) {
	q := list[i]
	body, err := g.ask(ctx, q.source, "query_range", prometheus.Range(q.text, w))
	if err != nil {
		if w.Query != "" {
			err = prometheus.Refused(err)
		}
		return connector.Batch{}, fmt.Errorf("fetch %s from data source %s of Grafana: %w", q.text, q.source, err)
	}
	if w.Query != "" && !prometheus.Found(body) {
		return connector.Batch{}, nil
	}
	b := connector.Batch{Files: []connector.File{{
		Name: q.source + "/" + prometheus.FileName(i, q.text), Body: body,
		Source: "Grafana data source " + q.source + " " + q.text, FetchedAt: g.deps.Now(),
	}}}
	if i+1 < len(list) {
		b.Next = asked + strconv.Itoa(i+1)
	}
	return b, nil
}

// ask asks the API of Prometheus that is behind a data source, and returns its
// answer when it is one of that.
func (g *Grafana) ask(ctx context.Context, source, call string, values url.Values) ([]byte, error) {
	res, err := g.do(ctx, http.MethodGet, "/api/datasources/proxy/uid/"+source+"/api/v1/"+call, values, nil, nil)
	if err != nil {
		return nil, err
	}
	if !prometheus.Answered(res.Body) {
		return nil, hindcast.Errorf(hindcast.Unavailable, "the answer is none of Prometheus; look whether the data source is one of that kind")
	}
	return res.Body, nil
}
