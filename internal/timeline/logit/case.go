package logit

import (
	"fmt"
	"math"
	"strconv"
)

// Case is one incident in which something is chosen, of which the right choice is known,
// without words.
type Case struct {
	Set     string // of one writer
	Name    string // within the set
	Choices []Choice
}

// Choice is one of the things of which a case chooses.
type Choice struct {
	Second   int // after the first choice of the case
	Right    bool
	Features Features
}

// caseColumns are those of a table of cases before the features.
var caseColumns = []string{"set", "incident", "second", "right"}

// ReadCases reads what [WriteCases] wrote.
func ReadCases(text string) ([]*Case, error) {
	rows, err := ReadSheet(text, len(caseColumns))
	if err != nil {
		return nil, err
	}
	var out []*Case
	for i, r := range rows {
		sec, err := strconv.Atoi(r.Cells[2])
		if err != nil {
			return nil, fmt.Errorf("line %d: the second: %w", i+2, err)
		}
		if len(out) == 0 || out[len(out)-1].Set != r.Cells[0] || out[len(out)-1].Name != r.Cells[1] {
			out = append(out, &Case{Set: r.Cells[0], Name: r.Cells[1]})
		}
		c := out[len(out)-1]
		c.Choices = append(c.Choices, Choice{sec, r.Cells[3] == "1", r.Features})
	}
	return out, nil
}

// WriteCases writes cases as a table with a line for each choice. Cases without any are
// left out.
func WriteCases(list []*Case) string {
	var rows []Row
	for _, c := range list {
		for _, o := range c.Choices {
			right := "0"
			if o.Right {
				right = "1"
			}
			rows = append(rows, Row{Cells: []string{c.Set, c.Name, strconv.Itoa(o.Second), right}, Features: o.Features})
		}
	}
	return WriteSheet(caseColumns, rows)
}

const (
	// rightly is how much the right choices of a case count beside the others, which are
	// many.
	rightly = 3
	// usual is from how many choices of a case on each counts less.
	usual = 30
)

// Examples returns the choices of a case as examples.
func (c *Case) Examples() []Example {
	right := 0.0
	for _, o := range c.Choices {
		if o.Right {
			right++
		}
	}
	var out []Example
	for _, o := range c.Choices {
		w := math.Sqrt(usual / float64(len(c.Choices)))
		if o.Right {
			w *= rightly / math.Sqrt(right)
		}
		out = append(out, Example{Features: o.Features, Is: o.Right, Weight: w})
	}
	return out
}

// Chooser learns from cases and chooses in them.
type Chooser interface {
	// Learn returns the weights that tell the right choices of cases from others.
	Learn(list []*Case) Model
	// Hits reports whether what the weights choose in a case is right.
	Hits(c *Case, m Model) bool
}

// Apart learns from the cases of the other sets, and returns how many cases of each set
// are right by that, and the sets in the order of the list.
func Apart(list []*Case, by Chooser) (right map[string]int, sets []string) {
	right = map[string]int{}
	for _, c := range list {
		if _, ok := right[c.Set]; !ok {
			right[c.Set] = 0
			sets = append(sets, c.Set)
		}
	}
	for _, set := range sets {
		var others []*Case
		for _, c := range list {
			if c.Set != set {
				others = append(others, c)
			}
		}
		m := by.Learn(others)
		for _, c := range list {
			if c.Set == set && by.Hits(c, m) {
				right[set]++
			}
		}
	}
	return right, sets
}
