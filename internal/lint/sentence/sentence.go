// Package sentence divides prose into sentences and words, with the place of
// each in the text. It knows what stands in post-mortems: code spans, addresses,
// file names, versions, times, quotations. Contractions are taken apart, so that
// "didn't" reads as "did" and "not".
//
// It has no model and no tagger: the rules that read its words ask for words by
// name, and decide the same way everywhere.
package sentence

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind says what a word is.
type Kind uint8

// The kinds of words.
const (
	Word   Kind = iota
	Number      // begins with a digit: a number, a time, a date, a version
	Code        // a code span
	Quote       // three or more words between quotation marks
	Other       // an address, a path, a handle
	Mark        // punctuation
)

// Token is a word or a mark.
type Token struct {
	Text       string // as written
	Norm       string // lower case; "not", "have" and the like for the halves of contractions
	Start, End int    // bytes of the text
	Kind       Kind
}

// Sentence is a sentence with its words.
type Sentence struct {
	Tokens []Token
	Text   string // the text that Start and End of the tokens count in
}

// Start returns where the sentence begins in the text.
func (s Sentence) Start() int { return s.Tokens[0].Start }

// End returns where the sentence ends in the text.
func (s Sentence) End() int { return s.Tokens[len(s.Tokens)-1].End }

// Between returns the text from the first token to before the token at end.
func (s Sentence) Between(first, end int) string {
	if first >= end {
		return ""
	}
	return s.Text[s.Tokens[first].Start:s.Tokens[end-1].End]
}

// abbreviations end with a dot that ends no sentence.
var abbreviations = map[string]bool{"e.g": true, "i.e": true, "eg": true, "ie": true, "etc": true, "vs": true, "approx": true, "no": true, "fig": true, "dr": true,
	"mr": true, "ms": true, "mrs": true, "cf": true, "ca": true, "resp": true, "incl": true, "est": true, "nr": true, "jan": true, "feb": true, "aug": true, "sept": true, "oct": true, "nov": true, "dec": true}

// Split divides a text into its sentences. Every token belongs to exactly one.
func Split(text string) []Sentence {
	tokens := tokenize(text)
	var out []Sentence
	first := 0
	for i := range tokens {
		if i+1 == len(tokens) || ends(text, tokens, i) {
			out = append(out, Sentence{tokens[first : i+1], text})
			first = i + 1
		}
	}
	return out
}

// ends reports whether the token at i ends a sentence that another follows.
func ends(text string, tokens []Token, i int) bool {
	t, next := tokens[i], tokens[i+1]
	if t.Kind == Quote {
		return strings.ContainsRune(".!?", lastInside(t.Text)) && next.Start > t.End && upperStart(next)
	}
	switch t.Text {
	case "!", "?":
	case ".":
		if i > 0 && tokens[i-1].End == t.Start && abbreviations[tokens[i-1].Norm] && (tokens[i-1].Norm != "no" || next.Kind == Number) {
			return false
		}
	case ")", "\"", "”", "’":
		if i == 0 || !strings.Contains(".!?", tokens[i-1].Text) {
			return false
		}
	default:
		return false
	}
	if next.Text == ")" || next.Text == "\"" || next.Text == "”" || next.Start == t.End && next.Kind != Word {
		return false
	}
	return upperStart(next) || strings.Contains(text[t.End:next.Start], "\n\n")
}

func lastInside(quote string) rune {
	_, size := utf8.DecodeLastRuneInString(quote)
	c, _ := utf8.DecodeLastRuneInString(quote[:len(quote)-size])
	return c
}

// upperStart reports whether a token may begin a sentence.
func upperStart(t Token) bool {
	c, _ := utf8.DecodeRuneInString(t.Text)
	return !unicode.IsLower(c) && c != ',' && c != ';' && c != ':'
}
