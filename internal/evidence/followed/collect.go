package followed

import (
	"bytes"
	"strconv"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/loglevel"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// collector receives the records of one container and puts them where they stand
// in the file. Logs alone are expected.
type collector struct {
	p *parser
	s *stream
}

func (c *collector) Event(hindcast.Event)  {}
func (c *collector) Sample(*record.Sample) {}
func (c *collector) Span(*record.Span)     {}

// Log keeps a record with its texts.
func (c *collector) Log(l *record.Log) {
	own := *l
	first := c.s.places[l.Line-1]
	own.Line, own.Offset = first.line, first.offset
	if l.EndLine > l.Line {
		own.EndLine = c.s.places[l.EndLine-1].line
	}
	if first.at != record.NoTime {
		own.At = first.at
	}
	if own.Level == hindcast.LevelUnknown && own.Status == 0 {
		own.Level = loglevel.Leading(own.Message)
	}
	if len(own.Service) == 0 || string(own.Service) == c.p.named && c.s.service != "" {
		own.Service = []byte(c.s.service)
	}
	own.Instance = []byte(c.s.instance) // a field named host may be that of another
	c.p.hold(own)
}

// Person passes on a person.
func (c *collector) Person(p record.Person) { c.p.sink.Person(p) }

// Problem passes on a problem, of a line with its place in the file.
func (c *collector) Problem(p hindcast.Problem) {
	if p.Line > 0 && p.Line <= len(c.s.places) {
		p.Line = c.s.places[p.Line-1].line
	} else if p.Line == 0 && c.s.places[0].at != record.NoTime {
		return // what a container's times lack does not matter where the prefix is dated
	}
	if p.Line == 0 {
		if c.p.told[p] {
			return
		}
		c.p.told[p] = true
	}
	c.p.sink.Problem(p)
}

// hold keeps a record until those before it are known.
func (p *parser) hold(l record.Log) {
	for _, text := range []*[]byte{&l.Service, &l.Instance, &l.TraceID, &l.SpanID, &l.Message, &l.Raw} {
		*text = p.keep(*text)
	}
	p.held = append(p.held, l)
}

// keep returns a copy of a text.
func (p *parser) keep(text []byte) []byte {
	const block = 64 << 10
	if cap(p.arena)-len(p.arena) < len(text) {
		p.arena = make([]byte, 0, max(block, len(text)))
	}
	n := len(p.arena)
	p.arena = append(p.arena, text...)
	return p.arena[n:len(p.arena):len(p.arena)]
}

// give passes a record on. That a container ended was printed when it did: after
// the record before it.
func (p *parser) give(l *record.Log) {
	if l.At == ended {
		l.At = p.last
	}
	if l.At != record.NoTime {
		p.last = l.At
	}
	p.sink.Log(l)
}

// ended is the time of the end of a container, until it is known.
const ended = record.NoTime + 1

// stray takes a line without a prefix: what the tool says itself, or a further line
// of what a stream holds.
func (p *parser) stray(l logline.Line, text []byte) {
	if len(bytes.TrimSpace(text)) == 0 {
		return
	}
	if p.prefix == streamed && p.now != nil {
		p.now.add(text, place{l.Number, l.Offset, record.NoTime})
		return
	}
	if logline.Garbled(text) {
		p.bad.Add(l.Number, "the line is damaged; it was skipped")
		return
	}
	log := record.Log{File: p.file, Line: l.Number, Offset: l.Offset, At: record.NoTime, Message: logline.Trim(text), Raw: l.Text}
	if name, code, ok := exit(log.Message); ok {
		log.At, log.Level, log.Service, log.Instance = ended, hindcast.LevelError, unnumbered(name), name
		if s := p.ending(name); s != nil {
			log.Service, log.Instance = []byte(s.service), []byte(s.instance)
		}
		if code == 0 {
			log.Level = hindcast.LevelInfo
		}
	}
	p.hold(log)
}

// exit reads "web-1 exited with code 137".
func exit(text []byte) (name []byte, code int, ok bool) {
	name, rest, ok := bytes.Cut(text, []byte(" exited with code "))
	number, _, _ := bytes.Cut(rest, blank)
	code, err := strconv.Atoi(string(number))
	return name, code, ok && err == nil && plain(name)
}

// own reports whether a line is one of the tool itself.
func own(text []byte) bool {
	_, _, ended := exit(text)
	return ended || bytes.HasPrefix(text, []byte("Attaching to ")) || bytes.Contains(text, []byte(" › ")) && (text[0] == '+' || text[0] == '-')
}

// ending returns the container of a name, before which that of the project may
// stand; nil for none.
func (p *parser) ending(name []byte) *stream {
	for _, s := range p.order {
		if before, ok := bytes.CutSuffix(name, []byte(s.instance)); ok && (len(before) == 0 || before[len(before)-1] == '_' || before[len(before)-1] == '-') {
			return s
		}
	}
	return nil
}
