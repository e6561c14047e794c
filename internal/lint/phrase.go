package lint

import (
	"github.com/hindcast/hindcast/internal/lint/sentence"
	"github.com/hindcast/hindcast/internal/lint/word"
)

// phraseKind finds words and phrases. "*" in a phrase stands for any one word.
type phraseKind struct {
	phrases word.Phrases
	unless  word.Phrases
}

func newPhrase(r Rule, _ word.Lists) checker {
	k := phraseKind{word.NewPhrases(r.Words["phrases"].words), word.NewPhrases(r.Words["unless"].words)}
	return perPassage{0, k.find}
}

func (k phraseKind) find(_ *document, p *passage) []hit {
	for i, t := range p.Tokens {
		if t.Kind != sentence.Word && t.Kind != sentence.Mark {
			continue
		}
		if n := k.phrases.At(p.Tokens, i); n > 0 && !k.unless.In(p.Tokens) {
			return []hit{p.hitAt(i, i+n-1)}
		}
	}
	return nil
}
