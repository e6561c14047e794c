package traces

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/evidence/csvrec"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/logname"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// column is what a column of a table of spans holds.
type column uint8

const (
	traceID column = iota
	spanID
	parentID
	operation
	service
	instance
	begin
	end
	duration
	failure // whether the span failed, or its status
	words   // on the failure
	columns
)

// named are the names of the columns, the most telling first, in lower case,
// letters and digits only.
var named = [columns][]string{
	traceID:   {"traceid", "tracetraceid"},
	spanID:    {"spanid", "tracespanid"},
	parentID:  {"parentspanid", "parentid", "traceparentid", "parentspan", "parent"},
	operation: {"spanname", "operationname", "operation", "name", "resource"},
	service:   {"servicename", "service", "resourceservicename"},
	instance:  {"podname", "pod", "k8spodname", "hostname", "host", "instance"},
	begin:     {"starttimeunixnano", "starttime", "start", "startedat", "timestamp", "time", "ts"},
	end:       {"endtimeunixnano", "endtime", "end", "endedat"},
	duration:  {"durationnano", "durationns", "durationnanos", "durationus", "durationmicros", "durationmicroseconds", "durationms", "durationmillis", "durations", "durationseconds", "duration"},
	failure:   {"haserror", "error", "iserror", "statuscode", "status"},
	words:     {"statusmessage", "statusdescription", "errormessage", "exceptionmessage"},
}

// spanTable is the layout of a table with a span in every row.
type spanTable struct {
	table csvrec.Table
	at    [columns]int // -1: none
	unit  time.Duration
}

// settleTable finds the layout; false when the file is no table of spans.
func settleTable(h record.Head) (spanTable, bool) {
	t, ok := csvrec.Sniff(h)
	if !ok {
		return spanTable{}, false
	}
	s := spanTable{table: t}
	header := make([]string, len(t.Header))
	for i, name := range t.Header {
		header[i] = strings.Map(letter, strings.ToLower(name))
	}
	for c := range s.at {
		s.at[c] = -1
		for _, name := range named[c] {
			if i := slices.Index(header, name); i >= 0 {
				s.at[c] = i
				break
			}
		}
	}
	if i := s.at[duration]; i >= 0 {
		s.unit = unitOf(header[i])
	}
	ok = s.at[traceID] >= 0 && s.at[spanID] >= 0 && s.at[parentID] >= 0 && s.at[begin] >= 0 && (s.at[end] >= 0 || s.at[duration] >= 0)
	return s, ok && (s.at[service] >= 0 || s.at[instance] >= 0)
}

func letter(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
		return r
	}
	return -1
}

// unitOf returns the unit that the name of a column of durations states, else
// the one in which collectors write them.
func unitOf(name string) time.Duration {
	switch strings.TrimPrefix(name, "duration") {
	case "us", "micros", "microseconds":
		return time.Microsecond
	case "ms", "millis":
		return time.Millisecond
	case "s", "seconds":
		return time.Second
	}
	return time.Nanosecond
}

func recognizeTable(h record.Head) int {
	if _, ok := settleTable(h); ok {
		return 75
	}
	return 0
}

// tableParser reads a table of spans.
type tableParser struct {
	spanTable
	file *record.File
}

func newTableParser(f *record.File, h record.Head) record.LineParser {
	t, _ := settleTable(h) // without columns, every row is a problem
	return &tableParser{t, f}
}

// Cut cuts between rows.
func (p *tableParser) Cut(data []byte, last bool) int {
	if last {
		return len(data)
	}
	return csvrec.Cut(data)
}

// Chunk reads one span from each row.
func (p *tableParser) Chunk(data []byte, line int, offset int64, sink record.Sink) {
	c := spanRows{tableParser: p, clock: logtime.NewClock(p.file, logtime.Habit{}), sink: sink, names: map[string]string{}}
	bad := logline.Problems{File: p.file, Sink: sink}
	r := csvrec.Reader{Data: data, Comma: p.table.Comma, Number: line, Offset: offset}
	for row, ok := r.Next(); ok; row, ok = r.Next() {
		switch {
		case row.Line <= p.table.Line:
		case len(row.Cells) != len(p.table.Header) || row.Open:
			bad.Add(row.Line, "the row is not as long as the header; it was skipped")
		case !c.row(row):
			bad.Add(row.Line, "the span has no id or no time that can be read; it was skipped")
		}
	}
	c.clock.Report(sink)
	bad.Close()
}

// spanRows is the reading of one chunk.
type spanRows struct {
	*tableParser
	clock *logtime.Clock
	sink  record.Sink
	names map[string]string // names of services, pods and operations, each allocated once
	cells [][]byte
	span  record.Span
}

// row passes on the span of one row, if it has what a span needs.
func (c *spanRows) row(row csvrec.Row) bool {
	c.cells = row.Cells
	id, start := c.cell(spanID), c.cell(begin)
	from, ok := c.clock.Read(start)
	if len(id) == 0 || !ok || from.At == record.NoTime || from.At <= 0 {
		return false
	}
	c.span = record.Span{
		File: c.file, Line: row.Line, TraceID: string(c.cell(traceID)), SpanID: string(id), ParentID: parentOf(c.cell(parentID)),
		Service: c.name(c.cell(service)), Instance: c.name(c.cell(instance)), Operation: c.name(c.cell(operation)),
		Start: from.At, Duration: c.duration(from.At), Error: failedCell(c.cell(failure)),
	}
	if c.span.Service == "" {
		c.span.Service = c.name(logname.Workload(c.cell(instance)))
	}
	if c.span.Error {
		c.span.Message = string(c.cell(words))
	}
	c.sink.Span(&c.span)
	return true
}

// cell returns the cell of a column; empty when the table has none.
func (c *spanRows) cell(col column) []byte {
	if i := c.at[col]; i >= 0 && i < len(c.cells) {
		return bytes.TrimSpace(c.cells[i])
	}
	return nil
}

func (c *spanRows) name(b []byte) string {
	if s, ok := c.names[string(b)]; ok {
		return s
	}
	s := string(b)
	c.names[s] = s
	return s
}

// duration returns how long a span took, by its end or else by its duration.
func (c *spanRows) duration(start int64) time.Duration {
	if to, ok := c.clock.Read(c.cell(end)); ok && to.At != record.NoTime {
		return time.Duration(max(0, to.At-start))
	}
	v, err := strconv.ParseFloat(string(c.cell(duration)), 64)
	if err != nil || !(v >= 0 && v < 1e18/float64(max(c.unit, 1))) {
		return 0
	}
	return time.Duration(v * float64(c.unit))
}

// parentOf returns the parent that a cell names; some write "root" or zeros for
// none.
func parentOf(cell []byte) string {
	if len(bytes.Trim(cell, "0")) == 0 || bytes.EqualFold(cell, []byte("root")) || bytes.EqualFold(cell, []byte("null")) || string(cell) == "-" {
		return ""
	}
	return string(cell)
}

// failedCell reports whether a cell says that the span failed: a truth value, a
// status of OpenTelemetry, an HTTP status or anything else that tells of an error.
func failedCell(cell []byte) bool {
	s := strings.ToLower(string(cell))
	switch {
	case s == "true" || s == "1" || s == "2":
		return true
	case len(s) == 3 && s[0] == '5':
		return s[1] >= '0' && s[1] <= '9'
	}
	return strings.Contains(s, "error") && s != "no error"
}
