package graph

import (
	"cmp"
	"slices"

	"github.com/hindcast/hindcast"
)

// Stop says that a description stops short of what a system could do
// differently.
type Stop string

// The places at which a chain of whys stops too early.
const (
	StopPerson    Stop = "person"    // what somebody did or did not do
	StopProximate Stop = "proximate" // the symptom again, or the nearest cause
)

// Judge says whether a factor's words stop too early; empty when they do not. A
// nil Judge finds nothing.
type Judge func(hindcast.Factor) Stop

// Why is one answer in the tree of whys: a factor that led to the one above it.
type Why struct {
	Level    int    // from 1, below the incident
	Question string // the pattern of the method for this level; empty below the fifth
	Goal     string
	Factor   hindcast.Factor
	How      string // the sentence of the edge
	Again    bool   // the factor stands elsewhere in the tree, with its causes
	Causes   []Why
	End      *End // where nothing led to the factor
}

// End is where a chain of whys ends.
type End struct {
	Actions []hindcast.ActionItem // that answer the factor
	Stop    Stop                  // the words stop too early
}

// Whys returns the answers to why the incident happened, each with the answers
// below it, longer chains first. Every factor has its causes in one place only, the
// first; factors that brought the incident to light or made it milder are no
// answers.
func (g *Graph) Whys(judge Judge) []Why {
	w := whys{g, judge, hindcast.FiveWhys(), map[int]bool{}, map[int]int{}}
	return w.below(hindcast.Outcome, 1)
}

type whys struct {
	*Graph
	judge  Judge
	levels []hindcast.WhyLevel
	seen   map[int]bool
	longer map[int]int // the longest chain below each factor, as far as it was asked
}

// chain returns how many answers the longest chain below a factor has.
func (w *whys) chain(i int) int {
	if n, ok := w.longer[i]; ok {
		return n
	}
	n := 0
	for _, c := range w.causes[w.factors[i].ID] {
		n = max(n, 1+w.chain(c.factor))
	}
	w.longer[i] = n
	return n
}

func (w *whys) below(id string, level int) []Why {
	var out []Why
	causes := slices.Clone(w.causes[id])
	slices.SortStableFunc(causes, func(a, b cause) int { return cmp.Compare(w.chain(b.factor), w.chain(a.factor)) })
	for _, c := range causes {
		x := w.factors[c.factor]
		if x.Tag == hindcast.Mitigating || x.Tag == hindcast.Detecting {
			continue
		}
		why := Why{Level: level, Factor: x, How: c.how, Again: w.seen[c.factor]}
		if level <= len(w.levels) {
			why.Question, why.Goal = w.levels[level-1].Question, w.levels[level-1].Goal
		}
		if !why.Again {
			w.seen[c.factor] = true
			why.Causes = w.below(x.ID, level+1)
		}
		if !why.Again && len(why.Causes) == 0 {
			why.End = w.end(x)
		}
		out = append(out, why)
	}
	return out
}

// end says how a chain ends.
func (w *whys) end(x hindcast.Factor) *End {
	e := &End{Actions: w.Actions(x.ID)}
	if w.judge != nil {
		e.Stop = w.judge(x)
	}
	if e.Stop == "" && x.Category == hindcast.OperationalError {
		e.Stop = StopPerson
	}
	return e
}

// Chains returns the paths from the incident to every end of the tree of whys:
// each a progression of answers, the first of which is level 1. The answers of a
// chain have no Causes.
func Chains(tree []Why) [][]Why {
	var out [][]Why
	var walk func(list, path []Why)
	walk = func(list, path []Why) {
		for _, y := range list {
			causes := y.Causes
			y.Causes = nil
			next := append(path[:len(path):len(path)], y)
			if len(causes) == 0 {
				out = append(out, next)
				continue
			}
			walk(causes, next)
		}
	}
	walk(tree, nil)
	return out
}
