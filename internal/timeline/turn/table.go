package turn

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/logit"
)

// Case is the turns of an incident of which it is known when the impact began to fall,
// without words.
type Case struct {
	Set   string // of one writer
	Name  string // within the set
	Turns []*Turn
	Right []bool // for each turn, whether it is near enough to the truth
}

// columns are those of a table of cases before the features.
var columns = []string{"set", "incident", "second", "right"}

// ReadCases reads what [WriteCases] wrote.
func ReadCases(text string) ([]*Case, error) {
	rows, err := logit.ReadSheet(text, len(columns))
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
		c.Turns = append(c.Turns, &Turn{At: time.Unix(int64(sec), 0), Features: r.Features})
		c.Right = append(c.Right, r.Cells[3] == "1")
	}
	return out, nil
}

// WriteCases writes cases as a table: a line for each turn, with how many seconds it
// lies after the first of its incident.
func WriteCases(list []*Case) string {
	var rows []logit.Row
	for _, c := range list {
		for i, t := range c.Turns {
			right := "0"
			if c.Right[i] {
				right = "1"
			}
			sec := int(math.Round(t.At.Sub(c.Turns[0].At).Seconds()))
			rows = append(rows, logit.Row{Cells: []string{c.Set, c.Name, strconv.Itoa(sec), right}, Features: t.Features})
		}
	}
	return logit.WriteSheet(columns, rows)
}

const (
	// How much the right turns of an incident count beside the others, which are many.
	rightly = 3
	// usualTurns is from how many turns of an incident on each counts less.
	usualTurns = 30
)

// Ruled is the feature of turns that the rules choose, and prior its weight: it is not
// learned, since the rules were made with most of the incidents of the table at hand and
// are right there more often than elsewhere.
const (
	Ruled = "ruled"
	prior = 1.5
)

// Learn returns the weights that tell the right turns of incidents from others.
func Learn(list []*Case) logit.Model {
	var out []logit.Example
	for _, c := range list {
		out = append(out, c.examples()...)
	}
	m := logit.Learn(out)
	m[Ruled] = prior
	return m
}

// examples returns the turns of an incident as examples.
func (c *Case) examples() []logit.Example {
	right := 0.0
	for _, is := range c.Right {
		if is {
			right++
		}
	}
	var out []logit.Example
	for i, t := range c.Turns {
		w := math.Sqrt(usualTurns / float64(len(c.Turns)))
		if c.Right[i] {
			w *= rightly / math.Sqrt(right)
		}
		x := maps.Clone(t.Features)
		delete(x, Ruled)
		out = append(out, logit.Example{Features: x, Is: c.Right[i], Weight: w})
	}
	return out
}

// Hits reports whether a model chooses a right turn.
func (c *Case) Hits(m logit.Model) bool {
	i := slices.Index(c.Turns, Choose(c.Turns, m))
	return i >= 0 && c.Right[i]
}
