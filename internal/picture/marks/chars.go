package marks

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// box stands for a character that nothing else can stand for.
const box = '□'

// readable are words for signs that people use in chat and that fonts for text
// lack.
var readable = map[rune]string{
	'✓': "√", '✔': "√", '✅': "[done]", '☑': "[done]", '✗': "x", '✘': "x", '❌': "[x]", '⚠': "[warning]", '🔥': "[fire]", '🚨': "[alarm]",
	'👀': "[looking]", '👍': "[+1]", '👎': "[-1]", '🎉': "[hooray]", '🙏': "[thanks]", '🚀': "[launch]", '❤': "[heart]", '🔴': "[red]",
	'🟢': "[green]", '🟡': "[yellow]", '🟠': "[orange]", '➡': "→", '⬅': "←", '⬆': "↑", '⬇': "↓", '⇒': "=>", '⇐': "<=", '⟶': "→",
	'‑': "-", '‐': "-", '‒': "–", '―': "—", '−': "-", '⁃': "-", '‣': "•", '◦': "•", '…': "…", '′': "'", '″': "\"", '≔': ":=",
	'⏰': "[clock]", '⌛': "[waiting]", '🐛': "[bug]", '💥': "[crash]", '📈': "[up]", '📉': "[down]", '😀': ":-)", '🙂': ":-)", '😅': ":-)", '😞': ":-(", '🙁': ":-(",
}

// Chars maps text to what the fonts have.
type Chars struct {
	fonts   []*sfnt.Font
	buf     sfnt.Buffer
	seen    map[rune]string
	lacking int
}

// NewChars returns the characters of the Go fonts.
func NewChars() *Chars {
	c := &Chars{seen: map[rune]string{}}
	for _, data := range [][]byte{goregular.TTF, gomono.TTF} {
		if f, err := sfnt.Parse(data); err == nil { // these are compiled in
			c.fonts = append(c.fonts, f)
		}
	}
	return c
}

// Lacking returns how many characters became boxes.
func (c *Chars) Lacking() int { return c.lacking }

// has reports whether all fonts have a character.
func (c *Chars) has(r rune) bool {
	for _, f := range c.fonts {
		if i, err := f.GlyphIndex(&c.buf, r); err != nil || i == 0 {
			return false
		}
	}
	return true
}

// Plain returns s in characters that every font has.
func (c *Chars) Plain(s string) string {
	ascii := true
	for i := 0; i < len(s) && ascii; i++ {
		ascii = s[i] >= ' ' && s[i] < 0x7f
	}
	if ascii {
		return s
	}
	var b strings.Builder
	for _, r := range norm.NFC.String(s) {
		t, ok := c.seen[r]
		if !ok {
			t = c.find(r)
			c.seen[r] = t
		}
		if t == string(box) {
			c.lacking++
		}
		b.WriteString(t)
	}
	return b.String()
}

// find returns what stands for a character.
func (c *Chars) find(r rune) string {
	switch {
	case r == '\n':
		return "\n"
	case r == '\t' || unicode.Is(unicode.Zs, r):
		return " "
	case r == utf8.RuneError || unicode.Is(unicode.Co, r):
		return string(box)
	case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Variation_Selector, r):
		return ""
	case r <= 0xffff && c.has(r):
		return string(r)
	case readable[r] != "":
		return readable[r]
	}
	var b strings.Builder
	for _, p := range norm.NFKD.String(string(r)) {
		if p <= 0xffff && !unicode.Is(unicode.Mn, p) && c.has(p) {
			b.WriteRune(p)
		}
	}
	if b.Len() == 0 {
		return string(box)
	}
	return b.String()
}
