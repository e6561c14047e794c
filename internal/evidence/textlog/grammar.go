package textlog

import (
	"bytes"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/logfield"
	"github.com/hindcast/hindcast/internal/evidence/loglevel"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// Grammar is how the lines of one file are written: what wraps them, and which
// columns stand before the message. It is settled once from the beginning of
// the file by [Settle] and does not change; use a [Reader] to apply it.
type Grammar struct {
	wrap   wrap
	shapes []shape // at most a few; a line is read by the first that fits
	habit  logtime.Habit
	edge   [8]byte // classes of the first bytes of lines, when all begin alike
	edgeN  int
	heads  bool   // records begin with a time; other lines continue them
	ends   []byte // begins what stands behind messages; nil for nothing
	timed  bool   // records carry a date
	years  bool   // and a year
}

// shape is the header of one kind of line.
type shape struct {
	steps []step
	pairs bool // logfmt follows
	timed bool
}

// Wrapped reports whether a container runtime has put a time before every line.
func (g *Grammar) Wrapped() bool { return g.wrap != bare }

// Timed reports whether the records carry a date.
func (g *Grammar) Timed() bool { return g.timed }

// Yearless reports whether the times of the records lack a year.
func (g *Grammar) Yearless() bool { return g.timed && !g.years }

// Line is a line divided into header and message.
type Line struct {
	Header
	Message []byte // without header, and without blanks around it
	Status  int    // HTTP status that the line states, else 0
	// First reports whether a record begins with the line. When it is false
	// the line belongs to the record before, and Message is the whole line.
	First bool
	// Open reports whether a line of logfmt ends inside a quoted value.
	Open bool

	body []byte // a line without header, without what wraps it
}

// Reader applies a grammar to lines. It is for one goroutine at a time.
type Reader struct {
	g      *Grammar
	clock  *logtime.Clock
	around *logtime.Clock   // of what wraps the lines
	fields *logfield.Record // of the line read
	spare  *logfield.Record // of the record before
}

// Reader returns a Reader for the lines of f.
func (g *Grammar) Reader(f *record.File) *Reader {
	return &Reader{g: g, clock: logtime.NewClock(f, g.habit), around: logtime.NewClock(f, logtime.Habit{}), fields: &logfield.Record{}, spare: &logfield.Record{}}
}

// Report sends what the times read so far lack to sink, as problems. What a
// program's own time lacks does not matter where what wraps its lines is dated.
func (r *Reader) Report(sink record.Sink) {
	if r.g.Wrapped() {
		r.around.Report(sink)
		return
	}
	r.clock.Report(sink)
}

// Read divides a line. The result is valid until the next but one line in
// which a record begins.
func (r *Reader) Read(line []byte) Line {
	var l Line
	r.read(line, &l)
	return l
}

// read is [Reader.Read] into l, whatever it holds.
func (r *Reader) read(line []byte, l *Line) {
	if r.g.wrap == bare {
		r.inner(line, l)
		return
	}
	inner, at, wrapped := r.g.wrap.peel(r.around, line)
	r.inner(inner, l)
	if wrapped && at != record.NoTime {
		l.At = at
	}
}

// inner divides a line that nothing wraps.
func (r *Reader) inner(line []byte, l *Line) {
	for i := range r.g.shapes {
		s := &r.g.shapes[i]
		*l = Line{}
		l.At = record.NoTime
		end, ok := s.read(r.clock, line, &l.Header)
		if !ok {
			continue
		}
		l.Message = logline.Trim(line[end:])
		if r.g.ends != nil {
			l.Message = r.g.beforeEnd(l.Message)
		}
		if l.First = !frame(line[end:], l.Message); l.First {
			r.complete(s, l)
		}
		return
	}
	*l = Line{body: line, Message: logline.Trim(line)}
	l.At = record.NoTime
	l.First = !r.g.heads && len(line) > 0 && line[0] != ' ' && line[0] != '\t'
	if l.First {
		l.Level = loglevel.Leading(l.Message)
	}
}

// complete reads from the message what the header does not say.
func (r *Reader) complete(s *shape, l *Line) {
	if s.pairs || l.Level == hindcast.LevelUnknown && startsWithPair(l.Message) {
		r.pairs(l)
		l.Open = s.pairs && r.fields.Open()
	}
	if l.Level == hindcast.LevelUnknown {
		l.Level = loglevel.Leading(l.Message)
		if len(l.Message) > 0 && l.Message[0] == '%' {
			l.Level = severityOf(l.Message)
		}
	}
	if l.Status == 0 {
		l.Status = logfield.StatusOf(l.Message)
	}
}

// read reads the header of a line. ok is false when the line is not of the shape.
func (s *shape) read(c *logtime.Clock, line []byte, h *Header) (end int, ok bool) {
	i, body := 0, 0
	for k := range s.steps {
		st := &s.steps[k]
		j, ok := st.read(c, line, i, h)
		switch {
		case ok:
			i = j
			if st.kind <= letterClock || st.kind == level || st.kind == report {
				body = i
			}
		case st.must:
			return 0, false
		}
	}
	if len(logline.Trim(line[i:])) == 0 {
		return body, true
	}
	return i, true
}

// pairs reads a message in logfmt, if it has level or message as fields.
func (r *Reader) pairs(l *Line) {
	r.fields, r.spare = r.spare, r.fields
	r.fields.Reset()
	_, rest := r.fields.Pairs(l.Message, 0)
	if !r.fields.Has(logfield.Message) && !r.fields.Has(logfield.Level) {
		return
	}
	var rec record.Log
	rec.At, rec.Level, rec.Service, rec.Instance, rec.TraceID, rec.SpanID = l.At, l.Level, l.Service, l.Instance, l.TraceID, l.SpanID
	if l.At != record.NoTime {
		r.fields.Drop(logfield.Time)
	}
	r.fields.Fill(&rec, r.clock)
	l.At, l.Level, l.Service, l.Instance, l.TraceID, l.SpanID, l.Status = rec.At, rec.Level, rec.Service, rec.Instance, rec.TraceID, rec.SpanID, rec.Status
	text := r.fields.Text(logfield.Message)
	if m := r.fields.Message(text, rec.Status); len(m) > 0 {
		l.Message = m
	} else {
		l.Message = rest
	}
}

// frame reports whether what follows a header is a frame of a stack trace that
// a runtime has put a time before: indented, and in the words of one.
func frame(rest, text []byte) bool {
	indent := 0
	for indent < len(rest) && (rest[indent] == ' ' || rest[indent] == '\t') {
		indent++
	}
	return indent > 1 && (bytes.HasPrefix(text, []byte("at ")) || bytes.HasPrefix(text, []byte("... ")) || bytes.HasPrefix(text, []byte("File \"")))
}

// corrupt reports whether a line that begins no record is no continuation
// either: it holds bytes that no text has, or begins like the records do but
// breaks off.
func (g *Grammar) corrupt(line []byte) bool {
	if logline.Garbled(line) {
		return true
	}
	n := min(len(line), g.edgeN)
	return n >= 5 && classes(line[:n]) == string(g.edge[:n])
}

// classes spells bytes by class: 0 for a digit, A for a letter, others as they are.
func classes(b []byte) string {
	out := make([]byte, len(b))
	for i, c := range b {
		out[i] = class(c)
	}
	return string(out)
}

func class(c byte) byte {
	switch {
	case digit(c):
		return '0'
	case letter(c):
		return 'A'
	}
	return c
}

var blank = []byte{' '}
