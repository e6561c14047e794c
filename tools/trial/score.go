package trial

import (
	"slices"
	"time"

	"github.com/hindcast/hindcast"
)

// Score counts how close a timeline comes to the truth.
type Score struct {
	Found, Events int // key events that a key entry tells of, of all
	Wrong         int // key entries that tell of no event, or of one that is told already
	Kind, Actor   int // of the found: with the kind, and the kind of actor, of the event
	Evidence      int // of the found: resting on a record that the truth names
	Phases        int // of five, within their tolerance
	Late          int // of the events known late: found, with when they became known
	KnownLate     int // events that became known later than they happened

	Missed []Event          // key events that no key entry tells of
	Excess []hindcast.Entry // the wrong ones
}

const (
	lateAfter = 5 * time.Second // what becomes known later than this was known late
	knownNear = time.Minute     // how far the moment may be from the truth
)

// Score compares a timeline with the truth.
func (t *Trial) Score(tl hindcast.Timeline) Score {
	var keys []hindcast.Entry
	var told [][]int
	for _, e := range tl.Entries {
		if e.Key {
			keys = append(keys, e)
			told = append(told, Told(e, t.Truth.Key))
		}
	}
	s := Score{Events: len(t.Truth.Key)}
	serves := match(told, s.Events)
	excused := map[int]bool{}
	for i, e := range keys {
		if k := serves[i]; k >= 0 {
			s.count(e, t.Truth.Key[k])
			continue
		}
		also := Told(e, t.Truth.Also)
		if n := slices.IndexFunc(also, func(k int) bool { return !excused[k] }); n >= 0 {
			excused[also[n]] = true
			continue
		}
		s.Wrong++
		s.Excess = append(s.Excess, e)
	}
	for k, event := range t.Truth.Key {
		if event.late() {
			s.KnownLate++
		}
		if !slices.Contains(serves, k) {
			s.Missed = append(s.Missed, event)
		}
	}
	for name, at := range moments(t.Truth.Incident) {
		off := moments(tl.Incident)[name].Sub(at).Abs()
		if off.Seconds() <= t.Truth.Tolerance[name] {
			s.Phases++
		}
	}
	return s
}

func (s *Score) count(e hindcast.Entry, k Event) {
	s.Found++
	if e.Kind == k.Kind {
		s.Kind++
	}
	if e.Actor.Kind == k.ActorKind {
		s.Actor++
	}
	if k.Rests(e) {
		s.Evidence++
	}
	if k.late() && e.KnownAt.Sub(k.KnownAt).Abs() <= knownNear {
		s.Late++
	}
}

func (k Event) late() bool { return k.KnownAt.Sub(k.At) > lateAfter }

func moments(p hindcast.Phases) map[string]time.Time {
	return map[string]time.Time{
		"started_at": p.StartedAt, "detected_at": p.DetectedAt, "acknowledged_at": p.AcknowledgedAt,
		"mitigated_at": p.MitigatedAt, "resolved_at": p.ResolvedAt,
	}
}

// Shares are the figures of a score, 0 to 1.
type Shares struct {
	Recall, Precision     float64
	Phases                float64
	Kind, Actor, Evidence float64 // of what was found
	F1                    float64 // harmonic mean of recall and precision
}

// Shares returns the figures of s as shares. Without key entries, nothing is precise.
func (s Score) Shares() Shares {
	out := Shares{
		Recall: share(s.Found, s.Events), Precision: share(s.Found, s.Found+s.Wrong), Phases: share(s.Phases, 5),
		Kind: share(s.Kind, s.Found), Actor: share(s.Actor, s.Found), Evidence: share(s.Evidence, s.Found),
	}
	if sum := out.Recall + out.Precision; sum > 0 {
		out.F1 = 2 * out.Recall * out.Precision / sum
	}
	return out
}

func share(part, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(part) / float64(of)
}

// Mean is the mean of the shares of several trials, each counting as much as the
// others; facts known late are counted together.
type Mean struct {
	Late, KnownLate int
	sum             Shares
	n               int
}

// Add adds a trial.
func (m *Mean) Add(s Score) {
	x := s.Shares()
	m.n++
	m.Late, m.KnownLate = m.Late+s.Late, m.KnownLate+s.KnownLate
	m.sum = Shares{
		Recall: m.sum.Recall + x.Recall, Precision: m.sum.Precision + x.Precision, Phases: m.sum.Phases + x.Phases,
		Kind: m.sum.Kind + x.Kind, Actor: m.sum.Actor + x.Actor, Evidence: m.sum.Evidence + x.Evidence, F1: m.sum.F1 + x.F1,
	}
}

// Shares returns the means.
func (m *Mean) Shares() Shares {
	n, s := float64(max(1, m.n)), m.sum
	return Shares{Recall: s.Recall / n, Precision: s.Precision / n, Phases: s.Phases / n, Kind: s.Kind / n, Actor: s.Actor / n, Evidence: s.Evidence / n, F1: s.F1 / n}
}
