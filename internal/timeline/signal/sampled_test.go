package signal

import (
	"math"
	"slices"
	"testing"
)

func TestSampled(t *testing.T) {
	second := int64(1e9)
	at := []int64{0, 10 * second, 20 * second, 30 * second}
	tests := []struct {
		name   string
		metric string
		value  []float64
		want   []float64
		rate   bool
	}{
		{"a gauge", "queue_depth", []float64{1, 2, 3, 4}, []float64{1, 2, 3, 4}, false},
		{"what is no number is left out", "queue_depth", []float64{1, math.NaN(), math.Inf(1), 4}, []float64{1, 4}, false},
		{"a counter", "requests_total", []float64{0, 10, 30, 60}, []float64{1, 2, 3}, true},
		{"two samples are too few for a counter", "requests_total", []float64{0, 10, math.NaN(), math.NaN()}, []float64{0, 10}, false},
		{"what falls often is no counter whatever its name", "open_total", []float64{9, 7, 5, 3}, []float64{9, 7, 5, 3}, false},
	}
	for _, tt := range tests {
		s := Series{Name: tt.metric, At: at, Value: tt.value, Line: []int32{1, 2, 3, 4}}
		before := slices.Clone(tt.value)
		got, rate := s.Sampled()
		if rate != tt.rate || !slices.Equal(got.Value, tt.want) || len(got.At) != len(tt.want) || len(got.Line) != len(tt.want) {
			t.Errorf("%s: Sampled() = %v at %v lines %v, rate %v; want %v, rate %v", tt.name, got.Value, got.At, got.Line, rate, tt.want, tt.rate)
		}
		if same := slices.EqualFunc(s.Value, before, func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }); !same {
			t.Errorf("%s: Sampled() changed the series itself", tt.name)
		}
	}

	long := Series{Name: "requests_total"}
	for i := range 40 {
		v := float64(i * 10)
		if i >= 20 {
			v = float64((i - 20) * 10) // the process started anew
		}
		long.At, long.Value, long.Line = append(long.At, int64(i)*second), append(long.Value, v), append(long.Line, int32(i+1))
	}
	got, rate := long.Sampled()
	if !rate || slices.Min(got.Value) < 0 || got.Value[19] != 0 {
		t.Errorf("Sampled() of a counter that began anew = %v, rate %v, want no fall", got.Value, rate)
	}
}
