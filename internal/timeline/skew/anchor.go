package skew

import (
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/sign"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

const (
	// fore is how long before the alarm a failure begins at most.
	fore = 3 * time.Hour
	// after is how long after the end of an incident its failure is recorded.
	after = 15 * time.Minute
	// minute is how far a moment may be off that is named by its minute, and exact
	// one that is named by its second.
	minute = 90 * time.Second
	exact  = 10 * time.Second
)

// Anchor is when the failure of the incident began or ended, by a source whose zone
// is known.
type Anchor struct {
	At   time.Time
	End  bool          // when it ended, else when it began
	Slop time.Duration // how far that may be off
	File string        // that says it
}

// Anchors returns when the failure began and ended by what people said of it and by
// the signs of files with a zone.
func Anchors(facts, signs []*fact.Fact, evidence []hindcast.Evidence, p hindcast.Phases) []Anchor {
	assumed := Input{Evidence: evidence}.assumed()
	var out []Anchor
	for _, f := range facts {
		if f.Class != fact.Said || f.Test || f.At.Before(p.DetectedAt) || assumed[f.First().Ref.File] {
			continue
		}
		for _, m := range f.Moments {
			if a, ok := anchor(f, m, p.DetectedAt); ok {
				out = append(out, a)
			}
		}
	}
	for _, s := range signs {
		file := ""
		if len(s.Sign.Marks) > 0 && s.Sign.Marks[0].File != nil {
			file = s.Sign.Marks[0].File.Name
		}
		switch {
		case file == "" || assumed[file]:
		case sign.Worse(s.Sign):
			out = append(out, Anchor{At: s.At, Slop: minute, File: file}, Anchor{At: s.Until, End: true, Slop: minute, File: file})
		case sign.Better(s.Sign):
			out = append(out, Anchor{At: s.At, End: true, Slop: minute, File: file})
		}
	}
	return out
}

// anchor returns what a moment that somebody names says of the failure: when it began
// before the alarm, and since when all is well after it.
func anchor(f *fact.Fact, m fact.Moment, detected time.Time) (Anchor, bool) {
	a := Anchor{At: m.At, End: m.At.After(detected), Slop: minute, File: f.First().Ref.File}
	if m.Exact {
		a.Slop = exact
	}
	said := f.Speech
	switch {
	case m.Approx || m.Ahead || said.Act == speech.Question || said.Act == speech.Hypothesis:
		return a, false
	case a.End:
		return a, m.Since || said.Improve || m.Act == speech.Mitigation || m.Act == speech.AllClear
	}
	return a, said.Failing || said.Act == speech.Cause || said.Act == speech.Report || m.Since
}

// byAnchors compares files without a zone by when the failure that they record began
// and ended as others say. One zone alone must fit: both ends to what is said of them;
// or, when the file as it was read cannot tell of the incident, a zone in which other
// files are written, that brings its failure around the alarm.
func byAnchors(in Input, assumed map[string]bool) []hindcast.ClockOffset {
	if in.Phases.DetectedAt.IsZero() {
		return nil
	}
	var out []hindcast.ClockOffset
	for _, b := range bursts(in.Templates, failing(in.Detections)) {
		if !assumed[b.file] || b.cut {
			continue
		}
		if z, against, ok := b.anchored(in); ok {
			out = append(out, offset(b.file, against, z, "a failure begins and ends", hint(b.file, z)))
			continue
		}
		if z, ok := b.around(in); ok {
			out = append(out, offset(b.file, in.Alarm, z, "the only failure lies", hint(b.file, z)))
		}
	}
	return out
}

// anchored returns the zone in which a burst begins and ends as others say, and one of
// these.
func (b *burst) anchored(in Input) (zone time.Duration, against string, ok bool) {
	n := 0
	for z := range stamp.Offsets {
		begin, end := b.from.Add(-z), b.to.Add(-z)
		if begin.After(in.Phases.DetectedAt) || in.Phases.DetectedAt.Sub(begin) > fore || !end.After(in.Phases.DetectedAt) {
			continue
		}
		first, last := b.near(in.Anchors, begin, false), b.near(in.Anchors, end, true)
		if first == nil || last == nil {
			continue
		}
		if n++; z == 0 || n > 1 {
			return 0, "", false
		}
		zone, against = z, first.File
	}
	return zone, against, n == 1
}

// near returns the anchor next to an end of a burst.
func (b *burst) near(anchors []Anchor, at time.Time, end bool) *Anchor {
	var best *Anchor
	for i := range anchors {
		a := &anchors[i]
		d := a.At.Sub(at).Abs()
		if a.End == end && d <= a.Slop+b.blur && (best == nil || d < best.At.Sub(at).Abs()) {
			best = a
		}
	}
	return best
}

// around returns the zone that puts a burst around the alarm, when it cannot lie there
// as it was read: one in which other files are written, or one of whole hours in which
// it begins shortly before the alarm and ends when it got better, or when others say.
func (b *burst) around(in Input) (zone time.Duration, ok bool) {
	p := in.Phases
	if p.ResolvedAt.IsZero() || b.spans(0, fore, p) {
		return 0, false
	}
	for z := range stamp.Offsets {
		known := slices.Contains(in.Zones, z) && b.spans(z, fore/6, p)
		end := b.to.Add(-z)
		eased := !p.MitigatedAt.IsZero() && end.Sub(p.MitigatedAt).Abs() <= 2*minute || b.near(in.Anchors, end, true) != nil
		fits := z%time.Hour == 0 && eased && b.spans(z, fore/9, p)
		if !known && !fits {
			continue
		}
		if ok {
			return 0, false
		}
		zone, ok = z, true
	}
	return zone, ok
}

// spans reports whether a burst in a zone begins within a while before the alarm and
// ends in the incident.
func (b *burst) spans(zone, before time.Duration, p hindcast.Phases) bool {
	begin, end := b.from.Add(-zone), b.to.Add(-zone)
	return !begin.After(p.DetectedAt) && p.DetectedAt.Sub(begin) <= before && end.After(p.DetectedAt) && !end.After(p.ResolvedAt.Add(after))
}
