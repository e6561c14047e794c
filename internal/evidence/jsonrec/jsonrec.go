// Package jsonrec cuts JSON evidence into records and remembers where each one
// stood: its first and last physical line and its offset.
//
// It reads one document, NDJSON or values one after another, as a stream, with
// only the current record in memory. A damaged record costs that record alone:
// a string never runs past the end of its line, and a damaged line of NDJSON
// ends where the next line begins.
package jsonrec

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// Limit is the largest record that is read, in bytes; larger ones become problems.
const Limit = 64 << 20

// Record is one JSON value with its place in the file.
type Record struct {
	File    *record.File
	Path    string // of the array it is an element of: "", "items", "data.result"; "" for a top-level value too
	Raw     []byte // valid only during the call
	Line    int    // first physical line, from 1
	EndLine int    // last physical line
	Offset  int64  // of the first byte

	quoted bool // Raw was taken out of a string: what is inside has no place of its own
}

// Ref returns where the record stands. SHA256 is left to the reader of the file.
func (r Record) Ref() hindcast.Ref {
	ref := hindcast.Ref{File: r.File.Name, Line: r.Line, Offset: r.Offset}
	if r.EndLine != r.Line {
		ref.EndLine = r.EndLine
	}
	return ref
}

// Decode unmarshals the record into v. What is wrong with it goes to sink as a
// problem; then it returns false.
func (r Record) Decode(v any, sink record.Sink) bool {
	err := json.Unmarshal(r.Raw, v)
	if err == nil {
		return true
	}
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) && wrongType.Field == "" {
		sink.Problem(r.Problem("a record is expected here (not a JSON " + wrongType.Value + "); it was skipped"))
		return false
	}
	if wrongType != nil {
		sink.Problem(r.Problem("field " + wrongType.Field + " is of a type that this format does not have there (" + wrongType.Value + "); the record was skipped"))
		return false
	}
	sink.Problem(r.Problem("this is not valid JSON; the record was skipped"))
	return false
}

// Problem returns a problem at the record.
func (r Record) Problem(message string) hindcast.Problem {
	return hindcast.Problem{File: r.File.Name, Line: r.Line, Message: message}
}

// Each calls fn for every element of the arrays found at paths, where a path is
// the keys from the top joined by dots and "" is a top-level array. A top-level
// value that holds none of these arrays is a record itself. It returns an error
// only when r fails.
func Each(f *record.File, r io.Reader, sink record.Sink, fn func(Record), paths ...string) error {
	s := scanner{f: f, sink: sink, fn: fn, paths: paths, line: 1, in: bufio.NewReaderSize(r, 64<<10)}
	for {
		c, err := s.in.ReadByte()
		if err != nil {
			s.end()
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		s.byte(c)
		s.offset++
		if c == '\n' {
			s.line++
		}
	}
}

// frame is one open object or array.
type frame struct {
	array  bool
	key    string // of the member being read, in an object
	record bool   // an array whose elements are records
}

type scanner struct {
	f      *record.File
	sink   record.Sink
	fn     func(Record)
	paths  []string
	in     *bufio.Reader
	offset int64
	line   int

	stack    []frame
	str      bool   // inside a string
	escaped  bool   // after a backslash
	text     []byte // last string outside records, for keys
	wantKey  bool
	scalar   bool // inside a bare word or number that is a record
	drop     bool // the top-level value gave records of its own
	buf      []byte
	base     int // len(stack) at the start of the record
	open     bool
	path     string
	first    int
	at       int64
	tooLarge bool
}

func (s *scanner) byte(c byte) {
	if s.str {
		s.inString(c)
		return
	}
	if s.scalar && strings.IndexByte(" \t\r\n,]}[{\"", c) >= 0 {
		s.scalar = false
		s.close()
	}
	if c == '\n' {
		s.keep(c)
		s.resync()
		return
	}
	switch c {
	case ' ', '\t', '\r':
		s.keep(c)
	case '"':
		s.begin()
		s.keep(c)
		s.str, s.text = true, s.text[:0]
	case '{', '[':
		s.push(c)
	case '}', ']':
		s.keep(c)
		s.pop()
	case ',':
		s.keep(c)
		if n := len(s.stack); n > 0 && !s.stack[n-1].array {
			s.wantKey = true
		}
	case ':':
		s.keep(c)
		if n := len(s.stack); n > 0 && s.wantKey {
			s.stack[n-1].key, s.wantKey = string(s.text), false
		}
	default:
		if s.begin(); s.open && len(s.stack) == s.base {
			s.scalar = true
		}
		s.keep(c)
	}
}

func (s *scanner) inString(c byte) {
	switch {
	case c == '\n':
		s.str, s.escaped = false, false
		s.keep(c)
		s.resync()
		return
	case s.escaped:
		s.escaped = false
	case c == '\\':
		s.escaped = true
	case c == '"':
		s.str = false
		s.keep(c)
		if s.open && len(s.stack) == s.base {
			s.close()
		}
		return
	}
	if len(s.text) < 256 {
		s.text = append(s.text, c)
	}
	s.keep(c)
}

// begin starts a record where a value begins that is one.
func (s *scanner) begin() {
	if s.open {
		return
	}
	n := len(s.stack)
	if n > 0 && !s.stack[n-1].record {
		return
	}
	s.open, s.base, s.first, s.at, s.buf, s.tooLarge = true, n, s.line, s.offset, s.buf[:0], false
	if s.path = ""; n > 0 {
		s.path = s.where()
	} else {
		s.drop = false
	}
}

// where is the path of the innermost array.
func (s *scanner) where() string {
	var keys []string
	for _, f := range s.stack[:len(s.stack)-1] {
		keys = append(keys, f.key)
	}
	return strings.Join(keys, ".")
}

func (s *scanner) push(c byte) {
	n := len(s.stack)
	outer := !s.open || s.base == 0 && !s.inRecordArray()
	if c == '[' && outer && s.objectsOnly() {
		s.stack = append(s.stack, frame{array: true})
		if slices.Contains(s.paths, s.where()) {
			// The records are this array's elements; what was read of the value around it is not one.
			s.stack[n].record, s.open, s.drop, s.buf = true, false, true, s.buf[:0]
			return
		}
		s.stack = s.stack[:n]
	}
	if !s.drop || n > 0 && s.stack[n-1].record {
		s.begin()
	}
	s.keep(c)
	s.stack = append(s.stack, frame{array: c == '['})
	s.wantKey = c == '{'
}

func (s *scanner) inRecordArray() bool {
	return slices.ContainsFunc(s.stack, func(f frame) bool { return f.record })
}

func (s *scanner) objectsOnly() bool {
	return !slices.ContainsFunc(s.stack, func(f frame) bool { return f.array })
}

func (s *scanner) pop() {
	if n := len(s.stack); n > 0 {
		s.stack = s.stack[:n-1]
	}
	s.wantKey = false
	if s.open && len(s.stack) <= s.base {
		s.close()
	}
	if len(s.stack) == 0 {
		s.drop = false
	}
}

func (s *scanner) keep(c byte) {
	if !s.open {
		return
	}
	if len(s.buf) >= Limit {
		s.tooLarge = true
		return
	}
	s.buf = append(s.buf, c)
}

func (s *scanner) close() {
	s.open = false
	rec := Record{File: s.f, Path: s.path, Raw: s.buf, Line: s.first, EndLine: s.line, Offset: s.at}
	if s.tooLarge {
		s.sink.Problem(rec.Problem("the record is larger than 64 MiB; it was skipped"))
		return
	}
	s.fn(rec)
}

// resync ends a damaged line of NDJSON: a top-level record whose first line has
// content but is not complete, with a new record at the start of the next line.
// A line that opens an array is complete: its elements may stand at the left.
func (s *scanner) resync() {
	if !s.open || s.base != 0 || s.first != s.line || bytes.IndexByte(s.buf, '"') < 0 {
		return
	}
	if line := bytes.TrimSpace(s.buf); len(line) < 2 || line[len(line)-1] == '[' {
		return
	}
	if next, err := s.in.Peek(1); err != nil || next[0] != '{' {
		return
	}
	s.sink.Problem(hindcast.Problem{File: s.f.Name, Line: s.first, Message: "this is not valid JSON; the line was skipped"})
	s.open, s.stack, s.wantKey, s.scalar = false, s.stack[:0], false, false
}

// end reports what the end of the file cut off.
func (s *scanner) end() {
	if s.scalar {
		s.scalar = false
		s.close()
		return
	}
	if s.open {
		s.sink.Problem(hindcast.Problem{File: s.f.Name, Line: s.first, Message: "the file ends inside the record that begins here; export it again"})
		return
	}
	if len(s.stack) > 0 {
		s.sink.Problem(hindcast.Problem{File: s.f.Name, Line: s.line, Message: "the file ends before its JSON does; records after this line are missing, export it again"})
	}
}
