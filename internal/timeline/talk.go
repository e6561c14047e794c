package timeline

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
	"github.com/hindcast/hindcast/internal/timeline/known"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// judgeTalk decides about what a person said.
func (b *builder) judgeTalk(f *fact.Fact) verdict {
	act := f.Speech.Act
	p := b.phases.Phases
	switch {
	case act == speech.Social || act == speech.Other:
		return verdict{why: "small talk, or nothing about the incident"}
	case act == speech.Question || act == speech.Hypothesis:
		return verdict{score: 0.3, why: "a question or a guess; answers and findings tell more"}
	case act == speech.Restated:
		return verdict{score: 0.2, why: "says again what is known"}
	case p.DetectedAt.IsZero() || f.At.Before(p.DetectedAt.Add(-foretell)):
		return verdict{score: 0.1, why: "said outside the incident"}
	case !p.ResolvedAt.IsZero() && f.At.After(p.ResolvedAt):
		if act == speech.Cause && f.At.Sub(p.ResolvedAt) < review && b.scope.Channels[f.Channel] && !b.adds(f) {
			return verdict{key: true, score: 0.6, why: "what people found out afterwards"}
		}
		return verdict{score: 0.2, why: "said after the end"}
	case !b.scope.Channels[f.Channel]:
		return b.judgeAside(f)
	}
	return b.judgeWork(f)
}

// adds reports whether a message adds to what somebody just said is behind it.
func (b *builder) adds(f *fact.Fact) bool {
	return slices.ContainsFunc(b.facts, func(o *fact.Fact) bool {
		lag := f.At.Sub(o.At)
		return lag > 0 && lag <= known.News && o.Channel == f.Channel && o.Speech.Act == speech.Cause
	})
}

// reported takes back what people said at once about a change that is shown: that is its
// report, and one of its sources.
func (b *builder) reported() {
	var deeds []*fact.Fact
	for _, f := range b.facts {
		if f.Class != fact.Said && b.verdict[f].key && cmp.Or(b.verdict[f].kind, b.kind(f)) == hindcast.Action {
			deeds = append(deeds, f)
		}
	}
	for i, s := range b.scope.Talk {
		if s.Speech.Act == speech.Decision && b.verdict[s].key && !b.hasRole(s) && fuse.Consents(s.Text()) && b.decidedBefore(b.scope.Talk[:i], s) {
			b.set(s, false, 0.5, "agrees to what is shown")
		}
		if !b.verdict[s].key || b.hasRole(s) || b.dated[s] {
			continue
		}
		if speech.Recalls(s.Text()) && s.Speech.Act != speech.RuledOut {
			b.set(s, false, 0.3, "speaks of another time")
			continue
		}
		if p := b.postedAt(s); p != nil {
			p.Events = append(p.Events, s.Events...)
			b.set(s, false, 0.5, "says that what is shown at %s was written", p.At.Format(time.TimeOnly))
		}
		if s.Speech.Act != speech.Action {
			continue
		}
		if d := fuse.AtOnce(s, deeds, b.names); d != nil {
			d.Events = append(d.Events, s.Events...)
			b.set(s, false, 0.5, "reports what is shown at %s", d.At.Format(time.TimeOnly))
		}
	}
}

// posting is how far apart people write to users and tell the others so.
const posting = 5 * time.Minute

// postedAt returns the update of a status page that is shown and that a message only says
// to be out; nil when there is none.
func (b *builder) postedAt(s *fact.Fact) *fact.Fact {
	if s.Speech.Act != speech.Communication || !speech.Out(s.Text()) {
		return nil
	}
	var near *fact.Fact
	for _, p := range b.facts {
		d := p.At.Sub(s.At).Abs()
		if p.Class == fact.Posted && b.verdict[p].key && d <= posting && (near == nil || d < near.At.Sub(s.At).Abs()) {
			near = p
		}
	}
	return near
}

// assenting is how soon after a decision others agree to it.
const assenting = 3 * time.Minute

// decidedBefore reports whether a decision is shown right before a message.
func (b *builder) decidedBefore(talk []*fact.Fact, s *fact.Fact) bool {
	return slices.ContainsFunc(talk, func(o *fact.Fact) bool {
		return b.verdict[o].key && cmp.Or(b.verdict[o].kind, b.kind(o)) == hindcast.Decided && o.Channel == s.Channel && s.At.Sub(o.At) <= assenting
	})
}

// judgeAside decides about talk outside the channels where people worked.
func (b *builder) judgeAside(f *fact.Fact) verdict {
	if f.Speech.Act == speech.Report && b.front(f) {
		return verdict{key: true, score: 0.58, why: "a report of what users experience, where its writer later told them"}
	}
	if f.Speech.Act == speech.Communication && !fact.Leisure(f.Channel) && b.during(f.At) {
		return verdict{key: true, score: 0.6, why: "what users or stakeholders were told"}
	}
	return verdict{score: 0.2, why: "said where nobody worked on the incident"}
}

const (
	fronting = 15 * time.Minute // how long after the detection a report from users still tells news
	fewWords = 6                // how many words a report has at least
)

// front reports whether a message from outside the response is how users were
// heard: it is the first in its channel around the detection, and its writer
// told users something there while the incident lasted.
func (b *builder) front(f *fact.Fact) bool {
	detected := b.phases.Phases.DetectedAt
	if f.Class != fact.Said || b.scope.Channels[f.Channel] || fact.Leisure(f.Channel) || len(strings.Fields(f.Text())) < fewWords || f.At.Sub(detected).Abs() > fronting {
		return false
	}
	told := false
	for _, o := range b.facts {
		if o.Class != fact.Said || o.Channel != f.Channel || o == f {
			continue
		}
		if o.At.Before(f.At) && f.At.Sub(o.At) < fronting {
			return false
		}
		told = told || o.At.After(f.At) && o.Speech.Act == speech.Communication && b.during(o.At) && fuse.SamePerson(o.Actor.Name, f.Actor.Name)
	}
	return told
}

// judgeWork decides about talk of the people who worked on the incident.
func (b *builder) judgeWork(f *fact.Fact) verdict {
	early, words := f.At.Before(b.phases.Phases.DetectedAt), len(strings.Fields(f.Text()))
	switch f.Speech.Act {
	case speech.Decision:
		return verdict{key: !early, score: 0.85, why: "a decision of the responders"}
	case speech.Action:
		return verdict{key: !early && (words >= 3 || f.Verb != ""), score: 0.8, why: "an action of the responders that no other source records"}
	case speech.Observation:
		if !f.Speech.Failing && !f.Speech.Finding {
			return verdict{score: 0.4, why: "an observation, of nothing that fails"}
		}
		if early && !slices.ContainsFunc(b.names.Find(f.Text()), b.scope.Hit) {
			return verdict{score: 0.4, why: "an observation before the alarm, of nothing that is known to be hit"}
		}
		return verdict{key: true, score: 0.6, why: fmt.Sprintf("an observation of failure with %d hard facts", f.Speech.Facts)}
	case speech.Report:
		return verdict{key: true, score: 0.55, why: "a report of what users experience"}
	case speech.RuledOut:
		return verdict{key: !early && words >= 3, score: 0.6, why: "a suspicion that was ruled out"}
	case speech.Cause:
		return verdict{key: !early, score: 0.75, why: "what people found to be behind it"}
	case speech.Communication:
		return verdict{key: !early, score: 0.65, why: "what users or stakeholders were told"}
	case speech.Vendor:
		if speech.AllFine(f.Text()) && !f.Speech.Improve {
			return verdict{score: 0.4, why: "another company says nothing of a failure"}
		}
		return verdict{key: true, score: 0.8, why: "what another company says about its part"}
	case speech.Mitigation:
		return verdict{score: 0.5, why: "progress after the impact had begun to fall"}
	case speech.AllClear:
		return verdict{score: 0.4, why: "said again that things are fine"}
	case speech.Taken:
		return verdict{score: 0.2, why: "a further person joined"}
	}
	return verdict{score: 0.2, why: "nothing a reader needs"}
}
