package lint

import (
	"github.com/hindcast/hindcast/internal/lint/action"
	"github.com/hindcast/hindcast/internal/lint/sentence"
	"github.com/hindcast/hindcast/internal/lint/word"
	"github.com/hindcast/hindcast/internal/lint/wording"
)

// kind is a way to work a rule. Each has a file of its own.
type kind struct {
	make  func(Rule, word.Lists) checker
	lists []string // the lists of words it reads
	whole bool     // it judges whole documents
}

// kinds are all kinds there are.
var kinds = map[string]kind{
	"blame":          {make: newBlame, lists: append(wording.BlameLists(), "processes")},
	"counterfactual": {make: newCounterfactual, lists: wording.CounterfactualLists()},
	"vague-action":   {make: newVague, lists: action.Lists()},
	"generic-action": {make: newGeneric, lists: action.Lists()},
	"phrase":         {make: newPhrase, lists: []string{"phrases", "unless"}},
	"action-fields":  {make: newIncomplete, whole: true},
	"action-count":   {make: newCrowd, whole: true},
	"action-window":  {make: newWindow, whole: true},
	"lateness":       {make: newLate, whole: true},
	"cause-depth":    {make: newShallow, lists: append(wording.BlameLists(), "processes", "controls", "symptoms", "reasons")},
	"cause-breadth":  {make: newOneSided, lists: []string{"organization"}, whole: true},
	"names":          {make: newNames},
	"knowledge":      {make: newLeak},
	"passive":        {make: newPassive, lists: append(wording.PassiveLists(), "actors")},
}

// perPassage works a rule that looks at one sentence at a time. A question says
// nothing yet.
type perPassage struct {
	needs signs // the sentence must have one of these
	find  func(d *document, p *passage) []hit
}

func (k perPassage) check(d *document) []hit {
	var out []hit
	for i := range d.passages {
		if p := &d.passages[i]; (k.needs == 0 || p.weight&k.needs != 0) && !p.asks() {
			out = append(out, k.find(d, p)...)
		}
	}
	return out
}

// signs say what sorts of words a sentence has, so that rules pass over those
// that cannot concern them.
type signs uint8

const (
	hasBe    signs = 1 << iota // was, were, is, are, been, got
	hasModal                   // should, could, would, might
)

func signsOf(s sentence.Sentence) signs {
	var out signs
	for _, t := range s.Tokens {
		switch t.Norm {
		case "was", "were", "is", "are", "been", "got", "gets":
			out |= hasBe
		case "should", "could", "would", "might", "may", "had", "must", "ought":
			out |= hasModal
		}
	}
	return out
}
