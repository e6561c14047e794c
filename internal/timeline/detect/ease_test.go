package detect

import (
	"slices"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/signal"
)

func TestEased(t *testing.T) {
	tests := []struct {
		name   string
		values []float64 // one a minute, usually 1
		want   time.Duration
	}{
		{"it stays high and falls at once", []float64{90, 100, 85, 95, 92, 2, 1}, 4*time.Minute + 30*time.Second},
		{"a queue that grows and drains", []float64{20, 40, 60, 80, 100, 90, 80, 70, 60, 50}, 4*time.Minute + 30*time.Second},
		{"in two steps", []float64{100, 95, 98, 50, 52, 49, 5}, 2*time.Minute + 30*time.Second},
		{"with a spike on the way", []float64{20, 21, 20, 22, 21, 30, 20, 21, 14, 5, 1}, 7*time.Minute + 30*time.Second},
		{"it lasts", []float64{100, 95, 98}, 2 * time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &signal.Series{Value: tt.values}
			x := stretch{to: len(tt.values), usual: 1, side: 1}
			for i, v := range tt.values {
				s.At = append(s.At, int64(time.Duration(i)*time.Minute))
				if v > tt.values[x.extreme] {
					x.extreme = i
				}
			}
			if got := time.Duration(eased(s, x)); got != tt.want {
				t.Errorf("eased(%v) = %v, want %v", tt.values, got, tt.want)
			}
		})
	}
}

func TestThinned(t *testing.T) {
	counts := func(n ...uint32) (out []signal.Count) {
		for i, v := range n {
			if v > 0 {
				out = append(out, signal.Count{Bucket: int64(i), N: v})
			}
		}
		return out
	}
	tests := []struct {
		name   string
		counts []signal.Count
		want   time.Duration
	}{
		{"none", nil, 5 * time.Minute},
		{"too few to tell", counts(1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1), 5 * time.Minute},
		{"many to the end", counts(9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9), 2 * time.Minute},
		{"then a few", counts(slices.Concat(slices.Repeat([]uint32{9}, 20), []uint32{1, 0, 0, 1, 0, 0, 1})...), 210 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := time.Duration(thinned(tt.counts, 0, int64(5*time.Minute))); got != tt.want {
				t.Errorf("thinned(%v) = %v, want %v", tt.counts, got, tt.want)
			}
		})
	}
}
