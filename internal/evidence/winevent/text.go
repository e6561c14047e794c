package winevent

import (
	"bytes"

	"github.com/hindcast/hindcast/internal/evidence/loglevel"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// recognizeText knows the first lines of wevtutil's text.
func recognizeText(h record.Head) int {
	lines := logline.Head(h, 4)
	if len(lines) == 4 && begins(lines[0]) && bytes.HasPrefix(lines[1], []byte("  Log Name: ")) && bytes.HasPrefix(lines[2], []byte("  Source: ")) {
		return sure
	}
	return 0
}

// begins reports whether a line begins an event: Event[12]: or Event[12]
func begins(line []byte) bool {
	rest, ok := bytes.CutPrefix(line, []byte("Event["))
	number, rest, closed := bytes.Cut(rest, []byte{']'})
	return ok && closed && len(number) > 0 && len(bytes.Trim(number, "0123456789")) == 0 && len(bytes.Trim(rest, ": ")) == 0
}

// text reads one file of text.
type text struct{ file *record.File }

func newText(f *record.File, _ record.Head) record.LineParser { return &text{f} }

// Cut implements [record.LineParser].
func (p *text) Cut(data []byte, last bool) int {
	if last {
		return len(data)
	}
	return logline.LastStart(data, begins)
}

// Chunk implements [record.LineParser].
func (p *text) Chunk(data []byte, line int, offset int64, sink record.Sink) {
	c := textChunk{clock: logtime.NewClock(p.file, logtime.Habit{}), bad: logline.Problems{File: p.file, Sink: sink}, sink: sink}
	w := logline.Walker{Data: data, Number: line, Offset: offset}
	end := offset
	give := func() {
		if c.open {
			c.log.Raw = data[c.log.Offset-offset : end-offset]
			c.give()
		}
	}
	for l, ok := w.Next(); ok; l, ok = w.Next() {
		if begins(l.Text) {
			give()
			c.open, c.described = true, false
			c.log = record.Log{File: p.file, Line: l.Number, Offset: l.Offset, At: record.NoTime}
		} else if len(bytes.TrimSpace(l.Text)) > 0 {
			c.field(l.Text)
			c.log.EndLine = l.Number
		}
		if len(bytes.TrimSpace(l.Text)) > 0 {
			end = l.Offset + int64(len(l.Text))
		}
	}
	give()
	c.bad.Close()
	c.clock.Report(sink)
}

// textChunk is the reading of one chunk.
type textChunk struct {
	clock     *logtime.Clock
	bad       logline.Problems
	sink      record.Sink
	log       record.Log
	open      bool // there is an event
	described bool // its text follows
}

// field reads a line of an event.
func (c *textChunk) field(line []byte) {
	if c.described {
		if len(c.log.Message) == 0 {
			c.log.Message = logline.Trim(line)
		}
		return
	}
	name, value, _ := bytes.Cut(bytes.TrimSpace(line), []byte{':'})
	value = logline.Trim(value)
	switch string(name) {
	case "Source":
		c.log.Service = value
	case "Date":
		if s, ok := c.clock.Read(value); ok {
			c.log.At = s.At
		}
	case "Level":
		c.log.Level, _ = loglevel.Parse(value)
	case "Computer":
		c.log.Instance = value
	case "Description":
		c.described, c.log.Message = true, value
	}
}

// give passes on the event.
func (c *textChunk) give() {
	if c.log.At == record.NoTime {
		c.bad.Add(c.log.Line, "the event is damaged or has no time; it was skipped")
		return
	}
	c.sink.Log(&c.log)
}
