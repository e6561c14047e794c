package course

import (
	"slices"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/command"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/sign"
	"github.com/hindcast/hindcast/internal/timeline/speech"
	"github.com/hindcast/hindcast/internal/timeline/trigger"
)

// Between is how long before a deed the last failure may have been recorded: they
// come one by one.
const Between = 15 * time.Second

// Astir is from when on an improvement can last: the alarm, or the last page that came
// after people had closed an earlier one or said that it was over, since what got better before did not last.
func (c Course) Astir() time.Time {
	at := Later(c.Alarm.At, c.Back)
	for i, p := range c.Scope.Pages {
		if !p.At.After(at) || !p.At.Before(c.Limit()) {
			continue
		}
		closed := slices.ContainsFunc(c.Facts, func(done *fact.Fact) bool {
			return done.Class == fact.Closed && done.ByPerson() && !done.Test && done.At.Before(p.At) && slices.ContainsFunc(c.Scope.Pages[:i], func(e *fact.Fact) bool {
				return e.Number != "" && e.Number == done.Number && !done.At.Before(e.At)
			})
		})
		if closed {
			at = p.At
		}
	}
	return at
}

// Limit is when an improvement can have come at the latest.
func (c Course) Limit() time.Time {
	if !c.Phases.ResolvedAt.IsZero() {
		return c.Phases.ResolvedAt
	}
	return c.Scope.To
}

// Later returns the later of two moments.
func Later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Clears reports whether an alert that ended is one of the incident's.
func (c Course) Clears(e *fact.Fact) bool {
	for _, p := range c.Scope.Pages {
		if e.Name != "" && p.Name == e.Name || e.Subject != "" && p.Subject == e.Subject || e.Service != "" && e.Service == p.Service {
			return true
		}
	}
	return false
}

// Resumes returns the line that says right around a moment that something works
// again, or nil.
func (c Course) Resumes(at time.Time) *fact.Fact {
	for _, s := range c.Signs {
		if sign.Better(s.Sign) && s.At.Sub(at).Abs() <= time.Minute {
			return s
		}
	}
	return nil
}

// TakenBack reports whether somebody said soon after that it is as bad as before.
func (c Course) TakenBack(s *fact.Fact) bool {
	for _, a := range c.Facts {
		if a.Class != fact.Said || !c.Scope.Channels[a.Channel] || !a.At.After(s.At) || a.At.Sub(s.At) > 15*time.Minute {
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

// FirstDeed returns when responders first changed something; zero when they never did.
func (c Course) FirstDeed() time.Time {
	for _, d := range c.Facts {
		if c.Acted(d) {
			return d.At
		}
	}
	return time.Time{}
}

// Acted reports whether a fact is a change that responders made.
func (c Course) Acted(d *fact.Fact) bool {
	if d.At.Before(c.Astir()) || !c.Scope.Holds(d.At) {
		return false
	}
	switch d.Class {
	case fact.Ran, fact.Changed:
		return true
	case fact.Said:
		return d.Speech.Act == speech.Action && c.Scope.Channels[d.Channel]
	case fact.Rollout:
		return d.Verb == command.Rollback || c.Scope.Hit(d.Service) && !d.Heals()
	}
	return false
}

// Echoes reports whether a line states what somebody did just then.
func (c Course) Echoes(s *fact.Fact) bool {
	return slices.ContainsFunc(c.Facts, func(d *fact.Fact) bool {
		return d.At.Sub(s.At).Abs() <= Between && c.Acted(d) && d.Class != fact.Said && trigger.Shares(d, s) >= 1
	})
}

// Falls is when a failure begins to ease: from its last height on when it is a value,
// at its end otherwise.
func Falls(s *fact.Fact) time.Time {
	if s.Sign.Detector == "metric-change" {
		if at := max(s.Sign.Eased, s.Sign.Peak); at > s.Sign.From {
			return time.Unix(0, at).UTC()
		}
	}
	return s.Until
}
