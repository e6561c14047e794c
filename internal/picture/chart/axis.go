package chart

import (
	"math"
	"strconv"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/picture/timescale"
)

// How much of the timeline's length is shown before and after it, where there
// are samples: what was normal, and whether it is so again. What shifted earlier
// is shown from its beginning, unless that is too long ago.
const (
	before   = 0.25
	longest  = 1.2
	after    = 0.05
	shiftGap = 0.05
)

// newAxis returns a time axis without gaps that holds a timeline as far as there
// are samples, and some time around it; all samples when there is no timeline.
func newAxis(tl hindcast.Timeline, series []Series, x0, x1 float64) (timescale.Scale, bool) {
	from, to := extent(series)
	if from.IsZero() {
		return timescale.Scale{}, false
	}
	if first, last := span(tl); !first.IsZero() && first.Before(to) && last.After(from) {
		length := max(last.Sub(first), time.Minute)
		part := func(share float64) time.Duration { return time.Duration(share * float64(length)) }
		lead := first.Add(-part(before))
		for _, s := range series {
			for _, x := range s.Shifts {
				if begin := x.From.Add(-part(shiftGap)); x.To.After(first) && !begin.Before(first.Add(-part(longest))) {
					lead = earlier(lead, begin)
				}
			}
		}
		from, to = later(from, lead), earlier(to, last.Add(part(after)))
	}
	return timescale.New([]time.Time{from, to}, x0, x1), true
}

// span returns the first and last moment of a timeline: its phases, and without
// them its entries.
func span(tl hindcast.Timeline) (first, last time.Time) {
	add := func(t time.Time) {
		if t.IsZero() {
			return
		}
		if first.IsZero() {
			first, last = t, t
		}
		first, last = earlier(first, t), later(last, t)
	}
	for _, name := range hindcast.PhaseNames() {
		add(*tl.Incident.Moment(name))
	}
	if first.IsZero() || first.Equal(last) {
		for _, e := range tl.Entries {
			add(e.At)
		}
	}
	return first, last
}

// extent returns the first and last moment of any sample.
func extent(series []Series) (from, to time.Time) {
	for _, s := range series {
		if len(s.At) == 0 {
			continue
		}
		a, b := time.UnixMilli(s.At[0]).UTC(), time.UnixMilli(s.At[len(s.At)-1]).UTC()
		if from.IsZero() {
			from, to = a, b
		}
		from, to = earlier(from, a), later(to, b)
	}
	return from, to
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// yScale maps values to vertical positions.
type yScale struct {
	lo, hi      float64
	step        float64 // of the ticks
	top, bottom float64
}

// newYScale fits values from lo to hi, with zero where it is not far, between
// round numbers.
func newYScale(lo, hi, top, bottom float64) yScale {
	switch {
	case lo > hi:
		lo, hi = 0, 1
	case lo >= 0 && lo < hi*0.4:
		lo = 0
	case hi <= 0 && hi > lo*0.4:
		hi = 0
	}
	if lo == hi {
		pad := max(math.Abs(lo)*0.1, 1e-9)
		lo, hi = lo-pad, hi+pad
	}
	step := roundStep((hi - lo) / 3)
	lo, hi = math.Floor(lo/step+1e-9)*step, math.Ceil(hi/step-1e-9)*step
	return yScale{lo, hi, step, top, bottom}
}

func (y yScale) at(v float64) float64 {
	return y.bottom - (y.bottom-y.top)*(v-y.lo)/(y.hi-y.lo)
}

// ticks returns two to five round values.
func (y yScale) ticks() []float64 {
	var out []float64
	for k := math.Ceil(y.lo/y.step - 1e-9); k*y.step <= y.hi*(1+1e-9)+1e-12 && len(out) < 6; k++ {
		out = append(out, k*y.step)
	}
	return out
}

// roundStep returns the round number nearest above v: 1, 2 or 5 times a power
// of ten.
func roundStep(v float64) float64 {
	base := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range [...]float64{1, 2, 5} {
		if m*base >= v*(1-1e-9) {
			return m * base
		}
	}
	return 10 * base
}

// Number writes a value with at most three digits that matter and a prefix:
// "1.88k", "0.25", "14.4k".
func Number(v float64) string {
	if v == 0 {
		return "0"
	}
	prefix := ""
	for _, p := range [...]struct {
		by   float64
		name string
	}{{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if math.Abs(v) >= p.by*0.9995 && math.Abs(v) >= 10e3*0.9995 {
			v, prefix = v/p.by, p.name
			break
		}
	}
	if a := math.Abs(v); a < 1e-4 {
		return strconv.FormatFloat(v, 'g', 2, 64) + prefix
	}
	digits := max(0, 2-int(math.Floor(math.Log10(math.Abs(v)))))
	s := strconv.FormatFloat(v, 'f', digits, 64)
	if digits > 0 {
		for s[len(s)-1] == '0' {
			s = s[:len(s)-1]
		}
		if s[len(s)-1] == '.' {
			s = s[:len(s)-1]
		}
	}
	return s + prefix
}
