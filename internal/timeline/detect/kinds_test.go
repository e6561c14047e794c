package detect

import (
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

func errorsOf(service string) func(d *signal.Detection) bool {
	return func(d *signal.Detection) bool { return d.Subject == "errors" && d.Service == service }
}

func TestFileOfFailuresOnly(t *testing.T) {
	s := newScene(50)
	s.every(0, 90*m, 60, "cart", hindcast.LevelInfo, "request <*> done")
	s.every(0, 90*m, 0.2, "db", hindcast.LevelError, "deadlock detected <*>")
	s.every(50*m, 60*m, 10, "db", hindcast.LevelError, "connection refused <*>")
	d := one(t, Run(s.done(), Options{}), "the errors", errorsOf("db"))
	about(t, "beginning", d.From, 50*m, 20*time.Second)
	about(t, "end", d.To, 60*m, time.Minute)
}

func TestFailureForMostOfTheEvidence(t *testing.T) {
	s := newScene(51)
	s.every(0, 60*m, 60, "cart", hindcast.LevelInfo, "request <*> done")
	s.every(0, 60*m, 0.3, "cart", hindcast.LevelError, "upstream timed out")
	s.every(12*m, 60*m, 15, "cart", hindcast.LevelError, "upstream timed out")
	d := one(t, Run(s.done(), Options{}), "the errors", errorsOf("cart"))
	about(t, "beginning", d.From, 12*m, 20*time.Second)
	about(t, "end", d.To, 60*m, 10*time.Second)
}

func TestServiceFallsSilent(t *testing.T) {
	s := newScene(52)
	s.every(0, 60*m, 60, "web", hindcast.LevelInfo, "request <*> done")
	s.every(0, 30*m, 60, "cart", hindcast.LevelInfo, "order <*> done")
	s.every(42*m, 60*m, 60, "cart", hindcast.LevelInfo, "order <*> done")
	d := one(t, Run(s.done(), Options{}), "silence", func(d *signal.Detection) bool { return d.Bad })
	about(t, "beginning", d.From, 30*m, 15*time.Second)
	about(t, "end", d.To, 42*m, 15*time.Second)
	if !strings.HasPrefix(d.Title, "no records of cart (") || d.Service != "cart" {
		t.Errorf("title %q, service %q", d.Title, d.Service)
	}
}

// TestMoreTrafficMoreErrors holds that errors which follow the traffic are usual.
// TestDownIsNotQuiet holds that what a service says now and then is not more than usual
// because it says nothing while it is down.
func TestDownIsNotQuiet(t *testing.T) {
	for seed := range uint64(8) {
		s := newScene(50 + seed)
		s.shop(600 * m)
		for _, up := range [][2]time.Duration{{0, 90 * m}, {360 * m, 600 * m}} {
			s.every(up[0], up[1], 2, "broker", hindcast.LevelInfo, "rolled segment <*>")
		}
		for _, up := range [][2]time.Duration{{8 * m, 88 * m}, {430 * m, 598 * m}} {
			s.every(up[0], up[1], 0.15, "broker", hindcast.LevelWarn, "unexpected error from <*>; closing connection")
		}
		for _, d := range bad(Run(s.done(), Options{}), 2) {
			if d.Service == "broker" && d.Detector == "rate-change" && d.Subject != "records" {
				t.Errorf("seed %d: %s, %s", seed, d.Title, d.Why)
			}
		}
	}
}

func TestMoreTrafficMoreErrors(t *testing.T) {
	s := newScene(53)
	for h := range 24 {
		perMinute := 60.0
		if h < 8 {
			perMinute = 0.5
		}
		from, to := time.Duration(h)*time.Hour, time.Duration(h+1)*time.Hour
		s.every(from, to, perMinute, "web", hindcast.LevelInfo, "request <*>")
		s.every(from, to, perMinute/100, "web", hindcast.LevelError, "bad request <*>")
		s.access(from, to, perMinute, 0.005, "edge")
	}
	for _, d := range bad(Run(s.done(), Options{}), 2) {
		t.Errorf("%.1f %s: %s", d.Surprise, d.Title, d.Why)
	}
}

// TestWindowInLongEvidence holds that weeks around a window do not blur it.
func TestWindowInLongEvidence(t *testing.T) {
	s := newScene(54)
	const week = 7 * 24 * time.Hour
	s.every(-week, week, 3, "cart", hindcast.LevelInfo, "request <*> done")
	s.every(-week, week, 0.05, "cart", hindcast.LevelError, "upstream timed out")
	s.every(0, 20*m, 6, "cart", hindcast.LevelError, "upstream timed out")
	opt := Options{From: noon.Add(-time.Hour), To: noon.Add(2 * time.Hour)}
	d := one(t, Run(s.done(), opt), "the errors", errorsOf("cart"))
	about(t, "beginning", d.From, 0, 20*time.Second)
	about(t, "end", d.To, 20*m, 30*time.Second)
}

// TestAnySignals holds what is promised of every detection, whatever the signals.
func TestAnySignals(t *testing.T) {
	for seed := range uint64(300) {
		s := newScene(1000 + seed)
		span := time.Duration(1+s.IntN(3)*s.IntN(3)*1000) * m
		texts := []string{"a failed", "b <*>", "c timed out"}
		for range s.IntN(60) {
			from := time.Duration(s.Float64() * float64(span))
			for k := range 1 + s.IntN(30) {
				s.log(from+time.Duration(k)*time.Duration(s.IntN(30))*time.Second, []string{"", "x", "y"}[s.IntN(3)], hindcast.Level(s.IntN(7)), texts[s.IntN(3)])
			}
		}
		for range s.IntN(3) {
			x := s.wander(s.IntN(80), s.NormFloat64()*1e3, s.ExpFloat64()*10, s.Float64())
			for i := range x {
				switch s.IntN(12) {
				case 0:
					x[i] *= 1e300
				case 1:
					x[i] = 0
				}
			}
			s.metric("x", []string{"error_total", "up", "latency"}[s.IntN(3)], time.Duration(1+s.IntN(100))*time.Second, x)
		}
		s.edge("x", "y", "op", call{0, time.Duration(s.IntN(60)) * m, 5 * s.ExpFloat64(), time.Second, s.Float64()})
		s.instance("x", "x-1", 0, time.Duration(s.IntN(60))*m)
		opt := Options{}
		if s.IntN(2) == 0 {
			opt.From = noon.Add(time.Duration(s.Float64() * float64(span)))
		}
		if s.IntN(2) == 0 {
			opt.To = noon.Add(time.Duration(s.Float64() * float64(span)))
		}
		for _, d := range Run(s.done(), opt) {
			if d.To < d.From || d.Peak != 0 && (d.Peak < d.From || d.Peak > d.To) {
				t.Errorf("seed %d: %s lasts from %d to %d with its peak at %d", seed, d.Title, d.From, d.To, d.Peak)
			}
			if !(d.Surprise >= 1) || d.Surprise > 1e9 || d.Effect != d.Effect || d.Title == "" || d.Why == "" {
				t.Errorf("seed %d: %s: surprise %v, effect %v, why %q", seed, d.Title, d.Surprise, d.Effect, d.Why)
			}
		}
	}
}

// TestSeveralOfOneFailure holds that the first of several new templates does not
// make the others usual.
func TestSeveralOfOneFailure(t *testing.T) {
	s := newScene(55)
	s.shop(90 * m)
	texts := []string{"column missing", "circuit breaker opened", "checkout gave up"}
	for i, text := range texts {
		s.every(50*m+time.Duration(i)*m, 70*m, 6, "cart", hindcast.LevelError, text)
	}
	found := Run(s.done(), Options{})
	for _, text := range texts {
		d := one(t, found, text, func(d *signal.Detection) bool { return d.Detector == "new-template" && strings.Contains(d.Title, text) })
		if d.Surprise < 3 {
			t.Errorf("%s: surprise %.1f, want 3 or more", text, d.Surprise)
		}
	}
}
