package integrity

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/hindcast/hindcast"
)

// clocks reports the clocks that seem to be wrong, and those that were corrected.
func clocks(p hindcast.Postmortem) []Finding {
	var out []Finding
	for _, c := range p.Clocks {
		ids := resting(p, c.File, false)
		if ids == nil {
			ids = []string{}
		}
		f := Finding{Rule: ClockProposed, Level: hindcast.FindingWarning, Entries: ids, Files: []string{c.File}, Message: fmt.Sprintf("the clock of %s: %s", c.File, c.Why),
			Question: fmt.Sprintf("Was it %s? Accept it, and the times of its entries are corrected; what it said stays.", way(c))}
		if c.Accepted != nil {
			f.Rule, f.Level, f.Question = ClockAccepted, hindcast.FindingNote, ""
			f.Message = fmt.Sprintf("the times of %s were corrected, its clock was %s: accepted by %s", c.File, way(c), c.Accepted.By)
		}
		out = append(out, f)
	}
	return out
}

// way says how a clock was wrong.
func way(c hindcast.ClockOffset) string {
	d := offset(c)
	if d < 0 {
		return hindcast.FormatDuration(-d) + " behind"
	}
	return hindcast.FormatDuration(d) + " ahead"
}

func offset(c hindcast.ClockOffset) time.Duration {
	return time.Duration(c.OffsetS * float64(time.Second))
}

// Accept records that a person agrees that a file's clock was wrong, and corrects
// the entries whose time is that clock's: those whose first reference is to the
// file. Each keeps in RecordedAt what the clock said. A phase at the very moment
// of such an entry moves with it. p is not changed.
func Accept(p hindcast.Postmortem, file, by string, on hindcast.Date) (hindcast.Postmortem, error) {
	i, err := clockOf(p, file)
	switch {
	case err != nil:
		return p, err
	case by == "":
		return p, hindcast.Errorf(hindcast.Invalid, "say who accepts it, as a role")
	case p.Clocks[i].Accepted != nil:
		return p, hindcast.Errorf(hindcast.Conflict, "the clock of %s was corrected already", file)
	}
	p.Clocks, p.Timeline = slices.Clone(p.Clocks), slices.Clone(p.Timeline)
	p.Clocks[i].Accepted = &hindcast.Acceptance{By: by, On: on}
	shift := -offset(p.Clocks[i])
	for k := range p.Timeline {
		if e := &p.Timeline[k]; e.RecordedAt.IsZero() && timedBy(*e, file) {
			e.RecordedAt = e.At
			move(e, shift)
			movePhases(&p.Incident.Phases, e.RecordedAt, shift)
		}
	}
	sort(p.Timeline)
	return p, nil
}

// Withdraw takes back what [Accept] did: entries have the times that the clock
// said.
func Withdraw(p hindcast.Postmortem, file string) (hindcast.Postmortem, error) {
	i, err := clockOf(p, file)
	if err != nil {
		return p, err
	}
	if p.Clocks[i].Accepted == nil {
		return p, hindcast.Errorf(hindcast.Conflict, "the clock of %s was not corrected", file)
	}
	p.Clocks, p.Timeline = slices.Clone(p.Clocks), slices.Clone(p.Timeline)
	p.Clocks[i].Accepted = nil
	for k := range p.Timeline {
		if e := &p.Timeline[k]; !e.RecordedAt.IsZero() && timedBy(*e, file) {
			movePhases(&p.Incident.Phases, e.At, e.RecordedAt.Sub(e.At))
			move(e, e.RecordedAt.Sub(e.At))
			e.RecordedAt = time.Time{}
		}
	}
	sort(p.Timeline)
	return p, nil
}

func clockOf(p hindcast.Postmortem, file string) (int, error) {
	i := slices.IndexFunc(p.Clocks, func(c hindcast.ClockOffset) bool { return c.File == file })
	if i < 0 {
		return i, hindcast.Errorf(hindcast.NotFound, "nothing was found about the clock of %s", file)
	}
	return i, nil
}

// timedBy reports whether an entry's time is that of a file's clock.
func timedBy(e hindcast.Entry, file string) bool {
	return !e.At.IsZero() && len(e.Evidence) > 0 && e.Evidence[0].File == file
}

// move shifts an entry. When it was known is another clock's word, unless it was
// known as it happened; it is never known before it happened.
func move(e *hindcast.Entry, by time.Duration) {
	known := e.KnownAt.Equal(e.At)
	e.At = e.At.Add(by)
	if !e.Until.IsZero() {
		e.Until = e.Until.Add(by)
	}
	if known || !e.KnownAt.IsZero() && e.KnownAt.Before(e.At) {
		e.KnownAt = e.At
	}
}

// movePhases shifts the phases at a moment.
func movePhases(p *hindcast.Phases, at time.Time, by time.Duration) {
	for _, name := range hindcast.PhaseNames() {
		if m := p.Moment(name); m.Equal(at) {
			*m = m.Add(by)
		}
	}
}

// sort puts entries in the order of their times; those without a time stay with
// the one before them.
func sort(list []hindcast.Entry) {
	at := map[string]time.Time{}
	var last time.Time
	for _, e := range list {
		if !e.At.IsZero() {
			last = e.At
		}
		at[e.ID] = last
	}
	slices.SortStableFunc(list, func(a, b hindcast.Entry) int { return cmp.Or(at[a.ID].Compare(at[b.ID]), 0) })
}
