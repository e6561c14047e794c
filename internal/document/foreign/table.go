package foreign

import (
	"slices"
	"strings"

	"github.com/hindcast/hindcast/internal/document/syntax"
)

// Table is a table of any Markdown, with or without bars at its edges.
type Table struct {
	Head  []string
	Rows  []Row
	Lines []syntax.Line // all of it; the first two are its head
}

// Row is one row of a table.
type Row struct {
	Line  syntax.Line
	Cells []string // one for each column of the head
}

// ReadTable reads the table that begins on the first line; ok is false when none
// does.
func ReadTable(lines []syntax.Line) (t Table, ok bool) {
	if len(lines) < 2 || !barred(lines[0]) || !barred(lines[1]) || !syntax.IsDelimiter(lines[1]) {
		return t, false
	}
	t.Head = syntax.Cells(lines[0].Text)
	edge := "|" // that rows lack where the head does
	if strings.HasPrefix(strings.TrimLeft(lines[0].Text, " \t"), "|") {
		edge = ""
	}
	n := 2
	for ; n < len(lines) && barred(lines[n]); n++ {
		cells := syntax.Cells(edge + lines[n].Text)
		for len(cells) < len(t.Head) {
			cells = append(cells, "")
		}
		t.Rows = append(t.Rows, Row{lines[n], cells})
	}
	t.Lines = lines[:n]
	return t, len(t.Head) > 1
}

func barred(l syntax.Line) bool { return l.Form == syntax.Plain && strings.Contains(l.Text, "|") }

// column returns the first column whose name, normalized, is one of some.
func (t *Table) column(names ...string) int {
	for _, name := range names {
		if i := slices.IndexFunc(t.Head, func(h string) bool { return syntax.Normalize(h) == name }); i >= 0 {
			return i
		}
	}
	return -1
}

// Rest returns the cells of a row that were not used, as lines "Heading: text".
func (t *Table) Rest(r Row, used ...int) string {
	var out []string
	for i, text := range r.Cells {
		if text == "" || slices.Contains(used, i) {
			continue
		}
		head := ""
		if i < len(t.Head) {
			head = strings.Trim(t.Head[i], "*_ ")
		}
		out = append(out, syntax.Join(head, text, ": "))
	}
	return strings.Join(out, "\n")
}

// Plain reports whether the names of the columns say nothing but which field of
// an action stands there.
func (t *Table) Plain() bool {
	return !slices.ContainsFunc(t.Head, func(h string) bool {
		return h != "" && (fieldNames[syntax.Normalize(h)] == noField || strings.Contains(h, "("))
	})
}
