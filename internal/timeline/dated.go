package timeline

import (
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/known"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/recount"
	"github.com/hindcast/hindcast/internal/timeline/speech"
	"github.com/hindcast/hindcast/internal/timeline/trigger"
)

const (
	// prelude is how long before the start what people tell of can lie.
	prelude = newBefore
	// longBefore is how long before the start something can lie that people found behind
	// it and name with its day.
	longBefore = 60 * 24 * time.Hour
	// fewMoments is how many moments a message names at most that tells of one thing:
	// those that name more go through what is known.
	fewMoments = 2
)

// date shows what people told of afterwards, by its minute, where it was: at that
// minute, when nothing records it and nothing is shown there that it could be.
func (b *builder) date() {
	for _, f := range b.facts {
		if m, ok := b.furtherRelief(f); ok {
			b.verdict[f] = verdict{key: true, score: 0.6, at: m.At, kind: b.reliefKind(f), why: "further relief, told by its moment"}
			continue
		}
		if m, ok := b.past(f); ok {
			b.dateAt(f, m)
		}
		b.firsts(f)
	}
}

// dateAt shows what a message tells of a moment that it names.
func (b *builder) dateAt(f *fact.Fact, m fact.Moment) {
	t := recount.Of(f, m, b.companies.Named(f.Text()))
	if b.shownBefore(t) || b.noNews(t) {
		return
	}
	v := verdict{key: true, score: 0.7, at: m.At, kind: t.Kind(), why: "people told of it at " + f.At.Format(time.TimeOnly) + ", by its minute"}
	switch {
	case v.kind == hindcast.Mitigation:
		b.verdict[f] = v
	case !b.placedAt(f, m, v.kind):
		b.place(f, m, v)
	}
}

// firsts shows what a message says was for the first time at a second before the alarm, when
// nothing shows trouble of that second: people look that up afterwards, beside other times.
func (b *builder) firsts(f *fact.Fact) {
	p := b.phases.Phases
	if f.Class != fact.Said || f.Test || len(f.Moments) < 2 || f.Asks() || !b.scope.Channels[f.Channel] || p.DetectedAt.IsZero() || f.At.Before(p.DetectedAt) {
		return
	}
	for _, m := range f.Moments {
		part, ok := recount.First(f, m)
		own := func(o *fact.Fact) bool { return o.At.Equal(m.At) && o.First().Ref == f.First().Ref }
		if !ok || slices.ContainsFunc(b.placed, own) || m.At.After(p.DetectedAt) || m.At.Before(p.StartedAt.Add(-prelude)) || b.shownAt(m) || b.recorded(f, m) || b.placedAt(f, m, hindcast.Symptom) {
			continue
		}
		b.place(f, m, verdict{key: true, score: 0.7, at: m.At, kind: hindcast.Symptom, why: "people told of it at " + f.At.Format(time.TimeOnly) + ", by its second"})
		b.placed[len(b.placed)-1].Title = part
	}
}

// shownBefore reports whether something is shown that is what a message tells of.
func (b *builder) shownBefore(t recount.Account) bool {
	f, m := t.By, t.Of
	if at, own := recount.Stated(f); own && b.verdict[f].key && at.Equal(m.At) {
		return true // the message is shown at that moment itself
	}
	return b.recorded(f, m) || b.namesChange(f, m) || b.alertedAt(m) || b.noticedAt(m) ||
		t.Company != "" && f.Speech.Improve && b.announcedBetter(t.Company, m) || b.inLog(f, m)
}

// noNews reports whether what a message tells of a moment is no news that a reader needs.
func (b *builder) noNews(t recount.Account) bool {
	f, m, p := t.By, t.Of, b.phases
	switch {
	case !t.Report && f.Speech.Improve && !m.Since && !m.At.Before(p.Phases.DetectedAt):
		return true // what helped
	case !t.Report && f.Speech.Act == speech.Observation && !m.At.Before(p.Phases.DetectedAt) && !speech.Began(f.Text()):
		return true // on the way
	case m.Approx && m.At.Sub(b.onset()).Abs() <= roughly && p.Symptom != nil:
		return true // by and large when it began, which a record shows
	case t.Report:
		return false
	case t.Own || t.Altered:
		return !m.At.Before(b.onset()) || b.changeAt(m) || b.cleared(f)
	case speech.Alters(t.Says):
		return true // a change that nobody blames
	}
	return recount.Changes(f) && !speech.Tells(f.Speech.Act) && !speech.First(f.Text()) || t.Company == "" && b.shownAt(m)
}

// placedAt reports whether what another told of is shown at the minute of a moment, which
// then is what says most of it: what another company did, or a change.
func (b *builder) placedAt(f *fact.Fact, m fact.Moment, kind hindcast.EntryKind) bool {
	for _, p := range b.placed {
		if v := b.verdict[p]; v.key && p.At.Truncate(time.Minute).Equal(m.At.Truncate(time.Minute)) && p.First().Ref != f.First().Ref {
			if v.kind == hindcast.Symptom && kind != hindcast.Symptom || v.kind == hindcast.Change && kind == hindcast.ExternalEvent {
				v.kind = kind
				b.verdict[p] = v
			}
			return true
		}
	}
	return false
}

// noticedAt reports whether another company posted a notice in the minute of a moment:
// who names it tells of that.
func (b *builder) noticedAt(m fact.Moment) bool {
	return slices.ContainsFunc(b.facts, func(k *fact.Fact) bool {
		return k.Class == fact.VendorPosted && k.At.Truncate(time.Minute).Equal(m.At.Truncate(time.Minute))
	})
}

// place shows the moment that a message tells of as an entry of its own. The message
// stays one, as what somebody found or reported then, unless all was well again: what
// people look up afterwards only says what was.
func (b *builder) place(f *fact.Fact, m fact.Moment, v verdict) {
	t := *f
	t.At, t.Stated, t.Title = m.At, true, f.Sentence(m)
	b.placed = append(b.placed, &t)
	b.verdict[&t], b.dated[&t] = v, true
	if end := b.phases.Phases.MitigatedAt; (f.Speech.Act != speech.Cause || speech.PassesOn(f.Text())) && !end.IsZero() && f.At.After(end) {
		b.set(f, false, 0.5, "tells of what is shown at %s", m.At.Format(time.TimeOnly))
	}
}

// looksBack reports whether a message that seems to take something up or to do it
// tells what happened before the alarm: it names a minute then, and its writer does not
// say what they do next.
func (b *builder) looksBack(f *fact.Fact) bool {
	switch f.Speech.Act {
	case speech.Action, speech.Mitigation, speech.Taken, speech.RuledOut, speech.Other:
	default:
		return false
	}
	if f.Class != fact.Said || f.Test || !b.scope.Channels[f.Channel] {
		return false
	}
	d := b.phases.Phases.DetectedAt
	return !b.hasRole(f) && !f.Asks() && !speech.Unsure(f.Text()) && !f.At.Before(d) && slices.ContainsFunc(f.Moments, func(m fact.Moment) bool {
		return !m.Ahead && !m.Approx && d.Sub(m.At) >= known.News && f.At.Sub(m.At) < 2*earlier && !speech.None(f.Text()) && (f.Speech.Failing || speech.Alters(f.Sentence(m)))
	})
}

// alertedAt reports whether an alert is shown in the minute of a moment: who names it
// tells of the alert.
func (b *builder) alertedAt(m fact.Moment) bool {
	return slices.ContainsFunc(b.facts, func(k *fact.Fact) bool {
		return b.verdict[k].key && (k.Class == fact.Paged || k.Class == fact.Fired) && k.At.Truncate(time.Minute).Equal(m.At.Truncate(time.Minute))
	})
}

// announcedBetter reports whether a notice of another company is shown that says soon
// after a moment that it recovers.
func (b *builder) announcedBetter(company string, m fact.Moment) bool {
	return slices.ContainsFunc(b.facts, func(k *fact.Fact) bool {
		lag := k.At.Sub(m.At)
		return b.verdict[k].key && k.Class == fact.VendorPosted && k.Actor.Name == company && k.Better() && lag >= 0 && lag <= roughly
	})
}

// inLog reports whether trouble that is shown around the moment that a message tells
// of says the same in other words: that is what was, known from the message on.
func (b *builder) inLog(f *fact.Fact, m fact.Moment) bool {
	said := lexicon.Tokens(f.Sentence(m))
	for _, k := range slices.Concat(b.facts, b.signs) {
		if b.verdict[k].key && trouble[k.Class] && k.At.Sub(m.At).Abs() <= apart && lexicon.Overlap(said, known.Distinctive(k.Title, k)) >= lexicon.Enough {
			if b.tells[k].By == nil {
				b.tells[k] = course.Tell{Record: k, By: f, Dated: true}
			}
			return true
		}
	}
	return false
}

// cleared reports whether people said of a change that somebody told of, in so many
// words, that it is not behind the incident.
func (b *builder) cleared(f *fact.Fact) bool {
	c := *f
	if at := b.names.Find(f.Text()); len(at) > 0 {
		c.Service = at[0]
	}
	return b.phases.Judge.RuledOut(&c) != nil
}

// changeAt reports whether a change is shown around a moment.
func (b *builder) changeAt(m fact.Moment) bool {
	return slices.ContainsFunc(slices.Concat(b.facts, b.signs), func(k *fact.Fact) bool {
		return b.verdict[k].key && trigger.Change(k) && k.At.Sub(m.At).Abs() <= apart
	})
}

// past returns the moment of the incident that a message tells of afterwards.
func (b *builder) past(f *fact.Fact) (fact.Moment, bool) {
	p := b.phases.Phases
	if f.Class != fact.Said || f.Test || b.hasRole(f) || !b.scope.Channels[f.Channel] || p.StartedAt.IsZero() || p.DetectedAt.IsZero() || f.At.Before(p.DetectedAt) {
		return fact.Moment{}, false
	}
	moments := slices.DeleteFunc(slices.Clone(f.Moments), func(m fact.Moment) bool { return f.OnlyMentions(m, p.DetectedAt) })
	if !p.ResolvedAt.IsZero() && f.At.Sub(p.ResolvedAt) > review || len(moments) > fewMoments && !moments[0].Dated {
		return fact.Moment{}, false
	}
	report, early := speech.PassesOn(f.Text()), time.Duration(prelude)
	if recount.Admits(f) {
		report, early = true, foundBehind
	}
	if f.Asks() && !report {
		return fact.Moment{}, false
	}
	if f.Speech.Act == speech.Vendor {
		if m, ok := recount.TheirDeed(f, moments, p.DetectedAt, p.StartedAt.Add(-earlier)); ok {
			return m, true
		}
	}
	if !recount.Tells(f, report) {
		return fact.Moment{}, false
	}
	began := func(m fact.Moment) bool {
		early := early
		switch cause := f.Speech.Act == speech.Cause; {
		case cause && m.Dated:
			early = longBefore
		case m.Dated && m.Since:
			early = earlier
		case cause:
			early = foundBehind
		}
		if !report && speech.None(f.Text()) {
			return false
		}
		return f.At.Sub(m.At) >= known.News && !m.At.Before(p.StartedAt.Add(-early)) && (p.ResolvedAt.IsZero() || !m.At.After(p.ResolvedAt)) && (report || speech.Tells(m.Act) || speech.Began(f.Text()) || speech.Tells(f.Speech.Act) && (b.passed(m) || speech.Theirs(f.Text())))
	}
	i := -1
	if b.companies.Named(f.Text()) != "" { // when they posted it is not when it began
		i = slices.IndexFunc(moments, func(m fact.Moment) bool { return m.Since && began(m) })
	}
	if i < 0 {
		i = slices.IndexFunc(moments, began)
	}
	if i < 0 {
		return fact.Moment{}, false
	}
	return moments[i], true
}

// furtherRelief returns the moment, just before a message and after the impact had begun to
// fall, at which something further was well again or done as the message tells, when nothing
// shows it.
func (b *builder) furtherRelief(f *fact.Fact) (fact.Moment, bool) {
	p := b.phases.Phases
	if f.Class != fact.Said || f.Test || f.Speech.Act != speech.Mitigation || b.verdict[f].key || b.hasRole(f) || !b.scope.Channels[f.Channel] || p.MitigatedAt.IsZero() || f.Asks() {
		return fact.Moment{}, false
	}
	i := slices.IndexFunc(f.Moments, func(m fact.Moment) bool {
		lag := f.At.Sub(m.At)
		return lag > 0 && lag <= recount.AtOnce && m.At.After(p.MitigatedAt) && !f.OnlyMentions(m, p.DetectedAt) && !recount.Headed(f.Sentence(m))
	})
	if i < 0 || b.saidOf(f, f.Moments[i]) {
		return fact.Moment{}, false
	}
	return f.Moments[i], true
}

// saidOf reports whether an entry around a moment says what a message tells of it.
func (b *builder) saidOf(f *fact.Fact, m fact.Moment) bool {
	said := f.Tokens(f.Sentence(m))
	return slices.ContainsFunc(slices.Concat(b.facts, b.signs), func(k *fact.Fact) bool {
		return k != f && b.verdict[k].key && k.At.Sub(m.At).Abs() <= recount.AtOnce && lexicon.Overlap(said, k.Tokens(k.Words())) >= lexicon.Enough
	})
}

// reliefKind returns what further relief is: another company's doing, or ours.
func (b *builder) reliefKind(f *fact.Fact) hindcast.EntryKind {
	if b.companies.Named(f.Text()) != "" {
		return hindcast.ExternalEvent
	}
	return hindcast.Mitigation
}

// passed reports whether a clause of what people found, which sounds like a deed or
// relief by itself, tells what was before anybody did anything.
func (b *builder) passed(m fact.Moment) bool {
	switch m.Act {
	case speech.Action, speech.Mitigation, speech.RuledOut:
		return m.At.Before(b.phases.Phases.DetectedAt)
	}
	return false
}

// recorded reports whether a record is shown that a message tells of by a minute.
func (b *builder) recorded(s *fact.Fact, m fact.Moment) bool {
	for f, t := range b.tells {
		if t.By == s && t.Dated && b.verdict[f].key && f.At.Sub(m.At).Abs() <= apart {
			return true
		}
	}
	return false
}

// roughly is how far off the hour may be that people name for a change.
const roughly = 15 * time.Minute

// namesChange reports whether a message names a change by its minute that a record
// states: the record is what there is to show, if anything.
func (b *builder) namesChange(s *fact.Fact, m fact.Moment) bool {
	services := b.names.Find(s.Text())
	return slices.ContainsFunc(b.facts, func(c *fact.Fact) bool {
		d := c.At.Sub(m.At).Abs()
		if !trigger.Change(c) && c.Class != fact.Rollout && c.Class != fact.RolloutStep || d > roughly {
			return false
		}
		if len(c.Object) > 4 && strings.Contains(strings.ToLower(s.Text()), strings.ToLower(c.Object)) {
			return true
		}
		if d > apart {
			return false
		}
		return c.Version != "" && strings.Contains(s.Text(), c.Version) || c.Service != "" && slices.Contains(services, c.Service) && c.Class == fact.Rollout && recount.Changes(s)
	})
}

// trouble are the records that show that something fails.
var trouble = map[fact.Class]bool{fact.Sign: true, fact.Warned: true, fact.RolloutFault: true, fact.VendorPosted: true, fact.Row: true}

// shownAt reports whether trouble, or what another company did, is shown to have
// begun around a moment, by itself or beside other trouble; just then, when the moment
// is told to the second.
func (b *builder) shownAt(m fact.Moment) bool {
	apart := apart
	if m.Exact {
		apart = 2 * time.Second
	}
	return slices.ContainsFunc(slices.Concat(b.facts, b.signs), func(k *fact.Fact) bool {
		if !b.verdict[k].key || !trouble[k.Class] {
			return false
		}
		return slices.ContainsFunc(append([]*fact.Fact{k}, b.beside[k]...), func(s *fact.Fact) bool { return s.At.Sub(m.At).Abs() <= apart })
	})
}
