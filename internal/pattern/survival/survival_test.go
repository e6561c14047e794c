package survival_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/hindcast/hindcast/internal/pattern/survival"
)

// The remission times in weeks of Freireich et al. (1963), with which textbooks
// explain the method (Cox and Oakes 1984, Kleinbaum and Klein): + is a patient still
// in remission.
var (
	treated = cases([]int{6, 6, 6, 7, 10, 13, 16, 22, 23}, []int{6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35})
	placebo = cases([]int{1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23}, nil)
)

func cases(over, open []int) []survival.Case {
	var out []survival.Case
	for _, d := range over {
		out = append(out, survival.Case{Days: d, Over: true})
	}
	for _, d := range open {
		out = append(out, survival.Case{Days: d})
	}
	return out
}

// TestPublishedExample compares with the table that textbooks print for the treated
// patients: share, standard error after Greenwood, and the limits on the scale of
// log(-log).
func TestPublishedExample(t *testing.T) {
	want := []struct {
		days, risk, over int
		open, err        float64
		low, high        float64
	}{
		{6, 21, 3, 0.857, 0.0764, 0.620, 0.952},
		{7, 17, 1, 0.807, 0.0869, 0.563, 0.923},
		{10, 15, 1, 0.753, 0.0963, 0.503, 0.889},
		{13, 12, 1, 0.690, 0.1068, 0.432, 0.849},
		{16, 11, 1, 0.627, 0.1141, 0.368, 0.805},
		{22, 7, 1, 0.538, 0.1282, 0.268, 0.747},
		{23, 6, 1, 0.448, 0.1346, 0.188, 0.680},
	}
	c := survival.Estimate(treated)
	if c.N != 21 || c.Over != 9 || c.Last != 35 || len(c.Steps) != len(want) {
		t.Fatalf("N %d, over %d, last %d, %d steps", c.N, c.Over, c.Last, len(c.Steps))
	}
	for i, w := range want {
		s := c.Steps[i]
		if s.Days != w.days || s.AtRisk != w.risk || s.Over != w.over {
			t.Errorf("step %d is %+v, want %+v", i, s, w)
		}
		near(t, "share", s.Open, w.open, 0.0005)
		near(t, "standard error", s.Error, w.err, 0.00006)
		near(t, "lower limit", s.Low, w.low, 0.0005)
		near(t, "upper limit", s.High, w.high, 0.0006)
	}
	day(t, "median", c.Median, 23)
	day(t, "lower limit of the median", c.Low, 13)
	if c.High != nil {
		t.Errorf("upper limit of the median %d; the data do not tell it", *c.High)
	}
	near(t, "At(5)", c.At(5), 1, 0)
	near(t, "At(15)", c.At(15), c.Steps[3].Open, 0)
}

// TestWithoutOpenCases is the plain share of what is left, by hand: of 21, 12 after
// day 5 and 8 after day 8.
func TestWithoutOpenCases(t *testing.T) {
	c := survival.Estimate(placebo)
	near(t, "At(5)", c.At(5), 12.0/21, 1e-12)
	near(t, "At(8)", c.At(8), 8.0/21, 1e-12)
	near(t, "At(23)", c.At(23), 0, 0)
	day(t, "median", c.Median, 8)
	day(t, "lower limit of the median", c.Low, 4)
	if c.High == nil || *c.High != 11 {
		t.Errorf("upper limit of the median %v, want 11", c.High)
	}
}

func TestEdges(t *testing.T) {
	if c := survival.Estimate(nil); c.N != 0 || c.Median != nil || c.Steps != nil {
		t.Errorf("of nothing: %+v", c)
	}
	if c := survival.Estimate(cases(nil, []int{3, 9})); c.Median != nil || c.Left != 2 || c.At(100) != 1 {
		t.Errorf("of open ones alone: %+v", c)
	}
	c := survival.Estimate(cases([]int{-3}, nil))
	day(t, "median of one that was over before it began", c.Median, 0)
	// Half of two are open after the first: the median is its day.
	c = survival.Estimate(cases([]int{4, 10}, nil))
	day(t, "median of two", c.Median, 4)
}

// TestOpenCasesMatter is the reason for it all: what is open for long makes the
// median later, never earlier.
func TestOpenCasesMatter(t *testing.T) {
	closed := cases([]int{2, 3, 5, 8}, nil)
	all := survival.Estimate(append(closed, cases(nil, []int{80, 90, 85})...))
	day(t, "median of closed ones", survival.Estimate(closed).Median, 3)
	day(t, "median with open ones", all.Median, 8)
}

// TestShapes holds what is true of every curve.
func TestShapes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		var list []survival.Case
		for range r.IntN(40) {
			list = append(list, survival.Case{Days: r.IntN(60), Over: r.IntN(3) > 0})
		}
		c := survival.Estimate(list)
		before, counted := 1.0, c.Left
		for _, s := range c.Steps {
			if s.Open > before || s.Open < 0 || s.Low > s.Open || s.High < s.Open || s.High > 1 || s.Low < 0 || math.IsNaN(s.Low+s.High+s.Error) {
				t.Fatalf("%v: step %+v after %f", list, s, before)
			}
			before, counted = s.Open, counted+s.Over+s.Left
		}
		if counted != len(list) || c.N != len(list) {
			t.Fatalf("%v: %d cases in the steps, want all", list, counted)
		}
	}
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.Abs(got-want) > within {
		t.Errorf("%s = %.4f, want %.4f", what, got, want)
	}
}

func day(t *testing.T, what string, got *int, want int) {
	t.Helper()
	if got == nil {
		t.Errorf("%s is not known, want %d", what, want)
	} else if *got != want {
		t.Errorf("%s = %d, want %d", what, *got, want)
	}
}
