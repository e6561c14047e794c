// Package words reads what people type into a search box and cuts the lines
// that they are shown of what was found.
//
//	pool exhausted        both words, in any form: pools, exhaustion
//	"connection pool"     the words one after the other
//	checkout-api          the same as "checkout api"
//	time*                 words that begin so
//	-drill                not this word
//	redis OR memcached    one of the two
//
// Anything else that is typed is a separator: no text is an error.
package words

import (
	"strings"
	"unicode"
)

// Term is a word, or several that follow each other.
type Term struct {
	Words  []string // in lower case, letters and digits only
	Prefix bool     // the last word may go on
	Not    bool
}

// Query is what is searched: all of its groups, and of each group one term. What
// is excluded is a group of its own.
type Query struct {
	Groups [][]Term
}

// maxTerms bounds a query; what is typed behind is left out.
const maxTerms = 24

// Parse reads what a person typed.
func Parse(text string) Query {
	var q Query
	n, or := 0, false
	for text != "" && n < maxTerms {
		var token string
		var quoted, not bool
		token, text, quoted, not = next(text)
		if !quoted && token == "OR" {
			or = len(q.Groups) > 0
			continue
		}
		term := Term{Words: split(token), Not: not, Prefix: !quoted && strings.HasSuffix(token, "*")}
		if len(term.Words) == 0 {
			continue
		}
		n++
		last := len(q.Groups) - 1
		if or && !not && !q.Groups[last][0].Not {
			q.Groups[last] = append(q.Groups[last], term)
		} else {
			q.Groups = append(q.Groups, []Term{term})
		}
		or = false
	}
	return q
}

// next cuts the first token off a text.
func next(text string) (token, rest string, quoted, not bool) {
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	if after, ok := strings.CutPrefix(text, "-"); ok {
		text, not = after, true
	}
	if after, ok := strings.CutPrefix(text, `"`); ok {
		token, rest, _ = strings.Cut(after, `"`)
		return token, rest, true, not
	}
	end := strings.IndexFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '"' })
	if end < 0 {
		end = len(text)
	}
	return text[:end], text[end:], false, not
}

// split returns the words of a text as the search indexes see them.
func split(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !isWord(r) })
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) }

// Empty reports whether nothing is searched: no word, or only words that are
// excluded.
func (q Query) Empty() bool {
	for _, g := range q.Groups {
		if !g[0].Not {
			return false
		}
	}
	return true
}

// FTS5 returns the query in the language of SQLite's FTS5. The query must not be
// [Query.Empty].
func (q Query) FTS5() string {
	wanted, excluded := q.join(" AND ", " OR ", " OR ", func(t Term) string {
		text := `"` + strings.Join(t.Words, " ") + `"`
		if t.Prefix {
			text += "*"
		}
		return text
	})
	if excluded != "" {
		return wanted + " NOT (" + excluded + ")"
	}
	return wanted
}

// TSQuery returns the query in the language of PostgreSQL's to_tsquery. The
// query must not be [Query.Empty].
func (q Query) TSQuery() string {
	wanted, excluded := q.join(" & ", " | ", " | ", func(t Term) string {
		words := make([]string, len(t.Words))
		for i, w := range t.Words {
			words[i] = "'" + w + "'"
		}
		text := strings.Join(words, " <-> ")
		if t.Prefix {
			text += ":*"
		}
		return "(" + text + ")"
	})
	if excluded != "" {
		return wanted + " & !(" + excluded + ")"
	}
	return wanted
}

// join writes the groups that are wanted and the terms that are excluded.
func (q Query) join(and, or, not string, write func(Term) string) (wanted, excluded string) {
	var in, out []string
	for _, g := range q.Groups {
		if g[0].Not {
			out = append(out, write(g[0]))
			continue
		}
		var terms []string
		for _, t := range g {
			terms = append(terms, write(t))
		}
		in = append(in, "("+strings.Join(terms, or)+")")
	}
	return "(" + strings.Join(in, and) + ")", strings.Join(out, not)
}
