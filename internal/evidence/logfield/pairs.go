package logfield

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/hindcast/hindcast/internal/evidence/logline"
)

// Pairs reads logfmt: key=value pairs divided by blanks, values quoted where
// they hold blanks. Words that are no pair are passed over.
//
// It returns the number of pairs and what stands from the first field without
// a role of its own to the end, which is what a record without a message says.
func (r *Record) Pairs(line []byte, behind uint8) (n int, rest []byte) {
	r.memo.Restart()
	for i := 0; i < len(line); {
		start := i
		key, v, next, ok := Pair(line, i)
		i = next
		r.open = r.open || v.Open
		if !ok {
			continue
		}
		n++
		k := r.memo.Lookup("", key)
		r.Set(*k, v, behind)
		if rest == nil && (k.Role == None || k.Role >= Message) {
			rest = line[start:]
		}
	}
	return n, logline.Trim(rest)
}

// Pair reads the pair at line[i:]. next is where the next one may begin, with
// or without a pair here. Where a quote stands instead of a key, next is behind
// its text; if that has no end, v is open.
func Pair(line []byte, i int) (key []byte, v Value, next int, ok bool) {
	for i < len(line) && line[i] <= ' ' {
		i++
	}
	start := i
	for i < len(line) && keyByte(line[i]) {
		i++
	}
	switch {
	case i == start && i < len(line) && line[i] == '"':
		return passQuoted(line, i)
	case i == start || i >= len(line) || line[i] != '=':
		return nil, Value{}, wordEnd(line, i), false
	}
	key = line[start:i]
	if i++; i < len(line) && line[i] == '"' {
		end, escaped := StringEnd(line, i+1)
		if end < 0 { // an open quote runs to the end
			return key, Value{Text: line[i+1:], Quoted: true, Open: true}, len(line), true
		}
		return key, Value{Text: line[i+1 : end], Quoted: true, Escaped: escaped}, end + 1, true
	}
	end := wordEnd(line, i)
	v = Value{Text: bytes.TrimRight(line[i:end], ",")}
	v.Quoted = len(v.Text) > 0 && !digit(v.Text[0])
	return key, v, end, true
}

// passQuoted passes over the quoted text at line[i:], which no key is before.
func passQuoted(line []byte, i int) (key []byte, v Value, next int, ok bool) {
	end, _ := StringEnd(line, i+1)
	if end < 0 {
		return nil, Value{Open: true}, len(line), false
	}
	return nil, Value{}, end + 1, false
}

func wordEnd(line []byte, i int) int {
	for i < len(line) && line[i] > ' ' {
		i++
	}
	return i
}

func keyByte(c byte) bool {
	return c-'a' < 26 || c-'A' < 26 || c-'0' < 10 || c == '_' || c == '.' || c == '-' || c == '@' || c == '/'
}

// StringEnd returns the offset of the quote that ends a string whose text
// begins at b[i:], -1 when there is none, and whether the text holds escapes.
func StringEnd(b []byte, i int) (end int, escaped bool) {
	for i+8 <= len(b) {
		w := binary.LittleEndian.Uint64(b[i:])
		if m := zeroByte(w^quotes) | zeroByte(w^slashes); m != 0 {
			if i += bits.TrailingZeros64(m) / 8; b[i] == '"' {
				return i, escaped
			}
			escaped, i = true, i+2
			continue
		}
		i += 8
	}
	for ; i < len(b); i++ {
		switch b[i] {
		case '"':
			return i, escaped
		case '\\':
			escaped, i = true, i+1
		}
	}
	return -1, escaped
}

const (
	ones    = 0x0101010101010101
	quotes  = '"' * ones
	slashes = '\\' * ones
)

// zeroByte returns a number whose lowest set bit is in the lowest byte of w
// that is zero; 0 when none is.
func zeroByte(w uint64) uint64 { return (w - ones) &^ w & (ones << 7) }

// Unescape appends the text of a JSON string to dst; when oneLine, up to the
// first line end after something else. A broken escape is kept as it is.
func Unescape(dst, s []byte, oneLine bool) []byte {
	empty := true
	for i := 0; i < len(s); {
		c, n := s[i], 1
		if c == '\\' && i+1 < len(s) {
			if s[i+1] == 'u' {
				var ch rune
				ch, n = unicodeEscape(s[i:])
				dst = utf8.AppendRune(dst, ch)
				empty, i = false, i+n
				continue
			}
			c, n = escapes[s[i+1]], 2
			if c == 0 {
				c, n = '\\', 1
			}
		}
		if c == '\n' && oneLine && !empty {
			return dst
		}
		empty = empty && c <= ' '
		dst = append(dst, c)
		i += n
	}
	return dst
}

var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', '\'': '\'', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unicodeEscape reads \uXXXX, or two of them for a rune beyond 16 bits.
func unicodeEscape(s []byte) (ch rune, n int) {
	ch = hex(s)
	if ch < 0 {
		return '\\', 1
	}
	if utf16.IsSurrogate(ch) {
		if low := hex(s[6:]); low >= 0 {
			if both := utf16.DecodeRune(ch, low); both != utf8.RuneError {
				return both, 12
			}
		}
		return utf8.RuneError, 6
	}
	return ch, 6
}

// hex reads \uXXXX at s; -1 when s begins with none.
func hex(s []byte) rune {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return -1
	}
	var ch rune
	for _, c := range s[2:6] {
		switch {
		case c-'0' < 10:
			ch = ch<<4 | rune(c-'0')
		case c|0x20-'a' < 6:
			ch = ch<<4 | rune(c|0x20-'a'+10)
		default:
			return -1
		}
	}
	return ch
}
