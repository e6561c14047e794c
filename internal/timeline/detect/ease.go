package detect

import (
	"math"
	"slices"

	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// high is which share of its greatest distance from normal a value keeps while it
// does not get better, spike how much greater that is at most than what it usually keeps,
// slope by which share it must come down to be on its way, and dense which share of the
// busy minutes' count failures keep.
const high, spike, slope, dense = 0.75, 1.15, 0.1, 0.85

// eased returns when a stretch of values began to get better for good: the last value
// near the one furthest off, or the top before it from which they only came down.
func eased(s *signal.Series, x stretch) int64 {
	off := func(i int) float64 { return math.Abs(s.Value[i] - x.usual) }
	values, i := slices.Sorted(slices.Values(s.Value[x.from:x.to])), x.to-1
	most := min(off(x.extreme), spike*math.Abs(values[(len(values)-1)*(2+x.side)/4]-x.usual)) // that of one in four
	for i > x.from && off(i) < high*most {
		i--
	}
	top := i
	for top > x.from && off(top-1) > off(top) {
		top--
	}
	if off(top)-off(i) > slope*off(x.extreme) {
		i = top
	}
	return s.At[i] + (s.At[min(i+1, len(s.At)-1)]-s.At[i])/2 // at some time between the samples
}

// minute is how many buckets are counted together, and busy how many records a busy
// minute holds at least for a smaller number to mean anything.
const (
	minute = int64(60e9) / bucket
	busy   = 6
)

// thinned returns when failures that are counted in buckets became rare for good,
// before a moment; the moment when they never were frequent.
func thinned(counts []signal.Count, from, to int64) int64 {
	var sums []int64 // of the minute from each bucket on
	var at []int64
	last := 0
	for i, c := range counts {
		if c.Bucket*bucket < floor(from, bucket)*bucket || c.Bucket*bucket > to {
			continue
		}
		sum := int64(0)
		for last = i; last < len(counts) && counts[last].Bucket < c.Bucket+minute; last++ {
			sum += int64(counts[last].N)
		}
		sums, at = append(sums, sum), append(at, c.Bucket)
	}
	if len(sums) == 0 {
		return to
	}
	sorted := slices.Sorted(slices.Values(sums))
	usual := sorted[len(sorted)/2]
	if usual < busy {
		return to
	}
	for i := len(sums) - 1; i >= 0; i-- {
		if float64(sums[i]) >= dense*float64(usual) {
			return min(to, (at[i]+minute)*bucket)
		}
	}
	return to
}
