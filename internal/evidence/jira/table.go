package jira

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/csvrec"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// isTable recognizes the columns that every export has.
func isTable(h record.Head) int {
	t, ok := csvrec.Sniff(h)
	if !ok || !slices.Contains(t.Header, "Issue key") || !slices.Contains(t.Header, "Summary") || !slices.Contains(t.Header, "Created") {
		return 0
	}
	return 94
}

// table reads the rows of an export.
func (p *parser) table(f *record.File, r io.Reader, sink record.Sink) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return fmt.Errorf("read the table: %w", err)
	}
	t, ok := csvrec.Sniff(record.Head{Name: f.Name, Bytes: data, Whole: true})
	if !ok {
		return nil
	}
	rd := &reading{parser: p, Writer: fact.NewWriter(p.redactor, f, sink), sink: sink}
	rows := csvrec.Reader{Data: data, Comma: t.Comma, Number: 1}
	for row, ok := rows.Next(); ok; row, ok = rows.Next() {
		if row.Line > t.Line {
			rd.row(t, f, row)
		}
	}
	return nil
}

// row writes what a row tells: that the issue was made, and that it was resolved.
func (rd *reading) row(t csvrec.Table, f *record.File, row csvrec.Row) {
	cell := func(name string) string {
		if i := slices.Index(t.Header, name); i >= 0 && i < len(row.Cells) {
			return string(row.Cells[i])
		}
		return ""
	}
	ref := hindcast.Ref{File: f.Name, Line: row.Line, Offset: row.Offset}
	if row.EndLine > row.Line {
		ref.EndLine = row.EndLine
	}
	i := issue{Key: cell("Issue key")}
	i.Fields.Summary, i.Fields.Status = cell("Summary"), &named{Name: cell("Status")}
	if id := cell("Issue id"); id != "" {
		i.ID = jsonrec.Scalar(id)
	}
	if i.Key == "" {
		rd.Problem(ref, "the row names no issue; it was skipped")
		return
	}
	if rd.Write(ref, cell("Created"), i.event("made", rd.actor(cmp.Or(cell("Reporter"), cell("Creator"))), i.Key+" made: "+i.Fields.Summary)) && cell("Resolved") != "" {
		rd.Write(ref, cell("Resolved"), i.event("resolved", rd.actor(""), i.Key+" resolved as "+cmp.Or(cell("Resolution"), cell("Status"), "done")+": "+i.Fields.Summary))
	}
}
