package lint

import (
	"strings"
	"unicode"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/markdown"
)

// chains holds the factors of a document in our own format by the words of their
// descriptions, each with whether a chain of whys ends at it.
type chains map[string]bool

// chainsOf reads the chains of a document's factors. A hypothesis that was ruled
// out, and what made the incident milder or brought it to light, end none.
func chainsOf(factors []hindcast.Factor) chains {
	deeper := map[string]bool{}
	for _, x := range factors {
		if x.RuledOutBy == "" {
			for _, e := range x.LedTo {
				deeper[e.To] = true
			}
		}
	}
	out := chains{}
	for _, x := range factors {
		ends := x.RuledOutBy == "" && x.Tag != hindcast.Mitigating && x.Tag != hindcast.Detecting && !deeper[x.ID]
		key := letters(x.Description)
		out[key] = out[key] || ends
	}
	return out
}

// find reports whether a passage tells a factor, and whether a chain ends there.
// What stands below a factor tells how it led to another, which is no cause.
func (c chains) find(p *passage) (ends, factor bool) {
	if len(c) == 0 || p.block.Kind != markdown.Item {
		return false, false
	}
	if p.block.Level > 1 {
		return false, true
	}
	ends, factor = c[letters(p.block.Text)]
	return ends, factor
}

// letters returns the letters and digits of a text without its comments, by which
// it is known in Markdown too.
func letters(text string) string {
	text = comments.ReplaceAllString(text, "")
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, text)
}

var comments = lazyregexp.New(`(?s)<!--.*?-->`)

// endsAt judges the factor whose last sentence is the passage at i: a chain of
// whys that ends at what somebody did, or at the symptom, whatever other factors
// say. The factor that made it possible belongs below it.
func (k *shallow) endsAt(d *document, i int) []hit {
	p := &d.passages[i]
	if i+1 < len(d.passages) && d.passages[i+1].block == p.block {
		return nil
	}
	h := p.hitAt(0, len(p.Tokens)-1)
	switch k.stops(p) {
	case stopsAtPerson:
		h.message = "the chain of whys ends at a person; add the factor that made it possible, and let it lead here"
	case stopsAtSymptom:
		h.message = "the chain of whys ends at the symptom; ask why again, and let the answer lead here"
	default:
		return nil
	}
	return []hit{h}
}
