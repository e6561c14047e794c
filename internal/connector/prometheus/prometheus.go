// Package prometheus fetches metrics around an incident from a server that speaks
// the HTTP API of Prometheus, version 1: the bytes that internal/evidence/prometheus
// reads. What is worth keeping is chosen once, as queries; alerts that fired are
// fetched always.
package prometheus

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

// AlertHistory is the series in which Prometheus keeps which alerts fired; its
// list of alerts has only those of now.
const AlertHistory = `ALERTS{alertstate="firing"}`

// points is how many samples of a series are asked for at most; the server refuses
// more than 11,000.
const points = 4000

// shortest is the shortest step between samples.
const shortest = time.Second

// mostQueries bounds the settings.
const mostQueries = 50

// Vendor returns the vendor for a list.
func Vendor() connector.Vendor {
	return connector.Vendor{
		Name: "prometheus", Title: "Prometheus", Roles: []connector.Role{connector.Fetches}, Asks: true,
		Fields: []connector.Field{
			{Name: "url", Title: "Address", Help: "where the paths begin with /api/v1, such as https://prometheus.example.org"},
			{Name: "queries", Title: "Queries", Help: "in PromQL, one a line: the metrics that are kept with every incident, such as sum by (service) (rate(http_requests_total[1m]))", Long: true},
			{Name: "token", Title: "Bearer token", Help: "where the server asks for one", Secret: true, Optional: true},
		},
		Check: func(s connector.Settings) (string, error) {
			p, err := open(s)
			if err != nil {
				return "", err
			}
			return p.address, nil
		},
		Open: func(s connector.Settings, d connector.Deps) (any, error) {
			p, err := open(s)
			if err != nil {
				return nil, err
			}
			p.deps = d
			return p, nil
		},
	}
}

func open(s connector.Settings) (*Prometheus, error) {
	address := strings.TrimRight(s["url"].Reveal(), "/")
	if _, ok := connector.Address(address); !ok {
		return nil, hindcast.Errorf(hindcast.Invalid, "url: write an address such as https://prometheus.example.org")
	}
	p := &Prometheus{address: address, token: s["token"]}
	for line := range strings.Lines(s["queries"].Reveal()) {
		if q := strings.TrimSpace(line); q != "" {
			p.queries = append(p.queries, q)
		}
	}
	if len(p.queries) == 0 || len(p.queries) > mostQueries {
		return nil, hindcast.Errorf(hindcast.Invalid, "queries: write between one and %d, one a line", mostQueries)
	}
	p.queries = append(p.queries, AlertHistory)
	return p, nil
}

// Prometheus is a server.
type Prometheus struct {
	address string
	queries []string
	token   secret.Text
	deps    connector.Deps
}

// Fetch returns the answer to one query. A page's Next is the place of the next
// query. The window's own query takes the place of those of the settings; one that
// finds nothing gives no file.
func (p *Prometheus) Fetch(ctx context.Context, w connector.Window, after string) (connector.Batch, error) {
	queries := p.queries
	if w.Query != "" {
		queries = []string{w.Query}
	}
	i := 0
	if after != "" {
		n, err := strconv.Atoi(after)
		if err != nil || n < 0 || n >= len(queries) {
			return connector.Batch{}, hindcast.Errorf(hindcast.Invalid, "fetch from Prometheus: there is no page %q; begin anew", after)
		}
		i = n
	}
	body, err := p.get(ctx, "/api/v1/query_range?"+Range(queries[i], w).Encode())
	if err != nil {
		if w.Query != "" {
			err = Refused(err)
		}
		return connector.Batch{}, fmt.Errorf("fetch %s from Prometheus: %w", queries[i], err)
	}
	if w.Query != "" && !Found(body) {
		return connector.Batch{}, nil
	}
	name := FileName(i, queries[i])
	b := connector.Batch{Files: []connector.File{{Name: name, Body: body, Source: "Prometheus " + queries[i], FetchedAt: p.deps.Now()}}}
	if i+1 < len(queries) {
		b.Next = strconv.Itoa(i + 1)
	}
	return b, nil
}

// Range returns the parameters of query_range by which a query is asked over a
// window.
func Range(query string, w connector.Window) url.Values {
	return url.Values{"query": {query}, "start": {stamp(w.From)}, "end": {stamp(w.To)}, "step": {strconv.FormatFloat(step(w).Seconds(), 'f', -1, 64)}}
}

// unfit is what a name of a file made of a query leaves out.
var unfit = lazyregexp.New(`[^A-Za-z0-9_]+`)

// FileName names the answer to the i-th query by its words: what a query computes
// has no other name.
func FileName(i int, query string) string {
	if query == AlertHistory {
		return "alerts.json"
	}
	words := strings.Trim(unfit.ReplaceAllString(query, "-"), "-")
	if len(words) > 60 {
		words = strings.TrimRight(words[:60], "-")
	}
	return fmt.Sprintf("%02d-%s.json", i+1, words)
}

// stamp is a time as Prometheus reads it, in seconds.
func stamp(t time.Time) string { return strconv.FormatFloat(float64(t.UnixMilli())/1000, 'f', 3, 64) }

// step returns the time between two samples of a window: whole seconds, so that the
// same window gives the same samples.
func step(w connector.Window) time.Duration {
	s := (w.To.Sub(w.From)/points + time.Second - 1).Truncate(time.Second)
	return max(s, shortest)
}

// get asks for something and returns the answer when it is one of the API.
func (p *Prometheus) get(ctx context.Context, target string) ([]byte, error) {
	q := outhttp.Request{Method: http.MethodGet, URL: p.address + target, Header: http.Header{"Accept": {"application/json"}}}
	if !p.token.IsZero() {
		q.Authorize = func(h http.Header) { h.Set("Authorization", "Bearer "+p.token.Reveal()) }
	}
	res, err := p.deps.HTTP.Do(ctx, q)
	if err != nil {
		return nil, err
	}
	if !Answered(res.Body) {
		return nil, hindcast.Errorf(hindcast.Unavailable, "the answer is none of its API; look whether the address is right")
	}
	return res.Body, nil
}

// Answered reports whether an answer is one of the API, and of success.
func Answered(body []byte) bool {
	var answer struct {
		Status string `json:"status"`
	}
	return json.Unmarshal(body, &answer) == nil && answer.Status == "success"
}

// Found reports whether an answer to a query has any series.
func Found(body []byte) bool {
	var answer struct {
		Data struct {
			Result []json.RawMessage `json:"result"`
		} `json:"data"`
	}
	return json.Unmarshal(body, &answer) == nil && len(answer.Data.Result) > 0
}

// Probe asks every query for one sample, and says what came.
func (p *Prometheus) Probe(ctx context.Context) (string, error) {
	var empty []string
	for _, query := range p.queries[:len(p.queries)-1] {
		body, err := p.get(ctx, "/api/v1/query?"+url.Values{"query": {query}}.Encode())
		if err != nil {
			return "", fmt.Errorf("ask Prometheus for %s: %w", query, err)
		}
		if !Found(body) {
			empty = append(empty, query)
		}
	}
	if empty != nil {
		return fmt.Sprintf("The server answers. Nothing is there at the moment for: %s", strings.Join(empty, "; ")), nil
	}
	return "The server answers, and every query finds something.", nil
}
