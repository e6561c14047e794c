package detect

import (
	"cmp"
	"math"
	"slices"

	"github.com/hindcast/hindcast/internal/timeline/chance"
	"github.com/hindcast/hindcast/internal/timeline/changepoint"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

const (
	// stray is how many spreads off the usual a single value is unusual at
	// first sight, and near where it is not even that.
	stray = 4.0
	near  = 2.0
	// freedom bounds the degrees of freedom of Student's distribution, so that
	// the tails stay as heavy as those of operational metrics are.
	freedom = 10.0
	// again is the chance that a value is as unusual as the one before, when
	// nothing but chance made that unusual.
	again = 0.1
)

// levels is a series of measured values.
type levels struct {
	x      []float64
	inside []bool // values in the window; nil when the whole evidence is
	better int    // -1: lower is better, 1: higher is, 0: neither
	bound  float64
	at     []int64 // time of each value
	step   int64   // median time between values
	family *family
}

// stretch is a time during which values are not what is usual.
type stretch struct {
	from, to int // values
	side     int
	mean     float64
	extreme  int // index of the value furthest off
	usual    float64
	spread   float64 // of single values around the usual one
	quiet    int     // how many values say what is usual
	ln       float64 // logarithm of the chance of this on quiet evidence
}

// normal is what is usual for the values: a middle, how far single values lie
// off it, how alike neighbors are, and the smallest difference that matters.
type normal struct {
	middle, noise, memory, matter float64
}

func (n normal) spread() float64 { return math.Hypot(n.noise, n.matter) }

// off returns how many spreads a value is off. Where nothing ever varied, any
// other value is infinitely far off.
func (n normal) off(v float64) float64 {
	if v == n.middle {
		return 0
	}
	return (v - n.middle) / n.spread()
}

// stretches returns when the values are unusual, in order of time and inside
// the window only.
func (l *levels) stretches() []stretch {
	const fewest = 5
	if len(l.x) < fewest {
		return nil
	}
	steps := make([]int64, len(l.at)-1)
	for i := range steps {
		steps[i] = l.at[i+1] - l.at[i]
	}
	l.step = middle(steps)
	fit := changepoint.Metric(l.x)
	n := l.normal(fit)
	var out []stretch
	for _, s := range l.split(join(append(l.shifted(fit, n), l.strays(n)...))) {
		l.family.episodes = append(l.family.episodes, l.episode(s, n))
		if !l.within(&s) {
			continue
		}
		if l.judge(&s, n, fit); s.ln < math.Log(possible) {
			out = append(out, s)
		}
	}
	return out
}

// episode measures a stretch by its values and by how many spreads it is off.
func (l *levels) episode(s stretch, n normal) episode {
	sum := 0.0
	for _, v := range l.x[s.from:s.to] {
		sum += v
	}
	off := n.off(sum / float64(s.to-s.from))
	return episode{side: s.side, from: l.at[s.from], to: l.at[s.to-1], length: float64(s.to - s.from), height: math.Abs(off)}
}

// candidate holds a stretch against the rest of its family.
func (l *levels) candidate(x stretch, s signal.Detection, trials int) {
	c := candidate{Detection: s, episode: l.episode(x, normal{middle: x.usual, noise: x.spread}), ln: x.ln, trials: float64(trials)}
	for i := range l.x {
		in := l.inside == nil || l.inside[i]
		if in {
			c.looked++
		}
		if l.inside == nil && i < x.from || !in {
			c.quiet++
		}
	}
	l.family.found = append(l.family.found, c)
}

// normal takes what is usual from outside the window, else from the better end
// of the values, or if neither is better, from where the evidence begins.
func (l *levels) normal(fit changepoint.Fit) normal {
	var n normal
	n.noise, n.memory = l.noise(fit)
	from := l.candidates(fit)
	slices.Sort(from)
	n.middle = from[len(from)/2]
	if len(from) == len(l.x) && l.better != 0 {
		end := from[int((0.5+(0.5-usualShare)*float64(l.better))*float64(len(from)-1))]
		n.matter = l.matter(end)
		reach := near * n.spread()
		from = slices.DeleteFunc(from, func(v float64) bool { return math.Abs(v-end) > reach })
		n.middle = from[len(from)/2]
	}
	n.matter = l.matter(n.middle)
	return n
}

// matter is the smallest difference from a value that matters.
func (l *levels) matter(v float64) float64 {
	if l.bound > 0 {
		return usualSpread * math.Abs(l.bound-v)
	}
	return usualSpread * math.Abs(v)
}

// candidates returns a copy of the values from which the usual one is taken.
func (l *levels) candidates(fit changepoint.Fit) []float64 {
	const enough = 5
	if l.inside != nil {
		var out []float64
		for i, v := range l.x {
			if !l.inside[i] {
				out = append(out, v)
			}
		}
		if len(out) >= max(enough, len(l.x)/10) {
			return out
		}
	}
	if l.better == 0 && len(fit.Changes) > 0 {
		if first := fit.Changes[0]; first >= max(enough, len(l.x)/10) {
			return slices.Clone(l.x[:first])
		}
	}
	return slices.Clone(l.x)
}

// noise returns the spread of the values around the fit and how alike
// neighbors are. It goes by the median, or where more than half of the values
// are the same, by what nine tenths stay within, so that single peaks do not
// matter.
func (l *levels) noise(fit changepoint.Fit) (spread, memory float64) {
	const ofMedian, ofNine = 1.4826, 1 / 1.645 // of a normal distribution's spread
	rest := l.residuals(fit)
	abs := make([]float64, len(rest))
	for i, v := range rest {
		abs[i] = math.Abs(v)
	}
	slices.Sort(abs)
	spread = max(ofMedian*abs[len(abs)/2], ofNine*abs[len(abs)*9/10])
	d := make([]float64, 0, len(rest))
	for i := 1; i < len(rest); i++ {
		d = append(d, math.Abs(rest[i]-rest[i-1]))
	}
	if spread > 0 { // of differences: 2 (1 - memory) times the variance
		s := ofMedian * middle(d) / spread
		memory = 1 - s*s/2
	}
	return spread, min(0.9, max(0, memory))
}

// residuals returns what the fit leaves of the values.
func (l *levels) residuals(fit changepoint.Fit) []float64 {
	out := make([]float64, len(l.x))
	from := 0
	for _, to := range append(slices.Clone(fit.Changes), len(l.x)) {
		a, b := line(l.x[from:to], fit.Trend)
		for i := from; i < to; i++ {
			out[i] = l.x[i] - a - b*float64(i-from)
		}
		from = to
	}
	return out
}

// line fits a level, or a straight line, by least squares.
func line(x []float64, trend bool) (level, slope float64) {
	n := float64(len(x))
	var sum, st, stt, sty float64
	for i, v := range x {
		t := float64(i)
		sum += v
		st += t
		stt += t * t
		sty += t * v
	}
	if d := stt - st*st/n; trend && d > 0 {
		slope = (sty - st*sum/n) / d
	}
	return (sum - slope*st) / n, slope
}

// shifted returns the segments of the fit that lie off the usual. A segment
// that leaves it gradually begins where it begins to leave.
func (l *levels) shifted(fit changepoint.Fit, n normal) []stretch {
	if len(fit.Changes) == 0 {
		return nil
	}
	var out []stretch
	from := 0
	for _, to := range append(slices.Clone(fit.Changes), len(l.x)) {
		s := stretch{from: from, to: to}
		level, slope := line(l.x[from:to], fit.Trend)
		off := n.off(level + slope*float64(to-from-1)/2)
		last := n.off(level + slope*float64(to-from-1))
		if math.Abs(last) > math.Abs(off) && fit.Trend {
			off = last
		}
		if math.Abs(off) > near {
			s.side = sign(off)
			if !fit.Trend || math.Abs(n.off(level)) > near {
				l.trim(&s, n)
			}
			out = append(out, s)
		}
		from = to
	}
	return out
}

// trim takes away values at both ends that are as usual.
func (l *levels) trim(s *stretch, n normal) {
	for s.from < s.to-1 && float64(s.side)*n.off(l.x[s.from]) < near/2 {
		s.from++
	}
	for s.to-1 > s.from && float64(s.side)*n.off(l.x[s.to-1]) < near/2 {
		s.to--
	}
}

// strays returns the runs of single values that are far off the usual, with
// what leads to and from them.
func (l *levels) strays(n normal) []stretch {
	var out []stretch
	for i := 0; i < len(l.x); i++ {
		off := n.off(l.x[i])
		if math.Abs(off) <= stray {
			continue
		}
		s := stretch{from: i, to: i + 1, side: sign(off)}
		beyond := func(k int, limit float64) bool { return float64(s.side)*n.off(l.x[k]) > limit }
		for s.from > 0 && beyond(s.from-1, near) {
			s.from--
		}
		for s.to < len(l.x) && (beyond(s.to, near) || s.to+1 < len(l.x) && beyond(s.to+1, stray)) {
			s.to++
		}
		i = s.to - 1
		out = append(out, s)
	}
	return out
}

// join unites stretches on the same side that touch or overlap.
func join(list []stretch) []stretch {
	slices.SortStableFunc(list, func(a, b stretch) int { return a.from - b.from })
	var out []stretch
	for _, s := range list {
		merged := false
		for i := range out {
			if o := &out[i]; o.side == s.side && s.from <= o.to+1 && s.to >= o.from-1 {
				o.from, o.to, merged = min(o.from, s.from), max(o.to, s.to), true
				break
			}
		}
		if !merged {
			out = append(out, s)
		}
	}
	return out
}

// split cuts stretches where much time is missing.
func (l *levels) split(list []stretch) []stretch {
	var out []stretch
	for _, s := range list {
		for i := s.from + 1; i < s.to; i++ {
			if l.broken(i) {
				out = append(out, stretch{from: s.from, to: i, side: s.side})
				s.from = i
			}
		}
		out = append(out, s)
	}
	return out
}

// broken reports whether so much time is missing before a value that what goes
// on before and after it is not one thing: much more than between most values.
func (l *levels) broken(i int) bool {
	return i > 0 && l.at[i]-l.at[i-1] > max(apart, 10*l.step)
}

// within cuts s down to the window and reports whether anything is left.
func (l *levels) within(s *stretch) bool {
	for l.inside != nil && s.from < s.to && !l.inside[s.from] {
		s.from++
	}
	for l.inside != nil && s.from < s.to && !l.inside[s.to-1] {
		s.to--
	}
	return s.from < s.to
}

// judge computes the chance of a stretch: that of a mean as far beyond what
// matters over as many values, by Student's distribution. Its spread is that of the noise at
// that length, and at least that of means of the same length in quiet times; to
// these belongs all that came before, usual or not. However far off it is, its
// chance is no less than that of the first unusual value after so many quiet
// ones, and of as many after it.
func (l *levels) judge(s *stretch, n normal, fit changepoint.Fit) {
	length := float64(s.to - s.from)
	sum, most := 0.0, math.Inf(-1)
	for i := s.from; i < s.to; i++ {
		sum += l.x[i]
		if v := float64(s.side) * l.x[i]; v > most {
			most, s.extreme = v, i
		}
	}
	s.mean, s.usual, s.spread = sum/length, n.middle, n.spread()
	quiet := l.quiet(s, n)
	s.quiet = len(quiet)
	if s.from == 0 || l.broken(s.from) {
		n.matter *= unknownSpread / usualSpread
	}
	inflation := (1 + n.memory) / (1 - n.memory)
	noise := n.noise * math.Sqrt(min(1, inflation/length))
	spread := max(noise, drift(quiet, n.middle, s.to-s.from), n.matter/3)
	independent := float64(len(quiet)) / inflation
	alike := n.memory * n.memory
	s.ln = math.Inf(-1)
	if spread > 0 {
		off := max(0, math.Abs(s.mean-n.middle)-n.matter) / (spread * math.Sqrt(1+1/max(independent, 1)))
		s.ln = chance.Student(off, min(freedom, max(1, float64(len(quiet))*(1-alike)/(1+alike)-1)))
	}
	s.ln = max(s.ln, (l.beyond(s, n)-1)*math.Log(again)-math.Log(float64(len(quiet)+1)))
	if from, ln := l.climb(s, n, fit); ln < s.ln {
		s.from, s.ln = from, ln
	}
	s.ln = chance.AnyOf(float64(len(l.x))/length*(1+math.Log2(float64(len(l.x)))), s.ln)
}

// beyond counts the values of a stretch that are unusual in themselves.
func (l *levels) beyond(s *stretch, n normal) float64 {
	count := 0.0
	for _, v := range l.x[s.from:s.to] {
		if float64(s.side)*n.off(v) > near {
			count++
		}
	}
	return count
}

// climb judges a stretch that a series reaches by climbing, or sinking, step by
// step: how steadily it does so from the beginning of the climb to the extreme,
// by Student's test of the rises over equal parts of that time. It returns
// where the climb begins, and a chance of one for anything else.
func (l *levels) climb(s *stretch, n normal, fit changepoint.Fit) (from int, ln float64) {
	const parts, each = 8, 3
	if !fit.Trend || l.better == 0 || s.side == l.better {
		return s.from, 0
	}
	for _, c := range fit.Changes {
		if c <= s.from {
			from = c
		}
	}
	step := (s.extreme - from) / parts
	if l.within(&stretch{from: from, to: s.extreme}); step < each {
		return s.from, 0
	}
	var sum, squares float64
	for i := range parts {
		rise := float64(s.side) * (l.x[from+(i+1)*step] - l.x[from+i*step])
		sum += rise
		squares += rise * rise
	}
	mean := sum / parts
	variance := max(squares/parts-mean*mean, 0) * parts / (parts - 1)
	if mean*parts < stray*n.matter {
		return s.from, 0
	}
	return from, chance.Student(mean*math.Sqrt(parts)/math.Sqrt(variance+n.noise*n.noise/100), parts-1)
}

// quiet returns the values that say how much there is to expect: everything
// before s and, after it, what is as usual; with a window, all outside too.
func (l *levels) quiet(s *stretch, n normal) []float64 {
	var out []float64
	for i, v := range l.x {
		if i >= s.from && i < s.to {
			continue
		}
		if i < s.from || l.inside != nil && !l.inside[i] || math.Abs(n.off(v)) <= stray {
			out = append(out, v)
		}
	}
	return out
}

// drift is the spread around the middle of the means of so many quiet values in
// a row; of fewer where there are not enough of them.
func drift(quiet []float64, middle float64, length int) float64 {
	const few = 4
	length = min(length, len(quiet)/few)
	if length == 0 {
		return 0
	}
	var squares, windows float64
	for from := 0; from+length <= len(quiet); from += length {
		sum := 0.0
		for _, v := range quiet[from : from+length] {
			sum += v - middle
		}
		mean := sum / float64(length)
		squares += mean * mean
		windows++
	}
	return math.Sqrt(squares / windows)
}

func sign(v float64) int {
	if v < 0 {
		return -1
	}
	return 1
}

// middle returns the median; it reorders x.
func middle[T cmp.Ordered](x []T) T {
	if len(x) == 0 {
		var none T
		return none
	}
	slices.Sort(x)
	return x[len(x)/2]
}
