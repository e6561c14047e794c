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

// closing reports whether a person closes the page around the time.
func (p place) closing() bool {
	for _, c := range p.closed {
		if lag := c.Sub(p.f.At); lag > -time.Minute && lag < 2*time.Minute {
			return true
		}
	}
	return false
}

// parts reports whether nobody writes in the channel for long after the message.
func (p place) parts() bool {
	for _, f := range p.said[p.i+1:] {
		if f.At.Sub(p.f.At) >= silence {
			break
		}
		if f.Channel == p.f.Channel && f.Gist.Idle == 0 {
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
	for i, d := range p.deeds {
		lag := d.At.Sub(p.f.At)
		if lag < 0 || lag > doing {
			continue
		}
		if lexicon.Overlap(p.words[p.i], p.done[i]) >= 1 || p.f.Version != "" && strings.Contains(d.Words(), p.f.Version) {
			return true
		}
	}
	return false
}
