// Package timescale maps moments to horizontal positions, so that pictures of one
// incident share their axis.
package timescale

import (
	"slices"
	"time"
)

// Scale maps times to horizontal positions. Long stretches in which nothing
// happens are drawn as gaps of a fixed width.
type Scale struct {
	Segments []Segment // in order of time, at least one
}

// Segment is a stretch of time drawn to scale.
type Segment struct {
	From, To time.Time
	X0, X1   float64
}

const gapWidth = 46

// New fits the given moments, at least one, which need not be sorted, between x0
// and x1. It sorts them.
func New(moments []time.Time, x0, x1 float64) Scale {
	slices.SortFunc(moments, time.Time.Compare)
	first, last := moments[0], moments[len(moments)-1]
	pad := max(last.Sub(first)/50, time.Second)
	var segs []Segment
	from := first.Add(-pad)
	for i := 1; i < len(moments); i++ {
		if quiet := moments[i].Sub(moments[i-1]); quiet > last.Sub(first)*2/5 && len(moments) > 4 {
			edge := quiet / 20
			segs = append(segs, Segment{From: from, To: moments[i-1].Add(edge)})
			from = moments[i].Add(-edge)
		}
	}
	segs = append(segs, Segment{From: from, To: last.Add(pad)})
	var total time.Duration
	for _, s := range segs {
		total += s.To.Sub(s.From)
	}
	width := x1 - x0 - gapWidth*float64(len(segs)-1)
	for i := range segs {
		segs[i].X0 = x0
		x0 += width * float64(segs[i].To.Sub(segs[i].From)) / float64(total)
		segs[i].X1 = x0
		x0 += gapWidth
	}
	return Scale{segs}
}

// X returns the position of t; times in a gap lie at its middle.
func (s Scale) X(t time.Time) float64 {
	for i, g := range s.Segments {
		if t.Before(g.From) {
			if i == 0 {
				return g.X0
			}
			return (s.Segments[i-1].X1 + g.X0) / 2
		}
		if !t.After(g.To) {
			return g.X0 + (g.X1-g.X0)*float64(t.Sub(g.From))/float64(g.To.Sub(g.From))
		}
	}
	return s.Segments[len(s.Segments)-1].X1
}

// Holds reports whether t is drawn to scale, neither in a gap nor outside.
func (s Scale) Holds(t time.Time) bool {
	return slices.ContainsFunc(s.Segments, func(g Segment) bool { return !t.Before(g.From) && !t.After(g.To) })
}

// Ticks returns round times about every 90 pixels.
func (s Scale) Ticks() []time.Time {
	var out []time.Time
	longest := s.Segments[0]
	for _, g := range s.Segments {
		if g.X1-g.X0 > longest.X1-longest.X0 {
			longest = g
		}
	}
	step := tickStep(longest.To.Sub(longest.From), int((longest.X1-longest.X0)/90))
	for _, g := range s.Segments {
		for t := g.From.Truncate(step); !t.After(g.To); t = t.Add(step) {
			if !t.Before(g.From) {
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
