package changepoint

import (
	"math"
	"slices"
)

// gaussian is the ratio of a normal distribution's standard deviation to its
// median absolute deviation.
const gaussian = 1.4826

// finite returns the finite values of x and their indices.
func finite(x []float64) ([]float64, []int) {
	out, at := make([]float64, 0, len(x)), make([]int, 0, len(x))
	for i, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		out, at = append(out, v), append(at, i)
	}
	return out, at
}

// standardized moves and scales x in place to median 0 and standard deviation
// 1. It reports whether that was possible: x varies.
func standardized(x []float64) bool {
	m, largest := median(slices.Clone(x)), 0.0
	for _, v := range x {
		largest = max(largest, math.Abs(v/2-m/2))
	}
	if largest == 0 || math.IsInf(largest, 0) {
		return false
	}
	var sum, squares float64
	for i, v := range x { // in two steps: squares of very large values overflow
		x[i] = (v/2 - m/2) / largest
		sum += x[i]
		squares += x[i] * x[i]
	}
	n := float64(len(x))
	sd := math.Sqrt(max(squares-sum*sum/n, 0) / n)
	if sd < 1e-9 {
		return false
	}
	for i := range x {
		x[i] /= sd
	}
	return true
}

// clipped draws values that stand out from the six around them toward those, so
// that one or two strange values are no change (Hampel identifier, Pearson
// 2002). Where most neighborhoods are flat, all that stands out goes.
func clipped(x []float64) []float64 {
	const width, limit = 3, 4
	off := make([]float64, len(x))
	var around [2*width + 1]float64
	for i, v := range x {
		near := append(around[:0], x[max(0, i-width):min(len(x), i+width+1)]...)
		off[i] = v - median(near)
	}
	most := limit * gaussian * medianAbs(off)
	out := slices.Clone(x)
	for i, d := range off {
		if math.Abs(d) > most {
			out[i] += math.Copysign(most, d) - d
		}
	}
	return out
}

func medianAbs(x []float64) float64 {
	abs := make([]float64, len(x))
	for i, v := range x {
		abs[i] = math.Abs(v)
	}
	return median(abs)
}

// median reorders x.
func median(x []float64) float64 {
	if len(x) == 0 {
		return 0
	}
	slices.Sort(x)
	h := len(x) / 2
	if len(x)%2 == 1 {
		return x[h]
	}
	return x[h-1]/2 + x[h]/2
}
