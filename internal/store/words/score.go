package words

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How much a match in a title counts, and how soon more of the same tell little, as
// the ranking of SQLite has it.
const (
	titleCounts = 8
	enough      = 1.2
)

// Phrase reports whether words have to follow each other: in quotes, or joined as in
// checkout-api.
func (q Query) Phrase() bool {
	for _, g := range q.Groups {
		for _, t := range g {
			if len(t.Words) > 1 && !t.Not {
				return true
			}
		}
	}
	return false
}

// Excludes reports whether there are words that may not be there.
func (q Query) Excludes() bool {
	for _, g := range q.Groups {
		if g[0].Not {
			return true
		}
	}
	return false
}

// Score tells how well a text fits a query that it matches, the more the better: by
// how often it holds what is searched. It need not agree with the search index about
// the forms of a word: it decides only what comes first.
func (q Query) Score(title, body string) (score float64) {
	for _, g := range q.Groups {
		best := 0
		for _, t := range g {
			if !t.Not {
				stems := t.stems()
				best = max(best, titleCounts*count(title, stems)+count(body, stems))
			}
		}
		score += float64(best) / (float64(best) + enough)
	}
	return score
}

// count returns how often forms of words follow each other in a text. It finds the
// first of them as it is mostly written: to change the case of all the text takes
// ten times as long.
func count(text string, stems []stem) (n int) {
	first := stems[0].text
	r, size := utf8.DecodeRuneInString(first)
	written := []string{first, string(unicode.ToUpper(r)) + first[size:], strings.ToUpper(first)}
	for i, form := range written {
		if !slices.Contains(written[:i], form) {
			n += from(text, form, stems)
		}
	}
	return n
}

// from counts those that begin with a text.
func from(text, first string, stems []stem) (n int) {
	for at := 0; ; {
		i := strings.Index(text[at:], first)
		if i < 0 {
			return n
		}
		at += i
		if before, _ := utf8.DecodeLastRuneInString(text[:at]); !isWordFast(before) && follow(text, at, stems) {
			n++
		}
		at += len(first)
	}
}

// follow reports whether forms of words follow each other at a place in a text.
func follow(text string, at int, stems []stem) bool {
	n := 0
	for w := range tokens(text, at) {
		if !stems[n].of(strings.ToLower(text[w.start:w.end])) {
			return false
		}
		if n++; n == len(stems) {
			return true
		}
	}
	return false
}
