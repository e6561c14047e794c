package suspect

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/signal"
)

const (
	enoughBefore = 3   // executions of an operation that say what is usual
	enoughShift  = 8   // the same, for counts and durations
	enoughAfter  = 4   // executions since, for counts and durations
	splits       = 8   // moments tried as the beginning
	slower       = 2.5 // the most made of a duration, which varies for many reasons: this and log10 of
	slowest      = 4.5 // how many times as long it is, up to here, since great delays are rare by chance
	explained    = 0.8 // share of a call's oddity that its caller is not blamed for
)

// featureKind says what a feature of an operation is.
type featureKind uint8

const (
	logs  featureKind = iota // writes a template
	calls                    // calls an operation
	fails                    // fails
	takes                    // its own duration, by the service it waits for
)

// featureKey is one thing an operation does.
type featureKey struct {
	op    int32
	kind  featureKind
	what  int32 // template or operation, for takes from callee
	times int32 // how often exactly; 0: at all
}

// feature is a feature with its counts before and after a moment.
type feature struct {
	featureKey
	before, after       int     // executions with it
	sumBefore, sumAfter float64 // how often it was done
	squareBefore        float64
	blocks              []share // before, by stretch of time
	surprise            float64
	direction           int
	usual               float64 // mean count before
	byCount             bool    // more or fewer, not whether
	durations           []marked
	ratio               float64 // of median durations
}

// doing is a feature in one span.
type doing struct{ feature, n int32 }

// traceView is the spans as feature counts.
type traceView struct {
	calls    *signal.Calls
	tmpl     []signal.Template
	features []feature
	does     [][]doing // by span
	children [][]int32
	root     []int32   // by span: the span at the top of its trace
	order    []int32   // spans by operation, root and place: those of one request together
	covered  []bool    // logs were kept while the span ran
	ran      [][]share // by operation: executions before, by stretch of time
	from, to int64
}

// spans adds what traces say. The beginning is looked for inside the window,
// since a window usually opens before the fault does.
func spans(set signal.Set, from, to int64, r ranking) {
	v := newTraceView(&set.Calls, set.Templates, from, to)
	begins := v.begins()
	for _, begin := range begins {
		found := ranking{}
		v.rank(begin, found)
		for service, f := range found {
			f.surprise -= math.Log10(float64(len(begins))) // as many chances to look odd
			r.add(service, f)
		}
	}
}

// begins returns the moments to try: times that cut the spans of the window
// into equal parts, as far as half of it.
func (v *traceView) begins() []int64 {
	var starts []int64
	for _, s := range v.calls.Spans {
		if s.Start >= v.from && s.Start <= v.to {
			starts = append(starts, s.Start)
		}
	}
	if len(starts) == 0 {
		return nil
	}
	var out []int64
	for i := range splits {
		out = append(out, starts[i*len(starts)/(2*splits)*2])
	}
	return slices.Compact(out)
}

func newTraceView(c *signal.Calls, tmpl []signal.Template, from, to int64) *traceView {
	v := &traceView{calls: c, tmpl: tmpl, from: from, to: to, does: make([][]doing, len(c.Spans)), children: make([][]int32, len(c.Spans)), covered: make([]bool, len(c.Spans))}
	index := map[featureKey]int32{}
	for i := range c.Spans {
		s := &c.Spans[i]
		if p := s.Parent; p >= 0 && int(p) != i {
			v.children[p] = append(v.children[p], int32(i))
		}
		v.covered[i] = logged(c.Logged, s.Start, s.Start+s.Micros*int64(time.Microsecond))
	}
	for i := range c.Spans {
		v.describe(int32(i), index)
	}
	v.group()
	return v
}

// group finds the roots and the order.
func (v *traceView) group() {
	v.root = make([]int32, len(v.calls.Spans))
	v.order = make([]int32, len(v.calls.Spans))
	for i := range v.calls.Spans {
		r := int32(i)
		for range maxDepth {
			p := v.calls.Spans[r].Parent
			if p < 0 {
				break
			}
			r = p
		}
		v.root[i], v.order[i] = r, int32(i)
	}
	slices.SortFunc(v.order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(v.calls.Spans[a].Op, v.calls.Spans[b].Op), cmp.Compare(v.root[a], v.root[b]), cmp.Compare(a, b))
	})
}

// maxDepth ends the search for a root in damaged traces in which spans call
// each other.
const maxDepth = 1000

// logged reports whether logs were kept around both ends of a span; without any
// logs it is true, since then none are compared.
func logged(halfSeconds []int64, begin, end int64) bool {
	if len(halfSeconds) == 0 {
		return true
	}
	for _, t := range [2]int64{begin, end} {
		b := t / int64(time.Second/2)
		i := sort.Search(len(halfSeconds), func(i int) bool { return halfSeconds[i] >= b-1 })
		if i == len(halfSeconds) || halfSeconds[i] > b+1 {
			return false
		}
	}
	return true
}

// describe turns what span i did into features.
func (v *traceView) describe(i int32, index map[featureKey]int32) {
	s := &v.calls.Spans[i]
	add := func(k featureKey, n int32) {
		f, ok := index[k]
		if !ok {
			f = int32(len(v.features))
			index[k] = f
			v.features = append(v.features, feature{featureKey: k})
		}
		v.does[i] = append(v.does[i], doing{f, n})
	}
	for _, l := range s.Logs {
		add(featureKey{op: s.Op, kind: logs, what: l.Template}, l.N)
		if l.N > 1 {
			// The mean says little where the count depends on the request, and
			// a line written once that never was written fewer than twice is odd.
			add(featureKey{op: s.Op, kind: logs, what: l.Template, times: l.N}, 1)
		}
	}
	count := map[int32]int32{}
	for _, c := range v.children[i] {
		count[v.calls.Spans[c].Op]++
	}
	for _, op := range sortedKeys(count) {
		add(featureKey{op: s.Op, kind: calls, what: op}, count[op])
	}
	if s.Failed {
		add(featureKey{op: s.Op, kind: fails}, 1)
	}
	add(featureKey{op: s.Op, kind: takes, what: v.callee(i)}, 1)
}

func sortedKeys(m map[int32]int32) []int32 {
	keys := make([]int32, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// rank compares the window from begin on with everything before and after it.
func (v *traceView) rank(begin int64, r ranking) {
	before, after := v.count(begin)
	rarer := make([][]int32, len(v.calls.Ops)) // by operation: features that became rarer
	for i := range v.features {
		f := &v.features[i]
		f.judge(before[f.op], after[f.op])
		f.surprise /= f.dispersion(v.ran[f.op])
		if f.direction < 0 && f.surprise >= least {
			rarer[f.op] = append(rarer[f.op], int32(i))
		}
	}
	odd := make([]float64, len(v.calls.Spans)) // surprise of each span in the window
	by := make([]int32, len(v.calls.Spans))    // the feature it is from
	for i := range v.calls.Spans {
		if v.inside(i, begin) && v.covered[i] {
			odd[i], by[i] = v.oddity(int32(i), rarer[v.calls.Spans[i].Op])
		}
	}
	below := make([]float64, len(odd))
	state := make([]uint8, len(odd))
	for i := range odd {
		v.descend(int32(i), odd, below, state)
	}
	slow := slowCalls{}
	for i, o := range odd {
		if o == 0 {
			continue
		}
		s := &v.calls.Spans[i]
		f := &v.features[by[i]]
		what := found{surprise: o - explained*below[i], at: s.Start, why: v.say(f, before[s.Op], after[s.Op])}
		if f.kind == takes {
			slow.add(v.calls.Ops[s.Op].Service, v.waitsFor(f), what)
			continue
		}
		r.add(v.calls.Ops[s.Op].Service, what)
	}
	slow.rank(r)
}

func (v *traceView) inside(i int, begin int64) bool {
	t := v.calls.Spans[i].Start
	return t >= begin && t <= v.to
}

// count counts executions of each operation before and after begin, and every
// feature. What one request does many times is one execution, with its shares
// rounded: calls of one request are alike and no independent evidence.
func (v *traceView) count(begin int64) (before, after []int) {
	before, after = make([]int, len(v.calls.Ops)), make([]int, len(v.calls.Ops))
	for i := range v.features {
		f := &v.features[i]
		*f = feature{featureKey: f.featureKey, durations: f.durations[:0], blocks: f.blocks[:0]}
	}
	v.ran = make([][]share, len(v.calls.Ops))
	var g request
	for k, i := range v.order {
		s := &v.calls.Spans[i]
		if v.covered[i] {
			g.add(v, i)
		}
		last := k+1 == len(v.order)
		if !last {
			next := v.order[k+1]
			last = v.calls.Spans[next].Op != s.Op || v.root[next] != v.root[i]
		}
		if !last {
			continue
		}
		if g.spans > 0 {
			in := g.start >= begin && g.start <= v.to
			if in {
				after[s.Op]++
			} else {
				before[s.Op]++
				v.ran[s.Op] = addShare(v.ran[s.Op], block(g.start))
			}
			g.flush(v, in)
		}
	}
	return before, after
}

// block is the number of the stretch of time, of half a minute, that t lies in.
func block(t int64) int64 { return t / int64(30*time.Second) }

// share is how often a feature occurred in one stretch of time.
type share struct {
	block int64
	n     int
}

// request is what the executions of one operation in one request do.
type request struct {
	spans int
	start int64   // of the first
	does  []doing // the sums
	has   []int   // by does: executions that do it
	self  []int64 // by does: their own durations
}

func (g *request) add(v *traceView, i int32) {
	s := &v.calls.Spans[i]
	if g.spans == 0 || s.Start < g.start {
		g.start = s.Start
	}
	g.spans++
	for _, d := range v.does[i] {
		k := slices.IndexFunc(g.does, func(x doing) bool { return x.feature == d.feature })
		if k < 0 {
			k = len(g.does)
			g.does, g.has, g.self = append(g.does, doing{feature: d.feature}), append(g.has, 0), append(g.self, 0)
		}
		g.does[k].n += d.n
		g.has[k]++
		g.self[k] += s.Self
	}
}

// flush counts the request and empties it.
func (g *request) flush(v *traceView, after bool) {
	for k, d := range g.does {
		f := &v.features[d.feature]
		if f.kind == takes {
			f.count(1, after)
			f.durations = append(f.durations, marked{float64(g.self[k]) / float64(g.has[k]), after})
			continue
		}
		if 2*g.has[k] >= g.spans {
			f.count(float64(d.n)/float64(g.spans), after)
			if !after {
				f.blocks = addShare(f.blocks, block(g.start))
			}
		}
	}
	*g = request{does: g.does[:0], has: g.has[:0], self: g.self[:0]}
}

// addShare counts one more in a block.
func addShare(list []share, block int64) []share {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].block == block {
			list[i].n++
			return list
		}
	}
	return append(list, share{block, 1})
}

// dispersion is how much more the share of a feature varied between stretches
// of time, before, than chance makes it vary; at least 1 (Pearson's chi-square
// by its degrees of freedom, as in quasi-likelihood).
func (f *feature) dispersion(ran []share) float64 {
	n, x := 0, 0
	for _, b := range ran {
		n += b.n
	}
	for _, b := range f.blocks {
		x += b.n
	}
	p := float64(x) / float64(n)
	if len(ran) < 3 || x == 0 || x >= n {
		return 1
	}
	chi := 0.0
	for _, b := range ran {
		got := 0
		for _, h := range f.blocks {
			if h.block == b.block {
				got = h.n
			}
		}
		d := float64(got) - float64(b.n)*p
		chi += d * d / (float64(b.n) * p * (1 - p))
	}
	return max(1, chi/float64(len(ran)-1))
}

func (f *feature) count(n float64, after bool) {
	if after {
		f.after++
		f.sumAfter += n
		return
	}
	f.before++
	f.sumBefore += n
	f.squareBefore += n * n
}

// judge computes the feature's surprise from the executions of its operation.
func (f *feature) judge(before, after int) {
	if before < enoughBefore || after == 0 {
		return
	}
	if f.kind == takes {
		f.judgeDuration()
		return
	}
	f.surprise, f.direction = fisher(f.after, after, f.before, before)
	if before < enoughShift || after < enoughAfter || f.sumBefore <= 1.2*float64(f.before) {
		return
	}
	// It is usually done more than once: compare how often, allowing for the
	// spread seen before.
	n, m := float64(after), float64(before)
	f.usual = f.sumBefore / m
	variance := max(f.squareBefore/m-f.usual*f.usual, f.usual/4, 0.05)
	shift := f.sumAfter/n - f.usual
	if s := explained * normalSurprise(math.Abs(shift)/math.Sqrt(variance*(1/n+1/m))); s > f.surprise {
		f.surprise, f.byCount, f.direction = s, true, cmp.Compare(shift, 0)
	}
}

// oddity returns the greatest surprise among what a span does and leaves out.
// rarer are the features of its operation that became rarer.
func (v *traceView) oddity(i int32, rarer []int32) (float64, int32) {
	best, by := 0.0, int32(0)
	consider := func(k int32, n int32) {
		f := &v.features[k]
		odd := f.direction > 0 && n > 0 || f.direction < 0 && n == 0
		if f.byCount {
			odd = (float64(n) > f.usual) == (f.direction > 0)
		}
		if odd && f.surprise > best && f.surprise >= least {
			best, by = f.surprise, k
		}
	}
	does := v.does[i]
	for _, d := range does {
		consider(d.feature, d.n)
	}
	for _, k := range rarer {
		if !slices.ContainsFunc(does, func(d doing) bool { return d.feature == k }) {
			consider(k, 0)
		}
	}
	return best, by
}

// descend computes the greatest oddity in the calls below span i.
func (v *traceView) descend(i int32, odd, below []float64, state []uint8) float64 {
	if state[i] != 0 { // done, or a damaged trace in which spans call each other
		return below[i]
	}
	state[i] = 1
	for _, c := range v.children[i] {
		below[i] = max(below[i], odd[c], v.descend(c, odd, below, state))
	}
	return below[i]
}

// say explains a feature in words.
func (v *traceView) say(f *feature, before, after int) string {
	op := v.calls.Ops[f.op].Name
	was, is := percent(float64(f.before), float64(before)), percent(float64(f.after), float64(after))
	if f.byCount {
		was, is = fmt.Sprintf("%.3g a call", f.sumBefore/float64(before)), fmt.Sprintf("%.3g a call", f.sumAfter/float64(after))
	}
	switch {
	case f.kind == logs && f.times > 0:
		return fmt.Sprintf("%s logs %q exactly %d times in %s of %d calls, before in %s of %d", op, v.text(f.what), f.times, is, after, was, before)
	case f.kind == logs:
		return fmt.Sprintf("%s logs %q in %s of %d calls, before in %s of %d", op, v.text(f.what), is, after, was, before)
	case f.kind == calls:
		to := v.calls.Ops[f.what]
		return fmt.Sprintf("%s calls %s of %s in %s of %d calls, before in %s of %d", op, to.Name, to.Service, is, after, was, before)
	case f.kind == fails:
		return fmt.Sprintf("%s fails in %s of %d calls, before in %s of %d", op, is, after, was, before)
	}
	if to := v.waitsFor(f); to != "" {
		op += " to " + to
	}
	return fmt.Sprintf("%s takes %.3g times as long itself as before (%d calls after, %d before)", op, f.ratio, f.after, f.before)
}

func (v *traceView) text(template int32) string {
	if int(template) >= len(v.tmpl) {
		return ""
	}
	text := []rune(v.tmpl[template].Text)
	return string(text[:min(len(text), 60)])
}
