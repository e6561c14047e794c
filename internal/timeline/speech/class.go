package speech

import (
	"cmp"
	"regexp"
	"regexp/syntax"
	"slices"
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
	need [][]string // in lower case, of each of which the text must hold one
}

// mostWords is how many words a phrase may need one of to be worth looking for.
const mostWords = 600

// newClass returns the class of a list of phrases, one a line.
func newClass(list string) *class {
	return &class{sync.OnceValue(func() []phrase {
		var out []phrase
		for _, line := range alternatives(list) {
			for _, part := range parts(line) {
				out = append(out, newPhrase(part))
			}
		}
		return out
	})}
}

func newPhrase(line string) phrase {
	expr := `(?i)(?:` + line + `)`
	p := phrase{re: regexp.MustCompile(expr)}
	if tree, err := syntax.Parse(expr, syntax.Perl); err == nil {
		p.need = needs(tree)
	}
	return p
}

// parts divides a phrase that is nothing but a choice of words, \b(?:a|b)\b, into
// one phrase for each: most of them are then never tried.
func parts(line string) []string {
	body, ok := strings.CutPrefix(line, `\b(?:`)
	if !ok || !strings.HasSuffix(body, `)\b`) {
		return []string{line}
	}
	body = strings.TrimSuffix(body, `)\b`)
	var out []string
	from, depth := 0, 0
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '\\':
			i++
		case '[':
			return []string{line}
		case '(':
			depth++
		case ')':
			if depth--; depth < 0 {
				return []string{line}
			}
		case '|':
			if depth == 0 {
				out, from = append(out, `\b(?:`+body[from:i]+`)\b`), i+1
			}
		}
	}
	return append(out, `\b(?:`+body[from:]+`)\b`)
}

// MatchString reports whether a text holds one of the phrases.
func (c *class) MatchString(t string) bool {
	lower := strings.ToLower(t)
	plain := len(lower) == len(t) && utf8.RuneCountInString(t) == len(t)
	for _, p := range c.phrases() {
		if plain && !p.possible(lower) {
			continue
		}
		if p.re.MatchString(t) {
			return true
		}
	}
	return false
}

// possible reports whether a text can hold one of the phrases.
func (c *class) possible(t string) bool {
	lower := strings.ToLower(t)
	return len(lower) != len(t) || utf8.RuneCountInString(t) != len(t) || slices.ContainsFunc(c.phrases(), func(p phrase) bool { return p.possible(lower) })
}

// possible reports whether a text in lower case can hold the phrase.
func (p phrase) possible(t string) bool {
	for _, words := range p.need {
		if !holds(t, words) {
			return false
		}
	}
	return true
}

func holds(t string, words []string) bool {
	for _, w := range words {
		if strings.Contains(t, w) {
			return true
		}
	}
	return false
}

// needs returns sets of words: every match holds a word of each set. The sets of
// the fewest and longest words come first, since they decide soonest.
func needs(re *syntax.Regexp) [][]string {
	var out [][]string
	switch re.Op {
	case syntax.OpConcat:
		for _, s := range re.Sub {
			out = append(out, needs(s)...)
		}
	case syntax.OpCapture, syntax.OpPlus:
		return needs(re.Sub[0])
	default:
		if words := required(re); len(words) > 0 {
			out = append(out, words)
		}
	}
	slices.SortStableFunc(out, func(a, b []string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(shortest(b), shortest(a)))
	})
	return out
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
