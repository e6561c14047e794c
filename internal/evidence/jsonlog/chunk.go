package jsonlog

import (
	"bytes"

	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/textlog"
)

// Chunk implements [record.LineParser].
func (p *parser) Chunk(data []byte, line int, offset int64, sink record.Sink) {
	c := chunk{
		parser: p, sink: sink, data: data, start: offset, r: newReader(p.file, p.inner), text: p.stray.Reader(p.file),
		bad: logline.Problems{File: p.file, Sink: sink},
	}
	if p.outer != nil {
		c.around = p.outer.Reader(p.file)
	}
	w := logline.Walker{Data: data, Number: line, Offset: offset}
	for l, ok := w.Next(); ok; l, ok = w.Next() {
		c.line(l)
	}
	c.flush()
	c.bad.Close()
	c.report()
}

// chunk is the state of reading one chunk.
type chunk struct {
	*parser
	sink   record.Sink
	data   []byte
	start  int64 // offset of data in the file
	r      *Reader
	around *textlog.Reader // nil when objects stand alone on their lines
	text   *textlog.Reader
	bad    logline.Problems

	log   record.Log // the record being read
	open  bool       // there is one
	plain bool       // it is text between objects
	end   int64      // offset of the end of its last line
}

func (c *chunk) report() {
	c.r.Report(c.sink)
	if c.around != nil {
		c.around.Report(c.sink)
	}
	if c.mixed {
		c.text.Report(c.sink)
	}
}

func (c *chunk) line(l logline.Line) {
	body := l.Text
	var around textlog.Line
	if c.around != nil {
		around = c.around.Read(body)
		body = around.Message
	}
	i := space(body, 0)
	switch {
	case i == len(body):
	case body[i] != '{' && c.around != nil && !c.outer.Wrapped() && around.First && around.At != record.NoTime:
		c.other(l, &around)
	case body[i] != '{':
		c.stray(l, body, &around)
	case c.open && traceLine(body[i:]):
		c.more(l)
	default:
		c.begin(l, false)
		if c.around != nil {
			c.header(&around.Header)
		}
		if c.open = c.r.Read(body, &c.log); !c.open {
			c.bad.Add(l.Number, "this is not valid JSON; the line was skipped")
		}
	}
}

// stray takes a line between objects. What a program prints past its logger,
// such as a crash, is read as one record of text, a bracket of an array is
// not; among objects alone it is a problem too. It has the time of what is around
// it when it has none itself.
func (c *chunk) stray(l logline.Line, body []byte, around *textlog.Line) {
	if t := bytes.TrimSpace(body); len(t) <= 2 && len(bytes.Trim(t, "[],")) == 0 {
		return
	}
	t := c.text.Read(body)
	if c.open && c.plain && !(c.parser.stray.Timed() && t.First) {
		c.more(l)
		return
	}
	if !c.mixed {
		c.bad.Add(l.Number, "this is not JSON as the lines around it are; it was read as plain text if it is any")
		if logline.Garbled(body) || bytes.Contains(body, []byte("\":")) {
			return
		}
	}
	c.begin(l, true)
	c.header(&t.Header)
	if c.log.At == record.NoTime && around.First {
		c.log.At = around.At
	}
	c.log.Message = t.Message
}

// other takes a record of another program among those of the objects, as a collector
// of a whole machine has them.
func (c *chunk) other(l logline.Line, around *textlog.Line) {
	c.begin(l, true)
	c.header(&around.Header)
	c.log.Message, c.log.Status = around.Message, around.Status
}

// begin ends the open record and begins one at l.
func (c *chunk) begin(l logline.Line, plain bool) {
	c.flush()
	c.open, c.plain, c.end = true, plain, l.Offset+int64(len(l.Text))
	c.log = record.Log{File: c.file, Line: l.Number, Offset: l.Offset, At: record.NoTime}
}

func (c *chunk) header(h *textlog.Header) {
	c.log.At, c.log.Level, c.log.Service, c.log.Instance = h.At, h.Level, h.Service, h.Instance
}

func (c *chunk) more(l logline.Line) {
	c.log.EndLine, c.end = l.Number, l.Offset+int64(len(l.Text))
}

func (c *chunk) flush() {
	if c.open {
		if len(c.log.Service) == 0 {
			c.log.Service = c.service
		}
		c.log.Raw = c.data[c.log.Offset-c.start : c.end-c.start]
		c.sink.Log(&c.log)
		c.open = false
	}
}
