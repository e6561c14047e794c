// Package graph reads the factors of a post-mortem as what they are, one graph:
// which factor led to which, and to the incident.
//
// A [Graph] answers what the views of an analysis need: the tree of whys, the
// bones of the fishbone, what is not finished yet and how much of it rests on
// evidence. Edits return changes of parts (see [part.Change]) and change nothing
// themselves.
//
// Validity is not judged here: [hindcast.Postmortem.Validate] does. A graph leaves
// out edges that end nowhere or close a circle.
package graph

import (
	"cmp"
	"slices"

	"github.com/hindcast/hindcast"
)

// Graph is the factor graph of a post-mortem.
type Graph struct {
	title   string
	factors []hindcast.Factor // their edges are those that hold
	index   map[string]int
	causes  map[string][]cause // of a factor or of the incident
	actions map[string][]hindcast.ActionItem
	reaches map[string]bool // factors from which a path leads to the incident
}

// cause is a factor that led somewhere, and the sentence that says how.
type cause struct {
	factor int
	how    string
}

// Of returns the factor graph of a post-mortem. Its factors stand in the order in
// which a document tells them: roots and what is still open, what was ruled out,
// then what contributed.
func Of(p hindcast.Postmortem) *Graph {
	g := &Graph{title: p.Incident.Title, factors: hindcast.NumberFactors(nil, p.Factors), index: map[string]int{},
		causes: map[string][]cause{}, actions: map[string][]hindcast.ActionItem{}, reaches: map[string]bool{}}
	slices.SortStableFunc(g.factors, func(a, b hindcast.Factor) int { return cmp.Compare(place(a), place(b)) })
	for i, x := range g.factors {
		if _, twice := g.index[x.ID]; !twice {
			g.index[x.ID] = i
		}
	}
	g.cutEdges()
	for i, x := range g.factors {
		if x.RuledOutBy != "" {
			continue
		}
		for _, e := range x.LedTo {
			g.causes[e.To] = append(g.causes[e.To], cause{i, e.How})
		}
	}
	for _, a := range p.Actions {
		for _, id := range a.Factors {
			if a.Status != hindcast.ActionDeclined {
				g.actions[id] = append(g.actions[id], a)
			}
		}
	}
	g.reach(hindcast.Outcome)
	return g
}

// place is where in a document a factor is told.
func place(x hindcast.Factor) int {
	switch {
	case x.RuledOutBy != "":
		return 1
	case x.Section() == hindcast.SectionContributing:
		return 2
	}
	return 0
}

// cutEdges removes edges that end nowhere, lead twice to the same place or close
// a circle.
func (g *Graph) cutEdges() {
	const onPath, done = 1, 2
	state := make([]int, len(g.factors))
	var visit func(i int)
	visit = func(i int) {
		state[i] = onPath
		seen := map[string]bool{}
		var kept []hindcast.Edge
		for _, e := range g.factors[i].LedTo {
			next, ok := g.index[e.To]
			if seen[e.To] || e.To != hindcast.Outcome && (!ok || state[next] == onPath) {
				continue
			}
			seen[e.To] = true
			kept = append(kept, e)
			if e.To != hindcast.Outcome && state[next] != done {
				visit(next)
			}
		}
		g.factors[i].LedTo, state[i] = kept, done
	}
	for i := range g.factors {
		if state[i] == 0 {
			visit(i)
		}
	}
}

// reach marks the factors from which a path leads to id.
func (g *Graph) reach(id string) {
	for _, c := range g.causes[id] {
		if from := g.factors[c.factor].ID; !g.reaches[from] {
			g.reaches[from] = true
			g.reach(from)
		}
	}
}

// Factors returns the factors in the order of the document, with the edges that
// hold.
func (g *Graph) Factors() []hindcast.Factor { return slices.Clone(g.factors) }

// Factor returns the factor with an id.
func (g *Graph) Factor(id string) (hindcast.Factor, bool) {
	i, ok := g.index[id]
	if !ok {
		return hindcast.Factor{}, false
	}
	return g.factors[i], true
}

// Causes returns the factors that led to a factor, or to the incident when id is
// [hindcast.Outcome], in the order of the document. Hypotheses that were ruled
// out are none.
func (g *Graph) Causes(id string) []hindcast.Factor {
	var out []hindcast.Factor
	for _, c := range g.causes[id] {
		out = append(out, g.factors[c.factor])
	}
	return out
}

// Actions returns the actions that answer a factor, without those decided against.
func (g *Graph) Actions(id string) []hindcast.ActionItem { return slices.Clone(g.actions[id]) }

// LeadsToIncident reports whether a path leads from a factor to the incident.
func (g *Graph) LeadsToIncident(id string) bool { return g.reaches[id] }
