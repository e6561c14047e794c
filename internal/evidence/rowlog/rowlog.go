// Package rowlog reads logs that are rows of columns without a header that names
// all of them, so that a column is known by its place:
//
//	PostgreSQL, log_destination = csvlog           postgres-csvlog
//	Palo Alto Networks, as files or from syslog    paloalto-csv
//	Windows Event Viewer, Save All Events As CSV   windows-events-csv
//	Papertrail, archives                           papertrail-archive
package rowlog

import (
	"bytes"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/csvrec"
	"github.com/hindcast/hindcast/internal/evidence/loglevel"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/logname"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

const (
	maxSample = 100 // rows of the head that are looked at
	sure      = 90  // more than of a history, whose lines have numbers and times too
)

// layout is one kind of rows.
type layout struct {
	name, source string
	// read fills l from the cells of a row, which message may be kept in; ok is false
	// when it is no row of the kind.
	read func(c *logtime.Clock, cells [][]byte, l *record.Log, message []byte) ([]byte, bool)
	// header reports whether a row is one that names columns; nil when there is none.
	header func(cells [][]byte) bool
	commas []byte // what may stand between cells
}

// Formats returns the formats of logs in rows.
func Formats() []record.Format {
	var out []record.Format
	for _, l := range []layout{
		{name: "postgres-csvlog", source: "PostgreSQL", read: readPostgres, commas: []byte(",")},
		{name: "paloalto-csv", source: "Palo Alto Networks", read: readPaloAlto, commas: []byte(",")},
		{name: "windows-events-csv", source: "Windows", read: readWindows, header: windowsHeader, commas: []byte(",\t;")},
		{name: "papertrail-archive", source: "Papertrail", read: readPapertrail, commas: []byte("\t")},
	} {
		out = append(out, record.Format{
			Name: l.name, Source: l.source,
			Recognize: func(h record.Head) int {
				if _, ok := l.settle(h); ok {
					return sure
				}
				return 0
			},
			Lines: func(f *record.File, h record.Head) record.LineParser {
				s, _ := l.settle(h)
				return &parser{l, s, f, []byte(logname.Service(f.Name))}
			},
		})
	}
	return out
}

// settled is what the head of a file tells.
type settled struct {
	comma byte
	habit logtime.Habit
}

// settle finds how a file is written; ok is false when it is none of the kind.
func (l *layout) settle(h record.Head) (settled, bool) {
	data := h.Bytes
	if end := bytes.LastIndexByte(data, '\n'); !h.Whole && end >= 0 {
		data = data[:end+1]
	}
	best, most := settled{comma: l.commas[0]}, 0
	for _, comma := range l.commas {
		for _, order := range logtime.Orders {
			s := settled{comma, logtime.Habit{Order: order}}
			if n := l.count(data, s); n > most {
				best, most = s, n
			}
		}
	}
	return best, most > 0
}

// count returns how many rows are read; 0 when they are fewer than four fifths, or
// a header is missing.
func (l *layout) count(data []byte, s settled) int {
	c := logtime.NewClock(&record.File{Year: 2000}, s.habit)
	r := csvrec.Reader{Data: data, Comma: s.comma, Number: 1}
	n, all := 0, 0
	for row, ok := r.Next(); ok && all < maxSample; row, ok = r.Next() {
		if all == 0 && n == 0 && l.header != nil && row.Line == 1 {
			if !l.header(row.Cells) {
				return 0
			}
			continue
		}
		all++
		if _, ok := l.read(c, row.Cells, &record.Log{}, nil); ok {
			n++
		}
	}
	if n*5 < all*4 {
		return 0
	}
	return n
}

// parser reads one file.
type parser struct {
	layout
	settled
	file    *record.File
	service []byte
}

// Cut implements [record.LineParser]: it cuts between rows.
func (p *parser) Cut(data []byte, last bool) int {
	if last {
		return len(data)
	}
	return csvrec.Cut(data)
}

// Chunk implements [record.LineParser]: each row is a record.
func (p *parser) Chunk(data []byte, line int, offset int64, sink record.Sink) {
	c := logtime.NewClock(p.file, p.habit)
	bad := logline.Problems{File: p.file, Sink: sink}
	r := csvrec.Reader{Data: data, Comma: p.comma, Number: line, Offset: offset}
	var message []byte
	for row, ok := r.Next(); ok; row, ok = r.Next() {
		l := record.Log{File: p.file, Line: row.Line, Offset: row.Offset, At: record.NoTime, Service: p.service, Raw: row.Raw}
		if row.EndLine > row.Line {
			l.EndLine = row.EndLine
		}
		if message, ok = p.read(c, row.Cells, &l, message[:0]); !ok {
			if p.header == nil || !p.header(row.Cells) {
				bad.Add(row.Line, "the row has no time, or not the columns of the others; it was skipped")
			}
			ok = true
			continue
		}
		l.Message = message
		sink.Log(&l)
	}
	bad.Close()
	c.Report(sink)
}

// timed reads a cell that is a time and nothing else into l.
func timed(c *logtime.Clock, cell []byte, l *record.Log) bool {
	s, ok := c.Read(bytes.TrimSpace(cell))
	if !ok || s.Epoch || s.Month == 0 || len(bytes.TrimSpace(bytes.TrimSpace(cell)[s.N:])) > 0 {
		return false
	}
	l.At = s.At
	return true
}

// firstLine appends the first line of a cell to a message.
func firstLine(message, cell []byte) []byte {
	cell = bytes.TrimSpace(cell)
	line, _, _ := bytes.Cut(cell, []byte{'\n'})
	return append(message, logline.Trim(line)...)
}

// Columns of PostgreSQL's csvlog, of which newer versions have more at the end.
const (
	pgTime     = 0
	pgSession  = 5
	pgSeverity = 11
	pgState    = 12
	pgMessage  = 13
	pgColumns  = 23
)

// readPostgres reads a row of csvlog.
func readPostgres(c *logtime.Clock, cells [][]byte, l *record.Log, message []byte) ([]byte, bool) {
	if len(cells) < pgColumns || len(cells[pgState]) != 5 || bytes.IndexByte(cells[pgSession], '.') < 0 || !timed(c, cells[pgTime], l) {
		return message, false
	}
	l.Level, _ = loglevel.Parse(cells[pgSeverity])
	if bytes.HasPrefix(cells[pgSeverity], []byte("DEBUG")) {
		l.Level = hindcast.LevelDebug
	}
	return firstLine(message, cells[pgMessage]), true
}
