package detect

import (
	"testing"
	"time"

	"github.com/hindcast/hindcast"
)

func TestZZ(t *testing.T) {
	for seed := range uint64(3) {
		s := newScene(500 + seed)
		s.every(0, 20*m, 60, "cart", hindcast.LevelInfo, "request <*> done")
		s.every(0, 20*m, 0.5, "cart", hindcast.LevelError, "upstream timed out")
		s.every(10*m, 20*m, 20, "cart", hindcast.LevelError, "upstream timed out")
		s.every(10*m, 20*m, 4, "cart", hindcast.LevelError, "pool exhausted")
		x := s.wander(25, 200, 10, 0.5)
		for i := 15; i < 25; i++ {
			x[i] += 1800
		}
		s.metric("cart", "latency_p99_ms", time.Minute, x)
		y := s.wander(25, 0.999, 0.0003, 0.5)
		for i := 15; i < 25; i++ {
			y[i] -= 0.2
		}
		s.metric("cart", "success_ratio", time.Minute, y)
		z := s.wander(25, 0, 0, 0.5)
		for i := 15; i < 25; i++ {
			z[i] += 20
		}
		s.metric("cart", "failed_jobs", time.Minute, z)
		for _, d := range Run(s.done(), Options{}) {
			t.Logf("%v %.1f %s %v..%v %s: %s", d.Bad, d.Surprise, d.Detector, time.Duration(d.From-at(0)), time.Duration(d.To-at(0)), d.Title, d.Why)
		}
	}
	// error file only: isolated errors, then a burst, nothing else logged there
	s := newScene(600)
	s.every(0, 90*m, 60, "cart", hindcast.LevelInfo, "request <*> done")
	s.every(0, 90*m, 0.2, "db", hindcast.LevelError, "deadlock detected <*>")
	s.every(50*m, 60*m, 30, "db", hindcast.LevelError, "connection refused <*>")
	for _, d := range Run(s.done(), Options{}) {
		t.Logf("E %v %.1f %s %v..%v %s: %s", d.Bad, d.Surprise, d.Detector, time.Duration(d.From-at(0)), time.Duration(d.To-at(0)), d.Title, d.Why)
	}
	// alone
	s = newScene(600)
	s.every(0, 90*m, 0.2, "db", hindcast.LevelError, "deadlock detected <*>")
	s.every(50*m, 60*m, 30, "db", hindcast.LevelError, "connection refused <*>")
	for _, d := range Run(s.done(), Options{}) {
		t.Logf("A %v %.1f %s %v..%v %s: %s", d.Bad, d.Surprise, d.Detector, time.Duration(d.From-at(0)), time.Duration(d.To-at(0)), d.Title, d.Why)
	}
	// incident until the end, most of the evidence
	s = newScene(601)
	s.every(0, 60*m, 60, "cart", hindcast.LevelInfo, "request <*> done")
	s.every(0, 60*m, 0.3, "cart", hindcast.LevelError, "upstream timed out")
	s.every(12*m, 60*m, 15, "cart", hindcast.LevelError, "upstream timed out")
	for _, d := range Run(s.done(), Options{}) {
		t.Logf("L %v %.1f %s %v..%v %s: %s", d.Bad, d.Surprise, d.Detector, time.Duration(d.From-at(0)), time.Duration(d.To-at(0)), d.Title, d.Why)
	}
	// crash: a few fatal lines and silence
	s = newScene(602)
	s.every(0, 60*m, 60, "web", hindcast.LevelInfo, "request <*> done")
	s.every(0, 30*m, 60, "cart", hindcast.LevelInfo, "order <*> done")
	s.every(42*m, 60*m, 60, "cart", hindcast.LevelInfo, "order <*> done")
	s.log(30*m, "cart", hindcast.LevelFatal, "out of memory")
	for range 20 {
		s.log(30*m+time.Second, "cart", hindcast.LevelError, "goroutine <*> stack")
	}
	for _, d := range Run(s.done(), Options{}) {
		t.Logf("C %v %.1f %s %v..%v %s: %s", d.Bad, d.Surprise, d.Detector, time.Duration(d.From-at(0)), time.Duration(d.To-at(0)), d.Title, d.Why)
	}
}
