package lsp

import (
	"slices"
	"sort"
	"unicode/utf8"
)

// text is the text of a document with where its lines begin. Lines end with
// "\n", "\r\n" or "\r". The bytes are valid UTF-8 and never change.
type text struct {
	source []byte
	lines  []place
}

// place is a place in a text, counted in bytes and in UTF-16 code units.
type place struct {
	bytes, units int
}

func newText(source []byte) text {
	t := text{source: source, lines: []place{{}}}
	at := place{}
	for at.bytes < len(source) {
		c, size := utf8.DecodeRune(source[at.bytes:])
		at = place{at.bytes + size, at.units + utf16Len(c)}
		if c == '\n' || c == '\r' && (at.bytes == len(source) || source[at.bytes] != '\n') {
			t.lines = append(t.lines, at)
		}
	}
	return t
}

func utf16Len(c rune) int {
	if c > 0xFFFF {
		return 2
	}
	return 1
}

// offset returns the byte at a position. What lies beyond the end of a line or
// of the text is its end; what lies within a character is the character's
// beginning.
func (t text) offset(p Position) int {
	if p.Line >= len(t.lines) {
		return len(t.source)
	}
	at := t.lines[max(p.Line, 0)].bytes
	for units := p.Character; units > 0 && at < len(t.source); {
		c, size := utf8.DecodeRune(t.source[at:])
		units -= utf16Len(c)
		if c == '\n' || c == '\r' || units < 0 {
			break
		}
		at += size
	}
	return at
}

// position returns the position of a byte.
func (t text) position(offset int) Position {
	line := sort.Search(len(t.lines), func(i int) bool { return t.lines[i].bytes > offset }) - 1
	units := 0
	for at := t.lines[line].bytes; at < offset; {
		c, size := utf8.DecodeRune(t.source[at:])
		at, units = at+size, units+utf16Len(c)
	}
	return Position{line, units}
}

// positionOfUnit returns the position of a place counted in UTF-16 code units,
// without reading its line.
func (t text) positionOfUnit(units int) Position {
	line := sort.Search(len(t.lines), func(i int) bool { return t.lines[i].units > units }) - 1
	return Position{line, units - t.lines[line].units}
}

// span returns the range of bytes from start up to end.
func (t text) span(start, end int) Range { return Range{t.position(start), t.position(end)} }

// replace returns the text with a range replaced. A range whose ends are in the
// wrong order counts as the one between them.
func (t text) replace(r Range, with string) text {
	from, to := t.offset(r.Start), t.offset(r.End)
	if from > to {
		from, to = to, from
	}
	return newText(slices.Concat(t.source[:from], []byte(with), t.source[to:]))
}
