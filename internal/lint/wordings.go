package lint

import (
	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lint/word"
	"github.com/hindcast/hindcast/internal/lint/wording"
)

// passive finds passives that hide who acted, and turns them around.
type passive struct {
	judge  *wording.Passive
	actors map[string]actor
}

func newPassive(r Rule, words word.Lists) checker {
	k := &passive{wording.NewPassive(words, r.list), actors(r.list("actors"))}
	return perPassage{hasBe, k.find}
}

func (k *passive) find(d *document, p *passage) []hit {
	g, ok := k.judge.Find(p.Sentence, p.section == hindcast.SectionTimeline)
	if !ok {
		return nil
	}
	h := p.hitAt(g.Be, g.Verb)
	k.propose(d, p, g, &h)
	return []hit{h}
}

// blame finds blame, and asks for what let the harm happen.
type blame struct {
	judge     *wording.Blame
	weak      hindcast.FindingLevel
	processes map[string]string // what let the harm of a verb happen
}

func newBlame(r Rule, words word.Lists) checker {
	k := &blame{wording.NewBlame(words, r.list), r.Weak, word.Pairs(r.list("processes"))}
	return perPassage{0, k.find}
}

func (k *blame) find(_ *document, p *passage) []hit {
	v, ok := k.judge.Find(p.Sentence)
	if !ok {
		return nil
	}
	h := p.hitAt(v.First, v.Last)
	if v.Weak {
		h.level = k.weak
	}
	k.propose(p, v, &h)
	return []hit{h}
}

// counterfactual finds a past that did not happen.
type counterfactual struct{ judge *wording.Counterfactual }

func newCounterfactual(r Rule, words word.Lists) checker {
	k := counterfactual{wording.NewCounterfactual(words, r.list)}
	return perPassage{0, k.find}
}

func (k counterfactual) find(_ *document, p *passage) []hit {
	first, last, ok := k.judge.Find(p.Sentence)
	if !ok {
		return nil
	}
	return []hit{p.hitAt(first, last)}
}
