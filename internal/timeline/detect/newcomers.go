package detect

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/chance"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

const (
	// soon is how long after a change a first error counts as following it.
	soon = 15 * time.Minute
	// typicalSize is how many buckets a harmless new template is taken to fill
	// before the evidence says more, and certainty how many such cases that
	// belief is worth.
	typicalSize = 2.0
	certainty   = 3.0
)

// newcomer is a template that appears while a service is being watched.
type newcomer struct {
	*entry
	n    int     // records of its first appearance
	seen float64 // seconds of evidence before it
	size float64 // buckets it fills, and a little for being dense in them
	late float64 // logarithm of the chance that any that was always there shows only now
}

// fresh reports whether a template first appears inside the window, after some
// evidence without it. At the beginning of the evidence everything is new; how
// much that says is left to the rate at which things are new.
func (d *detector) fresh(e *entry) bool {
	return d.window.holds(e.First.At) && e.axis.before(e.First.At) > pause
}

// newcomers reports templates that appear. How surprising one is follows from
// how often templates at least as severe appear anyway on this evidence, and
// from how many buckets those usually fill: taken as geometric, since what goes
// on and on is what an isolated event is not.
func (d *detector) newcomers(l *logView) {
	all := l.axes.whole
	looked := all.within(d.window)
	list := appearances(l, all)
	for _, n := range list {
		if !n.fresh {
			continue
		}
		rate, size := expected(list, n)
		lone := (n.size - 1) * math.Log1p(-1/size)
		ln := chance.Any(rate*looked, lone)
		why := fmt.Sprintf("first seen after %s of evidence, then %d times in %d buckets of 10 s; %s such templates an hour appear anyway",
			duration(n.seen), n.n, n.first, number(rate*3600))
		if c, ok := d.after(n); ok {
			ln = min(ln, chance.AnyOf(float64(len(d.changes)+1), chance.Any(rate*soon.Seconds(), lone)))
			why = fmt.Sprintf("%s after %s; %s", duration(float64(n.First.At-c.At.UnixNano())/1e9), c.Subject, why)
		}
		begin := n.begin()
		if early := begin.At - n.First.At; early > 0 {
			why += fmt.Sprintf("; goes on from %s after the first", duration(float64(early)/1e9))
		}
		d.add(signal.Detection{
			Detector: "new-template", From: begin.At, To: max(begin.At, n.until()), Eased: max(begin.At, thinned(n.Buckets, begin.At, n.until())), Service: n.Service, Subject: n.template.ID,
			Direction: 1, Bad: n.severity > harmless, Effect: n.ratio(),
			Title: "first " + quoted(n.template.Text) + in(n.label()), Why: why, Marks: []signal.Mark{begin},
		}, max(ln, n.late))
	}
}

// appearances returns all templates in the order of their first records.
func appearances(l *logView, a *axis) []newcomer {
	length := a.before(math.MaxInt64)
	out := make([]newcomer, len(l.entries))
	for i := range l.entries {
		e := &l.entries[i]
		out[i] = newcomer{entry: e}
		for _, c := range e.Buckets[:e.first] {
			out[i].n += int(c.N)
		}
		filled := float64(e.first)
		out[i].size = filled + math.Log2(max(1, float64(out[i].n)/filled))
	}
	slices.SortStableFunc(out, func(a, b newcomer) int {
		return cmp.Or(cmp.Compare(a.First.At, b.First.At), cmp.Compare(a.template.Text, b.template.Text), cmp.Compare(a.Service, b.Service))
	})
	cell, sum := 0, 0.0
	for i := range out {
		for cell < len(a.cells) && a.end(cell) <= out[i].First.At {
			sum += a.covered[cell]
			cell++
		}
		out[i].seen = max(sum, float64(seconds))
		out[i].late = chance.AnyOf(float64(len(out)), out[i].missing(length, l.traffic[origin{out[i].Service, out[i].axis}]))
	}
	return out
}

// expected returns how many templates at least as severe as n appear per second
// around the time when n does, judged by the later half of the evidence before
// it, and how large those are. Templates that can have been there always do not
// count, nor do those that appear so shortly before n that it may be for the
// same reason.
func expected(list []newcomer, n newcomer) (rate, size float64) {
	count, weight, sum := 0.5, certainty, certainty*typicalSize
	for _, o := range list {
		if o.First.At >= n.First.At-apart {
			break
		}
		if o.severity < n.severity || o.seen < pause || o.late > math.Log(possible) {
			continue
		}
		if o.seen >= n.seen/2 {
			count++
		}
		weight++
		sum += o.size
	}
	return count / (n.seen / 2), sum / weight
}

// after returns the last change that n follows soon.
func (d *detector) after(n newcomer) (Change, bool) {
	var last Change
	found := false
	if n.severity == harmless {
		return last, false
	}
	for _, c := range d.changes {
		wait := time.Duration(n.First.At - c.At.UnixNano())
		if wait < 0 || wait > soon || c.Service != "" && n.Service != "" && c.Service != n.Service {
			continue
		}
		if !found || c.At.After(last.At) {
			last, found = c, true
		}
	}
	return last, found
}

// missing is the logarithm of the chance that a template which is always there
// does not show until now, given how long that is, or how much traffic.
func (n *newcomer) missing(length float64, traffic []float64) float64 {
	expected := float64(n.n) / max(length-n.seen, float64(seconds)) * n.seen
	var before, since float64
	for i, v := range traffic {
		if n.axis.start(i) < n.First.At {
			before += v
		} else {
			since += v
		}
	}
	if since > 0 {
		expected = min(expected, float64(n.n)*before/since)
	}
	return chance.GammaPoisson{Mean: expected, Variance: usualSpread * usualSpread}.AtMost(0)
}

// begin returns the record with which the template begins to go on: its first,
// unless there follows a pause that is much too long for what comes then.
func (n *newcomer) begin() signal.Mark {
	const few, most = 3, 3
	at := 0
	for i := range most {
		rest := n.first - i - 1 // buckets after the i-th
		if rest < few {
			break
		}
		pause := float64(n.Buckets[i+1].Bucket - n.Buckets[i].Bucket)
		span := float64(n.Buckets[n.first-1].Bucket - n.Buckets[i+1].Bucket + 1)
		if math.Exp(-pause*float64(rest)/span) < possible/10 {
			at = i + 1
		}
	}
	m, _ := n.mark(n.Buckets[at].Bucket, n.Buckets[at].Bucket+1)
	return m
}

// until is when the first appearance ends.
func (n *newcomer) until() int64 {
	if n.first == len(n.Buckets) {
		return max(n.First.At, n.Last.At)
	}
	return max(n.First.At, (n.Buckets[n.first-1].Bucket+1)*bucket)
}

// ratio compares the rate since it appeared with half a record in all the time before.
func (n *newcomer) ratio() float64 {
	since := n.axis.before(n.until()) - n.axis.before(n.First.At) + float64(seconds)
	return float64(n.n) / since * (2 * max(n.seen, 1))
}
