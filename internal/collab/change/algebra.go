package change

import "github.com/hindcast/hindcast"

// mismatched is the error of sets that are not of the same text.
func mismatched() error {
	return hindcast.Errorf(hindcast.Invalid, "the changes are not of the same text")
}

// Then returns the change that makes s and then t. It fails with Invalid unless
// t changes what s leaves.
func (s Set) Then(t Set) (Set, error) {
	if s.After() != t.Before() {
		return Set{}, mismatched()
	}
	if s.Empty() {
		return t, nil
	}
	if t.Empty() {
		return s, nil
	}
	var out builder
	a, b := iterate(s), iterate(t)
	open := false
	for !a.done || !b.done {
		switch {
		case !a.done && !a.keep && a.ins() == 0: // removed by s
			out.join(section{len: a.len}, open)
			a.next()
		case !b.done && b.len == 0: // added by t
			out.join(section{text: b.rest()}, open)
			b.next()
		case a.done || b.done:
			return Set{}, mismatched()
		default:
			open = both(&out, a, b, open)
		}
	}
	return out.set(), nil
}

// both takes a piece that s leaves and t starts from. It returns whether the next
// piece belongs to the same section.
func both(out *builder, a, b *iterator, open bool) bool {
	n := min(a.after(), b.len)
	before := len(out.sections)
	switch {
	case a.keep && b.keep:
		out.join(section{len: n, keep: true}, open)
	case a.keep:
		out.join(section{len: n, text: b.once()}, open)
	case b.keep:
		out.join(section{len: a.lenOnce(), text: a.rest()[:n]}, open)
	default:
		out.join(section{len: a.lenOnce(), text: b.once()}, open)
	}
	more := !a.keep && a.ins() > n || !b.keep && b.len > n
	open = more && (open || len(out.sections) > before)
	a.forwardAfter(n)
	b.forward(n)
	return open
}

// Over returns s so that it can be made after t, when both are changes of the same
// text. Where both add at one place, t's text comes first, unless before says
// that s is the earlier. s.Then(t.Over(s, false)) and t.Then(s.Over(t, true)) make
// the same text. It fails with Invalid unless both are of texts of one length.
func (s Set) Over(t Set, before bool) (Set, error) {
	if s.Before() != t.Before() {
		return Set{}, mismatched()
	}
	if t.Empty() {
		return s, nil
	}
	var out builder
	a, b := iterate(s), iterate(t)
	written := -1 // the last section of s whose text is out
	for !a.done || !b.done {
		switch {
		case !a.done && !b.done && a.keep && b.keep: // neither touches it
			n := min(a.len, b.len)
			out.add(section{len: n, keep: true})
			a.forward(n)
			b.forward(n)
		case !b.done && !b.keep && (a.done || a.keep || written == a.i || a.off == 0 && (b.len < a.len || b.len == a.len && !before)):
			// t changes something before the next change of s: skip what it adds, and
			// what it removes with the changes of s within.
			out.add(section{len: len(b.text), keep: true})
			written = overlaid(&out, a, b.len, written)
			b.next()
		case !a.done && !a.keep:
			n, left := untouched(a, b)
			x := section{len: n}
			if written < a.i {
				x.text = a.text
			}
			out.add(x)
			written = a.i
			a.forward(a.len - left)
		default:
			return Set{}, mismatched()
		}
	}
	return out.set(), nil
}

// overlaid skips n units of s that t replaces. What s adds within stays.
func overlaid(out *builder, a *iterator, n, written int) int {
	for n > 0 {
		piece := min(a.len, n)
		if !a.keep && written < a.i && a.len <= piece {
			out.add(section{text: a.text})
			written = a.i
		}
		a.forward(piece)
		n -= piece
	}
	return written
}

// untouched counts the units of a change of s up to the next place where t adds
// something; left is what remains of the change then. What t removed is not
// counted.
func untouched(a, b *iterator) (n, left int) {
	left = a.len
	for left > 0 && !b.done {
		switch {
		case b.keep:
			piece := min(left, b.len)
			n += piece
			left -= piece
			b.forward(piece)
		case b.ins() == 0 && b.len < left:
			left -= b.len
			b.next()
		default:
			return n, left
		}
	}
	return n, left
}

// Place returns where a place in the text before lies after the change. after
// says that the place stays behind what is added at it.
func (s Set) Place(at int, after bool) int {
	a, b := 0, 0 // of the text before, and after
	for _, x := range s.sections {
		end := a + x.len
		switch {
		case x.keep:
			if end > at {
				return b + at - a
			}
		case end > at || end == at && !after && x.len == 0:
			if at == a || !after {
				return b
			}
			return b + len(x.text)
		}
		a, b = end, b+x.after()
	}
	return b
}

// End returns the place behind the last piece that the change adds or removes, in
// the text after.
func (s Set) End() int {
	at, end := 0, 0
	for _, x := range s.sections {
		at += x.after()
		if !x.keep {
			end = at
		}
	}
	return end
}

// iterator walks through a set in pieces.
type iterator struct {
	section // what is left of it; of text all
	set     Set
	i       int // of the next section
	off     int // how much of the section is behind
	done    bool
}

func iterate(s Set) *iterator {
	it := &iterator{set: s}
	it.next()
	return it
}

func (it *iterator) next() {
	it.off = 0
	if it.i == len(it.set.sections) {
		it.section, it.done = section{}, true
		return
	}
	it.section = it.set.sections[it.i]
	it.i++
}

// ins is what is left of the text that is added, when the text is walked through.
func (it *iterator) ins() int { return len(it.text) }

// rest is the same as text.
func (it *iterator) rest() []uint16 { return it.text }

// once returns the text for the first piece of a section, and nothing for others.
func (it *iterator) once() []uint16 {
	if it.off > 0 {
		return nil
	}
	return it.text
}

// lenOnce returns the length for the first piece of a section, and 0 for others.
func (it *iterator) lenOnce() int {
	if it.off > 0 {
		return 0
	}
	return it.len
}

// forward walks on in the text before.
func (it *iterator) forward(n int) {
	if n == it.len {
		it.next()
		return
	}
	it.len -= n
	it.off += n
}

// forwardAfter walks on in the text after.
func (it *iterator) forwardAfter(n int) {
	switch {
	case it.keep:
		it.forward(n)
	case n == len(it.text):
		it.next()
	default:
		it.text = it.text[n:]
		it.off += n
	}
}
