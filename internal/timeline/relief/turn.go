package relief

import (
	"slices"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/logit"
	"github.com/hindcast/hindcast/internal/timeline/sign"
	"github.com/hindcast/hindcast/internal/timeline/speech"
	"github.com/hindcast/hindcast/internal/timeline/turn"
)

// The kinds of turns.
const (
	turnSaid    = "said"    // it gets better as somebody writes
	turnNamed   = "named"   // a moment that somebody names
	turnCleared = "cleared" // the alert ended
	turnPosted  = "posted"  // the status page says so
	turnStated  = "stated"  // a line says that something works again
	turnEased   = "eased"   // a value begins to fall
	turnEnded   = "ended"   // another failure ends
	turnRuled   = "rules"   // the rules say so, and nothing else tells of it
)

const (
	// one is how far apart moments lie at most that can mean the same turn.
	one = turn.Same
	// recounts is how long after it people speak of a turn.
	recounts = 6 * time.Hour
	// least is what talk must tell at least of relief to be weighed, as odds.
	least = -1
)

// turns returns every moment after the alarm that can be the turn, in order of time.
func (f finder) turns(ruled *course.Result) []*turn.Turn {
	r := turnReader{finder: f, from: f.Astir(), to: f.Limit(), rule: ruled.Phases.MitigatedAt, tracked: f.tracking()}
	for _, s := range f.Facts {
		if f.Acted(s) {
			r.done = append(r.done, s.At)
		}
		switch {
		case s.Test || s == f.End && s.Class != fact.Said:
		case s.Class == fact.Said:
			r.talk(s)
		case s.Class == fact.Cleared && f.Clears(s):
			r.add(s.At, s, turnCleared)
		case s.Class == fact.Posted:
			r.add(s.At, s, turnPosted).Is("better", s.Better())
		}
	}
	for _, s := range f.Signs {
		r.signal(s)
	}
	if by := ruled.Relief; by != nil && !r.rule.IsZero() && !slices.ContainsFunc(r.list, func(t turning) bool { return t.At.Sub(r.rule).Abs() <= one }) {
		r.add(r.rule, by, turnRuled)
	}
	slices.SortStableFunc(r.list, func(a, b turning) int { return a.At.Compare(b.At) })
	var out []*turn.Turn
	for _, t := range r.list {
		r.place(t.Turn)
		out = append(out, t.Turn)
	}
	return out
}

// turnReader reads the turns of an incident and their features.
type turnReader struct {
	finder
	from, to time.Time
	rule     time.Time    // what the rules found; zero when they found nothing
	done     []time.Time  // when responders changed something
	tracked  []*fact.Fact // signs that show the failure in numbers
	list     []turning
}

// turning is a turn of a kind.
type turning struct {
	*turn.Turn
	kind string
	good float64 // how much more likely than others what was said tells of relief
}

// add adds a turn, when it can be one, and returns its features.
func (r *turnReader) add(at time.Time, by *fact.Fact, kind string) logit.Features {
	x := logit.Features{}
	x.Is("kind:"+kind, true)
	if at.After(r.from) && !at.After(r.to.Add(one)) {
		r.list = append(r.list, turning{&turn.Turn{At: at, Fact: by, Features: x}, kind, good(by)})
	}
	return x
}

// good returns how much more likely than others a message tells of relief by its
// words, as a logarithm.
func good(s *fact.Fact) float64 { return max(s.Odds[speech.Mitigation], s.Odds[speech.AllClear]) }

// talk adds what somebody says, and the moments that they name.
func (r *turnReader) talk(s *fact.Fact) {
	if !r.Scope.Channels[s.Channel] || (s.Speech.Relapse || r.TakenBack(s)) && !course.Since(s) {
		return
	}
	if s != r.End && good(s) >= least {
		x := r.add(s.At, s, turnSaid)
		r.words(x, s)
		x.Is("dated", course.Dated(s))
	}
	for i, m := range s.Moments {
		if !m.At.Before(s.At) || s.At.Sub(m.At) > recounts || m.Span && !m.Since || took(m, s.Moments[i+1:]) {
			continue
		}
		x := r.add(m.At, s, turnNamed)
		r.words(x, s)
		r.names(x, s, i)
	}
}

// took reports whether what somebody says was done at a moment took effect at a later
// one that they name: "the record is back since 10:55, first mails went through at
// 11:02:40" tells the deed and then, to the second, its effect; so does "static maps on
// at 18:32, errors gone since 18:33", by since when.
func took(m fact.Moment, later []fact.Moment) bool {
	return slices.ContainsFunc(later, func(o fact.Moment) bool {
		return o.Act == speech.Mitigation && (o.Exact && !m.Exact || o.Since && !m.Since) && o.At.After(m.At)
	})
}

// signal adds when a failure ends or begins to, or a line says that it does.
func (r *turnReader) signal(s *fact.Fact) {
	switch at := course.Falls(s); {
	case sign.Better(s.Sign):
		x := r.add(s.At, s, turnStated)
		x.Is("matters", r.Matters(s))
		x.Is("echoes", r.Echoes(s))
	case sign.Worse(s.Sign) && s.At.Before(at):
		kind := turnEnded
		if s.Sign.Detector == "metric-change" {
			kind = turnEased
		}
		x := r.add(at, s, kind)
		x.Is("matters", r.Matters(s))
		x.Is("first", s == r.Symptom)
		x.Is("tracks", slices.Contains(r.tracked, s))
	}
}
