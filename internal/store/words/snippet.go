package words

import (
	"strings"
	"unicode/utf8"
)

// Span is a part of a snippet: plain text, or a word that was searched. It holds
// text as it was written, to be escaped where it is shown.
type Span struct {
	Text  string `json:"text"`
	Match bool   `json:"match,omitempty"`
}

// Highlight divides a text into spans.
func (q Query) Highlight(text string) []Span {
	m := q.matcher()
	var out []Span
	plain := 0
	for w := range tokens(text, 0) {
		if !m.matches(text[w.start:w.end]) {
			continue
		}
		if plain < w.start {
			out = append(out, Span{Text: text[plain:w.start]})
		}
		out = append(out, Span{text[w.start:w.end], true})
		plain = w.end
	}
	if plain < len(text) {
		out = append(out, Span{Text: text[plain:]})
	}
	return out
}

// Snippet returns about width bytes of a text around the first place where a
// word of the query stands, on one line; the beginning when none does. "…" shows
// that text was left out.
func (q Query) Snippet(text string, width int) []Span {
	m := q.matcher()
	at := 0
	for w := range tokens(text, 0) {
		if m.matches(text[w.start:w.end]) {
			at = w.start
			break
		}
	}
	start := boundary(text, max(0, at-width/3))
	end := boundary(text, min(len(text), start+width))
	cut := strings.Join(strings.Fields(text[start:end]), " ")
	if start > 0 {
		cut = "… " + cut
	}
	if strings.TrimSpace(text[end:]) != "" {
		cut += " …"
	}
	return q.Highlight(cut)
}

// boundary moves an offset back to the beginning of a word, but not far.
func boundary(text string, at int) int {
	if at <= 0 || at >= len(text) {
		return at
	}
	if i := strings.LastIndexAny(text[max(0, at-40):at], " \n\t"); i >= 0 {
		return max(0, at-40) + i + 1
	}
	for at > 0 && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}

// word is a place in a text.
type word struct{ start, end int }

// tokens goes through the words of a text from an offset.
func tokens(text string, from int) func(yield func(word) bool) {
	return func(yield func(word) bool) {
		start := -1
		for i := from; i < len(text); {
			r, n := rune(text[i]), 1
			if r >= utf8.RuneSelf {
				r, n = utf8.DecodeRuneInString(text[i:])
			}
			in := isWordFast(r)
			if in && start < 0 {
				start = i
			}
			if !in && start >= 0 {
				if !yield(word{start, i}) {
					return
				}
				start = -1
			}
			i += n
		}
		if start >= 0 {
			yield(word{start, len(text)})
		}
	}
}

func isWordFast(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return isWord(r)
}

// matcher knows the words of a query by their stems.
type matcher struct {
	stems []stem
}

type stem struct {
	text   string
	prefix bool
	first  byte // of text, when it is ASCII
}

func (q Query) matcher() matcher {
	var m matcher
	for _, g := range q.Groups {
		for _, t := range g {
			if !t.Not {
				m.stems = append(m.stems, t.stems()...)
			}
		}
	}
	return m
}

// stems returns the stems of a term's words.
func (t Term) stems() []stem {
	out := make([]stem, len(t.Words))
	for i, w := range t.Words {
		prefix := t.Prefix && i == len(t.Words)-1
		if !prefix {
			w = cutEnding(w)
		}
		out[i] = stem{w, prefix, w[0]}
	}
	return out
}

// of reports whether a word in lower case is a form of the stem's.
func (s stem) of(low string) bool {
	return s.prefix && strings.HasPrefix(low, s.text) || !s.prefix && cutEnding(low) == s.text
}

// matches reports whether a word of a text is a form of a word of the query. It
// need not agree with the search index: it decides only what is shown bold.
func (m matcher) matches(s string) bool {
	first := s[0]
	if 'A' <= first && first <= 'Z' {
		first += 'a' - 'A'
	}
	for _, st := range m.stems {
		if st.first != first && first < utf8.RuneSelf && st.first < utf8.RuneSelf {
			continue
		}
		if st.of(strings.ToLower(s)) {
			return true
		}
	}
	return false
}

// endings of English words, the longest first.
var endings = []string{"ations", "ation", "ments", "ions", "ment", "ings", "ing", "ies", "ion", "ers", "est", "ed", "es", "er", "ly", "al", "s", "e", "y"}

// cutEnding returns a word without its ending and without the doubled letter
// before it, so that the forms of a word meet: timeout, timeouts; failed,
// failing; pooled, pool.
func cutEnding(w string) string {
	if w[0] >= '0' && w[0] <= '9' {
		return w
	}
	for _, e := range endings {
		if rest, ok := strings.CutSuffix(w, e); ok && len(rest) >= 3 {
			w = rest
			break
		}
	}
	if n := len(w); n > 3 && w[n-1] == w[n-2] {
		w = w[:n-1]
	}
	return w
}
