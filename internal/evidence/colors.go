package evidence

import (
	"bufio"
	"bytes"

	"github.com/hindcast/hindcast/internal/evidence/logline"
)

// colorAhead begins text that a tool colored for a terminal, as jq -C and git do.
var colorAhead = []byte("\x1b[")

// plainReader removes the colors of terminals from text.
type plainReader struct {
	r *bufio.Reader
	// held is the beginning of an escape sequence whose end was not read yet.
	held []byte
	// left is what was read and not yet given out.
	left []byte
	err  error
}

// Read implements [io.Reader].
func (p *plainReader) Read(b []byte) (int, error) {
	for len(p.left) == 0 {
		if p.err != nil {
			return 0, p.err
		}
		part, err := p.r.ReadSlice('\n')
		text := append(p.held, part...)
		p.held = nil
		if err == bufio.ErrBufferFull {
			n := complete(text)
			text, p.held, err = text[:n], bytes.Clone(text[n:]), nil
		}
		p.left, p.err = logline.AppendPlain(text[:0], text), err
	}
	n := copy(b, p.left)
	p.left = p.left[n:]
	return n, nil
}

// longest is how many bytes an escape sequence takes at most.
const longest = 32

// complete returns how much of a text that goes on comes before an escape sequence
// without its end.
func complete(text []byte) int {
	i := bytes.LastIndexByte(text, colorAhead[0])
	if i < 0 || len(text)-i > longest {
		return len(text)
	}
	for _, c := range text[min(i+len(colorAhead), len(text)):] {
		if c >= '@' && c <= '~' {
			return len(text)
		}
	}
	return i
}
