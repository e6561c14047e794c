package turn

import (
	"maps"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/logit"
)

// Ruled is the feature of turns that the rules choose, and prior its weight: it is not
// learned, since the rules were made with most of the incidents of the table at hand and
// are right there more often than elsewhere.
const (
	Ruled = "ruled"
	prior = 2
)

// Chooser learns to choose turns from table.tsv and others like it.
type Chooser struct{}

// Learn implements [logit.Chooser].
func (Chooser) Learn(list []*logit.Case) logit.Model {
	var out []logit.Example
	for _, c := range list {
		for _, e := range c.Examples() {
			e.Features = maps.Clone(e.Features)
			delete(e.Features, Ruled)
			out = append(out, e)
		}
	}
	m := logit.Learn(out)
	m[Ruled] = prior
	return m
}

// Hits implements [logit.Chooser].
func (Chooser) Hits(c *logit.Case, m logit.Model) bool {
	right := map[*Turn]bool{}
	var turns []*Turn
	for _, o := range c.Choices {
		t := &Turn{At: time.Unix(int64(o.Second), 0), Features: o.Features}
		turns = append(turns, t)
		right[t] = o.Right
	}
	return right[Choose(turns, m)]
}
