// Package turn weighs at which moment the impact of an incident began to fall: every
// moment that can be it has features, package phase reads them, and a regression that
// was learned from incidents of which it is known chooses (ADR 40).
package turn

import (
	_ "embed"
	"sync"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/logit"
)

// Turn is a moment from which on the impact may have fallen: what people said, a
// moment that they named, an alert that cleared, or the end of a failure.
type Turn struct {
	At       time.Time
	Fact     *fact.Fact // what tells of it; nil in a table
	Features logit.Features
	Chance   float64 // that it is the one
}

// Same is how far apart moments lie at most that can mean the same turn.
const Same = time.Minute

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
			if o.At.Sub(t.At).Abs() <= Same {
				sum += o.Chance
			}
		}
		if sum > most {
			best, most = t, sum
		}
	}
	return best
}

//go:embed weights.tsv
var learned string

// Known is the weights of weights.tsv, read when the first turn is weighed.
var Known = sync.OnceValue(func() logit.Model { return logit.Must(learned) })
