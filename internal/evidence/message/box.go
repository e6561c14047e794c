package message

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// Box reads the messages of a file one after the other: those of an mbox, or the
// one that a file is. Between calls of [Box.Next] it is the reader of a message.
type Box struct {
	in      *bufio.Reader
	many    bool // it is an mbox
	begun   bool
	last    error // that the file ended with
	rest    []byte
	blank   bool // the line before was empty, or there was none
	whole   bool // the next bytes begin a line
	between bool // the message ended, and its separator was read
	lines   int
	bytes   int64
	line    int
	offset  int64
}

// OpenBox returns a box that reads r.
func OpenBox(r io.Reader) *Box {
	b := &Box{in: bufio.NewReaderSize(r, 64<<10), blank: true, whole: true}
	head, _ := b.in.Peek(1000) // an error shows again at the first read
	b.many = isFrom(firstLine(head))
	return b
}

// Next goes on to the next message, over what is left of the one before. It
// reports whether there is one.
func (b *Box) Next() bool {
	if b.begun && !b.many {
		return false
	}
	if !b.begun && b.many {
		b.fetch() // the first separator
	}
	for b.begun && !b.between && b.last == nil {
		b.fetch()
	}
	b.begun, b.between, b.rest = true, false, nil
	b.line, b.offset = b.lines+1, b.bytes
	if b.last != nil {
		return false
	}
	_, err := b.in.Peek(1)
	return err == nil
}

// Line returns the line on which the message begins, and Offset its first byte.
func (b *Box) Line() int { return b.line }

// Offset returns the first byte of the message.
func (b *Box) Offset() int64 { return b.offset }

// End reads what is left of the message and returns its last line.
func (b *Box) End() (int, error) {
	for !b.between && b.last == nil {
		b.fetch()
	}
	end := b.lines
	if b.between {
		end-- // the separator
	}
	if errors.Is(b.last, io.EOF) || b.last == nil {
		return max(end, b.line), nil
	}
	return max(end, b.line), b.last
}

// Read reads the message.
func (b *Box) Read(p []byte) (int, error) {
	for len(b.rest) == 0 {
		if b.between {
			return 0, io.EOF
		}
		if b.last != nil {
			return 0, b.last
		}
		b.fetch()
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

// fetch reads the next line, or a part of a long one, into rest.
func (b *Box) fetch() {
	part, err := b.in.ReadSlice('\n')
	begins := b.whole
	b.whole = err == nil
	b.bytes += int64(len(part))
	if len(part) > 0 && (err == nil || errors.Is(err, io.EOF)) {
		b.lines++
	}
	if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
		b.last = err
	}
	text := bytes.TrimRight(part, "\r\n")
	b.rest = part
	if b.many && begins {
		if b.blank && isFrom(text) {
			b.between, b.rest = true, nil
		} else if quoted(text) {
			b.rest = part[1:]
		}
	}
	b.blank = begins && len(text) == 0
}

var separator = lazyregexp.New(`^From \S+.*\d\d:\d\d`)

// isFrom reports whether a line begins a message of an mbox.
func isFrom(line []byte) bool {
	return bytes.HasPrefix(line, []byte("From ")) && separator.MatchString(string(line[:min(len(line), 300)]))
}

// quoted reports whether a line was told from one that begins a message.
func quoted(line []byte) bool {
	rest := bytes.TrimLeft(line, ">")
	return len(rest) < len(line) && bytes.HasPrefix(rest, []byte("From "))
}
