package phase

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/command"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/sign"
	"github.com/hindcast/hindcast/internal/timeline/speech"
	"github.com/hindcast/hindcast/internal/timeline/trigger"
)

// credit is how long before somebody says that it gets better the signals may
// show it first.
const credit = 6 * time.Minute

// resolved finds when it was declared over: the first time that trouble did
// not come back from.
func (f finder) resolved() {
	if f.Alarm == nil {
		return
	}
	ends := f.ends()
	for i, e := range ends {
		if i+1 < len(ends) && f.relapsed(e, ends[i+1]) {
			f.again(e, ends[i+1])
			continue
		}
		if implied(e) && f.goesOn(e, ends[i+1:]) {
			continue
		}
		f.End = e
		f.set("resolved_at", e.At, "declared over by %s, %s", who(e), source(e))
		return
	}
	f.fallbackEnd()
}

// winding is how long after a word that sounds like the last somebody declares the end.
const winding = 2 * time.Hour

// implied reports whether a message is a declaration by where it stands alone.
func implied(e *fact.Fact) bool { return e.Class == fact.Said && e.Speech.Implied }

// again notes when the alert came back after the end was declared.
func (f finder) again(e, next *fact.Fact) {
	for _, a := range f.Facts {
		if (a.Class == fact.Paged || a.Class == fact.Fired) && a.At.After(e.At) && a.At.Before(next.At) && !a.Test && f.ours(a) {
			f.Back = a.At
		}
	}
}

func who(f *fact.Fact) string {
	if f.ByPerson() {
		return "a person"
	}
	return "an automatic system"
}

// ends returns the declarations by people that it is over, in order of time.
func (f finder) ends() []*fact.Fact {
	var out []*fact.Fact
	for _, e := range f.Facts {
		if !e.At.After(f.Alarm.At) || !f.Scope.Holds(e.At) {
			continue
		}
		posted := e.Class == fact.Posted && e.First().Status == "resolved"
		closed := e.Class == fact.Closed && e.ByPerson() && !e.Test && f.ours(e)
		said := e.Class == fact.Said && e.Speech.Act == speech.AllClear && e.Speech.Over && f.Scope.Channels[e.Channel]
		if closed || said || posted {
			out = append(out, e)
		}
	}
	return out
}

// goesOn reports whether what only by its place sounds like the end is none: somebody
// declares the end in so many words, or closes the page, soon, or after more talk.
func (f finder) goesOn(e *fact.Fact, later []*fact.Fact) bool {
	i := slices.IndexFunc(later, func(l *fact.Fact) bool { return !implied(l) })
	if i < 0 {
		return false
	}
	n := 0
	for _, s := range f.Facts {
		if s.Class == fact.Said && f.Scope.Channels[s.Channel] && s.ByPerson() && s.At.After(e.At) && s.At.Before(later[i].At) && s.Speech.Act != speech.Social {
			n++
		}
	}
	return later[i].At.Sub(e.At) <= winding || n >= 2
}

// relapsed reports whether trouble came back between two declarations: a new
// page, or people who work on it again.
func (f finder) relapsed(e, next *fact.Fact) bool {
	work := 0
	for _, a := range f.Facts {
		if !a.At.After(e.At) || !a.At.Before(next.At) {
			continue
		}
		switch {
		case (a.Class == fact.Paged || a.Class == fact.Fired) && !a.Test && f.ours(a):
			return true
		case a.Class == fact.Ran:
			work++
		case a.Class == fact.Said && f.Scope.Channels[a.Channel]:
			switch a.Speech.Act {
			case speech.Observation, speech.Report:
				if a.Speech.Failing {
					work++
				}
			case speech.Decision, speech.Action, speech.Mitigation:
				work++
			}
		}
	}
	return work >= 2
}

// fallbackEnd looks for weaker signs of the end when nobody declared it.
func (f finder) fallbackEnd() {
	var weak, closed, cleared *fact.Fact
	for _, e := range f.Facts {
		if !e.At.After(f.Alarm.At) || !f.Scope.Holds(e.At) || e.Test {
			continue
		}
		switch {
		case e.Class == fact.Said && e.Speech.Act == speech.AllClear && f.Scope.Channels[e.Channel]:
			weak = e
		case e.Class == fact.Closed && f.ours(e):
			closed = e
		case e.Class == fact.Cleared && f.clears(e):
			cleared = e
		}
	}
	for _, c := range []struct {
		fact *fact.Fact
		why  string
	}{
		{weak, "people said that things are normal"},
		{closed, "the page was closed automatically"},
		{f.lastWord(cleared), "the last word about it, after the alert had cleared"},
		{cleared, "the alert cleared; nobody declared the end"},
	} {
		if c.fact != nil {
			f.End = c.fact
			f.set("resolved_at", c.fact.At, "%s, %s", c.why, source(c.fact))
			return
		}
	}
}

// clears reports whether an alert that ended is one of the incident's.
func (f finder) clears(e *fact.Fact) bool {
	for _, p := range f.Scope.Pages {
		if e.Name != "" && p.Name == e.Name || e.Subject != "" && p.Subject == e.Subject || e.Service != "" && e.Service == p.Service {
			return true
		}
	}
	return false
}

// mitigated finds when the impact began to fall.
func (f finder) mitigated() {
	if f.Alarm == nil {
		return
	}
	f.Deed = f.firstDeed()
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
			f.Relief = f.resumes(eased)
		}
		f.set("mitigated_at", eased, "the first symptom ends there, soon after responders acted, %s", source(f.Symptom))
		return
	}
	if said != nil {
		at, clock := reliefTime(said)
		if clock && !at.After(f.astir()) { // it names another moment
			at, clock = said.At, false
		}
		f.Relief = said
		if s, since := f.dated(said); s != nil && !clock {
			f.Relief = s
			f.set("mitigated_at", since, "people said that it got better from then on, %s", source(s))
			return
		}
		if s, since := f.inEffect(said); s != nil && !clock {
			f.Relief = s
			f.set("mitigated_at", since, "what responders did was in effect from then on, %s, and people said that it got better at %s, %s", source(s), said.At.Format(time.TimeOnly), source(said))
			return
		}
		if auto != nil && byItself.MatchString(said.Text()) {
			f.Relief = auto
			f.set("mitigated_at", auto.At, "the system did that by itself, %s, and people saw it get better by itself, %s", source(auto), source(said))
			return
		}
		if auto != nil && !clock && !measured(said) {
			f.set("mitigated_at", auto.At, "what ran by itself then, %s, was said to help at %s, %s", source(auto), said.At.Format("15:04:05"), source(said))
			return
		}
		if shown, since := f.shows(said, later(at.Add(-credit), f.Deed), at); shown != nil && !clock {
			f.set("mitigated_at", since, "%s shows it, and people said so at %s, %s", source(shown), said.At.Format("15:04:05"), source(said))
			return
		}
		f.set("mitigated_at", at, "people said that it got better from then on, %s", source(said))
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
		from, what = f.astir(), "the alarm, though nobody acted"
	}
	shown, since := f.shown(from, f.limit())
	switch {
	case shown != nil:
		if sign.Better(shown.Sign) {
			f.Relief = shown
		}
		f.set("mitigated_at", since, "the first improvement after %s, %s", what, source(shown))
	case auto != nil:
		f.Relief = auto
		f.set("mitigated_at", auto.At, "people had said that this would help, %s", source(auto))
	default:
		f.cleared()
	}
}

// cleared takes the first alert of the incident that cleared before the end for
// the relief.
func (f finder) cleared() {
	for _, e := range f.Facts {
		if e.Class == fact.Cleared && !e.Test && e != f.End && e.At.After(f.astir()) && e.At.Before(f.limit()) && f.clears(e) {
			f.Relief = e
			f.set("mitigated_at", e.At, "the alert cleared by itself, %s", source(e))
			return
		}
	}
}

// automatic returns what a log line says that ran after the alarm without a
// responder doing it, and that people spoke of: with its clock or in its words.
// It is the last before somebody said that it got better.
func (f finder) automatic(said *fact.Fact) *fact.Fact {
	to := f.limit()
	if said != nil {
		to = said.At
	}
	var out *fact.Fact
	for _, c := range f.Signs {
		if !sign.Change(c) || !c.At.After(f.astir()) || c.At.After(to) || said != nil && said.At.Sub(c.At) > credit {
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

// selfSlack is how far what a system did by itself may lie from when people say
// that it got better by itself.
const selfSlack = 2 * time.Minute

// foretells reports whether a message names the minute of something that comes
// later: "the cleanup runs at 03:30".
func (f finder) foretells(s, c *fact.Fact) bool {
	return slices.ContainsFunc(s.Speech.Clocks, func(k speech.Clock) bool {
		return k.Ago == 0 && c.At.After(s.At) && c.At.Sub(s.At) < 3*time.Hour && k.Minute == c.At.Minute() && (k.Hour == c.At.Hour() || !f.utc(s))
	})
}

// utc reports whether clocks in a message are read in UTC.
func (f finder) utc(s *fact.Fact) bool {
	return s.First().Zone == "" || s.First().Zone == "Z" || s.First().Zone == "+00:00"
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// soon is how soon after a deed an improvement is its effect.
const soon = 10 * time.Minute

// between is how long before a deed the last failure may have been recorded: they
// come one by one.
const between = 15 * time.Second

// eased returns when the first symptom ended or began to fall, when that is soon
// after responders did something; zero when the signals show no such thing.
func (f finder) eased() time.Time {
	if f.Symptom == nil || f.Symptom.Sign == nil || f.Deed.IsZero() {
		return time.Time{}
	}
	at := falls(f.Symptom)
	for _, d := range f.Facts {
		if f.deed(d) && !at.Before(d.At.Add(-between)) && at.Sub(d.At) <= soon && at.Before(f.limit()) {
			return later(at, d.At)
		}
	}
	return time.Time{}
}

// noticing is how long after an improvement people say something about it.
const noticing = 4 * time.Minute

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

// resumes returns the line that says right around a moment that something works
// again, or nil.
func (f finder) resumes(at time.Time) *fact.Fact {
	for _, s := range f.Signs {
		if sign.Better(s.Sign) && s.At.Sub(at).Abs() <= time.Minute {
			return s
		}
	}
	return nil
}

// limit is when an improvement can have come at the latest.
func (f finder) limit() time.Time {
	if !f.Phases.ResolvedAt.IsZero() {
		return f.Phases.ResolvedAt
	}
	return f.Scope.To
}

// confirmed reports whether the first symptom ended shortly before somebody said
// that it got better.
func (f finder) confirmed(s *fact.Fact) bool {
	if f.Symptom == nil || f.Symptom.Sign == nil || !sudden(f.Symptom) {
		return false
	}
	lag := s.At.Sub(f.Symptom.Until)
	return lag >= 0 && lag <= credit
}

// byItself is how people say that nobody did anything for it.
var byItself = regexp.MustCompile(`(?i)\bby (?:it|them)sel(?:f|ves)\b|\bon (?:its|their) own\b|\bself[- ]?heal\w*|\bwithout (?:us|anybody|anyone|our)\b`)

// takenBack reports whether somebody said soon after that it is as bad as before.
func (f finder) takenBack(s *fact.Fact) bool {
	for _, a := range f.Facts {
		if a.Class != fact.Said || !f.Scope.Channels[a.Channel] || !a.At.After(s.At) || a.At.Sub(s.At) > 15*time.Minute {
			continue
		}
		if a.Speech.Act == speech.Mitigation || a.Speech.Act == speech.AllClear {
			return false
		}
		if a.Speech.Relapse {
			return true
		}
	}
	return false
}

// firstDeed returns when responders first changed something.
func (f finder) firstDeed() time.Time {
	for _, d := range f.Facts {
		if f.deed(d) {
			return d.At
		}
	}
	return time.Time{}
}

// deed reports whether a fact is a change that responders made.
func (f finder) deed(d *fact.Fact) bool {
	if d.At.Before(f.astir()) || !f.Scope.Holds(d.At) {
		return false
	}
	switch d.Class {
	case fact.Ran, fact.Changed:
		return true
	case fact.Said:
		return d.Speech.Act == speech.Action && f.Scope.Channels[d.Channel]
	case fact.Rollout:
		return d.Verb == command.Rollback || f.Scope.Hit(d.Service) && !d.Heals()
	}
	return false
}

// shows is [finder.shown] for a message: who says that a value gets better speaks of
// a value.
func (f finder) shows(said *fact.Fact, from, to time.Time) (*fact.Fact, time.Time) {
	if measured(said) {
		var best *fact.Fact
		for _, s := range f.Signs {
			at := falls(s)
			if s.Sign.Detector == "metric-change" && f.tracks(s) && s.At.Before(from) && !at.Before(from) && !at.After(to) && (best == nil || sign.Surprise(s) > sign.Surprise(best)) {
				best = s
			}
		}
		if best != nil {
			return best, falls(best)
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
		if sign.Better(s.Sign) && between(s.At) && f.matters(s) {
			if deed != nil || !f.echoes(s) {
				return cmp.Or(deed, s), s.At
			}
			deed = s
		}
		if sign.Worse(s.Sign) && between(falls(s)) && s.At.Before(from) && f.matters(s) && (best == nil || sign.Surprise(s) > sign.Surprise(best)) {
			best = s
		}
	}
	switch {
	case deed != nil && (best == nil || falls(best).Before(deed.At)):
		return deed, deed.At
	case best == nil:
		return nil, time.Time{}
	}
	return best, falls(best)
}

// echoes reports whether a line states what somebody did just then.
func (f finder) echoes(s *fact.Fact) bool {
	return slices.ContainsFunc(f.Facts, func(d *fact.Fact) bool {
		return d.At.Sub(s.At).Abs() <= between && f.deed(d) && d.Class != fact.Said && trigger.Shares(d, s) >= 1
	})
}

// falls is when a failure begins to ease: from its last height on when it is a value,
// at its end otherwise.
func falls(s *fact.Fact) time.Time {
	if s.Sign.Detector == "metric-change" {
		if at := max(s.Sign.Eased, s.Sign.Peak); at > s.Sign.From {
			return time.Unix(0, at).UTC()
		}
	}
	return s.Until
}
