package accesslog

import (
	"bytes"
	"strconv"

	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/logname"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// parser reads one file by its layout.
type parser struct {
	file     *record.File
	layout   layout
	comments bool // lines that begin with # are no records
	service  []byte
}

func newParser(f *record.File, l layout, comments bool) *parser {
	if l == nil { // asked to read what was not recognized
		l = quoted{timeWord: inBracket, statusWord: behind}
	}
	return &parser{file: f, layout: l, comments: comments, service: []byte(logname.Service(f.Name))}
}

// Cut implements [record.LineParser]: every line is a record.
func (p *parser) Cut(data []byte, last bool) int {
	if last {
		return len(data)
	}
	return bytes.LastIndexByte(data, '\n') + 1
}

// Chunk implements [record.LineParser].
func (p *parser) Chunk(data []byte, line int, offset int64, sink record.Sink) {
	clock := logtime.NewClock(p.file, logtime.Habit{})
	bad := logline.Problems{File: p.file, Sink: sink}
	w := logline.Walker{Data: data, Number: line, Offset: offset}
	log := &record.Log{}
	var message []byte
	for l, ok := w.Next(); ok; l, ok = w.Next() {
		if len(l.Text) == 0 || p.comments && l.Text[0] == '#' {
			continue
		}
		a, ok := p.layout.read(clock, l.Text)
		if !ok {
			if l.End > l.Offset+int64(len(l.Text)) { // the last line may still be being written
				bad.Add(l.Number, "this line is no request as the lines around it are; it was skipped")
			}
			continue
		}
		message = a.appendTo(message[:0])
		*log = record.Log{
			File: p.file, Line: l.Number, Offset: l.Offset, At: a.at.At, Service: p.service, Status: a.status, Message: message, Raw: l.Text,
		}
		sink.Log(log)
	}
	bad.Close()
	clock.Report(sink)
}

// appendTo appends the message: method, path and status.
func (a access) appendTo(b []byte) []byte {
	if a.raw != nil {
		return append(b, a.raw...)
	}
	if len(a.method) > 0 {
		b = append(append(b, a.method...), ' ')
	}
	b = append(b, a.path[:min(len(a.path), logline.MaxMessage)]...)
	if len(b) == 0 {
		b = append(b, "bad request"...)
	}
	return strconv.AppendInt(append(b, ' '), int64(a.status), 10)
}
