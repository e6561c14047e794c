package skew

import (
	"maps"
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
)

// Commands returns when the commands of each file were typed.
func Commands(facts []*fact.Fact) map[string][]time.Time {
	out := map[string][]time.Time{}
	for _, f := range facts {
		if e := f.First(); e.Kind == hindcast.Command && e.Ref.File != "" {
			out[e.Ref.File] = append(out[e.Ref.File], e.At)
		}
	}
	return out
}

// few is how many commands of an incident tell the zone of their file at least.
const few = 2

// byCommands compares files of commands without a zone by the incident: when nobody
// typed anything while it lasted, as the file was read, and somebody did in the zone of
// another file, and in no other, the file is written in it.
func byCommands(in Input, assumed map[string]bool) []hindcast.ClockOffset {
	from, to := in.Phases.DetectedAt, in.Phases.ResolvedAt
	if from.IsZero() || to.IsZero() {
		return nil
	}
	var out []hindcast.ClockOffset
	for _, file := range slices.Sorted(maps.Keys(in.Commands)) {
		during := func(z time.Duration) (n int) {
			for _, at := range in.Commands[file] {
				if at = at.Add(-z); !at.Before(from) && !at.After(to) {
					n++
				}
			}
			return n
		}
		if !assumed[file] || during(0) > 0 {
			continue
		}
		fits := slices.DeleteFunc(slices.Clone(in.Zones), func(z time.Duration) bool { return z == 0 || during(z) < few })
		if len(fits) == 1 {
			out = append(out, offset(file, in.Alarm, fits[0], "all commands lie", hint(file, fits[0])))
		}
	}
	return out
}
