// Package moments shows on a page what was known when: a slider over the moments
// at which something became known, and how much nobody knew yet at each.
package moments

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/asof"
)

// Bar is the slider of a post-mortem.
type Bar struct {
	Num     int64
	At      time.Time // as of which the page is; zero for today
	Stops   []Stop
	Summary string // what is hidden
	items   []asof.Item
}

// Stop is a moment at which something became known.
type Stop struct {
	At    time.Time
	Title string // empty for what lies after the moment of the page
}

// shown are the kinds of items that a page hides.
var shown = []asof.Kind{asof.Entry, asof.Factor, asof.Observation, asof.Number}

// Of returns the slider of a post-mortem, as of a moment unless it is zero, and
// the post-mortem as of then.
func Of(num int64, p hindcast.Postmortem, at time.Time) (Bar, hindcast.Postmortem) {
	b := Bar{Num: num, At: at, items: asof.Items(p), Stops: stops(p)}
	if at.IsZero() {
		return b, p
	}
	b.stopAt(at)
	for i := range b.Stops {
		if b.Stops[i].At.After(at) {
			b.Stops[i].Title = "" // nobody knew it yet
		}
	}
	view := asof.Of(b.items, at)
	b.Summary = view.Only(shown...).Summary()
	return b, view.Apply(p)
}

// stopAt makes a moment that was asked for one of the stops.
func (b *Bar) stopAt(at time.Time) {
	i, found := slices.BinarySearchFunc(b.Stops, at, func(s Stop, t time.Time) int { return s.At.Compare(t) })
	if !found {
		b.Stops = slices.Insert(b.Stops, i, Stop{At: at})
	}
}

// stops returns the moments of the key entries, or of all when none is key, each
// second once.
func stops(p hindcast.Postmortem) []Stop {
	titles := map[int64]string{}
	var key, all []asof.Item
	for _, e := range p.Timeline {
		if e.KnownAt.IsZero() {
			continue
		}
		i := asof.Item{Kind: asof.Entry, ID: e.ID, KnownAt: e.KnownAt}
		all = append(all, i)
		if e.Key {
			key = append(key, i)
		}
		if second := e.KnownAt.Unix(); titles[second] == "" || e.Key {
			titles[second] = e.Title
		}
	}
	if len(key) == 0 {
		key = all
	}
	var out []Stop
	for _, t := range asof.Stops(key) {
		out = append(out, Stop{t, titles[t.Unix()]})
	}
	return out
}

// Address is the page as of a moment, today when it is zero.
func Address(num int64, at time.Time) string {
	if at.IsZero() {
		return fmt.Sprintf("/p/%d#s-timeline", num)
	}
	return fmt.Sprintf("/p/%d?at=%s#s-timeline", num, url.QueryEscape(at.UTC().Format(time.RFC3339)))
}

// steps returns the moments before and after the one that is shown.
func (b Bar) steps() (before, after time.Time) {
	for _, s := range b.Stops {
		switch {
		case b.At.IsZero() || s.At.Before(b.At):
			before = s.At
		case s.At.After(b.At) && after.IsZero():
			after = s.At
		}
	}
	return before, after
}

// data writes the items for the script, one a line: the id of its element, how many
// seconds after the one before it happened (the first since 1970), and how many
// later it could be known. For what has no moment "-" stands, and it counts from the
// last that has one.
func (b Bar) data() string {
	prefix := map[asof.Kind]string{asof.Entry: "timeline/", asof.Factor: "factors/", asof.Observation: "observations/", asof.Number: ""}
	var out []byte
	var last int64
	for _, i := range b.items {
		p, ok := prefix[i.Kind]
		if !ok {
			continue
		}
		if out != nil {
			out = append(out, '\n')
		}
		out = append(append(append(out, p...), i.ID...), ' ')
		out = appendSeconds(out, i.At, last)
		if !i.At.IsZero() {
			last = i.At.Unix()
		}
		out = appendSeconds(append(out, ' '), i.KnownAt, last)
	}
	return string(out)
}

// appendSeconds appends how many seconds after another moment one is.
func appendSeconds(b []byte, t time.Time, after int64) []byte {
	if t.IsZero() {
		return append(b, '-')
	}
	return strconv.AppendInt(b, t.Unix()-after, 10)
}
