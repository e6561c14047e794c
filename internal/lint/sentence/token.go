package sentence

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenize divides a text into tokens.
func tokenize(text string) []Token {
	out := make([]Token, 0, len(text)/5+4)
	for i := 0; i < len(text); {
		c, size := rune(text[i]), 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRuneInString(text[i:])
		}
		switch {
		case c == ' ' || c == '\n' || c == '\t' || c == '\r' || unicode.IsSpace(c):
			i += size
		case c == '`':
			i = code(text, i, &out)
		case c == '"' || c == '“':
			i = quote(text, i, size, &out)
		case wordRune(c) || (c == '@' || c == '#' || c == '~' || c == '/' && (i == 0 || !wordByte(text[i-1]))) && i+size < len(text) && wordByte(text[i+size]):
			i = word(text, i, &out)
		default:
			out = append(out, Token{text[i : i+size], text[i : i+size], i, i + size, Mark})
			i += size
		}
	}
	return out
}

// code reads a code span from its backtick; a backtick alone is a mark.
func code(text string, i int, out *[]Token) int {
	end := i + 1
	if n := strings.IndexByte(text[i+1:], '`'); n > 0 {
		end = i + 1 + n + 1
	}
	kind := Code
	if end == i+1 {
		kind = Mark
	}
	*out = append(*out, Token{text[i:end], "`", i, end, kind})
	return end
}

// longestQuote is how many bytes are looked through for a closing mark.
const longestQuote = 600

// quote reads a quotation of at least three words as one token; shorter ones are
// words between marks.
func quote(text string, i, size int, out *[]Token) int {
	rest := text[i+size : min(len(text), i+size+longestQuote)]
	n := strings.IndexAny(rest, "\"”")
	if n >= 0 && len(strings.Fields(rest[:n])) >= 3 {
		_, closing := utf8.DecodeRuneInString(rest[n:])
		end := i + size + n + closing
		*out = append(*out, Token{text[i:end], "\"", i, end, Quote})
		return end
	}
	*out = append(*out, Token{text[i : i+size], "\"", i, i + size, Mark})
	return i + size
}

func wordRune(c rune) bool {
	if c < utf8.RuneSelf {
		return wordByte(byte(c))
	}
	return unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c)
}

func wordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c >= utf8.RuneSelf
}

// word reads a word with the hyphens, dots and slashes inside it, and takes
// contractions apart.
func word(text string, start int, out *[]Token) int {
	end, shape := wordEnd(text, start)
	t := Token{text[start:end], lower(text[start:end]), start, end, Word}
	switch c := text[start]; {
	case shape == Other || c == '@' || c == '#' || c == '/':
		t.Kind = Other
	case '0' <= c && c <= '9' || c == '~':
		t.Kind = Number
	}
	if t.Kind == Word {
		if at := strings.IndexAny(t.Norm, "'’"); at > 0 {
			return contraction(t, at, out)
		}
		if t.Norm == "cannot" {
			*out = append(*out, Token{t.Text[:3], "can", start, start + 3, Word}, Token{t.Text[3:], "not", start + 3, end, Word})
			return end
		}
	}
	*out = append(*out, t)
	return end
}

// wordEnd returns where a word ends, and Other when it is no word of a language.
func wordEnd(text string, start int) (end int, shape Kind) {
	_, size := utf8.DecodeRuneInString(text[start:])
	end = start + size
	for end < len(text) {
		c, size := utf8.DecodeRuneInString(text[end:])
		if wordRune(c) {
			end += size
			continue
		}
		next := end + size
		inner := next < len(text) && (wordByte(text[next]) || c == ':' && strings.HasPrefix(text[next:], "//"))
		switch {
		case !inner:
			return end, shape
		case c == '-' || c == '\'' || c == '’':
		case c == '.' && !plainEnd(text[start:end], text[next:]), c == '/', c == '@', c == '=', c == '&', c == '%', c == '+':
			if c != '/' || strings.Contains(text[start:end], "://") || strings.Contains(text[start:end], ".") {
				shape = Other
			} else {
				return end, shape
			}
		case c == ':' && (text[next] == '/' || text[start] >= '0' && text[start] <= '9'):
			if text[next] == '/' {
				shape = Other
				next += 2
			}
		case c == ',' && text[end-1] >= '0' && text[end-1] <= '9' && text[next] >= '0' && text[next] <= '9':
		case c == '?' && shape == Other:
		default:
			return end, shape
		}
		end = next
	}
	return min(end, len(text)), shape
}

// plainEnd reports whether a dot ends a sentence although no space follows:
// "done.Then".
func plainEnd(before, after string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(after)
	return unicode.IsLower(last) && unicode.IsUpper(first) && len(before) > 3
}

// halves are the words that stand in contractions after the apostrophe.
var halves = map[string]string{"ve": "have", "re": "are", "ll": "will", "d": "'d", "s": "'s", "m": "am"}

// contraction adds both halves of a word with an apostrophe at a byte of it.
func contraction(t Token, at int, out *[]Token) int {
	_, size := utf8.DecodeRuneInString(t.Norm[at:])
	after := t.Norm[at+size:]
	cut, norm := at, halves[after]
	if after == "t" && strings.HasSuffix(t.Norm[:at], "n") {
		cut, norm = at-1, "not"
	}
	if norm == "" || cut == 0 || len(t.Norm) != len(t.Text) {
		*out = append(*out, t)
		return t.End
	}
	first := t.Norm[:cut]
	switch {
	case norm == "not" && first == "ca":
		first = "can"
	case norm == "not" && first == "wo":
		first = "will"
	}
	*out = append(*out,
		Token{t.Text[:cut], first, t.Start, t.Start + cut, Word},
		Token{t.Text[cut:], norm, t.Start + cut, t.End, Word})
	return t.End
}

// lower returns s in lower case, and s itself when it is already.
func lower(s string) string {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			return strings.ToLower(s)
		}
	}
	return s
}
