package template

import (
	"bytes"
	"encoding/binary"
	"math/bits"

	"github.com/hindcast/hindcast/internal/timeline/template/tally"
)

// stencil is the literal text of a message with holes where values stood. A
// message that fits has the shape of the one before, without being masked. That
// holds because how a message is masked depends on the text before and on no
// more of what follows than the text between two holes; messages for which that
// is not sure are not made stencils of, see [masker.loose].
type stencil struct {
	table *table
	tally *tally.Tally
	id    Shape
	text  []byte // of the message it was made of
	holes []hole
}

// hole is a value in the text of a stencil.
type hole struct {
	from, to int
	out      string // what is written for it
}

const (
	maxStencil = 512 // bytes of a message that becomes a stencil
	maxHoles   = 12
	patience   = 16 // messages that fit none before the older stencil goes
)

// stencils remember messages by how they begin.
type stencils [512]struct {
	pair   [2]*stencil // the newer one first
	misses int
}

// slot returns where a message in a table is remembered: by its first bytes, up
// to the run with the first digit.
func slot(table int, msg []byte) int {
	if len(msg) < 16 {
		msg = append(make([]byte, 0, 16), msg...)[:16]
	}
	a, b := binary.LittleEndian.Uint64(msg), binary.LittleEndian.Uint64(msg[8:])
	i := firstDigit(a)
	if i == 8 {
		i += firstDigit(b)
	}
	if i < 16 {
		for i > 0 && classes[msg[i-1]]&run != 0 {
			i--
		}
		a &= 1<<(8*i) - 1
		b &= 1<<(8*max(i-8, 0)) - 1
	}
	return int(mix(a^mix(b+uint64(table))) % uint64(len(stencils{})))
}

// firstDigit returns the index of the first byte of w, lowest first, that is a
// digit; 8 when there is none.
func firstDigit(w uint64) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	w ^= '0' * ones
	return bits.TrailingZeros64((w-10*ones)&^w&highs) / 8
}

// find returns the stencil that a message fits; nil when there is none.
func (ss *stencils) find(m *masker, t *table, slot int, msg []byte) *stencil {
	for _, s := range ss[slot].pair {
		if s != nil && s.table == t && s.fits(m, msg) {
			return s
		}
	}
	return nil
}

// fits reports whether a message has the text of s and in its holes values that
// are masked as those before.
func (s *stencil) fits(m *masker, msg []byte) bool {
	i, from := 0, 0
	for k := range s.holes {
		h := &s.holes[k]
		if !bytes.HasPrefix(msg[i:], s.text[from:h.from]) {
			return false
		}
		if i = m.fill(h.out, msg, i+h.from-from); i < 0 {
			return false
		}
		from = h.to
	}
	return bytes.Equal(msg[i:], s.text[from:])
}

// fill returns the index after the value that begins at i; -1 when there is none
// or something other than out is written for it.
func (m *masker) fill(out string, msg []byte, i int) int {
	j := i
	for j < len(msg) && classes[msg[j]] == digit {
		j++
	}
	if j > i && (j == len(msg) || classes[msg[j]]&run == 0) { // a number, as most are
		if len(out) == 1 && out[0] == variable {
			return j
		}
		return -1
	}
	for j = i; j < len(msg) && classes[msg[j]]&quiet != 0; {
		j++
	}
	if j == len(msg) || classes[msg[j]]&(digit|mark) == 0 {
		return -1
	}
	m.n, m.route = 0, false
	if i = m.value(msg, i); string(m.buf[:m.n]) != out {
		return -1
	}
	return i
}

// learn remembers a message that has just been masked, if enough like it fitted
// no stencil.
func (ss *stencils) learn(m *masker, t *table, slot int, msg []byte, v *tally.Tally, id Shape) {
	e := &ss[slot]
	if e.misses++; e.pair[1] != nil && e.misses < patience || len(msg) > maxStencil || m.loose || m.held > maxHoles || bytes.IndexByte(m.buf[:m.n], list) >= 0 {
		return
	}
	s := e.pair[1]
	if s == nil {
		s = &stencil{}
	}
	e.pair[0], e.pair[1], e.misses = s, e.pair[0], 0
	s.table, s.tally, s.id = t, v, id
	s.text = append(s.text[:0], msg...)
	s.holes = s.holes[:0]
	for _, h := range m.values[:m.held] {
		if !m.pierce(s, h) {
			s.table = nil // fits nothing
			return
		}
	}
}

// pierce makes a hole of a value in the text of s, unless the value is written
// as it is. It returns false when what is written for it depends on what stands
// before.
func (m *masker) pierce(s *stencil, v value) bool {
	m.n, m.route = 0, false
	m.value(s.text, v.from)
	out := m.buf[:m.n]
	if bytes.IndexByte(out, variable) < 0 {
		return true
	}
	s.holes = append(s.holes, hole{v.from, v.to, string(out)})
	if len(out) > 1 && (v.after <= list || m.joins(v.after)) {
		return false
	}
	return v.from == 0 || s.text[v.from-1] != '<' && s.text[v.from-1] != '('
}
