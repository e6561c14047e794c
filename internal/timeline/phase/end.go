package phase

import (
	"regexp"
	"slices"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/command"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/sign"
	"github.com/hindcast/hindcast/internal/timeline/speech"
	"github.com/hindcast/hindcast/internal/timeline/trigger"
)

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

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// between is how long before a deed the last failure may have been recorded: they
// come one by one.
const between = 15 * time.Second

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
