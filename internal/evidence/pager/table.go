package pager

import (
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/csvrec"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

// recognizeTable takes a table of which most rows are steps of pages, with times
// that leave no doubt about day and month.
func recognizeTable(h record.Head) int {
	t, ok := csvrec.Sniff(h)
	if !ok {
		return 0
	}
	columns := fields(t.Header, t.Header)
	if first(columns, times) == "" || first(columns, numbers) == "" || columns["type"] == "" {
		return 0
	}
	if about := strings.ToLower(strings.Join(t.Header, " ")); !strings.Contains(about, "incident") && !strings.Contains(about, "page") && !strings.Contains(about, "alert") {
		return 0 // tickets have numbers and are opened and closed, too
	}
	n := 0
	for _, row := range t.Rows {
		f := fields(t.Header, row)
		_, _, timed := stamp.Parse(first(f, times), time.UTC, 0)
		if timed && !strings.Contains(first(f, times), "/") && isStep(f) {
			n++
		}
	}
	if n*2 > len(t.Rows) {
		return 78
	}
	return 0
}

// typeNames are the names of a column that holds the kinds of steps, and of no other.
var typeNames = []string{"log_entry_type", "event_type", "action", "event", "step"}

// fields are the cells of a row by the names of their columns, as JSON has them:
// "Incident Number" is incident_number.
func fields(header, cells []string) jsonrec.Fields {
	f := jsonrec.Fields{}
	for i, c := range cells[:min(len(cells), len(header))] {
		name := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(header[i])), " ", "_")
		if c = strings.TrimSpace(c); c != "" && f[name] == "" {
			f[name] = c
		}
	}
	if f["type"] == "" {
		f["type"] = first(f, typeNames)
	}
	return f
}

// tableParser reads one table.
type tableParser struct {
	*parser
	file  *record.File
	table csvrec.Table
}

func (p *parser) lines(f *record.File, h record.Head) record.LineParser {
	t, _ := csvrec.Sniff(h) // without a header no row is a step
	return &tableParser{p, f, t}
}

// Cut cuts between rows.
func (p *tableParser) Cut(data []byte, last bool) int {
	if last {
		return len(data)
	}
	return csvrec.Cut(data)
}

// Chunk reads a step from each row.
func (p *tableParser) Chunk(data []byte, line int, offset int64, sink record.Sink) {
	w := fact.NewWriter(p.redactor, p.file, sink)
	rows := csvrec.Reader{Data: data, Comma: p.table.Comma, Number: line, Offset: offset}
	for row, ok := rows.Next(); ok; row, ok = rows.Next() {
		if row.Line <= p.table.Line {
			continue
		}
		cells := make([]string, 0, len(row.Cells))
		for _, c := range row.Cells {
			cells = append(cells, string(c))
		}
		ref := hindcast.Ref{File: p.file.Name, Line: row.Line, Offset: row.Offset}
		if row.EndLine > row.Line {
			ref.EndLine = row.EndLine
		}
		f := fields(p.table.Header, cells)
		p.step(w, ref, f, slices.ContainsFunc([]string{f["tags"], f["labels"]}, fact.Tagged))
	}
}
