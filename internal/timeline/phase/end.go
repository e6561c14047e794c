package phase

import (
	"slices"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/speech"
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
		if implied(e) && f.goesOn(e, ends[i+1:]) || f.published(e, ends[i+1:]) {
			continue
		}
		f.End = e
		f.Set("resolved_at", e.At, "declared over by %s, %s", who(e), course.Source(e))
		return
	}
	f.fallbackEnd()
}

// winding is how long after a word that sounds like the last somebody declares the end.
const winding = 2 * time.Hour

// publishing is how long before responders declare the end they tell users at most.
const publishing = 5 * time.Minute

// published reports whether an end is only what users were told, right before those who
// worked on it declared it.
func (f finder) published(e *fact.Fact, later []*fact.Fact) bool {
	return e.Class == fact.Posted && slices.ContainsFunc(later, func(l *fact.Fact) bool {
		return l.Class != fact.Posted && !implied(l) && l.At.Sub(e.At) <= publishing
	})
}

// implied reports whether a message is a declaration by where it stands alone.
func implied(e *fact.Fact) bool { return e.Class == fact.Said && e.Speech.Implied }

// again notes when the alert came back after the end was declared.
func (f finder) again(e, next *fact.Fact) {
	for _, a := range f.Facts {
		if (a.Class == fact.Paged || a.Class == fact.Fired) && a.At.After(e.At) && a.At.Before(next.At) && !a.Test && f.ours(a) && f.concerns(a) {
			f.Back = a.At
		}
	}
}

// concerns reports whether an alert without a number is about the incident: monitors
// raise others all day.
func (f finder) concerns(a *fact.Fact) bool {
	return a.Number != "" || f.Scope.Hit(a.Service) || slices.ContainsFunc(f.Scope.Pages, func(p *fact.Fact) bool { return p == a || p.Subject != "" && p.Subject == a.Subject })
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
		case e.Class == fact.Cleared && f.Clears(e):
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
			f.Set("resolved_at", c.fact.At, "%s, %s", c.why, course.Source(c.fact))
			return
		}
	}
}
