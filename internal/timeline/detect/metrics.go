package detect

import (
	"fmt"
	"math"
	"strings"

	"github.com/hindcast/hindcast/internal/timeline/signal"
	"github.com/hindcast/hindcast/internal/timeline/wording"
)

// metrics reports the series that change. Those of one name are a family.
func (d *detector) metrics(series []signal.Series) {
	families := map[string]*family{}
	var names []string
	for i := range series {
		s, _ := series[i].Sampled()
		f := families[s.Name]
		if f == nil {
			f = &family{}
			families[s.Name] = f
			names = append(names, s.Name)
		}
		l := &levels{x: s.Value, at: s.At, better: wording.BetterShare(s.Name, s.Labels, s.Value), inside: d.window.samples(s.At), family: f}
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
		Detector: "metric-change", From: s.At[x.from], To: s.At[x.to-1], Peak: s.At[x.extreme], Eased: eased(s, x),
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
