// Package jsonlog reads logs whose records are JSON objects, one on a line,
// whatever names the logger gives to time, level, service and message.
//
// Objects may be wrapped by a container runtime or syslog, and a message may be
// a record itself: JSON, logfmt or a raw line with a header. Then what is
// inside is read too, and counts where the record around it says nothing.
// Exports that hold such records in an array are read as well.
package jsonlog

import (
	"bytes"

	"github.com/hindcast/hindcast/internal/evidence/logfield"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/logname"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/textlog"
)

// Formats returns the formats of JSON logs.
func Formats() []record.Format {
	return []record.Format{
		{
			Name:      "json-log",
			Recognize: recognize,
			Yearless: func(h record.Head) bool {
				s := settle(h)
				return s.outer != nil && s.outer.Yearless()
			},
			Lines: func(f *record.File, h record.Head) record.LineParser { return newParser(f, h) },
		},
		arrayFormat(),
		lokiFormat(),
	}
}

// maxSample is how many lines of the head are looked at.
const maxSample = 300

// Sureness of recognition. Formats that know their records by name are surer.
const (
	sureLog     = 40 // time and message
	sureLevel   = 5  // more with a level
	sureOrigin  = 5  // more with a service or pod
	sureTalk    = 25 // time and text, but no level
	sureRecords = 20 // time and nothing else that is known
	sureUntimed = 10
)

func recognize(h record.Head) int {
	if at := bytes.IndexByte(h.Bytes, '{'); at < 0 || at > 1024 {
		return 0
	}
	s := settle(h)
	if s.objects == 0 || s.objects*2 < s.lines {
		return 0
	}
	most := func(n int) bool { return n*2 > s.objects }
	sure := 0
	switch {
	case !most(s.has[logfield.Time]) && s.outer == nil:
		if most(s.has[logfield.Message]) {
			sure = sureUntimed
		}
		return sure
	case most(s.has[logfield.Message]) && most(s.named), most(s.has[logfield.Status]):
		sure = sureLog
	case most(s.has[logfield.Message]) && !most(s.has[logfield.Level]):
		return sureTalk
	case most(s.has[logfield.Level]):
		sure = sureLog
	default:
		return sureRecords
	}
	if most(s.has[logfield.Level]) {
		sure += sureLevel
	}
	if most(s.has[logfield.Service]) || most(s.has[logfield.Pod]) {
		sure += sureOrigin
	}
	return sure
}

// settled is what the head of a file shows.
type settled struct {
	outer    *textlog.Grammar // what stands before the objects; nil for nothing
	messages [][]byte
	strays   [][]byte // lines without an object

	lines, objects int
	has            [logfield.Roles]int // objects by role that they have
	named          int                 // objects whose message has a name that mostly logs use
}

// settle looks at the lines of the head.
func settle(h record.Head) *settled {
	s := &settled{}
	sample := logline.Head(h, maxSample)
	direct := 0
	for _, line := range sample {
		if line[space(line, 0)] == '{' {
			direct++
		}
	}
	if direct*2 < len(sample) {
		if s.outer = textlog.SettleLines(sample); !s.outer.Timed() && !s.outer.Wrapped() {
			s.outer = nil
		}
	}
	var outer *textlog.Reader
	if s.outer != nil {
		outer = s.outer.Reader(&record.File{})
	}
	scan := scanner{rec: &logfield.Record{}}
	for _, line := range sample {
		s.look(&scan, outer, line)
	}
	return s
}

func (s *settled) look(scan *scanner, outer *textlog.Reader, line []byte) {
	s.lines++
	if outer != nil {
		line = outer.Read(line).Message
	}
	scan.rec.Reset()
	if len(line) == 0 || line[0] != '{' || !scan.scan(line, 0) {
		if len(line) > 0 && line[0] != '{' {
			s.strays = append(s.strays, line)
		}
		return
	}
	s.objects++
	for role := range s.has {
		if scan.rec.Has(logfield.Role(role)) {
			s.has[role]++
		}
	}
	if scan.rec.Logged() {
		s.named++
	}
	if m := scan.rec.Text(logfield.Message); clockAhead(m) {
		s.messages = append(s.messages, bytes.Clone(m))
	}
}

// parser reads one file.
type parser struct {
	file    *record.File
	outer   *textlog.Grammar
	inner   *textlog.Grammar
	stray   *textlog.Grammar
	mixed   bool // lines without an object are to be expected
	service []byte
}

func newParser(f *record.File, h record.Head) *parser {
	s := settle(h)
	return &parser{
		file: f, outer: s.outer, inner: textlog.SettleMessages(s.messages), stray: textlog.SettleLines(s.strays),
		mixed: len(s.strays)*20 > s.lines, service: []byte(logname.Service(f.Name)),
	}
}

// Cut implements [record.LineParser]. A record begins at a line with an object
// that is not a part of a stack trace.
func (p *parser) Cut(data []byte, last bool) int {
	if last {
		return len(data)
	}
	if p.outer == nil {
		return logline.LastStart(data, begins)
	}
	r := p.outer.Reader(p.file)
	return logline.LastStart(data, func(line []byte) bool { return begins(r.Read(line).Message) })
}

// begins reports whether a line begins a record: it is an object, and not one
// in which Docker has put a further line of a stack trace.
func begins(line []byte) bool {
	if i := space(line, 0); i < len(line) && line[i] == '{' {
		return !traceLine(line[i:])
	}
	return false
}

var dockerLine = []byte(`{"log":"`)

func traceLine(line []byte) bool {
	text, ok := bytes.CutPrefix(line, dockerLine)
	return ok && len(text) > 2 && (text[0] == ' ' || text[0] == '\\' && text[1] == 't')
}
