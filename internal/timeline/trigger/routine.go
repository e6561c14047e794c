package trigger

import (
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
)

// usual is how often a change must be made for it to be made as a matter of course.
const usual = 3

// figures are what differs from one time to the next.
var figures = lazyregexp.New(`[0-9]+`)

// Routine returns the recorded changes that are made again and again, the same but
// for figures, by the same hand, more often outside a while than in it: a job that
// rotates what a shop shows changes nothing that responders would.
func Routine(facts []*fact.Fact, during func(*fact.Fact) bool) map[*fact.Fact]bool {
	groups := map[string][]*fact.Fact{}
	for _, f := range facts {
		if f.Class == fact.Changed {
			k := f.Actor.Name + "\x00" + figures.ReplaceAllString(f.Title, "0")
			groups[k] = append(groups[k], f)
		}
	}
	out := map[*fact.Fact]bool{}
	for _, list := range groups {
		inside := 0
		for _, f := range list {
			if during(f) {
				inside++
			}
		}
		if len(list) < usual || 2*inside >= len(list) {
			continue
		}
		for _, f := range list {
			out[f] = true
		}
	}
	return out
}
