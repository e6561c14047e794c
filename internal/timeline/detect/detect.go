// Package detect finds what is unusual in the signals of an incident: log
// templates that appear, vanish or change their rate, metrics that change,
// calls that become slow or fail, instances that fall silent.
//
// Everything is measured against what the evidence itself shows to be usual:
// the time outside the window when there is one, else its quiet part. A
// detection's surprise is -log10 of the chance that quiet evidence of the same
// kind and amount shows anything like it, so it already allows for how many
// series were looked at and for how long. The chance comes from distributions
// with heavy tails whose spread is taken from the quiet part at the same time
// scale: counts from the negative binomial, values from Student's
// distribution.
//
// Gaps in the evidence are left out and are never a change.
package detect

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/hindcast/hindcast/internal/redact"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// Options say where to look.
type Options struct {
	// From and To bound the incident; zero is unbounded. What lies outside
	// yields no detection but says what normal looks like.
	From, To time.Time
	// Changes are known changes. An error that first occurs soon after one is
	// more surprising than the same at any time.
	Changes []Change
}

// Change is a moment at which something was changed.
type Change struct {
	At      time.Time
	Service string // empty: any
	Subject string // what was changed, for people
}

// Run returns what is unusual in set, in order of time. The same set gives the
// same result.
func Run(set signal.Set, opt Options) []signal.Detection {
	d := &detector{window: newWindow(opt), changes: opt.Changes, redact: redact.New()}
	d.logs(set.Templates)
	d.metrics(set.Series)
	d.edges(set.Edges, set.Traces)
	slices.SortStableFunc(d.found, func(a, b signal.Detection) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Detector, b.Detector),
			cmp.Compare(a.Service, b.Service), cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.To, b.To))
	})
	return d.found
}

// detector collects detections.
type detector struct {
	window  window
	changes []Change
	redact  *redact.Redactor
	found   []signal.Detection
}

// add keeps a detection that is at least possible. ln is the logarithm of the
// chance of anything like it.
func (d *detector) add(s signal.Detection, ln float64) {
	if ln >= math.Log(possible) {
		return
	}
	s.Surprise = -ln / math.Ln10
	s.Title = d.redact.Text(s.Title)
	d.found = append(d.found, s)
}

// window is the time in which to look, in nanoseconds.
type window struct {
	from, to int64
	bounded  bool
}

func newWindow(opt Options) window {
	w := window{from: math.MinInt64, to: math.MaxInt64}
	if !opt.From.IsZero() {
		w.from, w.bounded = opt.From.UnixNano(), true
	}
	if !opt.To.IsZero() {
		w.to, w.bounded = opt.To.UnixNano(), true
	}
	return w
}

func (w window) holds(at int64) bool { return at >= w.from && at <= w.to }

// cells says which cells of an axis lie in the window; nil when it has no bounds.
func (w window) cells(a *axis) []bool {
	if !w.bounded {
		return nil
	}
	in := make([]bool, len(a.cells))
	for i := range in {
		in[i] = a.end(i) > w.from && a.start(i) <= w.to
	}
	return in
}
