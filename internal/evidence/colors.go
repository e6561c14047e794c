package evidence

import (
	"bufio"
	"bytes"
)

// colorAhead begins text that a tool colored for a terminal, as jq -C and git do.
var colorAhead = []byte("\x1b[")

// plainReader removes the colors of terminals from text.
type plainReader struct {
	r *bufio.Reader
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
		var part []byte
		part, p.err = p.r.ReadSlice('\n')
		if p.err == bufio.ErrBufferFull {
			p.err = nil
		}
		p.left = plain(part)
	}
	n := copy(b, p.left)
	p.left = p.left[n:]
	return n, nil
}

// plain returns text without colors: escape sequences that end in m or K. It
// writes over text.
func plain(text []byte) []byte {
	out := text[:0]
	for {
		i := bytes.Index(text, colorAhead)
		if i < 0 {
			return append(out, text...)
		}
		out = append(out, text[:i]...)
		end := i + len(colorAhead)
		for end < len(text) && (text[end] >= '0' && text[end] <= '9' || text[end] == ';') {
			end++
		}
		if end < len(text) && (text[end] == 'm' || text[end] == 'K') {
			text = text[end+1:]
			continue
		}
		out = append(out, text[i:end]...)
		text = text[end:]
	}
}
