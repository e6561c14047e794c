package incident

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/csvrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

// recognizeTable takes a table of incidents whose times leave no doubt about day
// and month.
func recognizeTable(h record.Head) int {
	t, ok := csvrec.Sniff(h)
	if !ok || len(t.Rows) == 0 {
		return 0
	}
	column := func(names []string) int {
		for _, n := range names {
			if i := slices.IndexFunc(t.Header, func(h string) bool { return fold(h) == n }); i >= 0 {
				return i
			}
		}
		return -1
	}
	opsgenie := column([]string{"tinyid"}) >= 0 && column([]string{"message"}) >= 0 && column([]string{"updatedat"}) >= 0 && column(opened) >= 0
	if !opsgenie && !known(func(names []string) bool { return column(names) >= 0 }) {
		taken := column([]string{"acknowledged"}) // a time, or only whether
		if taken < 0 || column(titles) < 0 || column(opened) < 0 || column(resolved) < 0 || !slices.ContainsFunc(t.Rows, func(r []string) bool { return certain(r[taken]) }) {
			return 0
		}
	}
	fit := 0
	for _, r := range t.Rows {
		if certain(r[column(opened)]) {
			fit++
		}
	}
	if fit*2 > len(t.Rows) {
		return 80
	}
	return 0
}

// certain reports whether a cell is a time that leaves no doubt about day and month.
func certain(cell string) bool {
	if _, ok := stamp.EpochString(cell); ok {
		return true
	}
	_, _, ok := stamp.Parse(cell, time.UTC, 0)
	return ok && !strings.Contains(cell, "/")
}

// tableParser reads one table.
type tableParser struct {
	*parser
	file  *record.File
	table csvrec.Table
}

func (p *parser) lines(f *record.File, h record.Head) record.LineParser {
	t, _ := csvrec.Sniff(h) // without a header no row has a time
	return &tableParser{p, f, t}
}

// Cut cuts between rows.
func (p *tableParser) Cut(data []byte, last bool) int {
	if last {
		return len(data)
	}
	return csvrec.Cut(data)
}

// Chunk reads an incident from each row. Times are in UTC where the header says so.
func (p *tableParser) Chunk(data []byte, line int, offset int64, sink record.Sink) {
	rd := p.reading(p.file, sink, "")
	rows := csvrec.Reader{Data: data, Comma: p.table.Comma, Number: line, Offset: offset}
	for row, ok := rows.Next(); ok; row, ok = rows.Next() {
		if row.Line <= p.table.Line {
			continue
		}
		m := members{}
		for i, c := range row.Cells[:min(len(row.Cells), len(p.table.Header))] {
			cell := strings.TrimSpace(string(c))
			if cell != "" && strings.HasSuffix(p.table.Header[i], "(UTC)") {
				if _, zone, ok := stamp.Parse(cell, time.UTC, 0); ok && zone == "" {
					cell += " UTC"
				}
			}
			if raw, err := json.Marshal(cell); err == nil && cell != "" {
				m[fold(p.table.Header[i])] = raw
			}
		}
		if m["tinyid"] != nil && strings.EqualFold(m.text([]string{"status"}), "closed") { // Opsgenie tells when it was changed last
			m["resolvedat"] = m["updatedat"]
		}
		ref := hindcast.Ref{File: p.file.Name, Line: row.Line, Offset: row.Offset}
		if row.EndLine > row.Line {
			ref.EndLine = row.EndLine
		}
		if m.text(opened) == "" {
			rd.Problem(ref, "the incident has no time at which it was opened; it was skipped")
			continue
		}
		rd.course(ref, m)
	}
}
