package detect

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/hindcast/hindcast/internal/timeline/signal"
)

const (
	// perCell is how many calls a cell should hold on average for its median to
	// say something.
	perCell = 5
	// handover is how close, in seconds, one instance follows another that it replaces.
	handover = 300
)

// edges reports calls between services that fail, slow down or cease, and
// instances that fall silent.
func (d *detector) edges(edges []signal.Edge, traces []signal.Trace) {
	spans := tally{}
	for i := range edges {
		for _, at := range edges[i].Start {
			spans.add(signal.Count{Bucket: floor(at, bucket), N: 1})
		}
	}
	for _, t := range traces {
		for _, c := range t.Buckets {
			spans.add(c)
		}
	}
	if len(spans) == 0 {
		return
	}
	a := newAxis(spans.counts(), nil, d.window)
	var failing, slow, load, silent family
	calls := map[string][]float64{}
	for i := range edges {
		e := newCalls(a, &edges[i])
		d.failing(e, &failing, len(edges))
		d.slow(e, &slow, len(edges))
		if e.Caller != "" {
			continue
		}
		sum := calls[e.Callee]
		if sum == nil {
			sum = make([]float64, len(a.cells))
			calls[e.Callee] = sum
		}
		for k, n := range e.n {
			sum[k] += n
		}
	}
	d.load(a, calls, &load)
	d.instances(a, traces, &silent)
	for _, f := range [...]*family{&failing, &slow, &load, &silent} {
		d.conclude(f)
	}
}

// edgeCalls is an edge with its calls on an axis.
type edgeCalls struct {
	*signal.Edge
	*axis
	n, failed []float64 // calls by cell
	cell      []int     // of each call
}

func newCalls(a *axis, e *signal.Edge) *edgeCalls {
	c := &edgeCalls{Edge: e, axis: a, n: make([]float64, len(a.cells)), failed: make([]float64, len(a.cells)), cell: make([]int, len(e.Start))}
	for i, at := range e.Start {
		k := a.index(floor(at, bucket))
		c.cell[i] = k
		c.n[k]++
		if e.Failed[i] {
			c.failed[k]++
		}
	}
	return c
}

// name names the edge for people, subject for programs.
func (e *edgeCalls) name() string {
	if e.Caller == "" {
		return e.Operation + in(e.Callee)
	}
	return e.Operation + in(e.Callee) + " called by " + e.Caller
}

func (e *edgeCalls) subject() string { return e.Caller + ">" + e.Callee + " " + e.Operation }

// failing reports how the share of failed calls rises.
func (d *detector) failing(e *edgeCalls, f *family, trials int) {
	if !slices.Contains(e.Failed, true) {
		return
	}
	r := &rates{axis: e.axis, n: e.failed, exposure: e.n, inside: d.window.cells(e.axis), better: -1, family: f}
	for _, x := range r.runs() {
		if x.side < 0 {
			continue
		}
		s := signal.Detection{
			Detector: "failing-edge", From: r.start(x.from), To: r.end(x.to - 1), Peak: r.start(x.peak),
			Service: e.Callee, Subject: e.subject(), Direction: 1, Bad: true, Effect: x.rate() / x.usual.rate(),
			Title: fmt.Sprintf("failures of %s rose from %s to %s", e.name(), percent(x.usual.n, x.usual.exposure), percent(x.n, x.exposure)),
			Why:   fmt.Sprintf("%s of %s calls failed, before %s of %s", number(x.n), number(x.exposure), number(x.usual.n), number(x.usual.exposure)),
		}
		first, _ := slices.BinarySearch(e.Start, s.From)
		for first < len(e.Start) && !e.Failed[first] {
			first++
		}
		e.dated(&s, first)
		r.candidate(x, s, trials)
	}
}

// dated lets a detection begin with a call, and point to it where its record is known.
func (e *edgeCalls) dated(s *signal.Detection, first int) {
	if first < len(e.Start) && e.Start[first] <= s.To {
		s.From = e.Start[first]
	}
	if e.First.At == s.From {
		s.Marks = []signal.Mark{e.First}
	}
	s.Peak, s.To = max(s.From, s.Peak), max(s.From, s.To)
}

// slow reports how the duration of calls changes, by the medians of the calls
// that begin together.
func (d *detector) slow(e *edgeCalls, f *family, trials int) {
	groups := e.groups()
	l := &levels{x: make([]float64, len(groups)), at: make([]int64, len(groups)), better: -1, family: f}
	if d.window.bounded {
		l.inside = make([]bool, len(groups))
	}
	for i, g := range groups {
		l.x[i], l.at[i] = e.median(e.Micros, g), e.Start[g.from]
		if l.inside != nil {
			l.inside[i] = d.window.holds(e.Start[g.from])
		}
	}
	for _, x := range l.stretches() {
		s := signal.Detection{
			Detector: "slow-edge", From: e.Start[groups[x.from].from], To: e.Start[groups[x.to-1].to-1], Peak: e.Start[groups[x.extreme].from],
			Service: e.Callee, Subject: e.subject(), Direction: x.side, Bad: x.side > 0, Effect: x.mean / max(x.usual, 1),
		}
		within := span{groups[x.from].from, groups[x.to-1].to}
		s.Title = fmt.Sprintf("%s took %s instead of %s", e.name(), micros(e.median(e.Micros, within)), micros(x.usual))
		s.Why = fmt.Sprintf("median of %d calls, %s of it its own; usually %s with a spread of %s",
			within.to-within.from, micros(e.median(e.Self, within)), micros(x.usual), micros(x.spread))
		first := within.from
		for first < within.to && float64(x.side)*(float64(e.Micros[first])-(x.mean+x.usual)/2) < 0 {
			first++
		}
		e.dated(&s, first)
		l.candidate(x, s, trials)
	}
}

// span is a range of calls.
type span struct{ from, to int }

// groups cuts the calls into groups that begin within the same cells, as many
// cells as make about [perCell] calls.
func (e *edgeCalls) groups() []span {
	cells := max(1, perCell*len(e.cells)/max(1, len(e.Start)))
	var out []span
	for i, k := range e.cell {
		n := len(out)
		if n > 0 && e.cell[out[n-1].from]/cells == k/cells {
			out[n-1].to = i + 1
			continue
		}
		out = append(out, span{i, i + 1})
	}
	return out
}

func (e *edgeCalls) median(of []int64, s span) float64 {
	part := slices.Sorted(slices.Values(of[s.from:s.to]))
	return float64(part[len(part)/2])
}

func micros(us float64) string {
	switch {
	case us < 1000:
		return number(us) + " µs"
	case us < 1e6:
		return number(us/1e3) + " ms"
	}
	return number(us/1e6) + " s"
}

// load reports how often each service is called from outside. Calls within are
// fewer when a caller fails, which says nothing about the one called.
func (d *detector) load(a *axis, calls map[string][]float64, f *family) {
	for _, service := range slices.Sorted(maps.Keys(calls)) {
		r := &rates{axis: a, n: calls[service], exposure: a.covered, inside: d.window.cells(a), family: f}
		for _, x := range r.runs() {
			s := d.detection(r, x, nil)
			s.Service, s.Subject = service, "calls"
			s.Bad = x.side < 0 && s.Effect < 0.5
			s.Title = d.title("calls"+of(service), x)
			r.candidate(x, s, len(calls))
		}
	}
}

// instances reports instances that fall silent while others of the same service
// go on. One that another takes over from is no failure.
func (d *detector) instances(a *axis, traces []signal.Trace, f *family) {
	for i := range traces {
		t := &traces[i]
		if t.Instance == "" || len(t.Buckets) == 0 {
			continue
		}
		r := &rates{axis: a, n: make([]float64, len(a.cells)), exposure: a.covered, inside: d.window.cells(a), family: f}
		a.fill(r.n, t.Buckets)
		for _, x := range r.runs() {
			if x.side > 0 || x.n > 0 || !others(traces, t, r.start(x.from), r.end(x.to-1)) {
				continue
			}
			s := d.detection(r, x, nil)
			s.Detector, s.Service, s.Subject = "missing-instance", t.Service, t.Instance
			heir := successor(traces, t, s.From)
			s.Bad = heir == ""
			s.Title = fmt.Sprintf("instance %s%s fell silent", t.Instance, of(t.Service))
			if heir != "" {
				s.Title += ", " + heir + " took over"
			}
			r.candidate(x, s, len(traces))
		}
	}
}

// others reports whether another instance of the same service is seen in most of
// the buckets from one time to another.
func others(traces []signal.Trace, t *signal.Trace, from, to int64) bool {
	for i := range traces {
		o := &traces[i]
		if o.Service != t.Service || o.Instance == t.Instance {
			continue
		}
		first, _ := slices.BinarySearchFunc(o.Buckets, from/bucket, byBucket)
		last, _ := slices.BinarySearchFunc(o.Buckets, to/bucket, byBucket)
		if int64(last-first)*2 >= (to-from)/bucket {
			return true
		}
	}
	return false
}

// successor returns the instance of the same service that first shows about
// when t falls silent; empty when there is none.
func successor(traces []signal.Trace, t *signal.Trace, at int64) string {
	for i := range traces {
		o := &traces[i]
		if o.Service != t.Service || o.Instance == t.Instance || len(o.Buckets) == 0 {
			continue
		}
		if wait := o.Buckets[0].Bucket*bucket - at; cmp.Compare(max(wait, -wait), handover*1e9) <= 0 {
			return o.Instance
		}
	}
	return ""
}
