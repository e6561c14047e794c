// Package plot chooses the metrics that are worth looking at beside a timeline.
package plot

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/picture/chart"
	"github.com/hindcast/hindcast/internal/redact"
	"github.com/hindcast/hindcast/internal/timeline/detect"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// MostPoints is how many points a series has at most.
const MostPoints = 720

// Options say what to choose.
type Options struct {
	From, To time.Time // bounds of the incident, as the timeline was built with
	Most     int       // how many series at most
}

// Choose returns series of the evidence around the incident, thinned to
// [MostPoints]: those that
// shifted during the incident first, failures and the most surprising of them at
// the top, then those of services that the timeline names, then the others.
// Counters become increases per second. Secrets in names are taken out.
//
// What it returns can be derived again from the evidence, so it is no part of a
// post-mortem.
func Choose(series []signal.Series, tl hindcast.Timeline, opt Options) []chart.Series {
	shifts := map[string][]signal.Detection{}
	for _, d := range detect.Run(signal.Set{Series: series}, detect.Options{From: opt.From, To: opt.To}) {
		if k := d.Subject + "\x00" + d.Service; during(d, tl.Incident) {
			shifts[k] = append(shifts[k], d)
		}
	}
	named := named(tl)
	red := redact.New()
	var all []ranked
	for i := range series {
		s, rate := series[i].Sampled()
		found := shifts[subject(s)+"\x00"+s.Service]
		if !worth(s, tl.Incident) {
			continue
		}
		c := chartOf(s, rate, found, red)
		from, to := shown(tl.Incident, s)
		all = append(all, ranked{c.Thin(from, to, MostPoints), rank(found, named[s.Service])})
	}
	slices.SortStableFunc(all, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.rank, a.rank), cmp.Compare(a.ID, b.ID))
	})
	return mixed(all, opt.Most)
}

// worth reports whether a series has a level to look at during the incident. One
// whose name ends with _info only names things.
func worth(s *signal.Series, p hindcast.Phases) bool {
	from, to := window(p)
	n := 0
	for _, at := range s.At {
		if at >= from && at <= to {
			n++
		}
	}
	return n > 1 && !strings.HasSuffix(s.Name, "_info")
}

// ranked is a series with how much it is worth looking at.
type ranked struct {
	chart.Series
	rank float64
}

// rank orders series: a failure above any other shift, a shift above none, more
// surprising ones above others, services of the timeline above the rest.
func rank(shifts []signal.Detection, named bool) float64 {
	out := 0.0
	for _, d := range shifts {
		r := 10 + min(d.Surprise, 300)
		if d.Bad {
			r += 1000
		}
		out = max(out, r)
	}
	if named {
		out += 5
	}
	return out
}

// chartOf is a series as charts show it.
func chartOf(s *signal.Series, rate bool, shifts []signal.Detection, red *redact.Redactor) chart.Series {
	out := chart.Series{ID: red.Text(strings.TrimSpace(subject(s) + " " + s.Service)), Name: red.Text(s.Name), Service: red.Text(s.Service),
		Unit: chart.Unit(s.Name, rate), Value: s.Value}
	if s.File != nil {
		out.File = s.File.Name
	}
	for _, l := range s.Labels {
		out.Labels = append(out.Labels, red.Text(l))
	}
	for _, at := range s.At {
		out.At = append(out.At, at/int64(time.Millisecond))
	}
	for _, d := range shifts {
		out.Shifts = append(out.Shifts, chart.Shift{From: moment(d.From), To: moment(d.To), Bad: d.Bad, Title: change(d, s)})
	}
	return out
}

// shown returns what of a series a chart can show: somewhat more than the length
// of the incident before it, where a shift may have begun, and a quarter of it
// after; all of it when a phase is not known.
func shown(p hindcast.Phases, s *signal.Series) (from, to time.Time) {
	if p.StartedAt.IsZero() || !p.ResolvedAt.After(p.StartedAt) {
		return moment(s.At[0]), moment(s.At[len(s.At)-1])
	}
	length := p.ResolvedAt.Sub(p.StartedAt)
	return p.StartedAt.Add(-length * 5 / 4), p.ResolvedAt.Add(length / 4)
}

func moment(ns int64) time.Time { return time.Unix(0, ns).UTC() }

// change is a detection's title without what it is about: "fell from 0.999 to 0".
func change(d signal.Detection, s *signal.Series) string {
	for _, verb := range [...]string{" fell from ", " rose from "} {
		if i := strings.LastIndex(d.Title, verb); i >= 0 {
			return d.Title[i+1:]
		}
	}
	return strings.TrimPrefix(d.Title, s.Name+" ")
}

// alike is how many series of one name are shown before others had their turn:
// one metric of fifty pods says one thing.
const alike = 3

// mixed takes the best series.
func mixed(all []ranked, most int) []chart.Series {
	out, rest := []chart.Series{}, []chart.Series{}
	count := map[string]int{}
	for _, r := range all {
		if count[r.Name]++; count[r.Name] > alike {
			rest = append(rest, r.Series)
			continue
		}
		out = append(out, r.Series)
	}
	out = append(out, rest...)
	return out[:min(len(out), max(most, 0))]
}

// lead is how long before an incident's start its beginnings may be seen.
const lead = 5 * time.Minute

// during reports whether a shift overlaps the incident.
func during(d signal.Detection, p hindcast.Phases) bool {
	from, to := window(p)
	return d.To >= from && d.From <= to
}

// window returns the incident with its lead, in nanoseconds; all time where a
// phase is not known.
func window(p hindcast.Phases) (from, to int64) {
	from, to = math.MinInt64, math.MaxInt64
	begin := p.StartedAt
	if begin.IsZero() {
		begin = p.DetectedAt
	}
	if !begin.IsZero() {
		from = begin.Add(-lead).UnixNano()
	}
	if !p.ResolvedAt.IsZero() {
		to = p.ResolvedAt.UnixNano()
	}
	return from, to
}

// named returns the services that a timeline's key entries and suspects name.
func named(tl hindcast.Timeline) map[string]bool {
	out := map[string]bool{}
	for _, e := range tl.Entries {
		if e.Key && e.Service != "" {
			out[e.Service] = true
		}
	}
	for _, s := range tl.Suspects {
		out[s.Service] = true
	}
	return out
}

// subject names a series as detections do.
func subject(s *signal.Series) string {
	if len(s.Labels) == 0 {
		return s.Name
	}
	return s.Name + "{" + strings.Join(s.Labels, ",") + "}"
}
