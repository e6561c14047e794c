package kubernetes

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
)

// Forgets is after how long a cluster forgets an event, unless it was set up to keep
// them longer.
const Forgets = time.Hour

// lag is how much of a window may be missing at its ends before that is worth a word: a
// watcher hears of a quiet cluster every minute.
const lag = 2 * time.Minute

// Span is from when to when.
type Span struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Extend returns spans, which are in order, with one more that begins within the last
// one or after it.
func Extend(spans []Span, s Span) []Span {
	if n := len(spans); n > 0 && !s.From.After(spans[n-1].To) {
		out := slices.Clone(spans)
		if s.To.After(out[n-1].To) {
			out[n-1].To = s.To
		}
		return out
	}
	return append(slices.Clone(spans), s)
}

// gaps returns what of a window is in none of spans, which are in order.
func gaps(spans []Span, w Span) (out []Span) {
	at := w.From
	for _, s := range append(slices.Clone(spans), Span{w.To, w.To}) {
		if end := earlier(s.From, w.To); end.Sub(at) > lag {
			out = append(out, Span{at, end})
		}
		if s.To.After(at) {
			at = s.To
		}
	}
	return out
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }

// lacks says of which times of a window there may be events that are not in what is
// fetched.
func (c *Cluster) lacks(ctx context.Context, w connector.Window) ([]string, error) {
	now := c.deps.Now()
	if w.From.IsZero() || !w.From.Before(now) {
		return nil, nil
	}
	if c.watcher == nil {
		if forgotten := now.Add(-Forgets); w.From.Before(forgotten) {
			return []string{"events before " + clock(forgotten) + " may be missing, since a cluster forgets them after an hour unless it was set up otherwise; a watcher keeps them"}, nil
		}
		return nil, nil
	}
	var s Status
	err := c.watcher.get(ctx, "/status", &s)
	if hindcast.CodeOf(err) == hindcast.NotFound {
		return nil, nil // it is none that says how it is
	}
	if err != nil {
		return nil, fmt.Errorf("ask the watcher of Kubernetes how it is: %w", err)
	}
	window := Span{w.From, now}
	if !w.To.IsZero() {
		window.To = earlier(w.To, now)
	}
	var out []string
	for _, f := range s.Following {
		if f.Covered == nil || f.Namespace != "" && !slices.Contains(c.namespaces, "") && !slices.Contains(c.namespaces, f.Namespace) {
			continue
		}
		for _, g := range gaps(f.Covered, window) {
			out = append(out, fmt.Sprintf("events of %s from %s to %s may be missing: the watcher did not follow the cluster then", of(f.Namespace), clock(g.From), clock(g.To)))
		}
	}
	return out, nil
}
