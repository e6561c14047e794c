// Package report weighs whether a message is the report by which people first noticed an
// incident, before any alert did: every message before the alert has features, and
// a regression that was learned from incidents of which it is known chooses (ADR 41).
package report

import (
	_ "embed"
	"maps"
	"sync"

	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/logit"
)

// Report is a message that may be the report.
type Report struct {
	Fact     *fact.Fact // nil in a table
	Features logit.Features
	Chance   float64
}

// enough is the chance of what is taken for a report.
const enough = 0.4

// Choose weighs messages, in order of time, and returns the first that is likely a
// report; nil when none is.
func Choose(list []*Report, m logit.Model) *Report {
	for _, r := range list {
		r.Chance = m.Chance(r.Features)
	}
	for _, r := range list {
		if r.Chance >= enough {
			return r
		}
	}
	return nil
}

//go:embed weights.tsv
var learned string

// Known is the weights of weights.tsv, read when the first message is weighed.
var Known = sync.OnceValue(func() logit.Model { return logit.Must(learned) })

// Chooser learns to choose reports from table.tsv and others like it.
type Chooser struct{}

// Ruled is the feature of messages that the rules take for the report, and prior its
// weight, which is not learned: see package turn.
const (
	Ruled = "ruled"
	prior = 2.5
)

// Learn implements [logit.Chooser]. Every message counts as much.
func (Chooser) Learn(list []*logit.Case) logit.Model {
	var out []logit.Example
	for _, c := range list {
		for _, o := range c.Choices {
			x := maps.Clone(o.Features)
			delete(x, Ruled)
			out = append(out, logit.Example{Features: x, Is: o.Right, Weight: 1})
		}
	}
	m := logit.Learn(out)
	m[Ruled] = prior
	return m
}

// Hits implements [logit.Chooser]: where no message is right, none may be chosen.
func (Chooser) Hits(c *logit.Case, m logit.Model) bool {
	var list []*Report
	right := map[*Report]bool{}
	any := false
	for _, o := range c.Choices {
		r := &Report{Features: o.Features}
		list = append(list, r)
		right[r] = o.Right
		any = any || o.Right
	}
	if r := Choose(list, m); r != nil {
		return right[r]
	}
	return !any
}
