package timeline

import (
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// judgePage decides about alerts other than the one that counts as detection.
func (b *builder) judgePage(f *fact.Fact) verdict {
	pages := b.scope.Pages
	if !slices.Contains(pages, f) {
		return verdict{score: 0.2, why: "an alert that nothing connects to the incident"}
	}
	for _, p := range pages {
		if p == f {
			break
		}
		if b.closedBetween(p, f) {
			continue
		}
		if p.Name == f.Name && p.Service == f.Service || f.At.Sub(p.At) < 2*time.Minute {
			return verdict{score: 0.5, why: "a further alert about what was already alerted"}
		}
	}
	if len(pages) > 3 {
		return verdict{score: 0.5, why: "one of many further alerts"}
	}
	return verdict{key: true, score: 0.7, why: "a further alert of the incident, about something else"}
}

// closedBetween reports whether a person closed a page before another came: that is
// news, whatever it says.
func (b *builder) closedBetween(p, f *fact.Fact) bool {
	return slices.ContainsFunc(b.facts, func(c *fact.Fact) bool {
		return c.Class == fact.Closed && c.ByPerson() && p.Number != "" && c.Number == p.Number && !c.At.Before(p.At) && c.At.Before(f.At)
	})
}

// judgeEscalation keeps an escalation when nobody had taken the page up.
func (b *builder) judgeEscalation(f *fact.Fact) verdict {
	p := b.phases.Phases
	if !p.DetectedAt.IsZero() && f.At.After(p.DetectedAt) && (p.AcknowledgedAt.IsZero() || f.At.Before(p.AcknowledgedAt)) {
		return verdict{key: true, score: 0.7, why: "the page went on to others because nobody had taken it up"}
	}
	return verdict{score: 0.3, why: "more people were called"}
}

// calling is how far apart people call others and say so.
const calling = 90 * time.Second

// called keeps the calls of more people while the incident lasted of which nothing that
// is shown tells.
func (b *builder) called() {
	for _, f := range b.facts {
		if f.Class != fact.Escalated || f.Test || b.verdict[f].key || !b.during(f.At) || !slices.ContainsFunc(b.scope.Pages, func(p *fact.Fact) bool {
			return f.Number != "" && p.Number == f.Number || f.Subject != "" && p.Subject == f.Subject
		}) {
			continue
		}
		if m := b.phases.Phases.MitigatedAt; !m.IsZero() && f.At.After(m) {
			continue
		}
		told := slices.ContainsFunc(b.facts, func(s *fact.Fact) bool {
			return b.verdict[s].key && s.At.Sub(f.At).Abs() <= calling && (s.Class == fact.Escalated || s.Class == fact.Said && speech.Calls(s.Text()))
		})
		if !told {
			b.verdict[f] = verdict{key: true, score: 0.6, kind: hindcast.Communication, why: "more people were called, which nobody else tells"}
		}
	}
}
