package changepoint

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// noise makes test series from a fixed seed.
type noise struct{ *rand.Rand }

func newNoise(seed uint64) noise { return noise{rand.New(rand.NewPCG(seed, 1))} }

func (r noise) poisson(mean float64) float64 {
	n, p := 0.0, math.Exp(-mean)
	for u, sum := r.Float64(), p; u > sum && n < 10*mean+50; sum += p {
		n++
		p *= mean / n
	}
	return n
}

// bursty returns a count of the given mean whose variance is three times that.
func (r noise) bursty(mean float64) float64 {
	sum := 0.0
	for range int(r.poisson(mean / 2)) {
		sum += 1 + r.poisson(1)
	}
	return sum
}

// steps returns n values of draw, whose argument is the level at each index:
// base, and times as much from index a up to but not including b.
func steps(n, a, b int, base, times float64, draw func(float64) float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		level := base
		if a <= i && i < b {
			level *= times
		}
		x[i] = draw(level)
	}
	return x
}

// wander returns n values of an autoregressive process of unit variance.
func (r noise) wander(n int, memory float64) []float64 {
	x, v := make([]float64, n), r.NormFloat64()
	for i := range x {
		v = memory*v + math.Sqrt(1-memory*memory)*r.NormFloat64()
		x[i] = v
	}
	return x
}

// optimal is the plain quadratic search that pelt must agree with.
func optimal(c costs, n int, penalty float64, shortest int) float64 {
	best := make([]float64, n+1)
	best[0] = -penalty
	for t := 1; t <= n; t++ {
		best[t] = math.Inf(1)
		for a := 0; a <= t-shortest; a++ {
			best[t] = min(best[t], best[a]+c.cost(a, t)+penalty)
		}
	}
	return best[n]
}

func TestPeltIsExact(t *testing.T) {
	r := newNoise(1)
	for range 200 {
		n := 1 + r.IntN(40)
		shortest := 1 + r.IntN(4)
		x := steps(n, n/3, n/2, 2, 4, r.poisson)
		penalty := 1 + 8*r.Float64()
		for name, c := range map[string]costs{"levels": newLines(x, 0.3, false), "lines": newLines(x, 0.3, true), "poisson": counted(x)} {
			changes := pelt(c, n, penalty, shortest)
			got := total(c, n, changes) + penalty*float64(len(changes))
			want := optimal(c, n, penalty, shortest)
			if n < shortest {
				want = c.cost(0, n)
			}
			if math.Abs(got-want) > 1e-6 {
				t.Fatalf("%s: cost of pelt(%v, penalty %.3f, shortest %d) = %v: %.6f, want %.6f", name, x, penalty, shortest, changes, got, want)
			}
		}
	}
}

func counted(x []float64) poisson {
	p, _ := newPoisson(x, nil)
	return p
}

func TestCounts(t *testing.T) {
	r := newNoise(2)
	halves := make([]float64, 300)
	half := steps(300, 0, 300, 8, 1, r.poisson)
	for i := range halves {
		halves[i] = 1
		if i >= 150 {
			halves[i], half[i] = 0.5, r.poisson(4)
		}
	}
	gap := make([]float64, 300)
	for i := range gap {
		if i < 100 || i >= 200 {
			gap[i] = 1
		}
	}
	tests := []struct {
		name     string
		n        []float64
		exposure []float64
		want     []int
	}{
		{name: "nothing", n: nil, want: nil},
		{name: "one value", n: []float64{7}, want: nil},
		{name: "no events", n: make([]float64, 100), want: nil},
		{name: "constant", n: steps(100, 0, 0, 5, 1, func(v float64) float64 { return v }), want: nil},
		{name: "quiet", n: steps(540, 0, 0, 8, 1, r.poisson), want: nil},
		{name: "bursty but quiet", n: steps(540, 0, 0, 8, 1, r.bursty), want: nil},
		{name: "from nothing", n: steps(540, 200, 400, 0, 1, func(float64) float64 { return 0 }), want: nil},
		{name: "rises and falls", n: steps(540, 200, 400, 2, 6, r.poisson), want: []int{200, 400}},
		{name: "bursty, rises and falls", n: steps(540, 200, 400, 4, 6, r.bursty), want: []int{200, 400}},
		{name: "half as much observed", n: half, exposure: halves, want: nil},
		{name: "gap", n: steps(300, 100, 200, 8, 0, r.poisson), exposure: gap, want: nil},
		{name: "not finite", n: []float64{0, 0, 0, 0, math.NaN(), 0, math.Inf(1), 0, 90, 95, 91, 99, -5, 90}, want: []int{8}},
		{name: "short", n: []float64{0, 0, 0, 60, 61, 62}, want: []int{3}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(Counts(tt.n, tt.exposure), tt.want); d != "" {
				t.Errorf("Counts (-got +want):\n%s", d)
			}
		})
	}
}

func TestCountsOfLongSeries(t *testing.T) {
	r := newNoise(3)
	x := steps(1_000_000, 300_123, 700_001, 1, 3, r.poisson)
	got := Counts(x, nil)
	if len(got) != 2 || abs(got[0]-300_123) > 10 || abs(got[1]-700_001) > 10 {
		t.Errorf("Counts = %v, want about [300123 700001]", got)
	}
}

func TestMetric(t *testing.T) {
	r := newNoise(4)
	step := func(n, a int, height, memory float64) []float64 {
		x := r.wander(n, memory)
		for i := a; i < n; i++ {
			x[i] += height
		}
		return x
	}
	ramp := r.wander(200, 0)
	for i := 120; i < 200; i++ {
		ramp[i] += 0.5 * float64(i-120)
	}
	spikes := r.wander(300, 0)
	spikes[50], spikes[51], spikes[200] = 40, 45, -60
	holes := step(200, 120, 12, 0)
	holes[3], holes[119], holes[150] = math.NaN(), math.Inf(-1), math.NaN()
	tests := []struct {
		name string
		x    []float64
		want []int
		near int
	}{
		{name: "nothing"},
		{name: "two values", x: []float64{1, 2}},
		{name: "constant", x: make([]float64, 50)},
		{name: "all but one the same", x: append(make([]float64, 50), 1)},
		{name: "only NaN", x: []float64{math.NaN(), math.NaN(), math.NaN(), math.NaN()}},
		{name: "short step", x: []float64{1, 1.1, 0.9, 1, 9, 9.1, 8.9, 9}, want: []int{4}},
		{name: "step", x: step(200, 120, 8, 0), want: []int{120}},
		{name: "step in wandering noise", x: step(400, 250, 8, 0.7), want: []int{250}, near: 1},
		{name: "step with holes", x: holes, want: []int{120}},
		{name: "very large values", x: []float64{1e308, 1e308, 1e308, 1e308, 1e308, -1e308, -1e308, -1e308, -1e308, -1e308}, want: []int{5}},
		{name: "ramp begins", x: ramp, want: []int{120}, near: 4},
		{name: "single strange values", x: spikes},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Metric(tt.x).Changes
			if len(got) != len(tt.want) {
				t.Fatalf("Metric = %v, want %v", got, tt.want)
			}
			for i, at := range tt.want {
				if abs(got[i]-at) > tt.near {
					t.Errorf("Metric = %v, want %v to within %d", got, tt.want, tt.near)
				}
			}
		})
	}
}

// TestMetricIsQuiet holds the number of changes seen in series that have none.
func TestMetricIsQuiet(t *testing.T) {
	r := newNoise(5)
	day := func(n int, memory float64) []float64 {
		x := r.wander(n, memory)
		for i := range x {
			x[i] += 8 * math.Sin(float64(i)/float64(n)*4*math.Pi)
		}
		return x
	}
	tests := []struct {
		name string
		make func() []float64
		most int // changes in 20 series
	}{
		{"independent", func() []float64 { return r.wander(240, 0) }, 1},
		{"wandering", func() []float64 { return r.wander(240, 0.7) }, 2},
		{"wandering far", func() []float64 { return r.wander(240, 0.95) }, 6},
		{"two days", func() []float64 { return day(480, 0.3) }, 100},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := 0
			for range 20 {
				n += len(Metric(tt.make()).Changes)
			}
			t.Logf("%d changes in 20 series", n)
			if n > tt.most {
				t.Errorf("%d changes in 20 quiet series, want at most %d", n, tt.most)
			}
		})
	}
}

func TestMetricOfLongSeries(t *testing.T) {
	r := newNoise(6)
	x := r.wander(1_000_000, 0)
	for i := 600_321; i < len(x); i++ {
		x[i] += 5
	}
	got := Metric(x).Changes
	if len(got) != 1 || abs(got[0]-600_321) > 2 {
		t.Errorf("Metric = %v, want about [600321]", got)
	}
}

func abs(n int) int { return max(n, -n) }

func BenchmarkCounts(b *testing.B) {
	r := newNoise(7)
	quiet := steps(540, 0, 0, 8, 1, r.poisson)
	loud := steps(540, 200, 400, 8, 3, r.poisson)
	for b.Loop() {
		Counts(quiet, nil)
		Counts(loud, nil)
	}
}

func BenchmarkMetric(b *testing.B) {
	r := newNoise(8)
	x := r.wander(540, 0.5)
	for b.Loop() {
		Metric(x)
	}
}
