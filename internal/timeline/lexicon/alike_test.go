package lexicon

import (
	"math/rand/v2"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"
)

// What a phrase matches holds one of the words by which it is looked for.
func TestPhrasesHoldWhatTheyAreLookedForBy(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 11))
	for _, p := range phrases {
		re, err := syntax.Parse(p.re.String(), syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		matched := 0
		for range 2000 {
			var b strings.Builder
			write(&b, re, rnd)
			text := b.String()
			if !p.re.MatchString(text) { // a boundary that is none
				continue
			}
			matched++
			if lower := strings.ToLower(text); !slices.ContainsFunc(p.holds, func(s string) bool { return strings.Contains(lower, s) }) {
				t.Errorf("%s: %q holds none of %q", p.word, text, p.holds)
			}
		}
		if matched < 100 {
			t.Errorf("%s: %d texts match, want more", p.word, matched)
		}
	}
}

// write writes a text that an expression matches, but for its boundaries.
func write(b *strings.Builder, re *syntax.Regexp, rnd *rand.Rand) {
	sub := func(n int) {
		for range n {
			write(b, re.Sub[0], rnd)
		}
	}
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		i := rnd.IntN(len(re.Rune)/2) * 2
		b.WriteRune(re.Rune[i])
	case syntax.OpAnyCharNotNL, syntax.OpAnyChar:
		b.WriteByte(' ')
	case syntax.OpCapture:
		sub(1)
	case syntax.OpStar:
		sub(rnd.IntN(3))
	case syntax.OpPlus:
		sub(1 + rnd.IntN(2))
	case syntax.OpQuest:
		sub(rnd.IntN(2))
	case syntax.OpRepeat:
		sub(re.Min + rnd.IntN(2))
	case syntax.OpConcat:
		for _, s := range re.Sub {
			write(b, s, rnd)
		}
	case syntax.OpAlternate:
		write(b, re.Sub[rnd.IntN(len(re.Sub))], rnd)
	}
}
