// Package svg writes the elements of a picture: markup on a [Canvas], text that is
// safe in it, and how wide text is about, for a common sans-serif and generously,
// since the reader's font is not known.
package svg

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Canvas writes SVG elements and keeps the first error.
type Canvas struct {
	w *bufio.Writer
}

// NewCanvas returns a canvas that writes to w, through a buffer that is to be flushed.
func NewCanvas(w io.Writer) *Canvas { return &Canvas{w: bufio.NewWriter(w)} }

// Printf writes markup; text arguments must be escaped by the caller.
func (c *Canvas) Printf(format string, args ...any) { fmt.Fprintf(c.w, format, args...) }

// Flush writes what is in the buffer and returns the first error of all writing.
func (c *Canvas) Flush() error { return c.w.Flush() }

// Text writes a line of text of a class at (x, y).
func (c *Canvas) Text(x, y float64, class, anchor, s string) {
	b := append(make([]byte, 0, 256), `<text x="`...)
	b = strconv.AppendFloat(b, x, 'f', 1, 64)
	b = strconv.AppendFloat(append(b, `" y="`...), y, 'f', 1, 64)
	for _, part := range [...]string{`" class="`, class, `" text-anchor="`, anchor, `">`, Escape(s), "</text>\n"} {
		b = append(b, part...)
	}
	if _, err := c.w.Write(b); err != nil {
		return // the writer keeps it for Flush
	}
}

// Escape makes s safe as XML text and attribute value. Characters that XML does
// not allow become U+FFFD.
func Escape(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '&':
			b.WriteString("&amp;")
		case r == '"':
			b.WriteString("&quot;")
		case r == '\n' || r == '\t' || r == '\r':
			b.WriteByte(' ')
		case unicode.IsControl(r) || r == utf8.RuneError || r == 0xfffe || r == 0xffff:
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// plain reports whether s is text of printable ASCII that needs no escaping.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '<' || c == '>' || c == '&' || c == '"' {
			return false
		}
	}
	return true
}

// TextWidth estimates the width of s at a font size.
func TextWidth(s string, size float64) float64 {
	w := 0.0
	for _, r := range s {
		w += RuneWidth(r)
	}
	return w * size
}

// RuneWidth is the width of a character at font size 1.
func RuneWidth(r rune) float64 {
	switch r {
	case 'i', 'l', 'j', 't', 'f', 'r', '.', ',', ':', ';', '\'', '|', '!', '(', ')', '[', ']', ' ':
		return 0.38
	case 'm', 'w', '%', '@':
		return 0.76
	}
	switch {
	case r > 0x2e80: // ideographs take a full square
		return 1
	case 'A' <= r && r <= 'Z', r >= utf8.RuneSelf && unicode.IsUpper(r):
		return 0.76
	}
	return 0.61
}

// Shorten cuts s, at a word where it can, so that it takes at most width at a
// font size.
func Shorten(s string, width, size float64) string {
	if TextWidth(s, size) <= width {
		return s
	}
	w, cut := RuneWidth('…')*size, ""
	for i, r := range s {
		if w += RuneWidth(r) * size; w > width {
			cut = s[:i]
			break
		}
	}
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)*2/3 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,.;:-") + "…"
}
