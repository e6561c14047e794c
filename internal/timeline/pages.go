package timeline

import (
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
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
		if p.Name == f.Name && p.Service == f.Service || f.Number != "" && p.Number == f.Number || f.At.Sub(p.At) < 2*time.Minute {
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
		if f.Class != fact.Escalated || f.Test || b.verdict[f].key || !b.during(f.At) || !b.aboutPage(f) {
			continue
		}
		if m := b.phases.Phases.MitigatedAt; !m.IsZero() && f.At.After(m) {
			continue
		}
		told := slices.ContainsFunc(b.facts, func(s *fact.Fact) bool {
			return b.verdict[s].key && s.At.Sub(f.At).Abs() <= calling && (s.Class == fact.Escalated || s.Class == fact.Said && speech.Calls(s.Text()))
		})
		if told {
			continue
		}
		b.verdict[f] = verdict{key: true, score: 0.6, kind: hindcast.Communication, why: "more people were called, which nobody else tells"}
		b.saidSo(f)
	}
}

// saidSo takes back what whoever called others said about it in a few words.
func (b *builder) saidSo(call *fact.Fact) {
	for _, s := range b.scope.Talk {
		if b.verdict[s].key && s.Speech.Act == speech.Action && calls.MatchString(s.Text()) && s.At.Sub(call.At).Abs() <= calling && len(strings.Fields(s.Text())) <= calledIn && fuse.SamePerson(s.Actor.Name, call.Actor.Name) {
			call.Events = append(call.Events, s.Events...)
			b.set(s, false, 0.4, "says whom the pager called at %s", call.At.Format(time.TimeOnly))
		}
	}
}

// calls is how people say that they call others in, in looser words than [speech.Calls]
// knows: the pager shows that they just did.
var calls = lazyregexp.New(`(?i)\b(?:add(?:ed|ing)?|pag(?:ed?|ing)|pull(?:ed|ing)|call(?:ed|ing)|loop(?:ed|ing)|bring(?:ing)?|brought|get(?:ting)?|escalat\w+|invit\w+)\b`)

// calledIn is how many words of somebody tell at most of one deed alone.
const calledIn = 10

// aboutPage reports whether a call is about a page of the incident. The log of one alert
// alone names it nowhere.
func (b *builder) aboutPage(f *fact.Fact) bool {
	return f.Number == "" && f.Subject == "" || slices.ContainsFunc(b.scope.Pages, func(p *fact.Fact) bool {
		return f.Number != "" && p.Number == f.Number || f.Subject != "" && p.Subject == f.Subject
	})
}
