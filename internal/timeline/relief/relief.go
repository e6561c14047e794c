// Package relief finds when the impact of an incident began to fall: by rules of
// what is said and shown first, and by weighing every moment that can be it.
package relief

import (
	"fmt"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/sign"
	"github.com/hindcast/hindcast/internal/timeline/turn"
)

type finder struct{ course.Course }

// Find finds when the impact began to fall, once the alarm, the end and the first
// symptom of an incident are known, and weighs the moments that could be it.
func Find(c course.Course) {
	f := finder{c}
	if f.Alarm == nil {
		return
	}
	ruled := f.ruled()
	f.Deed = ruled.Deed
	f.Turns = f.turns(ruled)
	t, at := turn.Choose(f.Turns, turn.Known()), ruled.Phases.MitigatedAt
	switch {
	case !at.IsZero() && (t == nil || t.At.Sub(at).Abs() <= one):
		f.Relief = ruled.Relief
		f.Set("mitigated_at", at, "%s", ruled.Why["mitigated_at"])
		return
	case t == nil:
		return
	}
	t = f.clocked(f.sinceThen(t))
	f.Relief = f.teller(t)
	f.Set("mitigated_at", t.At, "%s, %s; %s", says(t), course.Source(t.Fact), likeliest(t, len(f.Turns)))
}

// restored is how far from what seems to ease the impact people date it themselves at most.
const restored = 6 * time.Minute

// sinceThen returns the moment since when people say that it gets better, when it lies near
// a turn that nobody dates so and that is not later than a signal that shows it: "shield on
// at 03:38, errors falling" tells of the deed, "5xx dropping since 03:41" of what it brought.
func (f finder) sinceThen(t *turn.Turn) *turn.Turn {
	if t.Features["since"] > 0 {
		return t
	}
	best := t
	for _, o := range f.Turns {
		lag := o.At.Sub(t.At)
		near := lag > visibly && lag <= restored || t.Features["kind:"+turnSaid] > 0 && lag < 0 && -lag <= restored
		named := o.Features["kind:"+turnNamed] > 0 && o.Features["since"] > 0 && o.Features["approx"] == 0 && o.Fact.Speech.Improve
		if near && named && o.Chance >= sure && (best == t || o.Chance > best.Chance) {
			best = o
		}
	}
	return best
}

// sure is the chance of a moment that hardly can be another.
const sure = 0.9

// clocked returns the moment that a message names since when it gets better, when the
// turn is the message itself and right after that moment.
func (f finder) clocked(t *turn.Turn) *turn.Turn {
	for _, o := range f.Turns {
		if o.Fact == t.Fact && o.Features["since"] > 0 && o.Features["approx"] == 0 && o.At.Before(t.At) && t.At.Sub(o.At) <= one {
			return o
		}
	}
	return t
}

// ruled returns what the rules find, which go by what is said and shown first.
func (f finder) ruled() *course.Result {
	r := *f.Result
	r.Why = map[string]string{}
	finder{course.Course{Input: f.Input, Result: &r}}.byRules()
	return &r
}

// kinds are what a turn is, in words.
var kinds = map[string]string{
	turnSaid: "people said that it got better", turnNamed: "people said that it got better from then on", turnCleared: "the alert cleared",
	turnPosted: "the status page said so", turnStated: "a line says that it works again", turnEased: "a value begins to fall there", turnEnded: "a failure ends there",
}

// says says in words what a turn is.
func says(t *turn.Turn) string {
	for kind, words := range kinds {
		if t.Features["kind:"+kind] > 0 {
			return words
		}
	}
	return "the rules say so"
}

// likeliest says how likely a turn is among all.
func likeliest(t *turn.Turn, all int) string {
	if all == 1 {
		return "no other moment could be it"
	}
	return fmt.Sprintf("the likeliest of %d moments (%.2f)", all, t.Chance)
}

// noticing is how long after an improvement people say something about it.
const noticing = 4 * time.Minute

// teller returns what tells of a turn: what states it, else the likeliest that was said
// of the same time or right after, else a line that says that something works again.
func (f finder) teller(t *turn.Turn) *fact.Fact {
	if t.Fact.Class != fact.Sign || sign.Better(t.Fact.Sign) {
		return t.Fact
	}
	var best *turn.Turn
	for _, o := range f.Turns {
		d := o.At.Sub(t.At)
		if o.Fact.Class == fact.Said && d >= -one && d <= noticing && (best == nil || o.Chance > best.Chance) {
			best = o
		}
	}
	if best != nil {
		return best.Fact
	}
	return f.Resumes(t.At)
}

// moves is how people say that a value is on its way back.
var moves = lazyregexp.New(`(?i)\b(?:falling|dropping|sinking|shrinking|draining|declining|decreasing|recovering|(?:going|coming|trending|heading) (?:back )?down|catch(?:es|ing) up|climbing (?:back|again)|rising again|(?:going|coming) back up)\b`)

// ahead is how long before the signals show it people can see that it gets better:
// values are taken over some minutes.
const ahead = 90 * time.Second

// visibly is how long after a value begins to ease people can see it: in its next sample.
const visibly = 30 * time.Second

// held reports whether every signal of the failure, of those that track it, is at its
// height at a moment and for a while after, so that who is glad then is glad of something
// else.
func held(tracked []*fact.Fact, at time.Time) bool {
	any := false
	for _, s := range tracked {
		if s.At.After(at) {
			continue
		}
		if !eases(s).After(at.Add(ahead)) {
			return false
		}
		any = true
	}
	return any
}

// tracks reports whether a sign shows the failure in numbers, beyond the alarm.
func (f finder) tracks(s *fact.Fact) bool {
	return sign.Worse(s.Sign) && course.Sure(s) && f.Matters(s) && s.Until.After(f.Alarm.At)
}

// tracking returns the signs that show the failure in numbers.
func (f finder) tracking() []*fact.Fact {
	var out []*fact.Fact
	for _, s := range f.Signs {
		if f.tracks(s) {
			out = append(out, s)
		}
	}
	return out
}

// eases is when the first of what makes a sign begins to get better.
func eases(s *fact.Fact) time.Time {
	first := func(eased, to int64) int64 {
		if eased == 0 {
			return to
		}
		return eased
	}
	at := first(s.Sign.Eased, s.Sign.To)
	for _, d := range s.Signs {
		if d.Bad {
			at = min(at, first(d.Eased, d.To))
		}
	}
	return time.Unix(0, at).UTC()
}
