package journal

import (
	"bytes"

	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/logname"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

func recognizeVerbose(h record.Head) int {
	clock := logtime.NewClock(&record.File{}, logtime.Habit{})
	heads, fields := 0, 0
	for _, line := range logline.Head(h, 60) {
		if _, ok := head(clock, line); ok {
			heads++
		} else if k, _, ok := bytes.Cut(bytes.TrimLeft(line, " "), []byte{'='}); ok && line[0] == ' ' && isKey(k) {
			fields++
		}
	}
	if heads > 0 && fields > 2*heads {
		return sure
	}
	return 0
}

// head reads the line that an entry begins with: weekday, time and the cursor in
// brackets.
func head(clock *logtime.Clock, line []byte) (s logtime.Stamp, ok bool) {
	if len(line) == 0 || line[0] == ' ' || !bytes.Contains(line[:min(len(line), 80)], []byte(" [s=")) {
		return s, false
	}
	_, rest, _ := bytes.Cut(line, []byte{' '})
	return clock.Read(rest)
}

// verbose reads one file.
type verbose struct {
	file    *record.File
	service []byte
}

func newVerbose(f *record.File, _ record.Head) record.LineParser {
	return &verbose{f, []byte(logname.Service(f.Name))}
}

// Cut implements [record.LineParser].
func (p *verbose) Cut(data []byte, last bool) int {
	if last {
		return len(data)
	}
	clock := logtime.NewClock(p.file, logtime.Habit{})
	return logline.LastStart(data, func(line []byte) bool {
		_, ok := head(clock, line)
		return ok
	})
}

// Chunk implements [record.LineParser].
func (p *verbose) Chunk(data []byte, line int, offset int64, sink record.Sink) {
	clock := logtime.NewClock(p.file, logtime.Habit{})
	bad := logline.Problems{File: p.file, Sink: sink}
	w := logline.Walker{Data: data, Number: line, Offset: offset}
	var e entry
	at, end := record.NoTime, offset
	give := func() {
		if e.any {
			e.give(clock, at, p.service, data[e.log.Offset-offset:end-offset], sink)
		}
	}
	e.begin(p.file, line, offset)
	for l, ok := w.Next(); ok; l, ok = w.Next() {
		if s, ok := head(clock, l.Text); ok {
			give()
			e.begin(p.file, l.Number, l.Offset)
			at, end = s.At, l.Offset+int64(len(l.Text))
			continue
		}
		text := bytes.TrimSpace(l.Text)
		key, value, ok := bytes.Cut(text, []byte{'='})
		indent := len(l.Text) - len(bytes.TrimLeft(l.Text, " "))
		switch own := bytes.HasPrefix(text, []byte("-- ")); {
		case len(text) == 0 || own:
			continue
		case logline.Garbled(l.Text):
			bad.Add(l.Number, "the line is damaged; it was skipped")
			continue
		case ok && isKey(key) && indent > 0 && indent <= fieldIndent:
			e.set(key, value)
		}
		if e.any {
			e.log.EndLine, end = l.Number, l.Offset+int64(len(l.Text))
		}
	}
	give()
	bad.Close()
	clock.Report(sink)
}

// fieldIndent is how far fields are indented; further lines of a value are more.
const fieldIndent = 4
