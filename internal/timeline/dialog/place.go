package dialog

import (
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
	"github.com/hindcast/hindcast/internal/timeline/gist"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

const (
	// answering is how soon people answer what another asks.
	answering = 10 * time.Minute
	// taking is how soon after an alarm or a report somebody takes it up.
	taking = 15 * time.Minute
	// beside is how near a command its writer speaks of it.
	beside = 3 * time.Minute
	// doing is how soon a deed follows what was decided.
	doing = 20 * time.Minute
	// easing is how near the end of the failure people speak of it.
	easing = 5 * time.Minute
	// silence is how long nobody writes after the last word.
	silence = 40 * time.Minute
)

// place is where a message stands.
type place struct {
	*talk
	gist.Gist
	i       int
	f       *fact.Fact
	open    bool // the incident is known: an alarm or a report came before
	acted   bool // somebody has changed something
	eased   bool // the failure has ended, or people said that it gets better
	answers bool // follows a question or a suspicion of another
}

// place finds where the i-th message stands.
func (t *talk) place(i int) place {
	f := t.said[i]
	p := place{talk: t, Gist: f.Gist, i: i, f: f}
	p.open = !t.alarm.IsZero() && !f.At.Before(t.alarm) || !t.reported.IsZero()
	p.acted = !t.acted.IsZero() || t.deedBefore(f.At)
	p.eased = !t.eased.IsZero() || !t.ease.IsZero() && f.At.After(t.ease.Add(-time.Minute)) && p.acted
	if q := t.previous(i); q != nil && f.At.Sub(q.At) <= answering {
		p.answers = q.Speech.Act == speech.Hypothesis || q.Speech.Act == speech.Question
	}
	return p
}

func (t *talk) deedBefore(at time.Time) bool {
	for _, d := range t.deeds {
		if d.ByPerson() && !d.At.After(at) {
			return true
		}
	}
	return false
}

// previous returns the latest message of another person before the i-th in its
// channel.
func (t *talk) previous(i int) *fact.Fact {
	for j := i - 1; j >= 0; j-- {
		if t.said[j].Channel == t.said[i].Channel && !fuse.SamePerson(t.said[j].Actor.Name, t.said[i].Actor.Name) {
			return t.said[j]
		}
	}
	return nil
}

// said is how much the words of an act count that the grammar is sure of.
var said = map[speech.Act]float64{
	speech.Social: 2, speech.Question: 1.2, speech.Hypothesis: 1.2, speech.RuledOut: 1.3, speech.Taken: 1.3, speech.Report: 1, speech.Observation: 0.4, speech.Decision: 1.2,
	speech.Action: 1.1, speech.Mitigation: 1.9, speech.AllClear: 1.8, speech.Communication: 1.6, speech.Vendor: 2, speech.Cause: 1.5, speech.Restated: 2.5,
}

// worded returns how much the grammar's reading counts; what is small talk only for
// sharing no word with the evidence counts less.
func (p place) worded() float64 {
	if p.f.Speech.Hushed {
		return 0.8
	}
	if p.f.Odds[p.f.Speech.Act] < unlikely {
		return said[p.f.Speech.Act] / 2
	}
	return said[p.f.Speech.Act]
}

// unlikely are the odds of an act at which a phrase that the grammar knows counts
// half: such phrases stand in jokes and asides too.
const unlikely = -2

// learned is how much the odds of a message's words count beside its place.
const learned = 0.25

// candidates are the acts that a place can speak for, in the order in which they
// are preferred.
var candidates = []speech.Act{
	speech.Other, speech.Social, speech.Question, speech.Hypothesis, speech.RuledOut, speech.Taken, speech.Report, speech.Observation, speech.Decision, speech.Action,
	speech.Mitigation, speech.AllClear, speech.Communication, speech.Vendor, speech.Cause, speech.Restated,
}

// best returns the act that words and place together speak for most.
func (p place) best() speech.Act {
	best, top := speech.Other, 0.7
	for _, act := range candidates {
		w := p.weigh(act) + learned*p.f.Odds[act]
		if act == p.f.Speech.Act {
			w += p.worded()
		}
		if w > top {
			best, top = act, w
		}
	}
	if best != speech.Observation {
		return best
	}
	switch old := p.f.Speech.Act; {
	case old == speech.Cause, old == speech.Report && !p.hand(p.f.Actor.Name):
		return old
	case p.Finds >= 1 && p.Did >= 0.5:
		return speech.Cause
	}
	return best
}

func one(is bool, w float64) float64 {
	if is {
		return w
	}
	return 0
}

// weigh returns what the build of the sentences and the place say for an act.
func (p place) weigh(act speech.Act) float64 {
	switch act {
	case speech.Social:
		return 0.6*p.Idle - one(p.opens() && p.takenUp(), 2) - 0.3*float64(p.Figures) - one(p.technical(p.i), 0.6) - one(p.Idle > 0 && p.echoed(p.i), 0.4)
	case speech.Question:
		return p.Asks - one(p.opens(), 0.8) - one(p.Words < 3, 0.3)
	case speech.Hypothesis:
		return min(p.Guesses, 1) + one(p.Asks >= 0.5, 0.4) + one(p.Asks > 0.2 && p.Finds > 0, 0.4) - one(p.opens(), 0.8)
	case speech.RuledOut:
		return 0.7*min(p.Denies, 1.5) + one(p.answers && p.Denies > 0, 0.8) + one(p.answers && p.Good > p.Bad, 0.5) - one(p.acted, 0.6) - p.Asks - one(!p.open, 1)
	case speech.Taken:
		return p.takes()
	case speech.Report:
		return one(p.opens(), 1.6) - 0.5*p.Told
	case speech.Observation:
		return p.finds()
	case speech.Decision:
		return min(p.Plans, 2)*0.9 - p.Asks - 0.5*p.Told + one(!p.acted && p.open && p.Plans > 0, 0.3) + one(p.Plans > 0 && p.followed(), 0.5) - one(!p.open, 1.5) - one(p.eased, 0.5) - one(p.easing() && p.Good > 0 && p.talk.eased.IsZero(), 0.8)
	case speech.Action:
		return min(p.Did, 1.5) - p.Asks - 0.6*p.Told - 0.3*p.Denies - 0.8*min(p.Guesses, 1) + one(!p.decided.IsZero(), 0.5) + one(p.besideDeed(), 0.4) + one(p.fulfills(), 0.8) + one(p.nearing(p.f.At) && p.Figures < 4, 0.4) + one(p.Did > 0 && p.Words <= 6, 0.2) - one(p.decided.IsZero() && !p.acted, 0.3) - one(p.decided.IsZero(), 0.4*min(p.Finds, 2)) - one(!p.open, 1.5)
	case speech.Communication:
		return min(p.Told, 2) - p.Asks - one(!p.open, 1.5) - one(p.opens(), 0.8)
	case speech.Mitigation:
		return p.relieves()
	case speech.AllClear:
		return p.ends()
	}
	return 0
}

// takes weighs that the writer takes the incident up.
func (p place) takes() float64 {
	if speech.Greets(p.f.Text()) {
		return -1
	}
	soon := p.f.At.Sub(later(p.alarm, p.reported)) <= taking
	first := p.talk.taken.IsZero() && p.open && soon && !fuse.SamePerson(p.f.Actor.Name, p.reporter)
	w := p.Takes + one(first && p.Words <= 10, 0.8) - 0.3*float64(p.Figures) - 0.5*p.Bad - 0.5*p.Told - one(p.Words > 12, 0.6) - p.Asks
	if !first {
		w -= 0.6
	}
	return w - one(p.acted, 1)
}

// opens reports whether a message is the first to tell of it: it breaks the
// silence of its channel after the failure began, before anybody took it up.
func (p place) opens() bool {
	if !p.reported.IsZero() || !p.talk.taken.IsZero() || p.f.At.Before(p.from) || p.Words < 5 || p.Idle > 0 && p.Bad == 0 && !p.takenUp() || p.Asks > 0 && p.Bad == 0 && !p.technical(p.i) {
		return false
	}
	q := p.previous(p.i)
	return q == nil || q.At.Before(p.from)
}

// takenUp reports whether the next who writes takes it up.
func (p place) takenUp() bool {
	for _, f := range p.said[p.i+1:] {
		if f.Channel != p.f.Channel || fuse.SamePerson(f.Actor.Name, p.f.Actor.Name) {
			continue
		}
		return f.At.Sub(p.f.At) <= taking && f.Gist.Words <= 10 && f.Gist.Asks == 0 && (f.Speech.Act == speech.Taken || f.Gist.Takes >= 0.8)
	}
	return false
}

// finds weighs that a message tells what people found.
func (p place) finds() float64 {
	w := 0.5*min(p.Bad+0.5*p.Nots, 1.5) + 0.15*min(float64(p.Figures), 3) + 0.3*min(p.Finds, 1.5) - p.Asks - 0.5*p.Told - 0.4*p.Guesses - 0.4*p.Idle - 0.3*min(p.Plans, 1.5) - one(p.Finds == 0, 0.2*p.Did)
	switch {
	case p.eased:
		w -= 0.6
	case p.nearing(p.f.At):
		w -= 0.2
	case p.acted:
		w -= 0.2
	case p.decided.IsZero():
		w += 0.6
	default:
		w += 0.1
	}
	w += one(p.technical(p.i), 0.3) + one(p.echoed(p.i), 0.2) - one(p.Words < 5, 0.8)
	return w
}

// relieves weighs that a message says that it gets better.
func (p place) relieves() float64 {
	near := p.easing()
	first := p.talk.eased.IsZero()
	if !p.acted && !near {
		return -1
	}
	early := !p.ease.IsZero() && p.f.At.Before(p.ease.Add(-2*time.Minute))
	return 0.7*min(p.Good, 1.5) - one(early, 0.4) - 0.4*p.Bad - p.Asks - 0.7*p.Told - 0.3*p.Plans - 0.2*p.Did + one(near && first, 1.2) + one(near && first && p.Good > 0 && p.Bad == 0, 0.5) + one(first && !p.besideDeed(), 0.3) - one(p.Idle > 1, 0.5)
}

// nearing reports whether a moment lies in the last third of the time from the
// alarm to the end of the failure, when people act.
func (t *talk) nearing(at time.Time) bool {
	return at.Before(t.ease) && t.ease.Sub(at) < t.ease.Sub(t.from)/3
}

// easing reports whether a message comes around the end of the failure.
func (p place) easing() bool {
	lag := p.f.At.Sub(p.ease)
	return !p.ease.IsZero() && lag > -time.Minute && lag <= easing
}

// ends weighs that a message says that it is over.
func (p place) ends() float64 {
	if !p.eased && !p.acted {
		return -1
	}
	w := 0.6*min(p.Ends, 1.4) + 0.3*min(p.Good+0.5*p.Nots, 1.5) - p.Asks - 0.4*p.Told - 0.3*p.Plans - 0.3*p.Bad + one(p.eased, 0.4) + one(p.parts(), 0.5)
	switch c := p.closing(); {
	case c:
		w++
	case len(p.closed) > 0:
		w--
	case p.Ends == 0:
		w -= 0.4
	}
	return w - one(!p.eased, 0.8) - one(p.Idle > 1 && p.Ends == 0, 1)
}

// closing reports whether a person closes the page around the time.
func (p place) closing() bool {
	for _, c := range p.closed {
		if lag := c.Sub(p.f.At); lag > -time.Minute && lag < 2*time.Minute {
			return true
		}
	}
	return false
}

// settled reports whether a message comes when all is said: after a person closed
// the page for good or somebody declared the end, or before anybody knew.
func (p place) settled() bool {
	if !p.over.IsZero() || !p.open && !p.opens() {
		return true
	}
	n := len(p.closed)
	return n > 0 && p.f.At.After(p.closed[n-1].Add(time.Minute))
}

// parts reports whether nobody writes in the channel for long after the message.
func (p place) parts() bool {
	for _, f := range p.said[p.i+1:] {
		if f.Channel == p.f.Channel && f.At.Sub(p.f.At) < silence && f.Gist.Idle == 0 {
			return false
		}
	}
	return true
}

// besideDeed reports whether the writer changed something around the time.
func (p place) besideDeed() bool {
	for _, d := range p.deeds {
		if d.At.Sub(p.f.At).Abs() <= beside && fuse.SamePerson(d.Actor.Name, p.f.Actor.Name) {
			return true
		}
	}
	return false
}

// state is how people say in a few words that something they were asked for is so.
var state = lazyregexp.New(`(?i)\b(?:is|are|it's|all|now) (?:off|on|out|up|down|live)\b|\b(?:off|on|out|up|down|live)(?: again| now)?[.! ]*$|\b(?:done|stopped|paused|disabled|enabled|drained|removed|gone)\b`)

// brief is how many words people need to say that what was decided is done.
const brief = 8

// named is how much a message shares with the decision that it carries out.
const named = 0.5

// fulfills reports whether a message says in a few words that what was decided is
// so: it names what the decision named.
func (p place) fulfills() bool {
	if p.Asks > 0 || p.Words > brief || !state.MatchString(p.f.Text()) {
		return false
	}
	for j := p.i - 1; j >= 0; j-- {
		d := p.said[j]
		if p.f.At.Sub(d.At) > answering {
			return false
		}
		if d.Channel == p.f.Channel && d.Speech.Act == speech.Decision && lexicon.Overlap(p.words[j], p.words[p.i]) >= named {
			return true
		}
	}
	return false
}

// followed reports whether somebody then changes what a message names.
func (p place) followed() bool {
	for _, d := range p.deeds {
		lag := d.At.Sub(p.f.At)
		if lag < 0 || lag > doing {
			continue
		}
		if lexicon.Overlap(p.words[p.i], lexicon.Tokens(d.Words())) >= 1 || p.f.Version != "" && strings.Contains(d.Words(), p.f.Version) {
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

// settle fills what must have been said, when nobody says it in so many words:
// that it gets better, once the failure has ended in the signals, and that it is
// over.
func (t *talk) settle() {
	if t.eased.IsZero() && !t.ease.IsZero() {
		t.fill(speech.Mitigation, func(p place) float64 { return one(p.easing(), 1) + p.Good/2 - p.Bad/4 - p.Told - p.Ends/2 })
	}
	if t.over.IsZero() && len(t.closed) == 0 && (!t.eased.IsZero() || !t.ease.IsZero()) {
		t.fill(speech.AllClear, func(p place) float64 {
			late := p.f.At.After(later(t.eased, t.ease))
			return one(late, 0.6) + p.Ends/2 + min(p.Good+p.Nots/2, 1.5)/3 - p.Bad/4 + one(p.parts(), 0.3) - one(!late, 5) - p.Told/2
		})
	}
}

// fill gives an act to the message that speaks most for it.
func (t *talk) fill(act speech.Act, weight func(place) float64) {
	best, top := -1, 0.8
	for i, f := range t.said {
		p := t.place(i)
		if !t.live[f.Channel] || !p.open || p.Asks > 0.3 || p.Idle > p.Good+p.Ends && !p.hand(f.Actor.Name) || p.Guesses > 0.4 || f.Odds.Beside() > mostly || f.Odds[act] < unlikely {
			continue
		}
		switch f.Speech.Act {
		case speech.Other, speech.Observation, speech.Mitigation, speech.Action, speech.Social, speech.AllClear, speech.Taken, speech.Communication:
		default:
			continue
		}
		if w := weight(p) + learned*f.Odds[act]; w > top || w == top && act == speech.AllClear {
			best, top = i, w
		}
	}
	if best >= 0 {
		t.set(t.said[best], act)
		t.advance(t.said[best])
	}
}
