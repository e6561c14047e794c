package skew

import (
	"maps"
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
)

// Typed is a command, and what others record or say that can be its effect.
type Typed struct {
	At     time.Time
	Echoes []time.Time
}

// Commands returns the commands of each file.
func Commands(facts []*fact.Fact) map[string][]Typed {
	var others []*fact.Fact
	for _, o := range facts {
		if o.Class == fact.Said && o.Verb != "" || o.Service != "" && (o.Class == fact.Rollout || o.Class == fact.Changed || o.Class == fact.RolloutStep) {
			others = append(others, o)
		}
	}
	out := map[string][]Typed{}
	for _, c := range facts {
		e := c.First()
		if e.Kind != hindcast.Command || e.Ref.File == "" {
			continue
		}
		t := Typed{At: e.At}
		for _, o := range others {
			if c.Class != fact.Looked && o.First().Ref.File != e.Ref.File && echoes(c, o) {
				t.Echoes = append(t.Echoes, o.At)
			}
		}
		out[e.Ref.File] = append(out[e.Ref.File], t)
	}
	return out
}

// echoes reports whether a fact can be what a command did: a change of the same
// service, or that who typed it says so.
func echoes(c, o *fact.Fact) bool {
	if o.Class == fact.Said {
		return o.Verb == c.Verb && fuse.SamePerson(o.Actor.Name, c.Actor.Name)
	}
	return o.Service == c.Service
}

// few is how many commands of an incident tell the zone of their file at least.
const few = 2

// byCommands compares files of commands without a zone by the incident. A file is
// written in the one zone in which others record at once what was typed, and do not as
// it was read. Where nobody typed anything while the incident lasted, as the file was
// read, and somebody did in the zone of another file, and in no other, it is that.
func byCommands(in Input, assumed map[string]bool) []hindcast.ClockOffset {
	var out []hindcast.ClockOffset
	for _, file := range slices.Sorted(maps.Keys(in.Commands)) {
		if !assumed[file] {
			continue
		}
		typed := in.Commands[file]
		z, ok := onlyZone(slices.Collect(stamp.Offsets), func(z time.Duration) bool { return echoed(typed, z) >= few && echoed(typed, 0) == 0 })
		if !ok && !in.Phases.DetectedAt.IsZero() && !in.Phases.ResolvedAt.IsZero() && in.during(typed, 0) == 0 {
			z, ok = onlyZone(in.Zones, func(z time.Duration) bool { return in.during(typed, z) >= few })
		}
		if ok {
			out = append(out, offset(file, in.Alarm, z, "all commands lie", hint(file, z)))
		}
	}
	return out
}

// onlyZone returns the one offset other than that of UTC that fits.
func onlyZone(of []time.Duration, fits func(time.Duration) bool) (time.Duration, bool) {
	of = slices.DeleteFunc(slices.Clone(of), func(z time.Duration) bool { return z == 0 || !fits(z) })
	if len(of) != 1 {
		return 0, false
	}
	return of[0], true
}

// echoed counts the commands that others record at once, in a zone.
func echoed(typed []Typed, zone time.Duration) (n int) {
	for _, c := range typed {
		if slices.ContainsFunc(c.Echoes, func(at time.Time) bool { return at.Sub(c.At.Add(-zone)).Abs() <= zoneSlop }) {
			n++
		}
	}
	return n
}

// during counts the commands that were typed while the incident lasted, in a zone.
func (in Input) during(typed []Typed, zone time.Duration) (n int) {
	for _, c := range typed {
		if at := c.At.Add(-zone); !at.Before(in.Phases.DetectedAt) && !at.After(in.Phases.ResolvedAt) {
			n++
		}
	}
	return n
}
