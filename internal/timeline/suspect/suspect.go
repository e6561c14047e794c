// Package suspect ranks the services in which the evidence says an incident
// began. It is a reading aid and states no cause.
//
// Three kinds of evidence are looked at, each against what the same evidence
// says is normal, and each as a surprise: -log10 of the chance to see something
// at least as unusual when nothing is wrong.
//
//   - Traces with the log lines written in their spans: an operation that logs
//     or calls something it normally does not, or no longer does, or takes
//     longer. Callers of a broken service look unusual too, so a span counts
//     only for what its own calls do not explain.
//   - Metrics: a value far outside its usual range, measured against how often
//     that happens to any service's metric of the same name.
//   - What the detectors of package detect found.
//
// A service's score is its greatest surprise, never a sum: many weak oddities
// are what a busy system looks like on any day.
package suspect

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// Options bound the incident. What lies outside says what normal looks like.
type Options struct {
	From, To time.Time // zero: unknown
}

// least is the surprise below which a service is no suspect.
const least = 2.0

// found is the strongest evidence against one service.
type found struct {
	surprise float64
	at       int64 // when it began, nanoseconds since the Unix epoch; orders equals
	why      string
}

// ranking keeps the strongest evidence for each service.
type ranking map[string]found

func (r ranking) add(service string, f found) {
	if service == "" || f.surprise < least {
		return
	}
	old, ok := r[service]
	if !ok || f.surprise > old.surprise || f.surprise == old.surprise && f.at < old.at {
		r[service] = f
	}
}

// Rank returns the suspects, best first, each service once. Score is 1 minus
// the chance that stands for the surprise, corrected for the number of services
// looked at, so that it lies between 0 and 1.
func Rank(set signal.Set, detections []signal.Detection, opt Options) []hindcast.Suspect {
	r := ranking{}
	from, to := bounds(opt)
	spans(set, from, to, r)
	metrics(set.Series, from, to, r)
	traced := map[string]bool{}
	for _, op := range set.Calls.Ops {
		traced[op.Service] = true
	}
	for _, d := range detections {
		// Of a service with traces they say more, and whether it only passes on
		// what others do.
		if d.From < from || d.From > to || !d.Bad || traced[d.Service] {
			continue
		}
		r.add(d.Service, found{surprise: d.Surprise, at: d.From, why: d.Title})
	}
	out := make([]hindcast.Suspect, 0, len(r))
	for service, f := range r {
		out = append(out, hindcast.Suspect{Service: service, Score: score(f.surprise, len(r)), Why: f.why})
	}
	slices.SortFunc(out, func(a, b hindcast.Suspect) int {
		fa, fb := r[a.Service], r[b.Service]
		return cmp.Or(cmp.Compare(fb.surprise, fa.surprise), cmp.Compare(fa.at, fb.at), cmp.Compare(a.Service, b.Service))
	})
	return out
}

func bounds(opt Options) (from, to int64) {
	from, to = math.MinInt64, math.MaxInt64
	if !opt.From.IsZero() {
		from = opt.From.UnixNano()
	}
	if !opt.To.IsZero() {
		to = opt.To.UnixNano()
	}
	return from, to
}

func score(surprise float64, services int) float64 {
	s := 1 - float64(services)*math.Pow(10, -surprise)
	return math.Round(max(s, 0.01)*1000) / 1000
}

func percent(part, whole float64) string {
	if whole == 0 {
		return "0 %"
	}
	return fmt.Sprintf("%.3g %%", 100*part/whole)
}
