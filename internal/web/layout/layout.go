// Package layout is what all pages share: the frame with the top bar, the type,
// the colors, and the style of forms, tables and chips.
package layout

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// initials returns the first letters of the first and the last word of a name.
func initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return "?"
	}
	first := func(s string) string { r, _ := utf8.DecodeRuneInString(s); return string(unicode.ToUpper(r)) }
	if len(words) == 1 {
		return first(words[0])
	}
	return first(words[0]) + first(words[len(words)-1])
}
