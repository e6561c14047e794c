package changepoint

import "math"

// Settings of the metric model. None is about a particular series.
const (
	// floor is the smallest spread of noise, relative to that of the series,
	// that is believed: finer structure is no matter of change points.
	floor = 0.05
	// shortest is the fewest values between two changes.
	shortest = 4
	// apart is how many values a change needs on average, when there are more
	// than few of them: what changes more often is the nature of the series.
	apart = 30
	few   = 4
)

// memories are the autocorrelations tried, relaxations the multiples of the
// estimated noise.
var (
	memories    = [...]float64{0, 0.5, 0.8, 0.95}
	relaxations = [...]float64{1, 2, 4, 8}
)

// Fit is the description of a series that [Metric] chose.
type Fit struct {
	Changes []int   // indices of the first value after each change, ascending
	Trend   bool    // segments are straight lines, not levels
	Memory  float64 // autocorrelation of the noise at lag one
}

// Metric returns how a series of measured values changes its level or its
// slope. Values that are not finite are left out. The scale of the values does
// not matter.
//
// Segments are levels or straight lines in noise that may be autocorrelated of
// order one; which of these describes the series is chosen by the same
// criterion as the number of changes, as Beaulieu and Killick 2018 do
// ("Distinguishing trends and shifts from memory in climate data", J. Climate
// 31): without that choice a trend or slow wandering looks like many changes.
// Single strange values are clipped first.
func Metric(x []float64) Fit {
	values, at := finite(x)
	if len(values) < 3 || !standardized(values) {
		return Fit{}
	}
	values = clipped(values)
	size := (len(values) + metricBlocks - 1) / metricBlocks
	coarse := means(values, size)
	if !standardized(coarse) {
		return Fit{}
	}
	f := choose(coarse)
	if size > 1 {
		l := newLines(values, f.Memory, f.Trend)
		f.Changes = refine(l, len(values), f.Changes, size, l.noise()*l.penalty())
	}
	for i, k := range f.Changes {
		f.Changes[i] = at[k]
	}
	return f
}

// choose returns the best fit to a standardized series.
func choose(x []float64) Fit {
	best, least := Fit{}, math.Inf(1)
	for _, trend := range [...]bool{false, true} {
		for _, memory := range memories {
			l := newLines(x, memory, trend)
			try := func(changes []int) {
				if v := l.criterion(changes); v < least {
					best, least = Fit{Changes: changes, Trend: trend, Memory: memory}, v
				}
			}
			try(nil)
			noise := l.noise()
			for _, r := range relaxations {
				changes := pelt(l, len(x), noise*r*l.penalty(), min(shortest, max(1, len(x)/4)))
				if len(changes) == 0 {
					break
				}
				if len(changes) <= max(few, len(x)/apart) {
					try(changes)
				}
			}
		}
	}
	return best
}

// means joins each size values into their mean.
func means(x []float64, size int) []float64 {
	if size == 1 {
		return x
	}
	out := make([]float64, 0, len(x)/size+1)
	for i := 0; i < len(x); i += size {
		part := x[i:min(i+size, len(x))]
		sum := 0.0
		for _, v := range part {
			sum += v
		}
		out = append(out, sum/float64(len(part)))
	}
	return out
}

// lines is the cost of levels or straight lines in noise with memory: the
// weighted squares that remain after generalized least squares. Differences
// x[i] - memory*x[i-1] have independent noise; the first value of a segment
// counts by itself with weight 1 - memory² (exact likelihood of a stationary
// AR(1) process; Chakar et al. 2017, Bernoulli 23, use the same whitening).
type lines struct {
	x      []float64
	memory float64
	trend  bool
	sums   []moments
}

// moments are running sums over the whitened values y and the whitened index t.
type moments struct{ y, t, yy, tt, ty float64 }

func newLines(x []float64, memory float64, trend bool) *lines {
	l := &lines{x: x, memory: memory, trend: trend, sums: make([]moments, len(x)+1)}
	for i := range x {
		m := l.sums[i]
		if i > 0 {
			y := x[i] - memory*x[i-1]
			t := float64(i) - memory*float64(i-1)
			m = moments{m.y + y, m.t + t, m.yy + y*y, m.tt + t*t, m.ty + t*y}
		}
		l.sums[i+1] = m
	}
	return l
}

func (l *lines) cost(a, b int) float64 {
	first, step := 1-l.memory*l.memory, 1-l.memory
	x, i := l.x[a], float64(a)
	from, to := &l.sums[a+1], &l.sums[b]
	ones := first + step*step*float64(b-a-1)
	y := first*x + step*(to.y-from.y)
	rest := first*x*x + to.yy - from.yy - y*y/ones
	if !l.trend {
		return max(rest, 0)
	}
	t := first*i + step*(to.t-from.t)
	all := first*i*i + to.tt - from.tt
	tt := all - t*t/ones
	if tt <= 1e-12*all {
		return max(rest, 0)
	}
	ty := first*i*x + to.ty - from.ty - t*y/ones
	return max(rest-ty*ty/tt, 0)
}

// parameters is how many numbers describe a segment and where it begins.
func (l *lines) parameters() float64 {
	if l.trend {
		return 3
	}
	return 2
}

// penalty is the cost of one change in units of the noise's variance: 3 log n
// for levels, as in the modified BIC, and in proportion for lines.
func (l *lines) penalty() float64 {
	return 1.5 * l.parameters() * math.Log(float64(len(l.x)))
}

// least is the smallest variance of the whitened noise that is believed.
func (l *lines) least() float64 { return floor * floor * (1 - l.memory*l.memory) }

// noise estimates the variance of the whitened noise from the differences of
// neighbors, by their median, so that changes do not matter.
func (l *lines) noise() float64 {
	d := make([]float64, 0, len(l.x))
	for i := 2; i < len(l.x); i++ {
		d = append(d, l.x[i]-l.x[i-1]-l.memory*(l.x[i-1]-l.x[i-2]))
	}
	sd := gaussian * medianAbs(d)
	return sd*sd/2 + l.least()
}

// criterion is what the models compete by: minus twice the log-likelihood plus
// the price of the parameters. Smaller is better.
func (l *lines) criterion(changes []int) float64 {
	n, segments := float64(len(l.x)), float64(len(changes)+1)
	rest := total(l, len(l.x), changes)/n + l.least()
	price := segments * l.penalty()
	if l.memory > 0 {
		price += 1.5 * math.Log(n)
	}
	return n*math.Log(rest) - segments*math.Log(1-l.memory*l.memory) + price
}
