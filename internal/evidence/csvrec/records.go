package csvrec

import (
	"iter"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// Records returns the rows below the header of a whole table, each with the place
// where it stands and its cells by the names of their columns, without blanks around
// them. Of columns with the same name the first counts; a cell that is missing is
// empty. There are none when h is no table.
func Records(h record.Head) iter.Seq2[hindcast.Ref, map[string]string] {
	return func(yield func(hindcast.Ref, map[string]string) bool) {
		t, ok := Sniff(h)
		if !ok {
			return
		}
		rows := Reader{Data: h.Bytes, Comma: t.Comma, Number: 1}
		for row, ok := rows.Next(); ok; row, ok = rows.Next() {
			if row.Line > t.Line && !yield(row.ref(h.Name), t.named(row)) {
				return
			}
		}
	}
}

// ref is where a row of a file stands.
func (r Row) ref(file string) hindcast.Ref {
	ref := hindcast.Ref{File: file, Line: r.Line, Offset: r.Offset}
	if r.EndLine > r.Line {
		ref.EndLine = r.EndLine
	}
	return ref
}

// named returns the cells of a row by the names of their columns.
func (t Table) named(r Row) map[string]string {
	cells := make(map[string]string, len(t.Header))
	for i, c := range r.Cells[:min(len(r.Cells), len(t.Header))] {
		if _, there := cells[t.Header[i]]; !there {
			cells[t.Header[i]] = strings.TrimSpace(string(c))
		}
	}
	return cells
}
