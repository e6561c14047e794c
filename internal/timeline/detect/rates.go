package detect

import (
	"math"
	"slices"

	"github.com/hindcast/hindcast/internal/timeline/chance"
	"github.com/hindcast/hindcast/internal/timeline/changepoint"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

const (
	points = 256 // of the search for changes of one rate

	// usualSpread is how much a rate may differ from what is usual, relative to
	// that, without being unusual: nobody calls 15 % more requests an incident.
	usualSpread = 0.15
	// unknownSpread takes its place where the evidence is too short to tell, and
	// for what does not begin within the evidence: another hour has another rate.
	unknownSpread = 0.5
	// doubtful is the chance below which a part of a series is set apart from
	// what is usual. It decides nothing but what that is.
	doubtful = 1e-3
	// possible is the chance above which nothing is reported.
	possible = 0.1
	// usualShare is the least part of the evidence that shows things as usual
	// when a failure goes on for the rest.
	usualShare = 0.1
	// pause in seconds: shorter returns to normal do not end a run.
	pause = 60.0
)

// rates is a count for each cell of an axis, and how much of what is counted
// could have happened there: seconds, or requests.
type rates struct {
	*axis
	n, exposure []float64
	inside      []bool    // cells in the window; nil when the whole evidence is
	better      int       // -1: fewer is better, as for errors; 0: neither
	traffic     []float64 // of what more failures are expected; nil when unknown
	eager       bool      // what is counted was never seen before, so its first records count
	family      *family
}

// part is a stretch of cells with one rate.
type part struct {
	from, to    int // cells
	n, exposure float64
	side        int // +1 above what is usual, -1 below, 0 usual
}

func (p part) rate() float64 { return p.n / p.exposure }

// usual is the usual rate with the counts that say so.
type usual struct{ n, exposure float64 }

// rate is never zero: half an event is allowed for what was not seen
// (Jeffreys' prior).
func (u usual) rate() float64 { return (u.n + 0.5) / u.exposure }

// doubt is the relative variance that is left of the rate.
func (u usual) doubt() float64 { return 1 / (u.n + 0.5) }

// run is a time during which a rate is not what is usual.
type run struct {
	part
	usual    usual
	spread   float64 // of the usual rate from time to time, relative
	ln       float64 // logarithm of the chance of this on quiet evidence
	peak     int     // cell
	afterGap bool    // it begins where evidence begins or a gap ends
}

// runs returns when the rate is unusual, in order of time, inside the window
// only. The chance of each is that of any such run in a series like this. That
// a rate is low where evidence begins, or begins again, is not told: nothing
// was seen to fall.
func (r *rates) runs() []run {
	if !r.stirs() {
		return nil
	}
	parts := r.parts()
	u := r.settle(parts)
	var out []run
	for _, p := range r.join(parts) {
		if p.side != 0 {
			r.family.episodes = append(r.family.episodes, r.episode(p, u))
		}
		if p.side == 0 || !r.within(&p) {
			continue
		}
		r.sharpen(&p, u)
		if p.side < 0 && r.fresh[p.from] {
			continue
		}
		if x := r.judge(p, parts, u); x.ln < math.Log(possible) {
			out = append(out, x)
		}
	}
	return out
}

// episode measures a part by its time and by how many times the usual rate it has.
func (r *rates) episode(p part, u usual) episode {
	height := (p.n + 0.5) / p.exposure / u.rate()
	if p.side < 0 {
		height = 1 / height
	}
	return episode{side: p.side, from: r.start(p.from), to: r.end(p.to - 1), length: r.seconds(p), height: height}
}

// candidate holds a run against the rest of its family.
func (r *rates) candidate(x run, s signal.Detection, trials int) {
	c := candidate{Detection: s, episode: r.episode(x.part, x.usual), ln: x.ln, trials: float64(trials)}
	for i, secs := range r.covered {
		in := r.inside == nil || r.inside[i]
		if in {
			c.looked += secs
		}
		if r.inside == nil && i < x.from || !in {
			c.quiet += secs
		}
	}
	r.family.found = append(r.family.found, c)
}

// stirs reports whether there can be a change at all: in some window of a
// power of two cells the count is well off the mean of all.
func (r *rates) stirs() bool {
	const far = 3.5
	n, e := make([]float64, len(r.n)+1), make([]float64, len(r.n)+1)
	for i := range r.n {
		n[i+1], e[i+1] = n[i]+r.n[i], e[i]+r.exposure[i]
	}
	last := len(r.n)
	if n[last] == 0 || e[last] == 0 {
		return false
	}
	rate := n[last] / e[last]
	for size := 1; size <= last; size *= 2 {
		for from := 0; from+size <= last; from += max(1, size/4) {
			mean := rate * (e[from+size] - e[from])
			d := math.Sqrt(n[from+size]-n[from]+0.375) - math.Sqrt(mean+0.375)
			if 2*math.Abs(d) > far {
				return true
			}
		}
	}
	return false
}

// parts cuts the series where its rate changes and where much time is missing.
func (r *rates) parts() []part {
	cuts := append(changepoint.CoarseCounts(r.n, r.exposure, points), len(r.n))
	for i := range r.cells {
		if r.broken(i) {
			cuts = append(cuts, i)
		}
	}
	slices.Sort(cuts)
	var out []part
	from := 0
	for _, to := range slices.Compact(cuts) {
		p := part{from: from, to: to}
		for i := from; i < to; i++ {
			p.n += r.n[i]
			p.exposure += r.exposure[i]
		}
		if p.exposure > 0 {
			out = append(out, p)
		}
		from = to
	}
	return out
}

// settle says what is usual and on which side of it each part is. Usual is what
// happens outside the window; where there is too little of that, or no window,
// it is the lower rate of failures, and of other things that with which the
// evidence begins, unless that is short, or else the rate of most of the time.
func (r *rates) settle(parts []part) usual {
	candidates := r.outside(parts)
	first := r.typical(candidates)
	var u usual
	for _, p := range candidates {
		if first.sideOf(p) == 0 {
			u.n += p.n
			u.exposure += p.exposure
		}
	}
	if u.exposure == 0 {
		u = first
	}
	for i := range parts {
		parts[i].side = u.sideOf(parts[i])
	}
	return u
}

// outside returns what of the parts lies outside the window when it is at
// least a tenth of everything and a minute, else all.
func (r *rates) outside(parts []part) []part {
	if r.inside == nil {
		return parts
	}
	var out []part
	var covered, all, secs float64
	for _, p := range parts {
		q := part{from: p.from, to: p.to}
		for i := p.from; i < p.to; i++ {
			if !r.inside[i] {
				q.n += r.n[i]
				q.exposure += r.exposure[i]
				secs += r.covered[i]
			}
		}
		all += p.exposure
		covered += q.exposure
		if q.exposure > 0 {
			out = append(out, q)
		}
	}
	if secs < 60 || covered < all/10 {
		return parts
	}
	return out
}

func (r *rates) typical(parts []part) usual {
	total := 0.0
	for _, p := range parts {
		total += p.exposure
	}
	if first := parts[0]; r.better == 0 && r.inside == nil && first.exposure >= total/10 {
		return usual{first.n, first.exposure}
	}
	share := 0.5
	if r.better < 0 {
		share = usualShare
	}
	byRate := slices.Clone(parts)
	slices.SortStableFunc(byRate, func(a, b part) int {
		if d := a.n*b.exposure - b.n*a.exposure; d < 0 {
			return -1
		} else if d > 0 {
			return 1
		}
		return 0
	})
	sum := 0.0
	for _, p := range byRate {
		if sum += p.exposure; sum >= share*total {
			return usual{p.n, p.exposure}
		}
	}
	return usual{parts[0].n, parts[0].exposure}
}

// sideOf says whether a part is unusual at first sight.
func (u usual) sideOf(p part) int {
	g := chance.GammaPoisson{Mean: u.rate() * p.exposure, Variance: usualSpread*usualSpread + u.doubt()}
	switch {
	case g.AtLeast(p.n) < math.Log(doubtful):
		return 1
	case g.AtMost(p.n) < math.Log(doubtful):
		return -1
	}
	return 0
}

// join makes one of neighboring parts on the same side of what is usual, also
// over a short return to normal.
func (r *rates) join(parts []part) []part {
	var out []part
	for _, p := range parts {
		n := len(out)
		if r.broken(p.from) {
			out = append(out, p)
			continue
		}
		if n > 0 && out[n-1].side == p.side {
			out[n-1] = out[n-1].and(p)
			continue
		}
		if n > 1 && out[n-1].side == 0 && !r.broken(out[n-1].from) && out[n-2].side == p.side && r.seconds(out[n-1]) <= pause {
			out[n-2] = out[n-2].and(out[n-1]).and(p)
			out = out[:n-1]
			continue
		}
		out = append(out, p)
	}
	return out
}

func (p part) and(q part) part {
	return part{p.from, q.to, p.n + q.n, p.exposure + q.exposure, p.side}
}

func (r *rates) seconds(p part) float64 {
	sum := 0.0
	for i := p.from; i < p.to; i++ {
		sum += r.covered[i]
	}
	return sum
}

// within cuts p down to the window and to where something was observed, and
// reports whether anything is left.
func (r *rates) within(p *part) bool {
	for p.from < p.to && !r.counts(p.from) {
		p.from++
	}
	for p.from < p.to && !r.counts(p.to-1) {
		p.to--
	}
	p.n, p.exposure = 0, 0
	for i := p.from; i < p.to; i++ {
		p.n += r.n[i]
		p.exposure += r.exposure[i]
	}
	return p.exposure > 0
}

// sharpen moves the ends of p, which were found on coarse cells, to where the
// counts fit best with p's rate inside and the usual one outside: it widens p a
// little and then drops what is better explained by the usual rate, such as a
// lone record long before.
func (r *rates) sharpen(p *part, u usual) {
	const reach = 6
	within, without := (p.n+0.5)/p.exposure, u.rate()
	if r.eager {
		within = math.Sqrt(within * without)
	}
	gain := func(i int) float64 {
		return r.n[i]*math.Log(within/without) - r.exposure[i]*(within-without)
	}
	from, to := p.from, p.to
	for from > max(0, p.from-reach) && r.counts(from-1) && !r.broken(from) {
		from--
	}
	for to < min(len(r.n), p.to+reach) && r.counts(to) && !r.broken(to) {
		to++
	}
	sum, most := 0.0, 0.0
	for i := to - 1; i >= from; i-- {
		if sum += gain(i); sum > most {
			most, p.from = sum, i
		}
	}
	sum, most = 0, 0
	for i := p.from; i < to; i++ {
		if sum += gain(i); sum > most {
			most, p.to = sum, i+1
		}
	}
	r.within(p)
}

func (r *rates) counts(i int) bool {
	return r.exposure[i] > 0 && (r.inside == nil || r.inside[i])
}

// judge computes the chance of a run. What happened before it says how the rate
// varies; what happened later does too where it was usual.
func (r *rates) judge(p part, parts []part, u usual) run {
	quiet := make([]bool, len(r.n))
	total := 0.0
	for _, q := range parts {
		for i := q.from; i < q.to; i++ {
			quiet[i] = (i < p.from || i >= p.to) && (q.side == 0 || i < p.from || r.inside != nil && !r.inside[i])
			total += r.exposure[i]
		}
	}
	x := run{part: p, usual: u, spread: r.spread(quiet, p.exposure), peak: r.peak(p), afterGap: r.fresh[p.from]}
	if x.afterGap {
		x.spread = max(x.spread, unknownSpread)
	}
	g := chance.GammaPoisson{Mean: u.rate() * p.exposure * r.busier(p, quiet), Variance: x.spread*x.spread + u.doubt()}
	if p.side > 0 {
		x.ln = g.AtLeast(p.n)
	} else {
		x.ln = g.AtMost(p.n)
	}
	x.ln = chance.AnyOf(total/p.exposure*(1+math.Log2(float64(len(r.n)))), x.ln)
	return x
}

// busier is how many times more traffic there is during p than at quiet times,
// at least 1: with more requests come more failures, but not fewer with fewer.
func (r *rates) busier(p part, quiet []bool) float64 {
	if r.traffic == nil || p.side < 0 {
		return 1
	}
	var now, secs, then, quietSecs float64
	for i, n := range r.traffic {
		switch {
		case i >= p.from && i < p.to:
			now += n
			secs += r.covered[i]
		case quiet[i]:
			then += n
			quietSecs += r.covered[i]
		}
	}
	if then == 0 {
		return 1
	}
	return max(1, now/secs/(then/quietSecs))
}

// spread estimates how much the usual rate varies between times as long as the
// run, relative to its mean and beyond what chance alone does, from the quiet
// cells.
func (r *rates) spread(quiet []bool, exposure float64) float64 {
	const few = 4
	var n, e float64
	for i, q := range quiet {
		if q {
			n += r.n[i]
			e += r.exposure[i]
		}
	}
	exposure = min(exposure, e/few)
	if exposure <= 0 || n == 0 {
		return unknownSpread
	}
	rate := n / e
	var windows, excess, wn, we float64
	for i, q := range quiet {
		if !q {
			continue
		}
		wn += r.n[i]
		we += r.exposure[i]
		if we >= exposure {
			d := wn - rate*we
			excess += (d*d - rate*we) / (rate * we * rate * we)
			windows++
			wn, we = 0, 0
		}
	}
	if windows < few-1 {
		return unknownSpread
	}
	return math.Sqrt(max(usualSpread*usualSpread, excess/(windows-1)))
}

// peak returns the cell of the part that is furthest on its side.
func (r *rates) peak(p part) int {
	best, at := math.Inf(-1), p.from
	for i := p.from; i < p.to; i++ {
		if r.exposure[i] <= 0 {
			continue
		}
		if v := float64(p.side) * r.n[i] / r.exposure[i]; v > best {
			best, at = v, i
		}
	}
	return at
}
