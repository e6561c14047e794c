package chance

import (
	"math"
	"testing"
)

func TestTails(t *testing.T) {
	tests := []struct {
		name string
		got  float64
		want float64 // chance
	}{
		{"uniform", lnBeta(1, 1, 0.3), 0.3},
		{"square", lnBeta(2, 1, 0.3), 0.09},
		{"complement", lnBeta(2, 1, 0.9), 0.81},
		{"certain", lnBeta(2, 3, 1), 1},
		{"geometric, at least 3", GammaPoisson{1, 1}.AtLeast(3), 0.125},
		{"geometric, none", GammaPoisson{1, 1}.AtMost(0), 0.5},
		{"nearly Poisson, at least 1", GammaPoisson{2, 1e-9}.AtLeast(1), 1 - math.Exp(-2)},
		{"nearly Poisson, none", GammaPoisson{2, 1e-9}.AtMost(0), math.Exp(-2)},
		{"at least none", GammaPoisson{2, 1}.AtLeast(0), 1},
		{"Cauchy beyond 1", Student(1, 1), 0.5},
		{"Student, 10 degrees, beyond 2.228", Student(2.228139, 10), 0.05},
		{"any of 4", AnyOf(4, math.Log(0.5)), 0.9375},
		{"any of two expected", Any(2, 0), 1 - math.Exp(-2)},
		{"any of two that count half", Any(2, math.Log(0.5)), 1 - math.Exp(-1)},
		{"any of a million", AnyOf(1e6, math.Log(1e-12)), 1e-6},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := math.Exp(tt.got); math.Abs(got-tt.want) > 1e-5*tt.want {
				t.Errorf("chance = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestTailsFarOut(t *testing.T) {
	far := GammaPoisson{1, 1e-9}.AtLeast(2000)
	if math.IsInf(far, 0) || math.IsNaN(far) || far > -10_000 {
		t.Errorf("ln chance of 2000 where 1 is usual = %v, want a finite number below -10000", far)
	}
	wide := GammaPoisson{1e6, 1e-7}.AtLeast(1.01e6)
	if z := 1e4 / math.Sqrt(1e6+1e5); math.Abs(wide/lnNormal(z)-1) > 0.05 {
		t.Errorf("ln chance 1%% above a million = %v, want about %v", wide, lnNormal(z))
	}
}

func lnNormal(z float64) float64 { return math.Log(math.Erfc(z/math.Sqrt2) / 2) }
