// Package chart draws the metrics of an incident as small multiples: one panel
// for each series, below one another on one time axis, with the phases of the
// incident, the changes that were made and the shifts that were detected.
//
// [Draw] gives the same bytes for the same input. Long series are thinned (see
// [Series.Thin]): the line is then the mean of each interval, and a band reaches
// from its lowest to its highest sample, so that no spike is lost.
package chart

import (
	"math"
	"slices"
	"sort"
	"strings"
	"time"
)

// Series is one metric over time. It is small enough, once thinned, to be kept
// as JSON beside the document that shows it.
type Series struct {
	ID      string    `json:"id"` // NAME{LABEL=VALUE,...} SERVICE: the same for the same series
	Name    string    `json:"name"`
	Service string    `json:"service,omitempty"`
	Labels  []string  `json:"labels,omitempty"` // "k=v"
	Unit    string    `json:"unit,omitempty"`   // "s", "B", "per s", "%"; empty when not known
	File    string    `json:"file,omitempty"`   // evidence that it is from
	At      []int64   `json:"at"`               // ascending, milliseconds since the Unix epoch
	Value   []float64 `json:"value"`            // finite
	Low     []float64 `json:"low,omitempty"`    // of a thinned series: the lowest sample around each value
	High    []float64 `json:"high,omitempty"`   // and the highest
	Shifts  []Shift   `json:"shifts,omitempty"` // in order of From
}

// Shift is a change of level that a detector found.
type Shift struct {
	From  time.Time `json:"from"`
	To    time.Time `json:"to"`
	Bad   bool      `json:"bad,omitempty"` // by its nature a failure
	Title string    `json:"title"`         // "fell from 0.999 to 0"
}

// Thin returns the series with at most n points between two moments, and none
// outside: each stands for an interval of equal length, as its mean at the mean
// of its times, with the lowest and the highest sample. A series that has no more
// points than that keeps them.
func (s Series) Thin(from, to time.Time, n int) Series {
	lo := sort.Search(len(s.At), func(i int) bool { return s.At[i] >= from.UnixMilli() })
	hi := sort.Search(len(s.At), func(i int) bool { return s.At[i] > to.UnixMilli() })
	out := s
	out.At, out.Value = s.At[lo:hi], s.Value[lo:hi]
	if s.Low != nil {
		out.Low, out.High = s.Low[lo:hi], s.High[lo:hi]
	}
	if hi-lo <= n || n < 1 {
		return out
	}
	in := out
	out.At, out.Value, out.Low, out.High = nil, nil, nil, nil
	begin, width := in.At[0], (in.At[len(in.At)-1]-in.At[0])/int64(n)+1
	for i := 0; i < len(in.At); {
		end := i
		for end < len(in.At) && (in.At[end]-begin)/width == (in.At[i]-begin)/width {
			end++
		}
		out.add(in, i, end)
		i = end
	}
	return out
}

// add appends the samples of in from i to before end as one point.
func (s *Series) add(in Series, i, end int) {
	var at, sum float64
	low, high := math.Inf(1), math.Inf(-1)
	for k := i; k < end; k++ {
		at += float64(in.At[k]-in.At[i]) / float64(end-i)
		sum += in.Value[k] / float64(end-i)
		l, h := in.span(k)
		low, high = min(low, l), max(high, h)
	}
	s.At = append(s.At, in.At[i]+int64(at))
	s.Value = append(s.Value, significant(sum))
	s.Low, s.High = append(s.Low, low), append(s.High, high)
}

// span returns the lowest and highest sample around a point.
func (s Series) span(i int) (low, high float64) {
	if s.Low == nil {
		return s.Value[i], s.Value[i]
	}
	return s.Low[i], s.High[i]
}

// significant rounds a mean to six digits: more would only look exact.
func significant(v float64) float64 {
	if v == 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return v
	}
	scale := math.Pow(10, 5-math.Floor(math.Log10(math.Abs(v))))
	if math.IsInf(scale, 0) || scale == 0 {
		return v
	}
	return math.Round(v*scale) / scale
}

// Until returns the series without what was measured after a moment, and with
// the shifts that had begun.
func (s Series) Until(t time.Time) Series {
	n := sort.Search(len(s.At), func(i int) bool { return s.At[i] > t.UnixMilli() })
	s.At, s.Value = s.At[:n], s.Value[:n]
	if s.Low != nil {
		s.Low, s.High = s.Low[:n], s.High[:n]
	}
	var shifts []Shift
	for _, x := range s.Shifts {
		if !x.From.After(t) {
			x.To = earlier(x.To, t)
			shifts = append(shifts, x)
		}
	}
	s.Shifts = shifts
	return s
}

// Hidden counts the points of series that lie after a moment.
func Hidden(series []Series, t time.Time) int {
	n := 0
	for _, s := range series {
		n += len(s.At) - len(s.Until(t).At)
	}
	return n
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// units are the endings of metric names that name a unit.
var units = []struct{ ending, unit string }{
	{"_milliseconds", "ms"}, {"_ms", "ms"}, {"_seconds", "s"}, {"_bytes", "B"}, {"_percent", "%"}, {"_pct", "%"},
}

// Unit returns the unit that a metric's name states, as names of Prometheus end
// with it; empty when it states none. rate says that the values are increases per
// second of a counter.
func Unit(name string, rate bool) string {
	base := name
	for _, suffix := range [...]string{"_total", "_sum", "_count"} {
		base = strings.TrimSuffix(base, suffix)
	}
	unit := ""
	for part := range strings.SplitSeq(base, ":") { // level:metric:operation of a recording rule
		i := slices.IndexFunc(units, func(u struct{ ending, unit string }) bool { return strings.HasSuffix(part, u.ending) })
		if i >= 0 && !strings.HasSuffix(name, "_count") {
			unit = units[i].unit
		}
	}
	if rate {
		return strings.TrimSpace(unit + " per s")
	}
	return unit
}
