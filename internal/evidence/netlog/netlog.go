// Package netlog reads what sensors saw on a network, a connection, request or
// alert on each line:
//
//	flow logs of AWS VPC, as CloudWatch Logs and S3 have them  vpc-flow-log
//	Zeek, tab-separated or JSON                                zeek-log
//	Suricata's eve.json                                        suricata-eve
//	AWS WAF, as S3, Firehose and CloudWatch Logs have it       aws-waf-log
//
// The message of a record says who asked whom and what came of it:
// "REJECT tcp 172.31.9.69 -> 172.31.9.12:3389". Sensors are no service, so
// records have none.
package netlog

import (
	"bytes"

	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

const (
	maxSample = 100 // lines of the head that are looked at
	sure      = 85
)

// reader fills l from a line, with a message that is appended to m. ok is false when
// the line is none of the kind. It is for one goroutine at a time.
type reader func(c *logtime.Clock, line []byte, l *record.Log, m []byte) (message []byte, ok bool)

// Formats returns the formats of networks' logs.
func Formats() []record.Format {
	return []record.Format{
		format("vpc-flow-log", "AWS", settleFlow),
		format("zeek-log", "Zeek", settleZeek),
		format("suricata-eve", "Suricata", settleEve),
		format("aws-waf-log", "AWS WAF", settleWAF),
	}
}

// format makes a format of lines. settle makes a reader from the head of a file, nil
// when it is none of the kind.
func format(name, source string, settle func(lines [][]byte) reader) record.Format {
	return record.Format{
		Name: name, Source: source,
		Recognize: func(h record.Head) int {
			lines := logline.Head(h, maxSample)
			read := settle(lines)
			if read == nil {
				return 0
			}
			c := logtime.NewClock(&record.File{}, logtime.Habit{})
			n, all := 0, 0
			for _, line := range lines {
				if len(line) == 0 || comment(line) {
					continue
				}
				all++
				if _, ok := read(c, line, &record.Log{}, nil); ok {
					n++
				}
			}
			if n == 0 || n*5 < (all-1)*4 { // one line may name the columns
				return 0
			}
			return sure
		},
		Lines: func(f *record.File, h record.Head) record.LineParser {
			return &parser{f, func() reader { return settle(logline.Head(h, maxSample)) }}
		},
	}
}

// comment reports whether a line says something about the file.
func comment(line []byte) bool { return line[0] == '#' }

// parser reads one file.
type parser struct {
	file   *record.File
	reader func() reader
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
	c := logtime.NewClock(p.file, logtime.Habit{})
	bad := logline.Problems{File: p.file, Sink: sink}
	w := logline.Walker{Data: data, Number: line, Offset: offset}
	read := p.reader()
	var message []byte
	for l, ok := w.Next(); ok; l, ok = w.Next() {
		if len(l.Text) == 0 || comment(l.Text) {
			continue
		}
		log := record.Log{File: p.file, Line: l.Number, Offset: l.Offset, At: record.NoTime, Raw: l.Text}
		known := read != nil
		if known {
			message, known = read(c, l.Text, &log, message[:0])
		}
		if !known {
			if l.Number > 1 && l.End > l.Offset+int64(len(l.Text)) { // the first line may name columns, the last may still be being written
				bad.Add(l.Number, "the line has no time, or not the columns of the others; it was skipped")
			}
			continue
		}
		log.Message = message
		sink.Log(&log)
	}
	bad.Close()
	c.Report(sink)
}

// words appends words to m, with blanks between them; those that say nothing are
// left out.
func words(m []byte, words ...[]byte) []byte {
	for _, w := range words {
		if len(w) == 0 || len(w) == 1 && w[0] == '-' {
			continue
		}
		if len(m) > 0 {
			m = append(m, ' ')
		}
		m = append(m, w...)
	}
	return m
}

// flow appends who asked whom: from -> to:port.
func flow(m, from, to, port []byte) []byte {
	if len(from) == 0 || len(to) == 0 || from[0] == '-' {
		return m
	}
	m = words(m, from, []byte("->"), to)
	if len(port) > 0 && port[0] != '-' && string(port) != "0" {
		m = append(append(m, ':'), port...)
	}
	return m
}

// pathOf returns the target of a request without its query.
func pathOf(target []byte) []byte {
	path, _, _ := bytes.Cut(target, []byte{'?'})
	return path
}

// timed reads a time that is all of b into l.
func timed(c *logtime.Clock, b []byte, l *record.Log) bool {
	s, ok := c.Read(b)
	if !ok || s.Month == 0 && !s.Epoch || s.N != len(b) {
		return false
	}
	l.At = s.At
	return true
}
