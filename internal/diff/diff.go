// Package diff compares two texts: word by word, for people, and by how far they are
// alike at either end.
package diff

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind says what became of a stretch of text.
type Kind uint8

// The kinds.
const (
	Same Kind = iota
	Removed
	Added
)

// Span is a stretch of text that stayed, went or came.
type Span struct {
	Kind Kind
	Text string
}

// limit is how many words are compared one by one; what differs in longer texts
// is shown as removed and added as a whole.
const limit = 4000

// Words returns how b came from a: joining all but the added spans gives a,
// joining all but the removed ones gives b. The order is that of reading, what
// went before what came.
func Words(a, b string) []Span {
	x, y := split(a), split(b)
	head := 0
	for head < len(x) && head < len(y) && x[head] == y[head] {
		head++
	}
	tail := 0
	for tail < len(x)-head && tail < len(y)-head && x[len(x)-1-tail] == y[len(y)-1-tail] {
		tail++
	}
	var out spans
	out.add(Same, x[:head]...)
	out.middle(x[head:len(x)-tail], y[head:len(y)-tail])
	out.add(Same, x[len(x)-tail:]...)
	return out
}

type spans []Span

// add appends words, to the last span when that is of the same kind.
func (s *spans) add(k Kind, words ...string) {
	text := strings.Join(words, "")
	if text == "" {
		return
	}
	if n := len(*s); n > 0 && (*s)[n-1].Kind == k {
		(*s)[n-1].Text += text
		return
	}
	*s = append(*s, Span{k, text})
}

// middle compares by the longest common subsequence.
func (s *spans) middle(x, y []string) {
	if len(x) > limit || len(y) > limit || len(x)*len(y) > limit*limit/4 {
		s.add(Removed, x...)
		s.add(Added, y...)
		return
	}
	width := len(y) + 1
	common := make([]uint16, (len(x)+1)*width) // of x[i:] and y[j:]
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if x[i] == y[j] {
				common[i*width+j] = common[(i+1)*width+j+1] + 1
			} else {
				common[i*width+j] = max(common[(i+1)*width+j], common[i*width+j+1])
			}
		}
	}
	var gone, came []string
	flush := func() {
		s.add(Removed, gone...)
		s.add(Added, came...)
		gone, came = nil, nil
	}
	i, j := 0, 0
	for i < len(x) && j < len(y) {
		switch {
		case x[i] == y[j]:
			flush()
			s.add(Same, x[i])
			i, j = i+1, j+1
		case common[(i+1)*width+j] >= common[i*width+j+1]:
			gone = append(gone, x[i])
			i++
		default:
			came = append(came, y[j])
			j++
		}
	}
	gone, came = append(gone, x[i:]...), append(came, y[j:]...)
	flush()
}

// split cuts a text into words, white space and single other characters.
func split(s string) []string {
	var out []string
	for s != "" {
		r, n := utf8.DecodeRuneInString(s)
		class := classOf(r)
		for class != 0 && n < len(s) {
			next, size := utf8.DecodeRuneInString(s[n:])
			if classOf(next) != class {
				break
			}
			n += size
		}
		out, s = append(out, s[:n]), s[n:]
	}
	return out
}

// classOf returns 1 for what words are made of, 2 for white space, 0 for what
// stands alone.
func classOf(r rune) int {
	switch {
	case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_':
		return 1
	case unicode.IsSpace(r):
		return 2
	}
	return 0
}

// Begin counts the bytes that two texts begin with alike.
func Begin(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// End counts the bytes that two texts end with alike.
func End(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}
