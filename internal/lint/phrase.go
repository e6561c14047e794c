package lint

import "github.com/hindcast/hindcast/internal/lint/sentence"

// phraseKind finds words and phrases. "*" in a phrase stands for any one word.
type phraseKind struct {
	phrases phrases
	unless  phrases
}

func newPhrase(r Rule, _ lexicon) checker {
	k := phraseKind{newPhrases(r.Words["phrases"].words), newPhrases(r.Words["unless"].words)}
	return perPassage{0, k.find}
}

func (k phraseKind) find(_ *document, p *passage) []hit {
	for i, t := range p.Tokens {
		if t.Kind != sentence.Word && t.Kind != sentence.Mark {
			continue
		}
		if n := k.phrases.at(p.Tokens, i); n > 0 && !k.unless.in(p.Tokens) {
			return []hit{p.hitAt(i, i+n-1)}
		}
	}
	return nil
}
