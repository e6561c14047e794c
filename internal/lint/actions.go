package lint

import (
	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lint/action"
	"github.com/hindcast/hindcast/internal/lint/word"
)

// vague finds action items whose completion a stranger could not check, and of
// these, when it is generic, those that would fit any incident.
type vague struct {
	judge   *action.Judge
	generic bool
}

func newVague(r Rule, words word.Lists) checker { return vague{judgeOf(r, words), false} }

func newGeneric(r Rule, words word.Lists) checker { return vague{judgeOf(r, words), true} }

func judgeOf(r Rule, words word.Lists) *action.Judge {
	return action.NewJudge(words, r.list)
}

func (k vague) check(d *document) []hit {
	var out []hit
	for _, a := range d.actions {
		if a.Done || a.Titles() {
			continue
		}
		first, last, ok := k.judge.Vague(a.Words)
		if !ok || k.generic && !k.judge.Vacuous(a.Words) {
			continue
		}
		h := actionHit(a, first, last)
		h.suggestions = k.judge.Propose(a.Words)
		out = append(out, h)
	}
	return out
}

// actionHit makes a hit of words of an action.
func actionHit(a action.Item, first, last int) hit {
	start, end := a.Span(first, last)
	return hit{start: start, end: end, section: hindcast.SectionActions}
}
