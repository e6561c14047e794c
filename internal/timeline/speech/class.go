package speech

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
	"unicode/utf8"
)

// class is a set of phrases, compiled at first use. A phrase is only tried on a
// text that holds one of the words that it cannot do without: most texts hold
// none, and looking for words is far cheaper than for phrases.
type class struct {
	phrases func() []phrase
}

type phrase struct {
	re   *regexp.Regexp
	need []string // in lower case, one of which the text must hold; empty: unknown
}

// mostWords is how many words a phrase may need one of to be worth looking for.
const mostWords = 600

// newClass returns the class of a list of phrases, one a line.
func newClass(list string) *class {
	return &class{sync.OnceValue(func() []phrase {
		var out []phrase
		for _, line := range alternatives(list) {
			expr := `(?i)(?:` + line + `)`
			p := phrase{re: regexp.MustCompile(expr)}
			if tree, err := syntax.Parse(expr, syntax.Perl); err == nil {
				p.need = required(tree)
			}
			out = append(out, p)
		}
		return out
	})}
}

// MatchString reports whether a text holds one of the phrases.
func (c *class) MatchString(t string) bool {
	lower := strings.ToLower(t)
	plain := len(lower) == len(t) && utf8.RuneCountInString(t) == len(t)
	for _, p := range c.phrases() {
		if plain && len(p.need) > 0 && !holds(lower, p.need) {
			continue
		}
		if p.re.MatchString(t) {
			return true
		}
	}
	return false
}

func holds(t string, words []string) bool {
	for _, w := range words {
		if strings.Contains(t, w) {
			return true
		}
	}
	return false
}

// required returns words of which every match holds one; nil when there are no
// such words of two letters or more.
func required(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		if w := strings.ToLower(string(re.Rune)); len(w) > 1 {
			return []string{w}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return required(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return required(re.Sub[0])
		}
	case syntax.OpConcat:
		var best []string
		for _, s := range re.Sub {
			if words := required(s); shortest(words) > shortest(best) {
				best = words
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, s := range re.Sub {
			words := required(s)
			if words == nil {
				return nil
			}
			all = append(all, words...)
		}
		if len(all) <= mostWords {
			return all
		}
	}
	return nil
}

func shortest(words []string) int {
	n := 0
	for i, w := range words {
		if i == 0 || len(w) < n {
			n = len(w)
		}
	}
	return n
}
