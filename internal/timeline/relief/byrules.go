package relief

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/sign"
	"github.com/hindcast/hindcast/internal/timeline/speech"
	"github.com/hindcast/hindcast/internal/timeline/trigger"
)

// credit is how long before somebody says that it gets better the signals may
// show it first.
const credit = 6 * time.Minute

// byRules finds when the impact began to fall by what is said and shown first.
func (f finder) byRules() {
	f.Deed = f.FirstDeed()
	said := f.relief()
	auto := f.automatic(said)
	if f.Deed.IsZero() && auto != nil {
		f.Deed = auto.At
	}
	if eased := f.eased(); !eased.IsZero() && (said == nil || f.saidTime(said).Sub(eased) > credit) {
		if said == nil || said.Actor.Kind != hindcast.External {
			f.Relief = f.near(eased)
		}
		if f.Relief == nil {
			f.Relief = f.Resumes(eased)
		}
		f.Set("mitigated_at", eased, "the first symptom ends there, soon after responders acted, %s", course.Source(f.Symptom))
		return
	}
	if said != nil {
		at, clock := reliefTime(said)
		if clock && !at.After(f.Astir()) { // it names another moment
			at, clock = said.At, false
		}
		f.Relief = said
		if s, since := f.dated(said); s != nil && !clock {
			f.Relief = s
			f.Set("mitigated_at", since, "people said that it got better from then on, %s", course.Source(s))
			return
		}
		if s, since := f.inEffect(said); s != nil && !clock {
			f.Relief = s
			f.Set("mitigated_at", since, "what responders did was in effect from then on, %s, and people said that it got better at %s, %s", course.Source(s), said.At.Format(time.TimeOnly), course.Source(said))
			return
		}
		if auto != nil && byItself.MatchString(said.Text()) {
			f.Relief = auto
			f.Set("mitigated_at", auto.At, "the system did that by itself, %s, and people saw it get better by itself, %s", course.Source(auto), course.Source(said))
			return
		}
		if auto != nil && !clock && !measured(said) {
			f.Set("mitigated_at", auto.At, "what ran by itself then, %s, was said to help at %s, %s", course.Source(auto), said.At.Format("15:04:05"), course.Source(said))
			return
		}
		if shown, since := f.shows(said, course.Later(at.Add(-credit), f.Deed), at); shown != nil && !clock {
			if sign.Worse(shown.Sign) {
				since = at.Add(-max(0, at.Sub(since)-visibly))
			}
			f.Set("mitigated_at", since, "%s shows it, and people said so at %s, %s", course.Source(shown), said.At.Format("15:04:05"), course.Source(said))
			return
		}
		f.Set("mitigated_at", at, "people said that it got better from then on, %s", course.Source(said))
		return
	}
	f.unsaid(auto)
}

// unsaid finds when the impact began to fall when nobody says so: what the
// signals show after responders acted, what ran by itself, or that the alert
// cleared before the end.
func (f finder) unsaid(auto *fact.Fact) {
	from, what := f.Deed, "responders acted"
	if from.IsZero() {
		from, what = f.Astir(), "the alarm, though nobody acted"
	}
	shown, since := f.shown(from, f.Limit())
	switch {
	case shown != nil:
		if sign.Better(shown.Sign) {
			f.Relief = shown
		}
		f.Set("mitigated_at", since, "the first improvement after %s, %s", what, course.Source(shown))
	case auto != nil:
		f.Relief = auto
		f.Set("mitigated_at", auto.At, "people had said that this would help, %s", course.Source(auto))
	default:
		f.cleared()
	}
}

// cleared takes the first alert of the incident that cleared before the end for
// the relief.
func (f finder) cleared() {
	for _, e := range f.Facts {
		if e.Class == fact.Cleared && !e.Test && e != f.End && e.At.After(f.Astir()) && e.At.Before(f.Limit()) && f.Clears(e) {
			f.Relief = e
			f.Set("mitigated_at", e.At, "the alert cleared by itself, %s", course.Source(e))
			return
		}
	}
}

// automatic returns what a log line says that ran after the alarm without a
// responder doing it, and that people spoke of: with its clock or in its words.
// It is the last before somebody said that it got better.
func (f finder) automatic(said *fact.Fact) *fact.Fact {
	to := f.Limit()
	if said != nil {
		to = said.At
	}
	var out *fact.Fact
	for _, c := range f.Signs {
		if !sign.Change(c) || !c.At.After(f.Astir()) || c.At.After(to) || said != nil && said.At.Sub(c.At) > credit {
			continue
		}
		if said != nil && byItself.MatchString(said.Text()) {
			if at, _ := reliefTime(said); c.At.Sub(at).Abs() <= selfSlack && (out == nil || c.At.Sub(at).Abs() < out.At.Sub(at).Abs()) {
				out = c
			}
			continue
		}
		if slices.ContainsFunc(f.Scope.Talk, func(s *fact.Fact) bool {
			return s.Speech.Act != speech.RuledOut && (f.Judge.Mentions(s, c) || f.foretells(s, c) || trigger.Shares(s, c) >= 1)
		}) {
			out = c
		}
	}
	return out
}

// byItself is how people say that nobody did anything for it.
var byItself = lazyregexp.New(`(?i)\bby (?:it|them)sel(?:f|ves)\b|\bon (?:its|their) own\b|\bself[- ]?heal\w*|\bwithout (?:us|anybody|anyone|our)\b`)

// selfSlack is how far what a system did by itself may lie from when people say
// that it got better by itself.
const selfSlack = 2 * time.Minute

// foretells reports whether a message names the minute of something that comes
// later: "the cleanup runs at 03:30".
func (f finder) foretells(s, c *fact.Fact) bool {
	return slices.ContainsFunc(s.Speech.Clocks, func(k speech.Clock) bool {
		return k.Ago == 0 && c.At.After(s.At) && c.At.Sub(s.At) < 3*time.Hour && k.Minute == c.At.Minute() && (k.Hour == c.At.Hour() || !utc(s))
	})
}

// utc reports whether clocks in a message are read in UTC.
func utc(s *fact.Fact) bool {
	return s.First().Zone == "" || s.First().Zone == "Z" || s.First().Zone == "+00:00"
}

// soon is how soon after a deed an improvement is its effect.
const soon = 10 * time.Minute

// eased returns when the first symptom ended or began to fall, when that is soon
// after responders did something; zero when the signals show no such thing.
func (f finder) eased() time.Time {
	if f.Symptom == nil || f.Symptom.Sign == nil || f.Deed.IsZero() {
		return time.Time{}
	}
	at := course.Falls(f.Symptom)
	for _, d := range f.Facts {
		if f.Acted(d) && !at.Before(d.At.Add(-course.Between)) && at.Sub(d.At) <= soon && at.Before(f.Limit()) {
			return course.Later(at, d.At)
		}
	}
	return time.Time{}
}

// near returns what people said right after an improvement that nobody called
// one, or nil.
func (f finder) near(at time.Time) *fact.Fact {
	for _, s := range f.Facts {
		d := s.At.Sub(at)
		if s.Class != fact.Said || s.Test || !f.Scope.Channels[s.Channel] || d < 0 || d > noticing || s.Speech.Failing || strings.HasSuffix(s.Text(), "?") {
			continue
		}
		switch s.Speech.Act {
		case speech.Observation, speech.Mitigation, speech.AllClear, speech.Other:
			return s
		}
	}
	return nil
}

// shows is [finder.shown] for a message: who says that a value gets better speaks of
// a value.
func (f finder) shows(said *fact.Fact, from, to time.Time) (*fact.Fact, time.Time) {
	if measured(said) {
		var best *fact.Fact
		for _, s := range f.Signs {
			at := course.Falls(s)
			if s.Sign.Detector == "metric-change" && f.tracks(s) && s.At.Before(from) && !at.Before(from) && !at.After(to) && (best == nil || sign.Surprise(s) > sign.Surprise(best)) {
				best = s
			}
		}
		if best != nil {
			return best, course.Falls(best)
		}
	}
	return f.shown(from, to)
}

// shown returns what the signals show of an improvement between two moments,
// and when: a failure that became rarer or a line that says so, else the end of
// the most surprising failure. A line that only states what responders did is none
// where the failure is seen to end after it.
func (f finder) shown(from, to time.Time) (*fact.Fact, time.Time) {
	between := func(t time.Time) bool { return !t.Before(from) && !t.After(to) }
	var best, deed *fact.Fact
	for _, s := range f.Signs {
		if sign.Better(s.Sign) && between(s.At) && f.Matters(s) {
			if deed != nil || !f.Echoes(s) {
				return cmp.Or(deed, s), s.At
			}
			deed = s
		}
		if sign.Worse(s.Sign) && between(course.Falls(s)) && s.At.Before(from) && f.Matters(s) && (best == nil || sign.Surprise(s) > sign.Surprise(best)) {
			best = s
		}
	}
	switch {
	case deed != nil && (best == nil || course.Falls(best).Before(deed.At)):
		return deed, deed.At
	case best == nil:
		return nil, time.Time{}
	}
	return best, course.Falls(best)
}

// confirmed reports whether the first symptom ended shortly before somebody said
// that it got better.
func (f finder) confirmed(s *fact.Fact) bool {
	if f.Symptom == nil || f.Symptom.Sign == nil || !course.Sudden(f.Symptom) {
		return false
	}
	lag := s.At.Sub(f.Symptom.Until)
	return lag >= 0 && lag <= credit
}

// dating is how long after the first word of relief somebody says since when.
const dating = 5 * time.Minute

// dated returns what somebody says soon after a first word of relief that dates
// it later, by a clock: people see their deed done before it takes effect.
func (f finder) dated(said *fact.Fact) (*fact.Fact, time.Time) {
	for _, s := range f.Facts {
		lag := s.At.Sub(said.At)
		if s.Class != fact.Said || lag <= 0 || lag > dating || !f.Scope.Channels[s.Channel] || s.Speech.Failing {
			continue
		}
		switch s.Speech.Act {
		case speech.Mitigation, speech.AllClear, speech.Observation:
		default:
			continue
		}
		for _, c := range s.Speech.Clocks { // in whatever zone: the minute says enough
			if c.Ago != 0 {
				continue
			}
			at := s.At.Truncate(time.Hour).Add(time.Duration(c.Minute) * time.Minute)
			if at.After(s.At) {
				at = at.Add(-time.Hour)
			}
			if c.Since && at.After(said.At) {
				return s, at
			}
		}
	}
	return nil, time.Time{}
}
