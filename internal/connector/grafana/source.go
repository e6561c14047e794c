package grafana

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
)

// How many annotations are asked for at a time, and at most when so many end in the
// same millisecond that the time does not tell their pages apart.
const (
	pageSize = 1000
	mostSame = 16 * pageSize
)

// asked begins the Next of the pages that are answers to queries.
const asked = "query:"

// Fetch returns a page of the annotations of a window, or the answer to a query. The
// annotations come first, those of one dashboard after the other, the latest end
// first. The query of a window, as one of the settings is written, takes the place of
// everything.
func (g *Grafana) Fetch(ctx context.Context, w connector.Window, after string) (connector.Batch, error) {
	list := g.queries
	if w.Query != "" {
		q, err := g.own(strings.TrimSpace(w.Query))
		if err != nil {
			return connector.Batch{}, fmt.Errorf("fetch from Grafana: %w", err)
		}
		list = []query{q}
		if after == "" {
			after = asked + "0"
		}
	}
	none := hindcast.Errorf(hindcast.Invalid, "fetch from Grafana: there is no page %q; begin anew", after)
	if digits, ok := strings.CutPrefix(after, asked); ok {
		i, err := strconv.Atoi(digits)
		if err != nil || i < 0 || i >= len(list) {
			return connector.Batch{}, none
		}
		return g.answer(ctx, w, list, i)
	}
	p, err := readPosition(after)
	if err != nil || p.dashboard >= len(g.dashboards) {
		return connector.Batch{}, none
	}
	return g.page(ctx, w, p)
}

// position is where in the annotations a page begins.
type position struct {
	dashboard int
	bound     int64 // the latest end on the page, in milliseconds; math.MaxInt64 on the first
}

func readPosition(after string) (position, error) {
	p := position{bound: math.MaxInt64}
	if after == "" {
		return p, nil
	}
	i, bound, more := strings.Cut(after, ":")
	n, err := strconv.ParseUint(i, 10, 16)
	p.dashboard = int(n) //nolint:gosec // of 16 bits
	if err == nil && more {
		p.bound, err = strconv.ParseInt(bound, 10, 64)
	}
	return p, err
}

// page fetches one page of annotations. Grafana has no pages: it gives those that
// end last, up to a limit, of all that began before a time. When it gives as many
// as were asked for, those with the earliest end may not be all of them: they are
// left for the next page, which is what began before that end.
func (g *Grafana) page(ctx context.Context, w connector.Window, p position) (connector.Batch, error) {
	values := url.Values{"from": {stamp(w.From.UnixMilli())}, "to": {stamp(min(p.bound, w.To.UnixMilli()))}}
	name, where := "annotations", "annotations"
	if d := g.dashboards[p.dashboard]; d != "" {
		values.Set("dashboardUID", d)
		name, where = name+"-"+d, where+" of dashboard "+d
	}
	if p.bound != math.MaxInt64 {
		name += "-" + stamp(p.bound)
	}
	g.filter(values)
	for limit := pageSize; limit <= mostSame; limit *= 2 {
		values.Set("limit", strconv.Itoa(limit))
		list, raw, err := g.find(ctx, values)
		if err != nil {
			return connector.Batch{}, fmt.Errorf("fetch %s from Grafana: %w", where, err)
		}
		oldest := int64(math.MinInt64) // everything is there
		if len(list) >= limit {
			oldest = slices.MinFunc(list, func(a, b annotation) int { return int(min(max(a.end()-b.end(), -1), 1)) }).end()
		}
		if oldest >= p.bound {
			continue // none of the page is new
		}
		b := connector.Batch{Next: g.next(p, oldest)}
		if body := kept(list, raw, oldest, p.bound); body != nil {
			b.Files = []connector.File{{Name: name + ".json", Body: body, Source: "Grafana " + where, FetchedAt: g.deps.Now()}}
		}
		return b, nil
	}
	return connector.Batch{}, hindcast.Errorf(hindcast.Invalid, "fetch %s from Grafana: more than %d end in the same moment; choose tags or dashboards in the settings", where, mostSame)
}

// filter sets what the settings say of annotations.
func (g *Grafana) filter(values url.Values) {
	if g.kind != "" {
		values.Set("type", g.kind)
	}
	if len(g.tags) > 0 {
		values["tags"] = g.tags
		values.Set("matchAny", "true")
	}
}

// next says where to go on after a page whose earliest end is oldest, or which is
// the last of its dashboard.
func (g *Grafana) next(p position, oldest int64) string {
	switch {
	case oldest != math.MinInt64:
		return strconv.Itoa(p.dashboard) + ":" + stamp(oldest)
	case p.dashboard+1 < len(g.dashboards):
		return strconv.Itoa(p.dashboard + 1)
	case len(g.queries) > 0:
		return asked + "0"
	}
	return ""
}

// kept is the JSON of the annotations that end after one time and not after
// another, each as it came. Our own are no evidence: they say what a post-mortem
// says. Without any it is nil.
func kept(list []annotation, raw []json.RawMessage, after, until int64) []byte {
	var out [][]byte
	for i, a := range list {
		if a.end() > after && a.end() <= until && !slices.ContainsFunc(a.Tags, ours) {
			out = append(out, raw[i])
		}
	}
	if out == nil {
		return nil
	}
	return slices.Concat([]byte("["), bytes.Join(out, []byte(",\n")), []byte("]\n"))
}

// stamp writes a time in milliseconds.
func stamp(ms int64) string { return strconv.FormatInt(ms, 10) }
