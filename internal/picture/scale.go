package picture

import (
	"slices"
	"time"
)

// scale maps times to horizontal positions. Long stretches in which nothing
// happens are drawn as gaps of a fixed width.
type scale struct {
	segments []segment
}

// segment is a stretch of time drawn to scale.
type segment struct {
	from, to time.Time
	x0, x1   float64
}

const gapWidth = 46

// newScale fits the given moments, which need not be sorted, between x0 and x1.
func newScale(moments []time.Time, x0, x1 float64) scale {
	slices.SortFunc(moments, time.Time.Compare)
	first, last := moments[0], moments[len(moments)-1]
	pad := max(last.Sub(first)/50, time.Second)
	var segs []segment
	from := first.Add(-pad)
	for i := 1; i < len(moments); i++ {
		if quiet := moments[i].Sub(moments[i-1]); quiet > last.Sub(first)*2/5 && len(moments) > 4 {
			edge := quiet / 20
			segs = append(segs, segment{from: from, to: moments[i-1].Add(edge)})
			from = moments[i].Add(-edge)
		}
	}
	segs = append(segs, segment{from: from, to: last.Add(pad)})
	var total time.Duration
	for _, s := range segs {
		total += s.to.Sub(s.from)
	}
	width := x1 - x0 - gapWidth*float64(len(segs)-1)
	for i := range segs {
		segs[i].x0 = x0
		x0 += width * float64(segs[i].to.Sub(segs[i].from)) / float64(total)
		segs[i].x1 = x0
		x0 += gapWidth
	}
	return scale{segs}
}

// x returns the position of t; times in a gap lie at its middle.
func (s scale) x(t time.Time) float64 {
	for i, g := range s.segments {
		if t.Before(g.from) {
			if i == 0 {
				return g.x0
			}
			return (s.segments[i-1].x1 + g.x0) / 2
		}
		if !t.After(g.to) {
			return g.x0 + (g.x1-g.x0)*float64(t.Sub(g.from))/float64(g.to.Sub(g.from))
		}
	}
	return s.segments[len(s.segments)-1].x1
}

// ticks returns round times about every 90 pixels.
func (s scale) ticks() []time.Time {
	var out []time.Time
	longest := s.segments[0]
	for _, g := range s.segments {
		if g.x1-g.x0 > longest.x1-longest.x0 {
			longest = g
		}
	}
	step := tickStep(longest.to.Sub(longest.from), int((longest.x1-longest.x0)/90))
	for _, g := range s.segments {
		for t := g.from.Truncate(step); !t.After(g.to); t = t.Add(step) {
			if !t.Before(g.from) {
				out = append(out, t)
			}
		}
	}
	return out
}

// tickStep returns the smallest round step that gives at most n ticks.
func tickStep(span time.Duration, n int) time.Duration {
	for _, step := range [...]time.Duration{
		time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute,
		30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	} {
		if span/step <= time.Duration(max(n, 1)) {
			return step
		}
	}
	day := 24 * time.Hour
	return day * max(span/time.Duration(max(n, 1))/day+1, 1)
}
