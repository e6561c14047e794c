package picture

import (
	"time"

	"github.com/hindcast/hindcast"
)

// Escape makes s safe as XML text and attribute value; see the pictures of this
// package. Characters that XML does not allow become U+FFFD.
func Escape(s string) string { return escape(s) }

// TextWidth estimates the width of s at a font size, generously.
func TextWidth(s string, size float64) float64 { return textWidth(s, size) }

// Shorten cuts s, at a word where it can, so that it takes at most width at a
// font size.
func Shorten(s string, width, size float64) string { return shorten(s, width, size) }

// Band is one phase of an incident with its beginning and end.
type Band struct {
	Name     string
	Class    int // 1 to 4, of the palette in [Style]: "p1"
	From, To time.Time
}

// Bands returns the phases whose beginning and end are known, in order. As of a
// moment, unless that is zero, they are those known by then, and the last one
// goes on to it.
func Bands(p hindcast.Phases, asOf time.Time) []Band {
	var out []Band
	for _, b := range bandsAsOf(p, asOf) {
		out = append(out, Band{b.name, b.class, b.from, b.to})
	}
	return out
}
