// Package chance computes the chances of rare events as natural logarithms,
// which keep what is far below the smallest float.
package chance

import "math"

// lnBeta returns the logarithm of the regularized incomplete beta function
// I_x(a, b), by the continued fraction of Abramowitz and Stegun 26.5.8
// evaluated with Lentz's method. The logarithm keeps chances far below the
// smallest float.
func lnBeta(a, b, x float64) float64 {
	switch {
	case x <= 0:
		return math.Inf(-1)
	case x >= 1:
		return 0
	case x > (a+1)/(a+b+2):
		return math.Log1p(-math.Exp(lnBeta(b, a, 1-x)))
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	front := lab - la - lb + a*math.Log(x) + b*math.Log1p(-x) - math.Log(a)
	return front + math.Log(fraction(a, b, x))
}

// fraction evaluates the continued fraction for I_x(a, b).
func fraction(a, b, x float64) float64 {
	const tiny, steps = 1e-300, 5000
	c, d := 1.0, 1/nonzero(1-(a+b)*x/(a+1), tiny)
	f := d
	for m := 1.0; m < steps; m++ {
		up := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		d, c = 1/nonzero(1+up*d, tiny), nonzero(1+up/c, tiny)
		f *= d * c
		down := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d, c = 1/nonzero(1+down*d, tiny), nonzero(1+down/c, tiny)
		f *= d * c
		if math.Abs(d*c-1) < 1e-12 {
			break
		}
	}
	return f
}

func nonzero(v, tiny float64) float64 {
	if math.Abs(v) < tiny {
		return tiny
	}
	return v
}

// GammaPoisson is the distribution of a count whose rate is itself uncertain:
// its mean and the rate's relative variance (the negative binomial with size
// 1/variance).
type GammaPoisson struct{ Mean, Variance float64 }

// AtLeast is the logarithm of the chance of n or more.
func (g GammaPoisson) AtLeast(n float64) float64 {
	if n <= 0 {
		return 0
	}
	size := 1 / g.Variance
	return lnBeta(n, size, g.Mean/(g.Mean+size))
}

// AtMost is the logarithm of the chance of n or fewer.
func (g GammaPoisson) AtMost(n float64) float64 {
	size := 1 / g.Variance
	return lnBeta(size, n+1, size/(g.Mean+size))
}

// Student is the logarithm of the chance that a value of Student's
// distribution exceeds t > 0 on either side.
func Student(t, freedom float64) float64 {
	return lnBeta(freedom/2, 0.5, freedom/(freedom+t*t))
}

// AnyOf is the logarithm of the chance that at least one of so many
// independent trials has an event whose chance is exp(ln).
func AnyOf(trials, ln float64) float64 {
	if p := math.Exp(ln); p > 1e-6 {
		return math.Log(-math.Expm1(trials * math.Log1p(-min(p, 1-1e-12))))
	}
	return min(0, ln+math.Log(trials))
}

// Any is the logarithm of the chance of any event, when so many are expected and
// each counts with chance exp(ln).
func Any(expected, ln float64) float64 {
	if x := math.Log(expected) + ln; x < -20 {
		return x
	}
	return math.Log(-math.Expm1(-expected * math.Exp(ln)))
}
