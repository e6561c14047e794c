package timeline

import (
	"slices"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/keyrank"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// rank chooses which of the things that people said a reader needs, of those that
// the rules leave open.
func (b *builder) rank() {
	s := keyrank.Scene{Facts: b.facts, Signs: b.signs, Scope: b.scope, Phases: b.phases, Names: b.names, During: b.talkable}
	kin := keyrank.Kindred(s)
	for _, f := range b.facts {
		rule, open := b.leftOpen(f, kin)
		switch {
		case open:
			s.Candidates = append(s.Candidates, &keyrank.Candidate{Fact: f, Rule: rule})
		case b.verdict[f].key:
			s.Shown = append(s.Shown, f)
		}
	}
	for _, f := range b.signs {
		if b.verdict[f].key {
			s.Shown = append(s.Shown, f)
		}
	}
	fact.ByTime(s.Shown)
	keyrank.Choose(s)
	for _, c := range s.Candidates {
		b.ranked(c)
		if b.opt.Weighed != nil {
			b.opt.Weighed(b.id(c.Fact), c)
		}
	}
}

// talkable reports whether people can speak of the incident at a moment.
func (b *builder) talkable(t time.Time) bool {
	d := b.phases.Phases.DetectedAt
	return b.during(t) || !d.IsZero() && t.Before(d) && d.Sub(t) < foretell
}

// leftOpen reports whether the rules leave open if a reader needs a message, and
// whether they are for it: nothing but its own words speaks for it, and nothing that is
// shown against it. What found the change behind it is needed, and so is what people
// found out afterwards.
func (b *builder) leftOpen(f *fact.Fact, kin func(*fact.Fact) bool) (rule, open bool) {
	if f.Class != fact.Said || f.Test || f.Speech.Reeled || b.hasRole(f) || b.dated[f] || b.blames[f] || f.Mark() != "" {
		return false, false
	}
	if b.verdict[f].key {
		if f.Speech.Act == speech.Cause && b.datesShown(f) {
			return false, false
		}
		rule = b.judge(f).key
		return rule, rule && b.talkable(f.At)
	}
	again := f.Speech.Act == speech.Mitigation || f.Speech.Act == speech.AllClear // what says first that it gets better has a role
	return false, !again && b.talkable(f.At) && (b.scope.Channels[f.Channel] || kin(f))
}

// datesShown reports whether a message is shown a second time, at a moment that it names.
func (b *builder) datesShown(f *fact.Fact) bool {
	return slices.ContainsFunc(b.placed, func(p *fact.Fact) bool { return p.First().Ref == f.First().Ref && b.verdict[p].key })
}

// ranked records what was chosen.
func (b *builder) ranked(c *keyrank.Candidate) {
	f := c.Fact
	v := b.verdict[f]
	switch {
	case c.Rule && !c.Chosen:
		b.set(f, false, min(v.score, 0.5), "%s; %s", v.why, c.Why())
	case !c.Rule && c.Chosen:
		b.set(f, true, max(v.score, 0.5), "%s", c.Why())
		v = b.verdict[f]
		v.kind = acts[c.Act()]
		b.verdict[f] = v
	}
}
