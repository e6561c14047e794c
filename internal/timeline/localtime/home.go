package localtime

import (
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/timeline"
	"github.com/hindcast/hindcast/internal/timeline/collect"
)

const (
	// several is how many files must name a zone that is taken for that of others.
	several = 2
	// beforehand is how long before an incident is noticed what records show of it can begin.
	beforehand = 30 * time.Minute
)

// home returns the zone other than UTC in which all files that say their zone are
// written, and their names; nil when they differ, or are few.
func home(evidence []hindcast.Evidence) (zone *time.Location, files []string) {
	var offsets []time.Duration
	for _, e := range evidence {
		if e.Zone == "recorded" && len(e.Offsets) > 0 {
			files, offsets = append(files, e.Name), append(offsets, e.Offsets...)
		}
	}
	slices.Sort(offsets)
	if offsets = slices.Compact(offsets); len(files) < several || len(offsets) != 1 || offsets[0] == 0 {
		return nil, nil
	}
	return stamp.DeducedZone(offsets[0]), files
}

// atHome reads the evidence again with the zone in which all files are written that say
// one, where the rest says none, when that puts what the records show into the time in
// which people worked, and it was not there before. Else it returns r and tl.
func atHome(read Read, named Zone, opt timeline.Options, r *collect.Result, tl hindcast.Timeline) (*collect.Result, hindcast.Timeline, []hindcast.Problem, error) {
	zone, files := home(tl.Evidence)
	if zone == nil || shown(tl, files) {
		return r, tl, nil, nil
	}
	local := map[string]bool{}
	for _, e := range tl.Evidence {
		local[e.Name] = e.Zone == stamp.AssumedZone
	}
	there, again, err := build(read, named.Or(func(file string) *time.Location {
		if local[file] {
			return zone
		}
		return nil
	}), opt)
	if err != nil || !shown(again, files) {
		return r, tl, nil, err
	}
	var said []hindcast.Problem
	for _, e := range again.Evidence {
		if local[e.Name] {
			said = append(said, stamp.ReadAs(e.Name, zone, "the only zone that other files name, such as "+strings.Join(files[:several], " and ")))
		}
	}
	return there, again, said, nil
}

// shown reports whether a record of some files shows something that went wrong while
// people worked on the incident, or shortly before.
func shown(tl hindcast.Timeline, files []string) bool {
	p := tl.Incident
	return slices.ContainsFunc(tl.Entries, func(e hindcast.Entry) bool {
		wrong := e.Actor.Kind == hindcast.System && (e.Kind == hindcast.Symptom || e.Kind == hindcast.Observed)
		return wrong && len(e.Evidence) > 0 && slices.Contains(files, e.Evidence[0].File) && !e.At.Before(p.DetectedAt.Add(-beforehand)) && !e.At.After(p.ResolvedAt)
	})
}
