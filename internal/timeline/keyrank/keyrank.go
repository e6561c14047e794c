// Package keyrank chooses which of the things that people said a reader needs.
//
// The rules of the timeline say what each message does. How many of one sort a
// reader needs, and which, differs from team to team: where few people write little,
// most of what they find and decide matters; where many write, most is said on the
// way. A logistic regression weighs each message by what it says, where it stands in
// the talk and in the incident, what records and other entries show of it already,
// and how much is said in all (see features.go). The likeliest are chosen first, and
// each further one must be likelier than the one before it had to be: the twentieth
// entry of an incident costs a reader more than it gives.
//
// What the weights are learned from is in table.tsv: numbers, and no words.
// tools/keyrank learns weights.tsv from it.
package keyrank

import (
	"cmp"
	_ "embed"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/logit"
	"github.com/hindcast/hindcast/internal/timeline/scope"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// Scene is what is known when a timeline is chosen.
type Scene struct {
	Facts, Signs []*fact.Fact // in order of time
	Scope        *scope.Scope
	Phases       *course.Result
	Names        *fact.Names
	Shown        []*fact.Fact         // entries that are shown whatever people said
	During       func(time.Time) bool // when talk can be about the incident
	Candidates   []*Candidate         // in order of time
}

// Candidate is a message that can become a key entry. [Choose] fills all but the
// first two.
type Candidate struct {
	Fact     *fact.Fact
	Rule     bool // the rule of its act says that a reader needs it
	Features logit.Features
	Chance   float64 // that a reader needs it
	Needed   float64 // what its chance must reach
	Chosen   bool
}

// What the chance of an entry must reach: base until as many entries are shown as
// usual, and more by steep for each e-fold of them; for what no rule says that a
// reader needs unruly more, and far more when it was said where nobody worked on the
// incident. These were fitted on sets whose writer the weights did not
// know: a reader misses an entry more than one too many harms, so base is a little
// below where f1 is best.
const (
	base   = 0.23
	usual  = 16
	steep  = 0.2
	unruly = 0.05
	far    = 0.4
)

//go:embed weights.tsv
var learned string

// known is the weights of weights.tsv, read when the first message is.
var known = sync.OnceValue(func() logit.Model { return logit.Must(learned) })

// Choose weighs the candidates and chooses among them.
func Choose(s Scene) {
	r := newReader(s)
	for _, c := range s.Candidates {
		c.Features = r.read(c)
		c.Chance = known().Chance(c.Features)
	}
	Pick(s.Candidates, len(s.Shown))
}

// Pick chooses among candidates whose chances are known, beside shown other entries.
func Pick(list []*Candidate, shown int) {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(x, y *Candidate) int { return cmp.Compare(y.merit(), x.merit()) })
	n := max(1, shown)
	for _, c := range list {
		c.Needed = base + steep*max(0, math.Log(float64(n)/usual))
		c.Needed += c.extra()
		if c.Chosen = c.Chance >= c.Needed; c.Chosen {
			n++
		}
	}
}

// news are the acts that words can do in which the grammar sees nothing.
var news = map[speech.Act]bool{
	speech.Other: true, speech.Social: true, speech.Report: true, speech.Observation: true, speech.RuledOut: true, speech.Cause: true,
	speech.Decision: true, speech.Action: true, speech.Communication: true, speech.Vendor: true,
}

// Act returns what a candidate does: what its words are likeliest to, when the grammar
// sees nothing in it.
func (c *Candidate) Act() speech.Act {
	act := c.Fact.Speech.Act
	if act == speech.Social || act == speech.Other {
		if act, _ = c.Fact.Odds.Best(); !news[act] {
			return speech.Observation
		}
	}
	return act
}

// merit is by what candidates are chosen first.
func (c *Candidate) merit() float64 { return c.Chance - c.extra() }

// extra is how much more than others the chance of a candidate must reach.
func (c *Candidate) extra() float64 {
	switch {
	case c.Rule:
		return 0
	case c.Features["elsewhere"] > 0:
		return far
	}
	return unruly
}
