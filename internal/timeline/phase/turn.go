package phase

import (
	_ "embed"
	"slices"
	"sync"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/logit"
	"github.com/hindcast/hindcast/internal/timeline/sign"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// Turn is a moment from which on the impact may have fallen: what people said, a
// moment that they named, what was done, or the end of a failure.
type Turn struct {
	At       time.Time
	Fact     *fact.Fact // what tells of it; nil in a table
	Features logit.Features
	Chance   float64 // that it is the one

	said float64 // how much more likely than others its words tell of relief, as a logarithm
}

// The kinds of turns. Those of facts other than talk are by their class.
const (
	turnSaid    = "said"    // it gets better as somebody writes
	turnNamed   = "named"   // a moment that somebody names
	turnCleared = "cleared" // the alert ended
	turnStated  = "stated"  // a line says that something works again
	turnEased   = "eased"   // a value begins to fall
	turnEnded   = "ended"   // another failure ends
)

const (
	// one is how far apart moments lie at most that can mean the same turn.
	one = time.Minute
	// recounts is how long after it people speak of a turn.
	recounts = 6 * time.Hour
	// least is what talk must tell at least of relief to be weighed, as odds.
	least = -1
)

// Choose weighs turns and returns the likeliest: the chances of others at the same
// time speak for it, half as much as its own. It is nil when there are none.
func Choose(turns []*Turn, m logit.Model) *Turn {
	for _, t := range turns {
		t.Chance = m.Chance(t.Features)
	}
	var best *Turn
	most := -1.0
	for _, t := range turns {
		sum := t.Chance / 2
		for _, o := range turns {
			if o.At.Sub(t.At).Abs() <= one {
				sum += o.Chance
			}
		}
		if sum > most {
			best, most = t, sum
		}
	}
	return best
}

//go:embed turns.weights.tsv
var learnedTurns string

// turnModel is what tells turns, read when the first is weighed.
var turnModel = sync.OnceValue(func() logit.Model { return logit.Must(learnedTurns) })

// turns returns every moment after the alarm that can be the turn, in order of time.
func (f finder) turns() []*Turn {
	r := turnReader{finder: f, from: f.astir(), to: f.limit()}
	for _, s := range f.Facts {
		switch {
		case s.Test || s == f.End && s.Class != fact.Said:
		case s.Class == fact.Said:
			r.talk(s)
		case s.Class == fact.Cleared && f.clears(s):
			r.add(s.At, s, turnCleared)
		case s.Class == fact.Posted:
			r.add(s.At, s, string(s.Class)).Is("better", s.Better())
		}
	}
	for _, s := range f.Signs {
		r.signal(s)
	}
	slices.SortStableFunc(r.list, func(a, b *Turn) int { return a.At.Compare(b.At) })
	for _, t := range r.list {
		r.place(t)
	}
	return r.list
}

// turnReader reads the turns of an incident and their features.
type turnReader struct {
	finder
	from, to time.Time
	list     []*Turn
}

// add adds a turn, when it can be one, and returns its features.
func (r *turnReader) add(at time.Time, by *fact.Fact, kind string) logit.Features {
	x := logit.Features{}
	x.Is("kind:"+kind, true)
	if at.After(r.from) && !at.After(r.to.Add(one)) {
		r.list = append(r.list, &Turn{At: at, Fact: by, Features: x, said: good(by)})
	}
	return x
}

// good returns how much more likely than others a message tells of relief by its
// words, as a logarithm.
func good(s *fact.Fact) float64 { return max(s.Odds[speech.Mitigation], s.Odds[speech.AllClear]) }

// talk adds what somebody says, and the moments that they name.
func (r *turnReader) talk(s *fact.Fact) {
	if !r.Scope.Channels[s.Channel] || (s.Speech.Relapse || r.takenBack(s)) && !since(s) {
		return
	}
	if s != r.End && good(s) >= least {
		x := r.add(s.At, s, turnSaid)
		r.words(x, s)
		x.Is("dated", dated(s))
	}
	for i, m := range s.Moments {
		if !m.At.Before(s.At) || s.At.Sub(m.At) > recounts || took(m, s.Moments[i+1:]) {
			continue
		}
		x := r.add(m.At, s, turnNamed)
		r.words(x, s)
		r.moment(x, s, i)
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
	switch at := falls(s); {
	case sign.Better(s.Sign):
		x := r.add(s.At, s, turnStated)
		x.Is("matters", r.matters(s))
		x.Is("echoes", r.echoes(s))
	case sign.Worse(s.Sign) && s.At.Before(at):
		kind := turnEnded
		if s.Sign.Detector == "metric-change" {
			kind = turnEased
		}
		x := r.add(at, s, kind)
		x.Is("matters", r.matters(s))
		x.Is("first", s == r.Symptom)
		x.Is("tracks", r.tracks(s))
	}
}
