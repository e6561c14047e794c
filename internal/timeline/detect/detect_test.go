package detect

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

const m = time.Minute

func at(d time.Duration) int64 { return noon.Add(d).UnixNano() }

func about(t *testing.T, what string, got int64, want, within time.Duration) {
	t.Helper()
	if d := time.Duration(got - at(want)); d.Abs() > within {
		t.Errorf("%s is %v after noon, want %v to within %v", what, time.Duration(got-at(0)), want, within)
	}
}

func TestErrorRateRises(t *testing.T) {
	s := newScene(1)
	s.shop(90 * m)
	s.every(50*m, 65*m, 12, "cart", hindcast.LevelError, "cart upstream timed out, retry <*>")
	first := s.logs[logKey{"cart upstream timed out, retry <*>", "cart"}]
	d := one(t, Run(s.done(), Options{}), "the error rate", func(d *signal.Detection) bool { return d.Subject == "errors" && d.Bad })
	about(t, "beginning", d.From, 50*m, 15*time.Second)
	about(t, "end", d.To, 65*m, 30*time.Second)
	if d.Surprise < 10 || d.Direction != 1 || d.Service != "cart" || d.Effect < 10 {
		t.Errorf("surprise %.1f, direction %d, service %q, effect %.1f", d.Surprise, d.Direction, d.Service, d.Effect)
	}
	if len(d.Marks) == 0 || d.Marks[0].At != d.From || d.Marks[0].Line == 0 || d.Marks[0].File != first.First.File {
		t.Errorf("marks = %+v, want the first record at %d", d.Marks, d.From)
	}
	if !strings.HasPrefix(d.Title, "error rate of cart rose from 0.") || !strings.Contains(d.Why, "per minute") {
		t.Errorf("title %q, why %q", d.Title, d.Why)
	}
}

func TestFirstOfATemplate(t *testing.T) {
	s := newScene(2)
	s.shop(90 * m)
	s.log(50*m+2345*time.Millisecond, "cart", hindcast.LevelError, `column "<*>" does not exist`)
	s.every(50*m+3*time.Second, 70*m, 6, "cart", hindcast.LevelError, `column "<*>" does not exist`)
	set := s.done()
	fits := func(d *signal.Detection) bool { return d.Detector == "new-template" && d.Bad }
	d := one(t, Run(set, Options{}), "the template", fits)
	if d.From != at(50*m+2345*time.Millisecond) || d.Marks[0].At != d.From {
		t.Errorf("begins %v after noon, want 50m2.345s", time.Duration(d.From-at(0)))
	}
	if want := `first "column "<*>" does not exist" in cart`; d.Title != want {
		t.Errorf("title = %s, want %s", d.Title, want)
	}
	if d.Surprise < 4 {
		t.Errorf("surprise = %.1f, want 4 or more", d.Surprise)
	}
	after := one(t, Run(set, Options{Changes: []Change{{At: noon.Add(49 * m), Service: "cart", Subject: "the rollout of v2"}}}), "the template", fits)
	if after.Surprise <= d.Surprise || !strings.HasPrefix(after.Why, "62 s after the rollout of v2") {
		t.Errorf("after a change: surprise %.1f (%.1f without), why %q", after.Surprise, d.Surprise, after.Why)
	}
}

func TestEarlyRecordIsNotTheBeginning(t *testing.T) {
	s := newScene(3)
	s.shop(90 * m)
	s.log(20*m, "cart", hindcast.LevelError, "pool exhausted")
	s.every(50*m, 70*m, 6, "cart", hindcast.LevelError, "pool exhausted")
	for _, d := range bad(Run(s.done(), Options{}), 2) {
		about(t, d.Title, d.From, 50*m, m)
	}
}

// TestQuiet holds that hours of usual noise give no surprising failure.
func TestQuiet(t *testing.T) {
	hours := 0.0
	var found []signal.Detection
	for seed := range uint64(15) {
		s := newScene(100 + seed)
		s.shop(2 * time.Hour)
		for _, service := range []string{"cart", "search", "auth"} {
			s.metric(service, "latency_p99_ms", 30*time.Second, s.wander(240, 200, 12, 0.7))
			s.metric(service, "error_ratio", 30*time.Second, s.wander(240, 0.01, 0.002, 0))
		}
		found = append(found, bad(Run(s.done(), Options{}), 2)...)
		hours += 2
	}
	for _, d := range found {
		t.Logf("%.1f %s: %s", d.Surprise, d.Title, d.Why)
	}
	if rate := float64(len(found)) / hours; rate > 0.05 {
		t.Errorf("%.2f false alarms an hour", rate)
	}
}

func TestBurstOfInformation(t *testing.T) {
	s := newScene(4)
	s.shop(90 * m)
	s.every(40*m, 43*m, 90, "search", hindcast.LevelInfo, "reindexed batch <*>")
	found := Run(s.done(), Options{})
	if b := bad(found, 0); len(b) != 0 {
		t.Errorf("a burst of information is a failure: %s", b[0].Title)
	}
	one(t, found, "the burst", func(d *signal.Detection) bool { return strings.Contains(d.Title, "reindexed") })
}

func TestVanishedTemplate(t *testing.T) {
	s := newScene(5)
	s.shop(90 * m)
	s.every(0, 60*m, 8, "auth", hindcast.LevelInfo, "mail <*> sent")
	d := one(t, Run(s.done(), Options{}), "the end of the template", func(d *signal.Detection) bool { return d.Detector == "vanished-template" })
	about(t, "beginning", d.From, 60*m, 30*time.Second)
	if d.Direction != -1 || d.Bad || d.Surprise < 10 || !strings.HasPrefix(d.Title, `"mail <*> sent" in auth stopped`) {
		t.Errorf("direction %d, bad %v, surprise %.1f, title %s", d.Direction, d.Bad, d.Surprise, d.Title)
	}
}

func TestShareOfServerErrors(t *testing.T) {
	s := newScene(6)
	s.access(0, 40*m, 120, 0.002, "edge")
	s.access(40*m, 50*m, 120, 0.2, "edge")
	s.access(50*m, 90*m, 120, 0.002, "edge")
	d := one(t, Run(s.done(), Options{}), "the share", func(d *signal.Detection) bool { return d.Subject == "5xx" })
	about(t, "beginning", d.From, 40*m, 15*time.Second)
	about(t, "end", d.To, 50*m, 15*time.Second)
	if !d.Bad || d.Surprise < 20 || !strings.HasPrefix(d.Title, "share of server errors of edge rose from 0.") {
		t.Errorf("bad %v, surprise %.1f, title %s", d.Bad, d.Surprise, d.Title)
	}
}

func TestRequestsAreLost(t *testing.T) {
	s := newScene(7)
	s.access(0, 40*m, 120, 0, "edge")
	s.access(40*m, 52*m, 6, 0, "edge")
	s.access(52*m, 90*m, 120, 0, "edge")
	d := one(t, Run(s.done(), Options{}), "the loss", func(d *signal.Detection) bool { return d.Subject == "requests" })
	about(t, "beginning", d.From, 40*m, 15*time.Second)
	about(t, "end", d.To, 52*m, 15*time.Second)
	if !d.Bad || d.Direction != -1 || d.Surprise < 10 {
		t.Errorf("bad %v, direction %d, surprise %.1f", d.Bad, d.Direction, d.Surprise)
	}
}

// TestGaps holds that other traffic at another time is no change, but that what
// changes after a gap is.
func TestGaps(t *testing.T) {
	const day = 24 * time.Hour
	for _, broken := range []bool{false, true} {
		s := newScene(8)
		for _, begin := range []time.Duration{-day, -day + time.Hour, -day + 2*time.Hour} {
			s.every(begin, begin+2*m, 200, "cart", hindcast.LevelInfo, "order <*> accepted")
			s.every(begin, begin+2*m, 4, "cart", hindcast.LevelError, "card declined <*>")
		}
		s.every(0, 10*m, 260, "cart", hindcast.LevelInfo, "order <*> accepted")
		s.every(0, 10*m, 5, "cart", hindcast.LevelError, "card declined <*>")
		if broken {
			s.every(6*m, 10*m, 60, "cart", hindcast.LevelError, "card declined <*>")
		}
		set := s.done()
		for _, opt := range []Options{{}, {From: noon.Add(-m), To: noon.Add(11 * m)}} {
			found := bad(Run(set, opt), 2)
			if !broken && len(found) > 0 {
				t.Errorf("another day's traffic is a failure: %s (%s)", found[0].Title, found[0].Why)
			}
			if broken {
				d := one(t, found, "the errors", func(d *signal.Detection) bool { return d.Subject == "errors" })
				about(t, "beginning", d.From, 6*m, 15*time.Second)
			}
		}
	}
}

func TestWindow(t *testing.T) {
	s := newScene(9)
	s.shop(90 * m)
	s.every(20*m, 25*m, 20, "auth", hindcast.LevelError, "auth malformed input <*>")
	s.every(60*m, 65*m, 20, "cart", hindcast.LevelError, "cart malformed input <*>")
	opt := Options{From: noon.Add(55 * m), To: noon.Add(75 * m)}
	for _, d := range Run(s.done(), opt) {
		if d.From < opt.From.UnixNano() || d.From > opt.To.UnixNano() {
			t.Errorf("%s begins %v after noon, outside the window", d.Title, time.Duration(d.From-at(0)))
		}
		if d.Service == "auth" && d.Bad {
			t.Errorf("%s is from outside the window", d.Title)
		}
	}
}

func TestMetrics(t *testing.T) {
	changed := func(base, spread float64, from, to int, value float64) func(s *scene) []float64 {
		return func(s *scene) []float64 {
			x := s.wander(240, base, spread, 0.5)
			for i := from; i < to; i++ {
				x[i] += value - base
			}
			return x
		}
	}
	tests := []struct {
		name      string
		metric    string
		values    func(s *scene) []float64
		none      bool
		from      int // sample
		within    int
		to        int
		direction int
		bad       bool
	}{
		{name: "latency rises", metric: "latency_p99_ms", values: changed(200, 8, 120, 150, 700), from: 120, to: 149, direction: 1, bad: true},
		{name: "success ratio falls", metric: "http_success_ratio", values: changed(0.998, 0.0004, 120, 150, 0.9), from: 120, to: 149, direction: -1, bad: true},
		{name: "success ratio of one", metric: "http_success_ratio", values: changed(1, 0, 120, 150, 0.7), from: 120, to: 149, direction: -1, bad: true},
		{name: "unknown metric rises", metric: "heap_mb", values: changed(500, 10, 120, 150, 900), from: 120, to: 149, direction: 1},
		{name: "always zero until now", metric: "jobs_failed", values: changed(0, 0, 120, 150, 3), from: 120, to: 149, direction: 1, bad: true},
		{name: "queue climbs slowly", metric: "queue_depth", from: 80, within: 6, to: 239, direction: 1, bad: true, values: func(s *scene) []float64 {
			x := s.wander(240, 100, 5, 0.5)
			for i := 80; i < 240; i++ {
				x[i] += 4 * float64(i-80)
			}
			return x
		}},
		{name: "one high sample", metric: "latency_p99_ms", values: changed(200, 8, 120, 121, 900), none: true},
		{name: "constant", metric: "latency_p99_ms", values: changed(200, 0, 0, 0, 0), none: true},
		{name: "a little higher", metric: "latency_p99_ms", values: changed(200, 8, 120, 150, 225), none: true},
		{name: "two samples only", metric: "latency_p99_ms", values: func(*scene) []float64 { return []float64{1, 900} }, none: true},
		{name: "not finite", metric: "latency_p99_ms", values: func(*scene) []float64 {
			return []float64{math.NaN(), math.Inf(1), math.NaN(), 1, math.Inf(-1), math.NaN(), math.NaN()}
		}, none: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(10)
			s.metric("cart", tt.metric, 30*time.Second, tt.values(s))
			found := Run(s.done(), Options{})
			if tt.none {
				if len(found) > 0 && found[0].Surprise > 2 {
					t.Errorf("found %s (%.1f)", found[0].Title, found[0].Surprise)
				}
				return
			}
			d := one(t, found, tt.metric, func(d *signal.Detection) bool { return d.Detector == "metric-change" })
			step := 30 * time.Second
			about(t, "beginning", d.From, time.Duration(tt.from)*step, time.Duration(tt.within)*step)
			about(t, "end", d.To, time.Duration(tt.to)*step, step)
			if d.Direction != tt.direction || d.Bad != tt.bad || d.Surprise < 3 || d.Marks[0].At != d.From {
				t.Errorf("direction %d, bad %v, surprise %.1f (%s; %s)", d.Direction, d.Bad, d.Surprise, d.Title, d.Why)
			}
		})
	}
}

func TestCounter(t *testing.T) {
	s := newScene(11)
	var values []float64
	total := 1e6
	for i := range 240 {
		total += 50 + 2*s.NormFloat64()
		if i >= 100 && i < 130 {
			total += 900
		}
		if i == 60 {
			total = 0 // the process began again
		}
		values = append(values, total)
	}
	s.metric("cart", "http_errors_total", 30*time.Second, values)
	d := one(t, Run(s.done(), Options{}), "the rise", func(d *signal.Detection) bool { return d.Bad && d.Surprise > 3 })
	about(t, "beginning", d.From, 50*m, 30*time.Second)
	about(t, "end", d.To, 64*m+30*time.Second, 30*time.Second)
}

// TestPrecedents holds that what its kind does at quiet times is no surprise.
func TestPrecedents(t *testing.T) {
	surprise := func(precedents int) float64 {
		s := newScene(12)
		for i := range 12 {
			x := s.wander(240, 200, 8, 0)
			if i < precedents {
				for k := 40 + 10*i; k < 45+10*i; k++ {
					x[k] += 500
				}
			}
			if i == 11 {
				for k := 200; k < 206; k++ {
					x[k] += 500
				}
			}
			s.metric(string(rune('a'+i)), "latency_p99_ms", 30*time.Second, x)
		}
		most := 0.0
		for _, d := range Run(s.done(), Options{From: noon.Add(95 * m), To: noon.Add(110 * m)}) {
			most = max(most, d.Surprise)
		}
		return most
	}
	alone, common := surprise(0), surprise(6)
	if alone < 3 || common > 1 {
		t.Errorf("surprise = %.1f without precedent and %.1f with six, want at least 3 and at most 1", alone, common)
	}
}

func TestSeverity(t *testing.T) {
	tests := []struct {
		template signal.Template
		want     severity
	}{
		{signal.Template{Level: hindcast.LevelInfo, Text: "login failed for <*>"}, harmless},
		{signal.Template{Level: hindcast.LevelWarn, Text: "GC pause of <*> ms"}, harmless},
		{signal.Template{Level: hindcast.LevelWarn, Text: "connection refused by <*>"}, suspicious},
		{signal.Template{Text: "java.net.SocketTimeoutException: <*>"}, suspicious},
		{signal.Template{Text: "read timed out"}, suspicious},
		{signal.Template{Text: "GET /errors 200", Status: 200}, harmless},
		{signal.Template{Text: "GET /cart 502", Status: 500}, failing},
		{signal.Template{Level: hindcast.LevelError, Text: "no"}, failing},
		{signal.Template{Level: hindcast.LevelFatal, Text: "no"}, deadly},
	}
	for _, tt := range tests {
		if got := severityOf(&tt.template); got != tt.want {
			t.Errorf("severity of %s %q = %d, want %d", tt.template.Level, tt.template.Text, got, tt.want)
		}
	}
}

func TestNumber(t *testing.T) {
	tests := []struct {
		v    float64
		want string
	}{
		{0, "0"}, {1234567, "1234567"}, {123.4, "123"}, {41.26, "41.3"}, {0.2, "0.2"}, {1.005, "1"}, {0.001234, "0.00123"}, {-3.14159, "-3.14"}, {2e-9, "0.000000002"},
	}
	for _, tt := range tests {
		if got := number(tt.v); got != tt.want {
			t.Errorf("number(%v) = %s, want %s", tt.v, got, tt.want)
		}
	}
}

func TestSameEveryTime(t *testing.T) {
	s := newScene(13)
	s.shop(90 * m)
	s.every(50*m, 65*m, 12, "cart", hindcast.LevelError, "cart malformed input <*>")
	set := s.done()
	first := Run(set, Options{})
	for range 5 {
		if d := cmp.Diff(Run(set, Options{}), first); d != "" {
			t.Fatalf("another run differs (-got +want):\n%s", d)
		}
	}
}

func TestNothing(t *testing.T) {
	if got := Run(signal.Set{}, Options{}); len(got) != 0 {
		t.Errorf("Run of nothing = %v", got)
	}
}

func TestSecretsStayOut(t *testing.T) {
	s := newScene(14)
	s.shop(90 * m)
	s.every(50*m, 65*m, 12, "cart", hindcast.LevelError, "refused password=hunter2hunter2 for <*>")
	for _, d := range Run(s.done(), Options{}) {
		if strings.Contains(d.Title+d.Why, "hunter2") {
			t.Errorf("title %q or why %q holds a secret", d.Title, d.Why)
		}
	}
}
