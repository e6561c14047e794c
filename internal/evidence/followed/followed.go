// Package followed reads what tools print that follow the logs of several
// containers at once: Docker Compose, Swarm, kubectl, stern, kubetail, the
// command line of AWS. Before every line stands which container wrote it.
//
// Each container's lines are read for themselves, by the format that they have:
// in one file a database writes text, a proxy requests and a service JSON. The
// lines of a stack trace belong together though those of others stand between.
package followed

import (
	"bytes"
	"cmp"
	"io"
	"slices"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/accesslog"
	"github.com/hindcast/hindcast/internal/evidence/jsonlog"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/logname"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/textlog"
)

const (
	maxSample = 400     // lines of the head that are looked at
	window    = 1 << 20 // bytes whose records are put in order
	recent    = 200     // lines, among which a record at the end of a window goes on
	headSize  = 64 << 10
	sure      = 80
)

// Formats returns the format of followed logs.
func Formats() []record.Format {
	return []record.Format{{
		Name: "container-logs",
		Recognize: func(h record.Head) int {
			if _, ok := settle(h); ok {
				return sure
			}
			return 0
		},
		Yearless: yearless,
		Parse:    parse,
	}}
}

// inside returns the formats that lines of one container are in.
func inside() []record.Format {
	return slices.DeleteFunc(slices.Concat(jsonlog.Formats(), accesslog.Formats(), textlog.Formats()), func(f record.Format) bool { return f.Lines == nil })
}

// format returns the format of the lines of one container.
func format(h record.Head) record.Format {
	all := inside()
	best, most := len(all)-1, 0
	for i, f := range all {
		if n := f.Recognize(h); n > most {
			best, most = i, n
		}
	}
	return all[best]
}

// yearless reports whether any container's times lack a year.
func yearless(h record.Head) bool {
	p, ok := settle(h)
	if !ok {
		return false
	}
	c := logtime.NewClock(&record.File{}, logtime.Habit{})
	heads := map[string][]byte{}
	for _, line := range logline.Head(h, maxSample) {
		if inner, l, ok := p.cut(c, bare(line)); ok {
			program := string(l.service) + " " + string(l.container)
			heads[program] = append(append(heads[program], inner...), '\n')
		}
	}
	for _, data := range heads {
		head := record.Head{Name: h.Name, Bytes: data, Whole: true}
		if f := format(head); f.Yearless != nil && f.Yearless(head) {
			return true
		}
	}
	return false
}

func parse(f *record.File, r io.Reader, sink record.Sink) error {
	p := &parser{
		file: f, sink: sink, clock: logtime.NewClock(f, logtime.Habit{}), streams: map[string]*stream{}, readers: map[string]record.LineParser{},
		named: logname.Service(f.Name), last: record.NoTime, told: map[hindcast.Problem]bool{}, bad: logline.Problems{File: f, Sink: sink},
	}
	buf := make([]byte, 0, window)
	for line, offset := 1, int64(0); ; {
		n, err := io.ReadFull(r, buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		ended := err == io.EOF || err == io.ErrUnexpectedEOF
		if err != nil && !ended {
			return err
		}
		if line == 1 && offset == 0 {
			p.prefix, _ = settle(record.Head{Name: f.Name, Bytes: buf[:min(len(buf), headSize)], Whole: len(buf) <= headSize})
		}
		end := bytes.LastIndexByte(buf, '\n') + 1
		if ended || end == 0 && len(buf) > 2*logline.MaxMessage {
			end = len(buf)
		}
		if end == 0 && !ended {
			buf = slices.Grow(buf, window)
			continue
		}
		p.take(buf[:end], line, offset, ended)
		line, offset = line+bytes.Count(buf[:end], []byte{'\n'}), offset+int64(end)
		buf = buf[:copy(buf, buf[end:])]
		if ended {
			p.bad.Close()
			p.clock.Report(sink)
			return nil
		}
	}
}

// parser reads one file.
type parser struct {
	file    *record.File
	sink    record.Sink
	prefix  prefix
	clock   *logtime.Clock // of the prefix
	named   string         // the service that the file is named after
	streams map[string]*stream
	order   []*stream                    // in that of their first lines
	now     *stream                      // whose line was read last
	readers map[string]record.LineParser // by what stream.program is
	held    []record.Log                 // not given yet
	arena   []byte                       // of the texts of held
	last    int64                        // time of the record given last
	bad     logline.Problems
	told    map[hindcast.Problem]bool // problems of the whole file
}

// stream is what one container writes.
type stream struct {
	service, instance string
	program           string  // service and container, of which replicas write alike
	data              []byte  // lines that were not read yet
	places            []place // where each of them stands
}

// place is where a line stands in the file, and the time before it.
type place struct {
	line   int
	offset int64
	at     int64
}

// take reads the lines of a window and gives their records in order.
func (p *parser) take(data []byte, line int, offset int64, ended bool) {
	w := logline.Walker{Data: data, Number: line, Offset: offset}
	for l, ok := w.Next(); ok; l, ok = w.Next() {
		p.line(l)
	}
	for _, s := range p.order {
		p.read(s, w.Number, ended)
	}
	slices.SortStableFunc(p.held, func(a, b record.Log) int { return cmp.Compare(a.Line, b.Line) })
	until := w.Number
	for _, s := range p.order {
		if len(s.places) > 0 {
			until = min(until, s.places[0].line)
		}
	}
	n := 0
	for ; n < len(p.held) && p.held[n].Line < until; n++ {
		p.give(&p.held[n])
	}
	p.held = append(p.held[:0], p.held[n:]...)
}

// line puts a line to those of its container.
func (p *parser) line(l logline.Line) {
	text := bare(l.Text)
	inner, who, ok := p.prefix.cut(p.clock, text)
	if !ok {
		p.stray(l, text)
		return
	}
	program := string(who.service) + " " + string(who.container)
	key := program + " " + string(who.instance)
	s := p.streams[key]
	if s == nil {
		s = &stream{service: string(who.service), instance: string(who.instance), program: program}
		p.streams[key] = s
		p.order = append(p.order, s)
	}
	s.add(inner, place{l.Number, l.Offset, who.at})
	p.now = s
}

func (s *stream) add(text []byte, at place) {
	s.data = append(append(s.data, text...), '\n')
	s.places = append(s.places, at)
}

// read reads the lines of a container whose records are complete. next is the line
// with which the window after this one begins.
func (p *parser) read(s *stream, next int, ended bool) {
	if len(s.places) == 0 {
		return
	}
	r := p.reader(s)
	n := len(s.data)
	if !ended && s.places[len(s.places)-1].line+recent >= next {
		if k := r.Cut(s.data, false); k > 0 && p.prefix != streamed {
			n = k
		}
	}
	for n > 0 {
		size, lines := n, bytes.Count(s.data[:n], []byte{'\n'})
		if p.prefix == streamed {
			size, lines = s.first()
		}
		r.Chunk(s.data[:size], 1, 0, &collector{p, s})
		s.data, s.places = s.data[size:], s.places[lines:]
		n -= size
	}
}

// first returns the size of the first record of a stream in which each has a time
// of its own, in bytes and lines.
func (s *stream) first() (size, lines int) {
	for lines < len(s.places) && (lines == 0 || s.places[lines].at == record.NoTime) {
		size += bytes.IndexByte(s.data[size:], '\n') + 1
		lines++
	}
	return size, lines
}

// reader returns what reads the lines of a container, settled from those that its
// replicas have written so far.
func (p *parser) reader(s *stream) record.LineParser {
	if r := p.readers[s.program]; r != nil {
		return r
	}
	h := record.Head{Name: p.file.Name}
	for _, o := range p.order {
		if o.program == s.program && len(h.Bytes) < headSize {
			h.Bytes = append(h.Bytes, o.data[:min(len(o.data), headSize-len(h.Bytes))]...)
		}
	}
	h.Whole = len(h.Bytes) < headSize
	r := format(h).Lines(p.file, h)
	p.readers[s.program] = r
	return r
}
