package table

import (
	"bytes"
	"io"
	"regexp"
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// recognizeMarkdown looks for a table with pipes whose rows have times.
func recognizeMarkdown(h record.Head) int {
	data := h.Bytes
	if !bytes.Contains(data, []byte("|")) {
		return 0
	}
	for _, t := range tables(data) {
		if _, ok := t.settle(h.Name); ok {
			return 36
		}
	}
	return 0
}

// yearlessMarkdown reports whether a document needs a year from elsewhere: it
// has tables with times without one and no date above them.
func yearlessMarkdown(h record.Head) bool {
	for _, t := range tables(h.Bytes) {
		if l, ok := t.settle(h.Name); ok && t.date == "" && l.yearless(t.full()) {
			return true
		}
	}
	return false
}

// piped is one table of a Markdown document.
type piped struct {
	header []string
	rows   []pipedRow
	date   string // the last one in the text above; empty when there is none
}

type pipedRow struct {
	line  logline.Line
	cells []string
}

// full returns the rows that are as long as the header.
func (t piped) full() [][]string {
	var rows [][]string
	for _, r := range t.rows {
		if len(r.cells) == len(t.header) {
			rows = append(rows, r.cells)
		}
	}
	return rows
}

// settle finds the layout. Times of day are times when the text has a date.
func (t piped) settle(file string) (layout, bool) {
	return settleBelow(t.header, t.full(), t.date, file)
}

// settleBelow finds the layout of a table that stands below a date; "" when there is none.
func settleBelow(header []string, rows [][]string, date, file string) (layout, bool) {
	l, ok := settle(header, rows, file)
	if ok || date == "" || len(rows) == 0 {
		return l, ok
	}
	dated := make([][]string, len(rows))
	for i, r := range rows {
		dated[i] = append([]string{date}, r...)
	}
	l, ok = settle(append([]string{"date"}, header...), dated, file)
	l.header = header
	for r := range l.columns { // without the column that was put before
		l.columns[r] = max(l.columns[r]-1, -1)
	}
	return l, ok
}

// tables returns the tables of a document.
func tables(data []byte) []piped {
	date := regexp.MustCompile(`\b20\d\d-[01]\d-[0-3]\d\b`)
	var out []piped
	var last, above logline.Line
	day, open := "", false
	w := logline.Walker{Data: data, Number: 1}
	for l, ok := w.Next(); ok; l, ok = w.Next() {
		text := bytes.TrimSpace(l.Text)
		above, last = last, l
		switch {
		case divider(text) && bytes.IndexByte(above.Text, '|') >= 0:
			out = append(out, piped{header: pipeCells(string(above.Text)), date: day})
			open = true
		case open && bytes.IndexByte(text, '|') >= 0:
			t := &out[len(out)-1]
			t.rows = append(t.rows, pipedRow{l, pipeCells(string(text))})
		default:
			open = false
			if d := date.Find(text); d != nil {
				day = string(d)
			}
		}
	}
	return out
}

// divider reports whether a line is "|---|:---|".
func divider(text []byte) bool {
	return len(text) > 2 && bytes.Contains(text, []byte("--")) && len(bytes.Trim(text, "|-: \t")) == 0 && bytes.IndexByte(text, '|') >= 0
}

// pipeCells cuts a row at its pipes and takes out what Markdown marks.
func pipeCells(line string) []string {
	line = strings.ReplaceAll(strings.TrimSpace(line), `\|`, "\x00")
	line = strings.TrimSuffix(strings.TrimPrefix(line, "|"), "|")
	cells := strings.Split(line, "|")
	for i, c := range cells {
		cells[i] = strings.TrimSpace(strings.NewReplacer("\x00", "|", "**", "", "`", "", "<br>", " ").Replace(c))
	}
	return cells
}

// markdown reads the tables of a document whose rows have times.
func (k kit) markdown(f *record.File, r io.Reader, sink record.Sink) error {
	data, err := io.ReadAll(r)
	for _, t := range tables(data) {
		l, ok := t.settle(f.Name)
		if !ok {
			continue
		}
		rd := k.reading(f, l, t.date, sink)
		for _, row := range t.rows {
			rd.row(place(f, row.line.Number, row.line.Number, row.line.Offset), row.cells)
		}
		rd.close()
	}
	return err
}
