package jsonlog

import (
	"bytes"
	"strconv"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/logfield"
	"github.com/hindcast/hindcast/internal/evidence/loglevel"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/textlog"
)

// Reader makes log records of JSON objects. It is for one goroutine at a time.
type Reader struct {
	scanner
	clock *logtime.Clock
	inner *textlog.Reader // for messages that are raw lines
	dated bool            // a record has its time from such a message
}

// NewReader returns a Reader for the objects of f.
func NewReader(f *record.File) *Reader { return newReader(f, textlog.SettleMessages(nil)) }

// NewHabitReader is [NewReader] for objects whose times are written in a way that is
// settled for all of f.
func NewHabitReader(f *record.File, h logtime.Habit) *Reader {
	r := NewReader(f)
	r.clock = logtime.NewClock(f, h)
	return r
}

func newReader(f *record.File, inner *textlog.Grammar) *Reader {
	return &Reader{scanner: scanner{rec: &logfield.Record{}}, clock: logtime.NewClock(f, logtime.Habit{}), inner: inner.Reader(f)}
}

// Report sends what the times read lack to sink, as problems.
func (r *Reader) Report(sink record.Sink) {
	r.clock.Report(sink)
	if r.dated {
		r.inner.Report(sink)
	}
}

// Read fills l from the object in b; what the object does not say is left as it
// is in l. ok is false when b is no complete object. What l points to is valid
// until the next call.
func (r *Reader) Read(b []byte, l *record.Log) (ok bool) {
	r.rec.Reset()
	if !r.scan(b, 0) {
		return false
	}
	text := r.rec.Text(logfield.Message)
	if len(text) > 0 {
		text = r.unwrap(text)
	} else if i := bytes.Index(b, journalBytes); i >= 0 {
		text = byteText(b[i+len(journalBytes):])
	}
	r.rec.Fill(l, r.clock)
	if len(text) > 0 {
		text = r.cutHeader(text, l)
	}
	if l.Status == 0 {
		l.Status = logfield.StatusOf(text)
	}
	if l.Message = r.rec.Message(text, l.Status); len(l.Message) == 0 {
		if l.Message = r.rec.Message(r.pairs(b), 0); len(l.Message) == 0 {
			l.Message = bytes.TrimSpace(b)
		}
	}
	return true
}

// journalBytes begins a message in which journald saw bytes that are no text, such
// as colors; it writes such messages as lists of numbers.
var journalBytes = []byte(`"MESSAGE"`)

// byteText returns the first line of the text whose bytes are listed in b, which
// begins behind a key; nil when none are.
func byteText(b []byte) []byte {
	b = bytes.TrimLeft(b, " \t\r\n:")
	end := bytes.IndexByte(b, ']')
	if end < 0 || b[0] != '[' {
		return nil
	}
	var out []byte
	for _, n := range bytes.Split(b[1:end], []byte{','}) {
		c, err := strconv.ParseUint(string(bytes.TrimSpace(n)), 10, 8)
		if err != nil {
			return nil
		}
		out = append(out, byte(c))
	}
	line, _, _ := bytes.Cut(bytes.TrimSpace(withoutColors(out)), []byte{'\n'})
	return bytes.ToValidUTF8(line, []byte("\ufffd"))
}

// withoutColors removes the escape sequences of terminals.
func withoutColors(b []byte) []byte {
	var out []byte
	for len(b) > 0 {
		i := bytes.Index(b, []byte("\x1b["))
		if i < 0 {
			break
		}
		out, b = append(out, b[:i]...), b[i+2:]
		if i = bytes.IndexFunc(b, func(c rune) bool { return c >= '@' && c <= '~' }); i < 0 {
			return out
		}
		b = b[i+1:]
	}
	return append(out, b...)
}

// unwrap reads a message that is itself a record, in JSON or logfmt. Its fields
// count where the record around it lacks them.
func (r *Reader) unwrap(text []byte) []byte {
	json := text[0] == '{' && text[len(text)-1] == '}'
	if !json && !assigns(text) {
		return text
	}
	own := r.rec.Raw(logfield.Message)
	if json {
		text = r.rec.Whole(logfield.Message)
	}
	r.rec.Drop(logfield.Message)
	if json {
		r.scan(text, 2*logfield.Behind)
	} else {
		r.rec.Pairs(text, 2*logfield.Behind)
	}
	if r.rec.Has(logfield.Message) {
		return r.rec.Text(logfield.Message)
	}
	r.rec.Set(logfield.Key{Role: logfield.Message}, own, 0)
	return text
}

// assigns reports whether a text begins with key=.
func assigns(text []byte) bool {
	for i, c := range text[:min(len(text), 24)] {
		if c == '=' {
			return i > 0
		}
		if !(c|0x20-'a' < 26 || c == '_' || c == '.') {
			return false
		}
	}
	return false
}

// cutHeader cuts the header of a message that is a raw line with a clock of its
// own, and reads from it what the record lacks.
func (r *Reader) cutHeader(text []byte, l *record.Log) []byte {
	if !clockAhead(text) {
		if l.Level == hindcast.LevelUnknown {
			l.Level = loglevel.Leading(text)
		}
		return text
	}
	line := r.inner.Read(text)
	if l.At == record.NoTime && line.At != record.NoTime {
		l.At, r.dated = line.At, true
	}
	if l.Level == hindcast.LevelUnknown {
		l.Level = line.Level
	}
	if len(l.TraceID) == 0 {
		l.TraceID, l.SpanID = line.TraceID, line.SpanID
	}
	if len(l.Service) == 0 {
		l.Service = line.Service
	}
	if len(line.Message) == 0 {
		return text
	}
	return line.Message
}

// clockAhead reports whether a time of day or an epoch may stand near the
// beginning of text.
func clockAhead(text []byte) bool {
	head := text[:min(len(text), 64)]
	for i := 0; ; {
		n := bytes.IndexByte(head[i:], ':')
		if n < 0 {
			break
		}
		if i += n; i > 0 && i+1 < len(head) && head[i-1]-'0' < 10 && head[i+1]-'0' < 10 {
			return true
		}
		i++
	}
	return len(head) > 10 && head[0] == '1' && head[9]-'0' < 10 && head[4]-'0' < 10
}
