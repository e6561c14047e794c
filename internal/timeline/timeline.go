// Package timeline rebuilds what happened from the evidence of an incident.
//
// [Build] is pure and deterministic: the same evidence and options give the
// same timeline. It reads events in the timeline's terms (package fact), makes
// one fact of what several sources state (fuse), takes signs of failure from the
// detectors (sign), reads again what people said by its place among them (dialog),
// decides what can belong to the incident (scope), finds the phases (phase) and
// chooses what a reader needs (of what people said: keyrank). Every entry says why it
// was chosen or not.
package timeline

import (
	"maps"
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/collect"
	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/detect"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/keyrank"
	"github.com/hindcast/hindcast/internal/timeline/signal"
	"github.com/hindcast/hindcast/internal/timeline/skew"
	"github.com/hindcast/hindcast/internal/timeline/suspect"
)

// Options say what to build.
type Options struct {
	// From and To bound the incident; zero leaves that side open. Evidence
	// outside yields no entries but says what normal looks like.
	From, To time.Time
	// Evidence is the list of files that were read, for hashes and formats.
	Evidence []hindcast.Evidence
	// Weighed, when set, is told of each message that could be a key entry, by the
	// entry's id.
	Weighed func(id string, c *keyrank.Candidate)
	// Phases, when set, is told of what was weighed for the phases.
	Phases func(r *course.Result)
}

// Build returns the timeline of the incident in r. Entries holds every
// candidate; those a reader needs are marked Key.
func Build(r *collect.Result, opt Options) hindcast.Timeline {
	b := newBuilder(r.Events, r.Signals, opt)
	b.detections = detect.Run(r.Signals, detect.Options{From: opt.From, To: opt.To, Changes: b.changes()})
	tl := b.build()
	tl.Suspects = suspects(r.Signals, b.detections, tl.Incident, opt)
	tl.Offsets = b.clocks(r.Events)
	tl.Evidence = opt.Evidence
	tl.Problems = append(tl.Problems, r.Problems...)
	return tl
}

// clocks returns the clocks that differ from the others'.
func (b *builder) clocks(events []hindcast.Event) []hindcast.ClockOffset {
	in := skew.Input{
		Statements: b.stated, Templates: b.templates, Detections: b.detections, Evidence: b.opt.Evidence,
		Anchors: skew.Anchors(b.facts, b.signs, b.opt.Evidence, b.phases.Phases), Phases: b.phases.Phases, Zones: fact.Offsets(events), Commands: skew.Commands(b.facts), Quotes: skew.Quotes(b.facts), Rows: skew.Rows(b.facts), Spoken: b.spoken, Tellings: b.tellings,
	}
	if a := b.phases.Alarm; a != nil {
		in.Alarm = a.First().Ref.File
	}
	return skew.Find(in)
}

// lead is how long before its start an incident's beginnings are looked for.
const lead = 5 * time.Minute

// suspects ranks the services where something deviates inside the bounds that
// the user gave, else around the incident that was found.
func suspects(set signal.Set, found []signal.Detection, incident hindcast.Phases, opt Options) []hindcast.Suspect {
	in := suspect.Options{From: opt.From, To: opt.To}
	if opt.From.IsZero() && opt.To.IsZero() {
		if incident.StartedAt.IsZero() {
			return []hindcast.Suspect{}
		}
		in = suspect.Options{From: incident.StartedAt.Add(-lead), To: incident.ResolvedAt}
	}
	return suspect.Rank(set, found, in)
}

// services returns the names of the services that signals are about.
func services(set signal.Set) []string {
	seen := map[string]bool{}
	for _, t := range set.Templates {
		for _, c := range t.Services {
			seen[c.Service] = true
		}
	}
	for _, s := range set.Series {
		seen[s.Service] = true
	}
	for _, e := range set.Edges {
		seen[e.Caller], seen[e.Callee] = true, true
	}
	return slices.Sorted(maps.Keys(seen))
}
