package changepoint

import "math"

// Counts returns the indices at which the rate of events changes: of the first
// value after each change, ascending. exposure says how much of each interval
// was observed, 1 being all of it; nil means that all of all intervals were.
// Intervals with no exposure, and values that are negative or not finite, say
// nothing.
//
// The cost is that of the Poisson distribution. Where neighboring counts differ
// more than Poisson counts do, the penalty grows by the same factor
// (quasi-likelihood, Wedderburn 1974), so that bursts are not changes.
func Counts(n, exposure []float64) []int { return CoarseCounts(n, exposure, countBlocks) }

// CoarseCounts is [Counts] for where speed matters more than short changes: the
// search is on at most so many points, at least one.
func CoarseCounts(n, exposure []float64, points int) []int {
	c, at := newPoisson(n, exposure)
	if len(at) < 2 {
		return nil
	}
	size := (len(at) + points - 1) / points
	coarse := c.coarse(size)
	m := len(coarse.n) - 1
	penalty := 3 * math.Log(float64(m)) * coarse.dispersion()
	changes := pelt(coarse, m, penalty, 1)
	if size > 1 {
		changes = refine(c, len(at), changes, size, penalty)
	}
	for i, k := range changes {
		changes[i] = at[k]
	}
	return changes
}

// poisson holds running sums of counts and exposures.
type poisson struct {
	n, e []float64
}

// newPoisson returns the sums over the values that say something, and the
// indices of those.
func newPoisson(n, exposure []float64) (poisson, []int) {
	p := poisson{n: []float64{0}, e: []float64{0}}
	var at []int
	for i, v := range n {
		e := 1.0
		if exposure != nil {
			e = exposure[i]
		}
		if !(e > 0) || !(v >= 0) || math.IsInf(v, 0) || math.IsInf(e, 0) {
			continue
		}
		at = append(at, i)
		p.n = append(p.n, p.n[len(p.n)-1]+v)
		p.e = append(p.e, p.e[len(p.e)-1]+e)
	}
	return p, at
}

// cost is minus twice the log-likelihood at the segment's own rate, without the
// terms that all segmentations share.
func (p poisson) cost(a, b int) float64 {
	n, e := p.n[b]-p.n[a], p.e[b]-p.e[a]
	if n <= 0 {
		return 0
	}
	return -2 * n * math.Log(n/e)
}

// coarse joins each size values into one.
func (p poisson) coarse(size int) poisson {
	if size == 1 {
		return p
	}
	last := len(p.n) - 1
	var q poisson
	for i := 0; i < last+size; i += size {
		q.n = append(q.n, p.n[min(i, last)])
		q.e = append(q.e, p.e[min(i, last)])
	}
	return q
}

// dispersion estimates the variance of the counts as a multiple of their mean,
// from differences of neighbors, which a few changes hardly touch. It is 1
// unless the estimate is more than its standard error above that.
func (p poisson) dispersion() float64 {
	var squares, sum, fourth float64
	m := len(p.n) - 1
	for i := 2; i <= m; i++ {
		e1, e2 := p.e[i-1]-p.e[i-2], p.e[i]-p.e[i-1]
		n1, n2 := p.n[i-1]-p.n[i-2], p.n[i]-p.n[i-1]
		d := n2*e1 - n1*e2
		mean := (n1 + n2) * e1 * e2
		squares += d * d
		sum += mean
		fourth += (d*d - mean) * (d*d - mean)
	}
	if sum == 0 {
		return 1
	}
	ratio, spread := squares/sum, math.Sqrt(fourth)/sum
	if ratio < 1+spread {
		return 1
	}
	return ratio
}
