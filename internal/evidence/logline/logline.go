// Package logline walks over the lines of a chunk of a log file and collects
// what is wrong with them.
package logline

import (
	"bytes"
	"strconv"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// MaxMessage is how many bytes of a line are looked at; the rest of a longer
// line is kept in the evidence but not read.
const MaxMessage = 1 << 20

// Walker steps through the lines of a chunk. Set Data, Number and Offset for
// its first line, then call Next before each line.
type Walker struct {
	Data   []byte // what follows the current line
	Number int    // physical line number the next line has, from 1
	Offset int64  // where the next line begins in the file
}

// Line is one physical line.
type Line struct {
	Text   []byte // without its line end
	Number int
	Offset int64
	End    int64 // offset of what follows the line end
}

// Next returns the next line; ok is false at the end of the chunk.
func (w *Walker) Next() (l Line, ok bool) {
	if len(w.Data) == 0 {
		return Line{}, false
	}
	l = Line{Text: w.Data, Number: w.Number, Offset: w.Offset}
	n := len(w.Data)
	if i := bytes.IndexByte(w.Data, '\n'); i >= 0 {
		l.Text, n = w.Data[:i], i+1
	}
	if k := len(l.Text); k > 0 && l.Text[k-1] == '\r' {
		l.Text = l.Text[:k-1]
	}
	w.Data, w.Number, w.Offset = w.Data[n:], w.Number+1, w.Offset+int64(n)
	l.End = w.Offset
	return l, true
}

// Trim cuts blanks and control bytes off both ends of a text, and what is beyond
// [MaxMessage].
func Trim(b []byte) []byte {
	for len(b) > 0 && b[0] <= ' ' {
		b = b[1:]
	}
	for len(b) > 0 && b[len(b)-1] <= ' ' {
		b = b[:len(b)-1]
	}
	return b[:min(len(b), MaxMessage)]
}

// LastStart returns the offset of the last line in data for which starts holds,
// looking only at lines that are complete; 0 when that is the first line or
// none. It is where a chunk of records that begin with such lines may end.
func LastStart(data []byte, starts func(line []byte) bool) int {
	end := bytes.LastIndexByte(data, '\n')
	for end > 0 {
		begin := bytes.LastIndexByte(data[:end], '\n') + 1
		if begin == 0 {
			return 0
		}
		if starts(bytes.TrimSuffix(data[begin:end], []byte{'\r'})) {
			return begin
		}
		end = begin - 1
	}
	return 0
}

// Head returns up to max complete lines of the beginning of a file, without
// line ends and without empty ones.
func Head(h record.Head, max int) [][]byte {
	w := Walker{Data: h.Bytes, Number: 1}
	if end := bytes.LastIndexByte(h.Bytes, '\n'); !h.Whole && end >= 0 {
		w.Data = h.Bytes[:end+1]
	}
	var lines [][]byte
	for len(lines) < max {
		l, ok := w.Next()
		if !ok {
			break
		}
		if len(bytes.TrimSpace(l.Text)) > 0 {
			lines = append(lines, l.Text)
		}
	}
	return lines
}

// maxProblems is how many problems of a chunk are reported one by one.
const maxProblems = 20

// Problems passes the problems of single lines to a sink, folding those after
// the first 20 of a chunk into one.
type Problems struct {
	File *record.File
	Sink record.Sink

	n           int
	first, last int // lines folded
}

// Add reports what is wrong with a line.
func (p *Problems) Add(line int, message string) {
	if p.n++; p.n <= maxProblems {
		p.Sink.Problem(hindcast.Problem{File: p.File.Name, Line: line, Message: message})
		return
	}
	if p.n == maxProblems+1 {
		p.first = line
	}
	p.last = line
}

// Close reports the problems that were folded.
func (p *Problems) Close() {
	if more := p.n - maxProblems; more > 0 {
		p.Sink.Problem(hindcast.Problem{
			File: p.File.Name, Line: p.first,
			Message: "and " + strconv.Itoa(more) + " more lines up to line " + strconv.Itoa(p.last) + " that could not be read; export the file again",
		})
	}
}

// Binary reports whether so many of the first lines of a file are garbled that it is
// no text, rather than text of which a part was damaged.
func Binary(lines [][]byte) bool {
	garbled := 0
	for _, l := range lines {
		if Garbled(l) {
			garbled++
		}
	}
	return garbled*4 > len(lines) || garbled > 0 && len(lines) == 1
}

// Garbled reports whether a line holds bytes that no text has: NUL or other
// control bytes, or many that are no letters of any encoding.
func Garbled(line []byte) bool {
	bad := 0
	for _, c := range line[:min(len(line), 4096)] {
		switch {
		case c == 0:
			return true
		case c < ' ' && c != '\t' && c != 0x1b && c != '\r' && c != '\f', c == 0x7f:
			bad++
		}
	}
	replaced := bytes.Count(line, []byte("\ufffd"))
	return bad > 0 && bad*20 >= len(line) || bad > 2 || replaced > 0 && replaced*12 >= len(line)
}

// Status returns the HTTP status that is all of b, 100 to 599; 0 when it is none.
func Status(b []byte) int {
	if len(b) != 3 {
		return 0
	}
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	if n < 100 || n > 599 {
		return 0
	}
	return n
}
