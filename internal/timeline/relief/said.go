package relief

import (
	"cmp"
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// relief returns the first statement that it gets better which nobody had to take
// back, after responders did something, if they ever did, and while no signal shows
// the failure at its height; nil when signals must tell.
func (f finder) relief() *fact.Fact {
	var vendor, early, vague, weak *fact.Fact
	limit, from := f.Limit(), f.Astir()
	tracked := f.tracking()
	for _, s := range f.Facts {
		if !s.At.After(from) || s.At.After(limit.Add(time.Minute)) {
			continue
		}
		switch {
		case f.tellsRelief(s):
			if measured(s) || !held(tracked, f.saidTime(s)) {
				return cmp.Or(f.seen(s), s)
			}
			if vague == nil {
				vague = s
			}
			if early == nil && course.Dated(s) && s.Speech.Improve && !s.Speech.Failing {
				early = s
			}
		case vendor == nil && s.Actor.Kind == hindcast.External && s.Speech.Improve:
			vendor = s
		case vendor == nil && s.Class == fact.Said && s.Speech.Act == speech.Vendor && s.Speech.Improve:
			vendor = s
		case weak == nil && f.hintsRelief(s):
			weak = s
		}
	}
	if f.fell() && vague != nil {
		vague, vendor, weak = nil, nil, nil
	}
	return cmp.Or(early, vague, vendor, weak)
}

// confirming is how soon after a deed somebody who looks says that it helped.
const confirming = 3 * time.Minute

// seen returns the message that says soon after s, from a look at a value, that it gets
// better, when s says so without one; nil when there is none.
func (f finder) seen(s *fact.Fact) *fact.Fact {
	if measured(s) || course.Dated(s) {
		return nil
	}
	for _, o := range f.Facts {
		if o.At.After(s.At) && o.At.Sub(s.At) <= confirming && f.tellsRelief(o) && course.Dated(o) && o.Speech.Improve {
			return o
		}
	}
	return nil
}

// inEffect returns what somebody said shortly before a first word of relief of what
// responders did, since when it was in effect, by a clock.
func (f finder) inEffect(said *fact.Fact) (*fact.Fact, time.Time) {
	for _, s := range slices.Backward(f.Facts) {
		lag := said.At.Sub(s.At)
		if s.Class != fact.Said || s.Test || lag <= 0 || !f.Scope.Channels[s.Channel] || s.Speech.Failing || s.At.Before(f.Deed) || f.TakenBack(s) {
			continue
		}
		if lag > soon {
			break
		}
		switch s.Speech.Act {
		case speech.Observation, speech.Action, speech.Mitigation, speech.Other:
		default:
			continue
		}
		for _, m := range s.Moments {
			if m.Since && !m.Approx && course.Just(s, m) && m.At.After(f.Alarm.At) && said.At.Sub(m.At) <= soon {
				return s, m.At
			}
		}
	}
	return nil, time.Time{}
}

// tellsRelief reports whether a message says that it gets better, in whole or in a
// clause that dates it.
func (f finder) tellsRelief(s *fact.Fact) bool {
	if max(s.Odds[speech.Mitigation], s.Odds[speech.AllClear]) < max(0, s.Odds[speech.Action]) { // by all its words it is none, or rather a deed
		return false
	}
	if s.Class != fact.Said || !f.Scope.Channels[s.Channel] || s == f.End || f.TakenBack(s) && !(measured(s) && course.Since(s)) || s.Speech.Relapse && !f.Back.IsZero() && s.At.Sub(f.Back) < course.Heard {
		return false
	}
	switch s.Speech.Act {
	case speech.Mitigation, speech.AllClear:
		return !s.Speech.Over && (!s.At.Before(f.Deed) || s.Speech.Improve && course.Since(s) || byItself.MatchString(s.Text()) || f.confirmed(s))
	case speech.Observation, speech.Action, speech.Communication:
		at, dated := reliefTime(s)
		return s.Speech.Improve && dated && at.After(f.Astir()) && s.At.Sub(at) < course.Heard && (measured(s) || !at.Before(f.Deed))
	}
	return false
}

// measured reports whether a message says of a value that it gets better, or since
// when something works: who says so looked.
func measured(s *fact.Fact) bool {
	return course.Since(s) && s.Speech.Improve || moves.MatchString(s.Text())
}

// hintsRelief reports whether a message tells beside other things that something is
// well again.
func (f finder) hintsRelief(s *fact.Fact) bool {
	if s.Class != fact.Said || !f.Scope.Channels[s.Channel] || s == f.End || !s.Speech.Improve || s.Speech.Failing || f.Deed.IsZero() || !s.At.After(f.Deed) {
		return false
	}
	return s.Speech.Act == speech.Action || s.Speech.Act == speech.Observation
}

// reliefTime is when the improvement that a message states began, and whether
// the message names the clock.
func reliefTime(s *fact.Fact) (time.Time, bool) {
	for i, m := range s.Moments {
		if (m.Act == speech.Mitigation || m.Act == speech.AllClear) && s.At.Sub(m.At) < time.Hour {
			return effect(s.Moments[i:]), true
		}
	}
	for _, m := range s.Moments {
		if s.Speech.Act == speech.Mitigation && (m.Since || m.Exact) && course.Just(s, m) {
			return m.At, true
		}
	}
	return s.At, false
}

// effect is when what somebody says was done took effect, of the moments that they name
// from the first of relief on: "the record is back since 10:55, first mails went through
// at 11:02:40" tells the deed and then, to the second, its effect; so does "static maps on
// at 18:32, errors gone since 18:33", by since when.
func effect(moments []fact.Moment) time.Time {
	for _, m := range moments[1:] {
		if m.Act == speech.Mitigation && (m.Exact && !moments[0].Exact || m.Since && !moments[0].Since) && m.At.After(moments[0].At) {
			return m.At
		}
	}
	return moments[0].At
}

// saidTime is when it got better by what a message says: when it was said, unless it
// names a clock after the alarm.
func (f finder) saidTime(s *fact.Fact) time.Time {
	if at, dated := reliefTime(s); dated && at.After(f.Astir()) {
		return at
	}
	return s.At
}

// fell reports whether a signal of the failure eases after responders acted and
// before the end.
func (f finder) fell() bool {
	for _, s := range f.Signs {
		if at := course.Falls(s); f.tracks(s) && at.After(f.Deed) && at.Before(f.Limit()) {
			return true
		}
	}
	return false
}
