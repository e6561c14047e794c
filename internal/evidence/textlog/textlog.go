// Package textlog reads the logs that programs write as lines of text.
//
// How the lines of a file are written is settled once, from its beginning:
// where the time stands and what columns (level, thread, component, process,
// host) come before the message. No logger is known by name; columns are found
// by what all lines have in common. See [Settle].
//
// A line that does not begin like a record continues the one before, as the
// frames of a stack trace do. Logs without times are read too: then each line
// that is not indented is a record.
package textlog

import (
	"bytes"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/loglevel"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/logname"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// Formats returns the formats of text logs.
func Formats() []record.Format {
	return []record.Format{{
		Name:      "text-log",
		Recognize: recognize,
		Yearless:  func(h record.Head) bool { return settle(h).Yearless() },
		Dayless:   dayless,
		Lines:     func(f *record.File, h record.Head) record.LineParser { return NewParser(f, settle(h)) },
	}}
}

func settle(h record.Head) *Grammar { return SettleLines(logline.Head(h, maxSample)) }

// someDay completes the times of a file that has none.
var someDay = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// dayless returns the first clock of a log whose records have times of day alone.
func dayless(h record.Head) (time.Duration, bool) {
	lines := logline.Head(h, maxSample)
	g := SettleLines(lines)
	if g.timed || g.Wrapped() || len(g.shapes) == 0 {
		return 0, false
	}
	r := g.Reader(&record.File{Day: someDay})
	for _, line := range lines {
		if l := r.Read(line); l.At != record.NoTime {
			return time.Duration(l.At - someDay.UnixNano()), true
		}
	}
	return 0, false
}

// Sureness of recognition. Any format with a signature of its own is surer.
const (
	sureLogfmt   = 40
	sureTimed    = 30
	sureUntimed  = 15 // levels, or times of day without a date
	sureRows     = 8  // times, but the lines are rather those of a table
	sureFallback = 5
)

func recognize(h record.Head) int {
	lines := logline.Head(h, maxSample)
	if len(lines) == 0 || logline.Binary(lines) || document(bytes.TrimSpace(lines[0])) {
		return 0
	}
	g := SettleLines(lines)
	switch {
	case len(g.shapes) == 0 && g.wrap == bare:
		return fallback(lines)
	case !g.timed:
		return sureUntimed
	case len(g.shapes) > 0 && g.shapes[0].pairs:
		return sureLogfmt
	case rows(lines):
		return sureRows
	}
	return sureTimed
}

// rows reports whether lines are those of a table: all hold the same number of
// commas, at least two.
func rows(lines [][]byte) bool {
	want, n := bytes.Count(lines[0], []byte{','}), 0
	for _, l := range lines {
		if bytes.Count(l, []byte{','}) == want {
			n++
		}
	}
	return len(lines) > 2 && want >= 2 && n*20 >= len(lines)*19
}

// document reports whether a first line begins JSON or XML. A log may begin with
// a bracket too, but around a time, a level or a syslog priority.
func document(first []byte) bool {
	second := byte(0)
	if len(first) > 1 {
		second = first[1]
	}
	switch first[0] {
	case '{':
		return true
	case '[':
		return second == 0 || second == '{' || second == '"' || second == ']' || second == '['
	case '<':
		return second == '?' || second == '!' || letter(second)
	}
	return false
}

// fallback recognizes text without any times.
func fallback(lines [][]byte) int {
	garbled := 0
	for _, l := range lines {
		if logline.Garbled(l) {
			garbled++
		}
	}
	if garbled*10 > len(lines) {
		return 0
	}
	return sureFallback
}

// parser reads one file by its grammar.
type parser struct {
	file    *record.File
	g       *Grammar
	service []byte
}

// NewParser returns a parser for a file whose lines are written in g. Records
// that name no service get the one that the file is named after, if any.
func NewParser(f *record.File, g *Grammar) record.LineParser {
	return &parser{file: f, g: g, service: []byte(logname.Service(f.Name))}
}

// Cut implements [record.LineParser]: a chunk ends where a line begins a record.
func (p *parser) Cut(data []byte, last bool) int {
	if last {
		return len(data)
	}
	r := p.g.Reader(p.file)
	var clean []byte
	var l Line
	return logline.LastStart(data, func(line []byte) bool {
		if bytes.IndexByte(line, 0x1b) >= 0 {
			clean = logline.AppendPlain(clean[:0], line)
			line = clean
		}
		r.read(line, &l)
		return l.First
	})
}

// Chunk implements [record.LineParser].
func (p *parser) Chunk(data []byte, line int, offset int64, sink record.Sink) {
	c := chunk{
		parser: p, sink: sink, data: data, start: offset, r: p.g.Reader(p.file),
		bad: logline.Problems{File: p.file, Sink: sink}, colors: bytes.IndexByte(data, 0x1b) >= 0, zeros: bytes.IndexByte(data, 0) >= 0,
	}
	w := logline.Walker{Data: data, Number: line, Offset: offset}
	for l, ok := w.Next(); ok; l, ok = w.Next() {
		c.line(l)
	}
	c.flush()
	c.bad.Close()
	c.r.Report(sink)
}

// chunk is the state of reading one chunk.
type chunk struct {
	*parser
	sink  record.Sink
	data  []byte
	start int64 // offset of data in the file
	r     *Reader
	read  Line // the line read last
	bad   logline.Problems

	colors bool // there are colors in data
	zeros  bool // there are zero bytes in data, as a crash leaves them

	log  record.Log // the record being read
	open bool       // there is one
	torn bool       // it ends inside a quoted value, as far as it was read
	end  int64      // offset of the end of its last line
	text []byte     // the first line of the record without colors, if it had any

	spare  []byte
	second []byte // a message from the second line
}

func (c *chunk) line(l logline.Line) {
	text := l.Text
	if c.zeros && bytes.IndexByte(text, 0) >= 0 {
		c.flush()
		c.bad.Add(l.Number, "the line is damaged; it was skipped")
		return
	}
	if c.colors && bytes.IndexByte(text, 0x1b) >= 0 {
		c.spare = logline.AppendPlain(c.spare[:0], text)
		text = c.spare
	}
	r := &c.read
	switch c.r.read(text, r); {
	case r.First:
		c.flush()
		c.begin(l, r)
	case len(text) == 0:
	case c.cut(l, r.body):
		c.bad.Add(l.Number, "the line is damaged; it was skipped")
	case c.open:
		c.more(l, r.Message)
	default: // the file begins inside a record
		c.begin(l, r)
	}
}

// cut reports whether a line is damaged. One at the end of the file that was
// still being written is not.
func (c *chunk) cut(l logline.Line, body []byte) bool {
	return c.g.corrupt(body) && (l.End > l.Offset+int64(len(l.Text)) || logline.Garbled(body))
}

func (c *chunk) begin(l logline.Line, r *Line) {
	c.open, c.torn, c.end = true, r.Open, l.Offset+int64(len(l.Text))
	c.text, c.spare = c.spare, c.text
	c.log.File, c.log.Line, c.log.EndLine, c.log.Offset = c.file, l.Number, 0, l.Offset
	c.log.At, c.log.Level, c.log.Status, c.log.Message = r.At, r.Level, r.Status, r.Message
	c.log.Service, c.log.Instance, c.log.TraceID, c.log.SpanID = r.Service, r.Instance, r.TraceID, r.SpanID
	if len(c.log.Service) == 0 {
		c.log.Service = c.service
	}
}

// more adds a line to the open record. Where a logger writes its message, or
// level and message, on the second line, they are taken from there.
func (c *chunk) more(l logline.Line, text []byte) {
	if c.log.EndLine == 0 {
		level, n := loglevel.Column(text)
		switch {
		case c.log.Level == hindcast.LevelUnknown && n > 1 && text[n-1] == ':' && level != hindcast.LevelUnknown:
			c.log.Level = level
			c.second = append(c.second[:0], logline.Trim(text[n:])...)
			c.log.Message = c.second
		case !hasLetter(c.log.Message):
			c.second = append(c.second[:0], text...)
			c.log.Message = c.second
		}
	}
	c.torn = c.torn && bytes.IndexByte(text, '"') < 0
	c.log.EndLine, c.end = l.Number, l.Offset+int64(len(l.Text))
}

func (c *chunk) flush() {
	if c.open {
		if c.torn {
			c.bad.Add(c.log.Line, "the record breaks off inside a quoted value; what could be read of it was kept")
		}
		c.log.Raw = c.data[c.log.Offset-c.start : c.end-c.start]
		c.sink.Log(&c.log)
		c.open = false
	}
}
