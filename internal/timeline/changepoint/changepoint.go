// Package changepoint finds where a series of numbers changes: [Metric] for
// measured values, [Counts] for numbers of events. It is mathematics only: no
// times, no names.
//
// Both minimize a penalized cost over all segmentations exactly, with PELT
// (Killick, Fearnhead and Eckley 2012, "Optimal detection of changepoints with
// a linear computational cost", JASA 107). The penalty per change is that of
// the modified BIC, 3 log n for one parameter (Zhang and Siegmund 2007,
// Biometrics 63), so that nothing has to be set by hand.
package changepoint

import (
	"math"
	"slices"
)

// A segmentation is searched on a bounded number of points. A longer series is
// first reduced to that many block means or sums; the changes found are then
// moved to their best place among the single values. It keeps the search,
// quadratic where nothing changes, linear in the length of long series; changes
// that last much less than a block are lost.
const (
	countBlocks  = 1024
	metricBlocks = 512
)

// costs is a segmentation problem: what it costs to describe the values from a
// up to but not including b as one segment, up to a constant. Splitting a
// segment must never raise the sum of the costs.
type costs interface {
	cost(a, b int) float64
}

// pelt returns the ascending starts of all segments but the first in the
// segmentation of n values that minimizes the sum of the segments' costs plus
// penalty for each change, among those whose segments hold at least shortest
// values.
func pelt[C costs](c C, n int, penalty float64, shortest int) []int {
	best := make([]float64, n+1) // cost of the best segmentation of the first t values
	from := make([]int, n+1)     // where its last segment begins
	best[0] = -penalty
	open := []start{{at: 0, until: n}}
	for t := shortest; t <= n; t++ {
		best[t] = math.Inf(1)
		for i := range open {
			s := &open[i]
			s.cost = best[s.at] + c.cost(s.at, t)
			if v := s.cost + penalty; v < best[t] {
				best[t], from[t] = v, s.at
			}
		}
		kept := open[:0]
		for _, s := range open {
			if s.cost > best[t] {
				s.until = min(s.until, t+shortest-1)
			}
			if s.until > t {
				kept = append(kept, s)
			}
		}
		open = kept
		if next := t - shortest + 1; next >= shortest {
			open = append(open, start{at: next, until: n})
		}
	}
	var changes []int
	for t := n; t >= shortest && from[t] > 0; t = from[t] {
		changes = append(changes, from[t])
	}
	slices.Reverse(changes)
	return changes
}

// start is where a last segment may begin. A start that a change at t beats is
// beaten from then on, but not before such a change leaves room for the
// shortest segment.
type start struct {
	at    int
	until int // last end of a segment for which it can win
	cost  float64
}

// total is the cost of a segmentation of n values without penalties.
func total[C costs](c C, n int, changes []int) float64 {
	sum, a := 0.0, 0
	for _, b := range changes {
		sum += c.cost(a, b)
		a = b
	}
	return sum + c.cost(a, n)
}

// refine turns changes between blocks of size values into changes between the
// n values themselves: each goes to the cheapest place no more than a block
// away. A block in which something changed can have become a segment of its
// own; what then is not worth the penalty goes.
func refine[C costs](c C, n int, changes []int, size int, penalty float64) []int {
	out := make([]int, len(changes))
	for i, at := range changes {
		out[i] = min(at*size, n-1)
	}
	settle(c, n, out, size)
	for i, gain := weakest(c, n, out); gain < penalty; i, gain = weakest(c, n, out) {
		out = slices.Delete(out, i, i+1)
	}
	settle(c, n, out, size)
	return out
}

// settle moves each change to its cheapest place within reach, its neighbors
// being held.
func settle[C costs](c C, n int, changes []int, reach int) {
	for i, at := range changes {
		from, to := neighbors(changes, i, n)
		least := math.Inf(1)
		for k := max(from+1, at-reach); k <= min(to-1, at+reach); k++ {
			if v := c.cost(from, k) + c.cost(k, to); v < least {
				least, changes[i] = v, k
			}
		}
	}
}

// weakest returns the change that saves least and what it saves, which is
// without limit when there is none.
func weakest[C costs](c C, n int, changes []int) (int, float64) {
	which, least := 0, math.Inf(1)
	for i, at := range changes {
		from, to := neighbors(changes, i, n)
		if v := c.cost(from, to) - c.cost(from, at) - c.cost(at, to); v < least {
			which, least = i, v
		}
	}
	return which, least
}

// neighbors returns the changes before and after the i-th, or the ends.
func neighbors(changes []int, i, n int) (from, to int) {
	to = n
	if i > 0 {
		from = changes[i-1]
	}
	if i+1 < len(changes) {
		to = changes[i+1]
	}
	return from, to
}
