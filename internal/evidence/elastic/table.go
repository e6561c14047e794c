package elastic

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/csvrec"
	"github.com/hindcast/hindcast/internal/evidence/jsonlog"
	"github.com/hindcast/hindcast/internal/evidence/logfield"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// columns are the names of a table's columns as log records have them; empty
// for those that are left out.
type columns struct {
	comma byte
	line  int // of the header
	names []string
	habit logtime.Habit
	utc   int // column of times of CloudWatch Logs Insights, which are in UTC; -1 for none
}

// settle finds the columns of a table of log records: a time, a message, and
// something that only logs have.
func settle(h record.Head) (columns, bool) {
	t, ok := csvrec.Sniff(h)
	if !ok {
		return columns{}, false
	}
	c := columns{comma: t.Comma, line: t.Line, names: make([]string, len(t.Header)), utc: -1}
	var has [logfield.Roles]bool
	zoned := false
	for i, name := range t.Header {
		name, utc := strings.CutSuffix(name, " [UTC]") // as Azure's portal downloads them
		if utc {
			zoned, c.utc = true, i
		}
		switch name {
		case "_raw", "raw", "Content", "content":
			name = "message"
			has[logfield.Level] = has[logfield.Level] || t.Header[i] == "_raw"
		case "_source":
			continue
		}
		name = member(name)
		c.names[i] = name
		has[logfield.Lookup("", []byte(name)).Role] = true
		if name == "@timestamp" || name == "@message" || name == "_index" || name == "tsNs" {
			has[logfield.Level] = true // these names say log as much as a level does
		}
	}
	if len(t.Header) == 2 && t.Header[0] == "timestamp" && t.Header[1] == "message" && milliseconds(t.Rows) {
		has[logfield.Level] = true // as the console of CloudWatch downloads them
	}
	if !zoned && slices.ContainsFunc(t.Header, func(n string) bool { return n == "@message" || n == "@ptr" || n == "@log" }) {
		c.utc = slices.Index(t.Header, "@timestamp")
	}
	logged := has[logfield.Level] || has[logfield.Service] || has[logfield.Pod] || has[logfield.Container] || has[logfield.Host] || has[logfield.Trace]
	requests := has[logfield.Status] && (has[logfield.Path] || has[logfield.Request] || has[logfield.Name]) && !has[logfield.Message]
	return c, has[logfield.Time] && (has[logfield.Message] || requests) && logged && c.timed(t, requests)
}

// member returns the name of a column without what exports put before the names
// of fields.
func member(name string) string {
	for _, prefix := range []string{"_source.", "jsonPayload.", "resource.labels.", "labels.", "attributes."} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			return rest
		}
	}
	return name
}

// milliseconds reports whether the first cells of rows are milliseconds since 1970.
func milliseconds(rows [][]string) bool {
	return len(rows) > 0 && !slices.ContainsFunc(rows, func(r []string) bool {
		_, err := strconv.ParseUint(r[0], 10, 64)
		return err != nil || len(r[0]) != 13
	})
}

// timed reports whether most rows have a time, and requests a status, and settles the
// order of its numbers.
func (c *columns) timed(t csvrec.Table, requests bool) bool {
	most := 0
	for _, order := range logtime.Orders {
		habit := logtime.Habit{Order: order}
		if n := timed(t, c.names, habit, requests); n > most {
			most, c.habit = n, habit
		}
	}
	return 2*most > len(t.Rows)
}

// timed returns how many rows have a time, and a status if they are requests.
func timed(t csvrec.Table, names []string, habit logtime.Habit, requests bool) (n int) {
	in := jsonlog.NewHabitReader(&record.File{Year: 2000}, habit)
	for _, row := range t.Rows {
		cells := make([][]byte, len(row))
		for i, c := range row {
			cells[i] = []byte(c)
		}
		l := record.Log{At: record.NoTime}
		if in.Read(object(nil, names, cells), &l) && l.At != record.NoTime && (!requests || l.Status > 0) {
			n++
		}
	}
	return n
}

func recognizeTable(h record.Head) int {
	if _, ok := settle(h); ok {
		return 65
	}
	return 0
}

// table parses a table of log records.
type table struct {
	columns
	file *record.File
}

func newTable(f *record.File, h record.Head) record.LineParser {
	c, _ := settle(h) // without columns, every row is a problem
	return &table{c, f}
}

// Cut cuts between rows.
func (t *table) Cut(data []byte, last bool) int {
	if last {
		return len(data)
	}
	return csvrec.Cut(data)
}

// Chunk reads one record from each row.
func (t *table) Chunk(data []byte, line int, offset int64, sink record.Sink) {
	in := jsonlog.NewHabitReader(t.file, t.habit)
	bad := logline.Problems{File: t.file, Sink: sink}
	r := csvrec.Reader{Data: data, Comma: t.comma, Number: line, Offset: offset}
	var buf []byte
	for row, ok := r.Next(); ok; row, ok = r.Next() {
		if row.Line <= t.line {
			continue
		}
		if len(row.Cells) != len(t.names) || row.Open {
			bad.Add(row.Line, "the row is not as long as the header; it was skipped")
			continue
		}
		l := record.Log{File: t.file, Line: row.Line, EndLine: row.EndLine, Offset: row.Offset, At: record.NoTime, Raw: row.Raw}
		if t.utc >= 0 {
			row.Cells[t.utc] = inUTC(row.Cells[t.utc])
		}
		if buf = object(buf[:0], t.names, row.Cells); in.Read(buf, &l) {
			sink.Log(&l)
		}
	}
	in.Report(sink)
	bad.Close()
}

// inUTC returns a time of day with the mark of UTC, unless it has a zone or is a number.
func inUTC(cell []byte) []byte {
	cell = bytes.TrimSpace(cell)
	switch n := len(cell); {
	case n < len("3/5/2026, 2:37:01") || bytes.IndexByte(cell, ':') < 0:
	case cell[n-1] == 'M': // 2:37:01.123 PM
		return append(bytes.Clone(cell), " UTC"...)
	case cell[n-1] >= '0' && cell[n-1] <= '9' && bytes.LastIndexAny(cell, "+-") < len("2006-01-02"):
		return append(bytes.Clone(cell), 'Z')
	}
	return cell
}

// object appends a row as a JSON object, which is how log records are read.
func object(out []byte, names []string, cells [][]byte) []byte {
	out = append(out, '{')
	for i, name := range names {
		cell := bytes.TrimSpace(cells[i])
		if n := len(cell); n > 2 && cell[0] == '"' && cell[n-1] == '"' { // quoted twice, as Datadog did
			cell = cell[1 : n-1]
		}
		if name == "" || len(cell) == 0 || len(cell) == 1 && cell[0] == '-' {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(quote(out, []byte(name)), ':')
		if name == "labels" && cell[0] == '{' && json.Valid(cell) { // as Grafana exports them
			out = append(out, cell...)
			continue
		}
		out = quote(out, kibanaTime(cell))
	}
	return append(out, '}')
}

// quote appends a JSON string.
func quote(out, s []byte) []byte {
	b, err := json.Marshal(string(s))
	if err != nil { // a string can always be marshaled
		return append(out, `""`...)
	}
	return append(out, b...)
}

// kibanaTime writes "Mar 15, 2024 @ 14:37:21.000" without the comma and the
// sign, as other sources do; anything else it returns as it is.
func kibanaTime(cell []byte) []byte {
	if len(cell) < 24 || len(cell) > 34 || !bytes.Contains(cell, []byte(" @ ")) {
		return cell
	}
	return bytes.Replace(bytes.Replace(cell, []byte(" @ "), []byte(" "), 1), []byte(", "), []byte(" "), 1)
}
