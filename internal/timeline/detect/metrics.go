package detect

import (
	"fmt"
	"math"
	"strings"

	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// metrics reports the series that change. Those of one name are a family.
func (d *detector) metrics(series []signal.Series) {
	families := map[string]*family{}
	var names []string
	for i := range series {
		s := sampled(&series[i])
		f := families[s.Name]
		if f == nil {
			f = &family{}
			families[s.Name] = f
			names = append(names, s.Name)
		}
		l := &levels{x: s.Value, at: s.At, better: better(s.Name), inside: d.window.samples(s.At), family: f}
		l.bound = bound(s, l.better)
		for _, x := range l.stretches() {
			l.candidate(x, shift(s, l, x), len(series))
		}
	}
	for _, name := range names {
		d.conclude(families[name])
	}
}

// shift says what happened to a series.
func shift(s *signal.Series, l *levels, x stretch) signal.Detection {
	out := signal.Detection{
		Detector: "metric-change", From: s.At[x.from], To: s.At[x.to-1], Peak: s.At[x.extreme],
		Service: s.Service, Subject: s.Name, Direction: x.side, Bad: l.better != 0 && x.side != l.better, Effect: x.effect(),
		Title: fmt.Sprintf("%s%s %s from %s to %s", s.Name, of(s.Service), verb(x.side), number(x.usual), number(s.Value[x.extreme])),
		Why: fmt.Sprintf("mean %s over %d samples, usually %s with a spread of %s (%d samples)",
			number(x.mean), x.to-x.from, number(x.usual), number(x.spread), x.quiet),
		Marks: []signal.Mark{sample(s, x.from)},
	}
	if len(s.Labels) > 0 {
		out.Subject += "{" + strings.Join(s.Labels, ",") + "}"
	}
	if x.extreme != x.from {
		out.Marks = append(out.Marks, sample(s, x.extreme))
	}
	return out
}

func sample(s *signal.Series, i int) signal.Mark {
	return signal.Mark{At: s.At[i], File: s.File, Line: int(s.Line[i])}
}

func verb(side int) string {
	if side < 0 {
		return "fell"
	}
	return "rose"
}

// effect is the shift of the mean in spreads, bounded where nothing ever varied.
func (x stretch) effect() float64 {
	const most = 1e6
	if x.spread == 0 {
		return most
	}
	return min(most, math.Abs(x.mean-x.usual)/x.spread)
}

// samples says which samples lie in the window; nil when it has no bounds.
func (w window) samples(at []int64) []bool {
	if !w.bounded {
		return nil
	}
	in := make([]bool, len(at))
	for i, t := range at {
		in[i] = w.holds(t)
	}
	return in
}

// sampled is the series to look at: finite values only, and increases per
// second of a counter.
func sampled(s *signal.Series) *signal.Series {
	out := &signal.Series{File: s.File, Name: s.Name, Service: s.Service, Labels: s.Labels}
	for i, v := range s.Value {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		out.At, out.Value, out.Line = append(out.At, s.At[i]), append(out.Value, v), append(out.Line, s.Line[i])
	}
	if counter(out) {
		perSecond(out)
	}
	return out
}

// counter reports whether a series counts up from when its process started, as
// Prometheus counters do by name and by values that hardly ever fall.
func counter(s *signal.Series) bool {
	named := strings.HasSuffix(s.Name, "_total") || strings.HasSuffix(s.Name, "_count") || strings.HasSuffix(s.Name, "_sum")
	if !named || len(s.Value) < 3 {
		return false
	}
	falls := 0
	for i := 1; i < len(s.Value); i++ {
		if s.Value[i] < s.Value[i-1] {
			falls++
		}
	}
	return falls*20 <= len(s.Value)
}

// perSecond replaces the samples of a counter by its increase per second since
// the sample before. After a fall it began again from zero.
func perSecond(s *signal.Series) {
	last := s.Value[0]
	for i := 1; i < len(s.Value); i++ {
		v := s.Value[i]
		rise := v - last
		if rise < 0 {
			rise = v
		}
		s.Value[i], last = rise/(float64(s.At[i]-s.At[i-1])/1e9), v
	}
	s.At, s.Value, s.Line = s.At[1:], s.Value[1:], s.Line[1:]
}

// bound returns the best value that a share of successes can have, 1 or 100; 0
// for any other metric. What matters of a success ratio is how much is missing.
func bound(s *signal.Series, better int) float64 {
	if better <= 0 || len(s.Value) == 0 {
		return 0
	}
	most := s.Value[0]
	for _, v := range s.Value {
		if v < 0 {
			return 0
		}
		most = max(most, v)
	}
	switch {
	case most <= 1 && most > 0.2:
		return 1
	case most <= 100 && most > 20 && (strings.Contains(s.Name, "pct") || strings.Contains(s.Name, "percent") || strings.Contains(s.Name, "ratio") || strings.Contains(s.Name, "rate")):
		return 100
	}
	return 0
}

// The words in a metric's name that tell whether more of it is better. Those of
// spared come before the others: less error budget is worse.
var (
	spared   = set("budget remaining headroom")
	downward = set(`abandoned age backlog backoff blocked crash crashes deadlock deadlocks delay delayed denied depth dropped drops
		duration elapsed err evicted evictions exhausted invalid lag late latency lost missed oom overflow overloaded panic panics
		pending percentile quantile queue queued refused rejected rejections reset resets restart restarts retried retries retry rtt
		saturation stale stalled starvation stuck throttled throttling timeout timeouts unavailable unhealthy unready unschedulable wait waiting`)
	upward = set(`ack acked acknowledged availability available completed completion completions delivered goodput healthy hit hits ok
		processed ready succeeded success successes successful throughput up uptime`)
)

func set(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

// better returns the direction in which a metric of that name improves: -1
// down, 1 up, 0 unknown.
func better(name string) int {
	ws := words(name)
	for _, w := range ws {
		if spared[w] {
			return 1
		}
	}
	for _, w := range ws {
		if downward[w] || strings.HasPrefix(w, "fail") || strings.HasPrefix(w, "error") || strings.HasPrefix(w, "exception") {
			return -1
		}
	}
	if percentile(name) || strings.Contains(name, "5xx") || timed(ws) {
		return -1
	}
	for _, w := range ws {
		if upward[w] {
			return 1
		}
	}
	return 0
}

// timed reports whether a name is of how long something takes.
func timed(ws []string) bool {
	unit, work := false, false
	for _, w := range ws {
		switch w {
		case "seconds", "millis", "milliseconds", "ms", "micros", "microseconds", "time":
			unit = true
		case "processing", "request", "requests", "response", "query", "execution", "handling", "handler", "roundtrip", "call", "pause":
			work = true
		}
	}
	return unit && work
}

// percentile reports whether a name speaks of a high percentile, as p99 does,
// which only durations are measured by.
func percentile(name string) bool {
	name = strings.ToLower(name)
	for _, p := range [...]string{"p50", "p75", "p90", "p95", "p99"} {
		if strings.Contains(name, p) {
			return true
		}
	}
	return false
}
