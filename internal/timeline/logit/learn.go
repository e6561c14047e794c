package logit

import (
	"maps"
	"math"
	"slices"
)

// Example is something of which is known whether it is so.
type Example struct {
	Features Features
	Is       bool
	Weight   float64 // how much it counts
}

// How the weights are learned: by Newton's method, with an L2 penalty on weights of
// features that are scaled to a deviation of one.
const (
	penalty = 10
	rounds  = 12
	still   = 1e-7 // how little the weights move at the end
	seldom  = 8    // how often a feature must occur
	narrow  = 0.01 // the least deviation that is believed
)

// Learn returns the weights that tell examples of what is so from others.
func Learn(list []Example) Model {
	names := occurring(list)
	mean, dev := spread(list, names)
	rows := make([][]float64, len(list))
	for i, e := range list {
		rows[i] = append(rows[i], 1)
		for k, name := range names {
			rows[i] = append(rows[i], (e.Features[name]-mean[k])/dev[k])
		}
	}
	w := make([]float64, len(names)+1)
	for range rounds {
		next, moved := advance(list, rows, w)
		w = next
		if moved < still {
			break
		}
	}
	m := Model{constant: w[0]}
	for k, name := range names {
		m[name] = w[k+1] / dev[k]
		m[constant] -= m[name] * mean[k]
	}
	return m
}

// occurring returns the features that occur often enough, in order.
func occurring(list []Example) []string {
	count := map[string]int{}
	for _, e := range list {
		for name := range e.Features {
			count[name]++
		}
	}
	maps.DeleteFunc(count, func(_ string, n int) bool { return n < seldom })
	return slices.Sorted(maps.Keys(count))
}

// spread returns the means and deviations of features.
func spread(list []Example, names []string) (mean, dev []float64) {
	for _, name := range names {
		sum, squares := 0.0, 0.0
		for _, e := range list {
			x := e.Features[name]
			sum += x
			squares += x * x
		}
		m := sum / float64(len(list))
		mean = append(mean, m)
		dev = append(dev, max(narrow, math.Sqrt(max(0, squares/float64(len(list))-m*m))))
	}
	return mean, dev
}

// advance returns better weights, and how far they are from the old ones: a step of
// Newton's method, or a part of it when the whole goes too far.
func advance(list []Example, rows [][]float64, w []float64) (next []float64, moved float64) {
	step := newton(list, rows, w)
	was := fit(list, rows, w)
	for part := 1.0; part > 1e-4; part /= 2 {
		next, moved = slices.Clone(w), 0
		for k := range w {
			next[k] += part * step[k]
			moved += math.Abs(part * step[k])
		}
		if moved < still || fit(list, rows, next) >= was {
			return next, moved
		}
	}
	return w, 0
}

// fit returns how likely weights make the examples, less the penalty, as a logarithm.
func fit(list []Example, rows [][]float64, w []float64) float64 {
	sum := 0.0
	for _, v := range w[1:] {
		sum -= penalty / 2 * v * v
	}
	for i, e := range list {
		z := 0.0
		for k, x := range rows[i] {
			z += x * w[k]
		}
		if !e.Is {
			z = -z
		}
		sum -= e.Weight * (max(0, -z) + math.Log1p(math.Exp(-math.Abs(z))))
	}
	return sum
}

// newton returns the step from weights towards the best ones.
func newton(list []Example, rows [][]float64, w []float64) []float64 {
	n := len(w)
	slope, curve := make([]float64, n), make([][]float64, n)
	for k := range curve {
		curve[k] = make([]float64, n)
		if k > 0 {
			curve[k][k], slope[k] = penalty, -penalty*w[k]
		}
	}
	for i, e := range list {
		z, is := 0.0, 0.0
		for k, x := range rows[i] {
			z += x * w[k]
		}
		if e.Is {
			is = 1
		}
		p := 1 / (1 + math.Exp(-z))
		for k, x := range rows[i] {
			slope[k] += e.Weight * (is - p) * x
			c := e.Weight * p * (1 - p) * x
			for j := range k + 1 {
				curve[k][j] += c * rows[i][j]
			}
		}
	}
	return solve(curve, slope)
}

// solve returns x of a x = b by Cholesky's method. The lower half of a holds the
// matrix, which is positive, and is written over.
func solve(a [][]float64, b []float64) []float64 {
	n := len(b)
	for j := range n {
		for k := range j {
			a[j][j] -= a[j][k] * a[j][k]
		}
		a[j][j] = math.Sqrt(max(1e-12, a[j][j]))
		for i := j + 1; i < n; i++ {
			for k := range j {
				a[i][j] -= a[i][k] * a[j][k]
			}
			a[i][j] /= a[j][j]
		}
	}
	x := slices.Clone(b)
	for i := range n {
		for k := range i {
			x[i] -= a[i][k] * x[k]
		}
		x[i] /= a[i][i]
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			x[i] -= a[k][i] * x[k]
		}
		x[i] /= a[i][i]
	}
	return x
}
