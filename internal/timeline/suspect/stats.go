package suspect

import (
	"math"
	"slices"
)

// fisher returns the surprise, -log10 of the one-sided p-value of Fisher's exact
// test, of a out of n against b out of m, and the direction in which the first
// share lies from the second.
func fisher(a, n, b, m int) (surprise float64, direction int) {
	k := a + b
	direction = 1
	first, last := a, min(n, k)
	if a*m < b*n {
		direction = -1
		first, last = max(0, k-m), a
	}
	// The terms fall off quickly on the far side of the mode, so summing from
	// the observed one outward loses nothing.
	at := hypergeometric(a, n, k, n+m)
	sum := 0.0
	for x := first; x <= last; x++ {
		if d := hypergeometric(x, n, k, n+m) - at; d > -40 {
			sum += math.Exp(d)
		}
	}
	return max(0, -(at+math.Log(sum))/math.Ln10), direction
}

// hypergeometric is the logarithm of the chance of x successes among n drawn
// from total, of which k are successes.
func hypergeometric(x, n, k, total int) float64 {
	return choose(n, x) + choose(total-n, k-x) - choose(total, k)
}

func choose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

// normalSurprise is -log10 of the chance that a standard normal exceeds z.
func normalSurprise(z float64) float64 {
	if z <= 0 {
		return 0
	}
	if z < 30 {
		return -math.Log10(math.Erfc(z/math.Sqrt2) / 2)
	}
	return z*z/2/math.Ln10 + math.Log10(z*math.Sqrt(2*math.Pi))
}

// rankSum returns the surprise of the values marked true being larger than the
// others, by the Mann-Whitney test with a normal approximation and a correction
// for ties, and the ratio of the medians. vs is sorted in place.
func rankSum(vs []marked) (surprise, ratio float64) {
	slices.SortFunc(vs, func(a, b marked) int {
		switch {
		case a.value < b.value:
			return -1
		case a.value > b.value:
			return 1
		}
		return 0
	})
	var n, m, ranks, ties float64
	for i := 0; i < len(vs); {
		j := i
		for j < len(vs) && vs[j].value == vs[i].value {
			j++
		}
		mid, t := float64(i+j+1)/2, float64(j-i)
		ties += t*t*t - t
		for ; i < j; i++ {
			if vs[i].after {
				n++
				ranks += mid
			} else {
				m++
			}
		}
	}
	total := n + m
	if n == 0 || m == 0 {
		return 0, 1
	}
	variance := n * m / 12 * (total + 1 - ties/(total*(total-1)))
	if variance <= 0 {
		return 0, 1
	}
	z := (ranks - n*(n+1)/2 - n*m/2) / math.Sqrt(variance)
	return normalSurprise(z), medianOf(vs, true, int(n)) / max(medianOf(vs, false, int(m)), 1)
}

// marked is a value before or after a moment.
type marked struct {
	value float64
	after bool
}

// medianOf returns the median of the values with the mark, of which there are n.
func medianOf(sorted []marked, after bool, n int) float64 {
	seen := 0
	for _, v := range sorted {
		if v.after == after {
			if seen++; seen > n/2 {
				return v.value
			}
		}
	}
	return 0
}
