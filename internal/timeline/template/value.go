package template

import "bytes"

// value writes the run that begins at i and holds a digit or one of / \ @, and
// returns the index after what it used up.
func (m *masker) value(msg []byte, i int) int {
	end, seen := i, uint8(0)
	for end < len(msg) {
		k := classes[msg[end]]
		if k&run == 0 {
			break
		}
		seen |= k
		end++
	}
	if seen == digit {
		m.variable()
		return end
	}
	if seen&mark != 0 {
		if j := m.locator(msg, i, end); j > 0 {
			return j
		}
	}
	for i < end && (classes[msg[i]] == joint && msg[i] != '+' || classes[msg[i]] == dot) {
		m.put(msg[i])
		i++
	}
	w := msg[i:end]
	n := len(w)
	for n > 1 && stops(w[n-1]) {
		n--
	}
	switch {
	case seen&^word == 0:
		m.word(w, varies(w))
	case hexadecimal(w[:n]), seen&mark != 0 && resolved(w[:n]):
		m.variable()
	default:
		m.words(w[:n], seen)
	}
	m.literal(w[n:])
	return end
}

// word writes a word or a variable for it.
func (m *masker) word(w []byte, varies bool) {
	if varies {
		m.variable()
		return
	}
	m.literal(w)
}

// stops reports whether c ends a sentence or clause rather than a value.
func stops(c byte) bool { return c == '.' || c == ':' || c == '!' || c == '?' }

// hexadecimal reports whether w is made of digits and punctuation, or of
// hexadecimal digits in the way of addresses, times and identifiers.
func hexadecimal(w []byte) bool {
	seen := uint8(0)
	for _, c := range w {
		seen |= hexes[c]
	}
	return seen == hexDigit || seen == hexDigit|hexOther && len(w) >= 6
}

// Kinds of bytes in what [hexadecimal] looks at; 0 for punctuation that stands
// anywhere.
const (
	hexDigit = 1 << iota
	hexOther // letters up to f and colons
	hexNever
)

// hexes holds the kind of every byte.
var hexes = func() (t [256]uint8) {
	for c := range t {
		switch {
		case c >= '0' && c <= '9':
			t[c] = hexDigit
		case c == '.' || c == '-' || c == '+' || c == '_':
		case c|0x20 >= 'a' && c|0x20 <= 'f', c == ':':
			t[c] = hexOther
		default:
			t[c] = hexNever
		}
	}
	return t
}()

// words writes a run word by word.
func (m *masker) words(w []byte, seen uint8) {
	if seen&(dot|dash) != 0 && host(w) {
		m.variable()
		return
	}
	code := seen&(dash|joint) != 0 && numbers(w) > 1
	for i := 0; i < len(w); {
		c := w[i]
		if classes[c]&word == 0 {
			if !sign(w, i) {
				m.put(c)
			}
			i++
			continue
		}
		if seen&dash != 0 {
			if j := identifier(w, i); j > 0 {
				m.variable()
				i = j
				continue
			}
		}
		j, k := i, uint8(0)
		for j < len(w) && classes[w[j]]&word != 0 {
			k |= classes[w[j]]
			j++
		}
		m.word(w[i:j], k&digit != 0 && (code || varies(w[i:j])) || glued(w, j, k) || m.suffix(w[i:j]))
		i = j
	}
}

// numbers returns how many words with digits, but for those behind a dot, a run
// has. Of several, as in "R20-M1-L2", each is part of a code.
func numbers(w []byte) int {
	n, counted := 0, false
	for i, c := range w {
		switch k := classes[c]; {
		case k&word == 0:
			counted = k == dot && i+1 < len(w) && classes[w[i+1]]&digit == 0
		case k == digit && !counted:
			n++
			counted = true
		}
	}
	return n
}

// sign reports whether w[i] is the sign of a number.
func sign(w []byte, i int) bool {
	return (w[i] == '-' || w[i] == '+') && i+1 < len(w) && classes[w[i+1]] == digit &&
		(i == 0 || classes[w[i-1]]&word == 0 || w[i-1] == '_')
}

// glued reports whether the word before j, of the given classes, only begins a
// value: "blk_-42" or "v1.2".
func glued(w []byte, j int, k uint8) bool {
	return j+1 < len(w) && classes[w[j+1]] == digit && (w[j] == '-' && w[j-1] == '_' || w[j] == '.' && k&digit != 0)
}

// suffix reports whether w only goes on with the variable before it: a single
// letter, or the random end of a name whose part before was an identifier, as in
// "api-7d9f8c6b5d-x2x4z": five letters without a vowel.
func (m *masker) suffix(w []byte) bool {
	if m.n < 2 || m.buf[m.n-2] != variable || !m.joins(m.buf[m.n-1]) {
		return false
	}
	return len(w) == 1 || len(w) == 5 && m.buf[m.n-1] == '-' && !bytes.ContainsAny(w, "aeiouAEIOU")
}

// identifier returns the end of groups of hexadecimal digits joined by
// hyphens, with at least one digit, that begin at i; 0 when there are none.
func identifier(w []byte, i int) int {
	digits, joins, j := 0, 0, i
	for ; j < len(w); j++ {
		c := w[j]
		if c >= '0' && c <= '9' {
			digits++
		} else if c == '-' {
			joins++
		} else if c|0x20 < 'a' || c|0x20 > 'f' {
			break
		}
	}
	if digits == 0 || joins == 0 || j-i < 8 || w[j-1] == '-' || j < len(w) && classes[w[j]]&word != 0 {
		return 0
	}
	return j
}

// varies reports whether a word with digits is a value rather than a name: a
// number with or without a unit, an identifier. "ssh2" and "IPv6" are names.
func varies(w []byte) bool {
	if classes[w[0]] == digit {
		return true
	}
	digits, hex, inside := 0, true, false
	for i, c := range w {
		switch k := classes[c]; {
		case k == digit:
			digits++
			if classes[w[i-1]] == under {
				return true
			}
			inside = inside || i+1 < len(w) && classes[w[i+1]] == letter
		case c|0x20 > 'f' || k != letter:
			hex = false
		}
	}
	return digits > 2 || inside && digits > 1 && len(w) >= 16 || hex && len(w) >= 6
}

// constant returns the length of "true", "false", "null" or "nil" at the end
// of w, alone or after a colon; else 0.
func constant(w []byte) int {
	k := w
	if i := bytes.LastIndexByte(w, ':'); i >= 0 {
		k = w[i+1:]
	}
	switch string(k) {
	case "true", "false", "True", "False", "TRUE", "FALSE", "null", "Null", "NULL", "nil", "None":
		return len(k)
	}
	return 0
}

// prose reports whether the constant that begins at i is a word of a sentence,
// as in "contains null values", rather than a value.
func prose(msg []byte, i int) bool {
	if msg[i]|0x20 != 'n' || i > 0 && classes[msg[i-1]] != blank {
		return false
	}
	return i < 2 || msg[i-2] != ':' && msg[i-2] != '='
}
