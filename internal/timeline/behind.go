package timeline

import (
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/sign"
	"github.com/hindcast/hindcast/internal/timeline/speech"
	"github.com/hindcast/hindcast/internal/timeline/trigger"
)

// behind keeps changes that people found to be behind the incident, though they
// were made too long before the first symptom to have set it off at once.
func (b *builder) behind() {
	onset, judge := b.onset(), b.phases.Judge
	statements := judge.Statements(b.phases.Phases.DetectedAt)
	ofDays := trigger.OfDays(statements)
	for _, c := range slices.Concat(b.facts, b.signs) {
		row, commit := c.Class == fact.Row, c.Class == fact.Committed
		if !trigger.Change(c) && !row && !commit || fact.Rehearsal(c.Title) || b.hasRole(c) || b.verdict[c].key || !c.At.Before(onset) || onset.Sub(c.At) > longBefore {
			continue
		}
		var s *fact.Fact
		if !row && !commit && b.phases.Trigger == nil && onset.Sub(c.At) <= foundBehind {
			s = b.culprit(c, onset)
		}
		if s == nil && !commit { // what is committed does nothing by itself
			s = judge.Identified(c, statements)
		}
		if s == nil {
			s = judge.OnDay(c, ofDays)
		}
		if s != nil && judge.RuledOut(c) == nil && !b.doneAgain(c, onset) {
			b.set(c, true, 0.7, "people found it to be behind the incident at %s", s.At.Format(time.TimeOnly))
			if v := b.verdict[c]; row || commit {
				v.kind = hindcast.Change
				b.verdict[c] = v
			}
			b.blame(s)
		}
	}
}

// doneAgain reports whether a flag or a setting was changed again before the trouble
// began: the last change counts, however often people name what was changed.
func (b *builder) doneAgain(c *fact.Fact, onset time.Time) bool {
	return c.Class == fact.Changed && c.Subject != "" && slices.ContainsFunc(b.facts, func(o *fact.Fact) bool {
		return o.Class == fact.Changed && o.Subject == c.Subject && o.At.After(c.At) && !o.At.After(onset) && (b.verdict[o].key || b.phases.Judge.Found(o) != nil)
	})
}

// undone keeps what responders changed of the very thing whose change was found to be
// behind it, whatever they made the change with.
func (b *builder) undone() {
	for _, c := range b.facts {
		if c.Class != fact.Changed || !b.verdict[c].key || !c.At.Before(b.onset()) {
			continue
		}
		for _, f := range b.facts {
			if f.Class == fact.Changed && !b.routine[f] && !b.verdict[f].key && b.during(f.At) && trigger.Again(f, c) {
				b.verdict[f] = verdict{key: true, score: 0.85, kind: hindcast.Action, why: "responders changed again what was found to be behind it"}
			}
		}
	}
}

// culprit returns what somebody said that names a change as what is behind it: who
// found it, or who named it when it was taken back. A row of a list is not meant by its
// minute alone, and who wonders about a change or sees it beside a failure found nothing.
func (b *builder) culprit(c *fact.Fact, onset time.Time) *fact.Fact {
	v := b.phases.Judge.Weigh(c, onset)
	if v.Back && v.Named != nil {
		return v.Named
	}
	s := b.phases.Judge.Found(c)
	switch {
	case s == nil, speech.Confesses(s.Text()):
		return s
	case s.Speech.Act == speech.Observation && !sign.Change(c), speech.Unsure(s.Text()):
		return nil
	case c.First().Kind == hindcast.Record && trigger.Shares(s, c) < lexicon.Hint:
		return nil
	}
	return s
}

// blame keeps what found a change to be behind it: a cause, or who says that it was
// their doing, whatever else the message does.
func (b *builder) blame(s *fact.Fact) {
	confesses := speech.Confesses(s.Text())
	b.blames[s] = confesses || s.Speech.Act == speech.Cause
	if confesses && !b.verdict[s].key && !b.hasRole(s) {
		b.set(s, true, 0.75, "somebody says that it was their doing")
		v := b.verdict[s]
		v.kind = hindcast.Observed
		b.verdict[s] = v
	}
}

// foundBehind is how long before the first symptom a change can be behind it.
const foundBehind = 3 * time.Hour
