// Package change is the algebra of changes of a text that several people write at
// once: the change sets of CodeMirror, in its JSON form and with its rules, so
// that browsers and the server compute the same.
//
// A text is counted in UTF-16 code units, as browsers count, and its lines end
// with "\n". A [Set] goes with texts of one length. Its JSON lists what happens to
// the text from its beginning to its end: a number keeps as many units, a list
// replaces as many units as its first number says by the lines that follow it.
//
//	[4, [0, "very "], 6, [3]]   keeps 4, adds a word, keeps 6, removes 3
//
// No function changes what it is given.
package change

import (
	"slices"
	"unicode/utf16"

	"github.com/hindcast/hindcast"
)

// Set is a change of a text. The zero Set is the one of the empty text that
// changes nothing.
type Set struct {
	sections []section
}

// section is a piece of a text and what becomes of it.
type section struct {
	len  int      // units of the text before
	keep bool     // they stay
	text []uint16 // takes their place, unless they stay
}

// Keep returns the set that changes nothing in a text of n units.
func Keep(n int) Set {
	var b builder
	b.add(section{len: n, keep: true})
	return b.set()
}

// Replace returns the set that puts text in the place of the units from from to
// to in a text of n units.
func Replace(n, from, to int, text []uint16) Set {
	var b builder
	b.add(section{len: from, keep: true})
	b.add(section{len: to - from, text: text})
	b.add(section{len: n - to, keep: true})
	return b.set()
}

// Before returns how many units a text must have to be changed by s.
func (s Set) Before() int {
	n := 0
	for _, x := range s.sections {
		n += x.len
	}
	return n
}

// After returns how many units it has then.
func (s Set) After() int {
	n := 0
	for _, x := range s.sections {
		n += x.after()
	}
	return n
}

// Kept returns how many units stay.
func (s Set) Kept() int {
	n := 0
	for _, x := range s.sections {
		if x.keep {
			n += x.len
		}
	}
	return n
}

// Empty reports whether s changes nothing.
func (s Set) Empty() bool {
	return !slices.ContainsFunc(s.sections, func(x section) bool { return !x.keep })
}

func (x section) after() int {
	if x.keep {
		return x.len
	}
	return len(x.text)
}

// Apply returns a text with the change made. It fails with Invalid when the
// lengths do not fit, and when the change would cut a character in two.
func (s Set) Apply(text []uint16) ([]uint16, error) {
	if s.Before() != len(text) {
		return nil, hindcast.Errorf(hindcast.Invalid, "the change is of a text of %d units, and this one has %d", s.Before(), len(text))
	}
	out := make([]uint16, 0, s.After())
	pos := 0
	for _, x := range s.sections {
		if cuts(text, pos) || cuts(text, pos+x.len) {
			return nil, hindcast.Errorf(hindcast.Invalid, "the change cuts a character in two at unit %d", pos)
		}
		if x.keep {
			out = append(out, text[pos:pos+x.len]...)
		} else {
			out = append(out, x.text...)
		}
		pos += x.len
	}
	return out, nil
}

// cuts reports whether a place lies within a surrogate pair.
func cuts(text []uint16, at int) bool {
	return at > 0 && at < len(text) && high(text[at-1]) && low(text[at])
}

func high(u uint16) bool { return u >= 0xd800 && u < 0xdc00 }
func low(u uint16) bool  { return u >= 0xdc00 && u < 0xe000 }

// Units returns a text as a [Set] counts it. Line ends become "\n", and what is no
// text the replacement character.
func Units(s string) []uint16 {
	units := utf16.Encode([]rune(s))
	if !slices.Contains(units, '\r') {
		return units
	}
	out := units[:0]
	for i, u := range units {
		switch {
		case u != '\r':
			out = append(out, u)
		case i+1 == len(units) || units[i+1] != '\n':
			out = append(out, '\n')
		}
	}
	return out
}

// String returns a text of units as a string.
func String(units []uint16) string { return string(utf16.Decode(units)) }

// builder puts sections together as CodeMirror does, so that equal changes look
// equal.
type builder struct {
	sections []section
}

func (b *builder) add(x section) { b.join(x, false) }

// join adds a section; open makes it a part of the last one.
func (b *builder) join(x section, open bool) {
	if x.len == 0 && (x.keep || len(x.text) == 0) {
		return
	}
	if len(b.sections) == 0 {
		b.sections = append(b.sections, x)
		return
	}
	last := &b.sections[len(b.sections)-1]
	switch {
	case x.keep && last.keep, !x.keep && !last.keep && len(x.text) == 0 && len(last.text) == 0:
		last.len += x.len
	case !x.keep && !last.keep && (open || x.len == 0 && last.len == 0):
		last.len += x.len
		last.text = slices.Concat(last.text, x.text)
	default:
		b.sections = append(b.sections, x)
	}
}

func (b *builder) set() Set { return Set{b.sections} }
