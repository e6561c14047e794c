package timescale_test

import (
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/picture/timescale"
)

func TestScaleLeavesOutQuietStretches(t *testing.T) {
	start := time.Date(2024, 3, 15, 14, 30, 0, 0, time.UTC)
	at := func(m int) time.Time { return start.Add(time.Duration(m) * time.Minute) }
	s := timescale.New([]time.Time{at(600), at(0), at(2), at(1), at(3), at(599)}, 100, 1100)
	if len(s.Segments) != 2 {
		t.Fatalf("%d segments, want 2", len(s.Segments))
	}
	if s.Holds(at(300)) || !s.Holds(at(1)) || !s.Holds(at(600)) {
		t.Error("the middle must be left out, and nothing else")
	}
	last := -1.0
	for m := range 600 {
		x := s.X(at(m))
		if x < last || x < 100 || x > 1100 {
			t.Fatalf("minute %d is at %v after %v", m, x, last)
		}
		last = x
	}
	for _, tick := range s.Ticks() {
		if !s.Holds(tick) {
			t.Errorf("the tick %s lies in the gap", tick)
		}
	}
}
