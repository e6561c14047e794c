// Package picture draws what a post-mortem shows as SVG: the same bytes for the
// same input, readable in light and dark, in print and without color, with a
// text alternative for every mark.
//
// Sizes are in CSS pixels. Text widths are estimated for a common sans-serif,
// generously, since the reader's font is not known.
package picture

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// canvas writes SVG elements and keeps the first error.
type canvas struct {
	w *bufio.Writer
}

func newCanvas(w io.Writer) *canvas { return &canvas{w: bufio.NewWriter(w)} }

// printf writes markup; text arguments must be escaped by the caller.
func (c *canvas) printf(format string, args ...any) { fmt.Fprintf(c.w, format, args...) }

// text writes a line of text of a class at (x, y).
func (c *canvas) text(x, y float64, class, anchor, s string) {
	b := append(make([]byte, 0, 256), `<text x="`...)
	b = strconv.AppendFloat(b, x, 'f', 1, 64)
	b = strconv.AppendFloat(append(b, `" y="`...), y, 'f', 1, 64)
	for _, part := range [...]string{`" class="`, class, `" text-anchor="`, anchor, `">`, escape(s), "</text>\n"} {
		b = append(b, part...)
	}
	if _, err := c.w.Write(b); err != nil {
		return // the writer keeps it for Flush
	}
}

// escape makes s safe as XML text and attribute value. Characters that XML does
// not allow become U+FFFD.
func escape(s string) string {
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

// textWidth estimates the width of s at a font size.
func textWidth(s string, size float64) float64 {
	w := 0.0
	for _, r := range s {
		w += runeWidth(r)
	}
	return w * size
}

// runeWidth is the width of a character at font size 1.
func runeWidth(r rune) float64 {
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

// shorten cuts s, at a word where it can, so that it takes at most width at a
// font size.
func shorten(s string, width, size float64) string {
	if textWidth(s, size) <= width {
		return s
	}
	w, cut := runeWidth('…')*size, ""
	for i, r := range s {
		if w += runeWidth(r) * size; w > width {
			cut = s[:i]
			break
		}
	}
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)*2/3 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,.;:-") + "…"
}

// Style is the look shared by all pictures. It holds neither "<" nor "&", and
// reads the same when it is nested inside another rule.
const Style = `svg{color-scheme:light dark;--ink:#1f2328;--soft:#5b626d;--line:#d5d8dd;--lane:#f6f5f2;--paper:#ffffff;--mark:#2f5d8a;--p1:#7d7488;--p2:#e3aa45;--p3:#5b93cc;--p4:#8cc7ab;--on1:#ffffff;--on2:#1f2328;--on3:#0d1b2a;--on4:#1f2328}
@media (prefers-color-scheme:dark){svg{--ink:#e6e4df;--soft:#a3a8b1;--line:#3a3f47;--lane:#1f2226;--paper:#16181b;--mark:#8ab8e6;--p1:#8b8198;--p2:#c8913a;--p3:#4f83b8;--p4:#5f9f83;--on1:#ffffff;--on2:#16181b;--on3:#ffffff;--on4:#16181b}}
text{font-family:system-ui,-apple-system,"Segoe UI","Liberation Sans",sans-serif;font-size:12px;fill:var(--ink)}
.small{font-size:11px}.title{font-size:15px;font-weight:600}.soft{fill:var(--soft)}.num{fill:var(--soft);font-size:11px;font-variant-numeric:tabular-nums}.lane{font-size:11px;fill:var(--soft)}
.paper{fill:var(--paper)}.bg{fill:var(--lane)}.grid{stroke:var(--line);stroke-width:1}.gap{stroke:var(--soft);stroke-width:1;stroke-dasharray:1 4}.through{stroke:var(--mark);stroke-width:1;stroke-dasharray:2 3}
.mark{fill:var(--mark);stroke:var(--mark);stroke-width:1.5}.open{fill:var(--paper)}
.p1{fill:var(--p1)}.p2{fill:var(--p2)}.p3{fill:var(--p3)}.p4{fill:var(--p4)}.on1{fill:var(--on1)}.on2{fill:var(--on2)}.on3{fill:var(--on3)}.on4{fill:var(--on4)}
@media print{svg{--ink:#000;--soft:#333;--line:#bbb;--lane:#fff;--paper:#fff}}
` + causeStyle
