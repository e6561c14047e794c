// Package table reads tables with a time in every row that no other format
// claims: audit logs, change calendars, timelines kept in a spreadsheet.
//
//	CSV, TSV and the like with a header, exported from anywhere   table
//	a table with pipes in a Markdown document                     markdown-table
//	JSON with an array of objects that no other format claims,    json-records
//	and lines of JSON each of which says who did what
//	XML whose elements are records, such as audit trails           xml-records
//
// A row becomes one event. Columns are known by their names: what happened
// (message, event, description, ...), who did it (user, actor, by, ...), the
// service, the version, the environment, the state. Other columns are kept as
// attributes. A row with a service and a version of a table that is about
// deployments is a deployment, and a row with a flag and what it went to a change of
// it. A zone in the name of the column of times is theirs. Rows after line 20,000
// of other tables are log records. Times of day take their date from a date column
// or from the text above a Markdown table.
package table

import (
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/csvrec"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/redact"
)

// Formats returns the formats of tables.
func Formats() []record.Format {
	k := kit{redact.New(), fact.NewWords()}
	return []record.Format{
		{Name: "table", Recognize: recognize, Yearless: yearless, Lines: k.lines},
		{Name: "json-records", Recognize: recognizeJSON, Parse: k.json},
		{Name: "xml-records", Recognize: recognizeXML, Parse: k.xml},
		{Name: "markdown-table", Recognize: recognizeMarkdown, Yearless: yearlessMarkdown, Parse: k.markdown},
	}
}

// recognize is less sure than any format that knows what its columns mean.
func recognize(h record.Head) int {
	t, ok := csvrec.Sniff(h)
	if !ok {
		return 0
	}
	l, ok := settle(t.Header, t.Rows, h.Name)
	if !ok || !l.named() && (len(t.Header) < 3 || t.Ragged > 0) { // a log with a comma in its clock
		return 0
	}
	return 32
}

func yearless(h record.Head) bool {
	t, _ := csvrec.Sniff(h)
	l, ok := settle(t.Header, t.Rows, h.Name)
	return ok && l.yearless(t.Rows)
}

// kit is what all files share.
type kit struct {
	redactor *redact.Redactor
	words    *fact.Words
}

// parser reads one table of delimited text.
type parser struct {
	kit
	file   *record.File
	table  csvrec.Table
	layout layout
}

func (k kit) lines(f *record.File, h record.Head) record.LineParser {
	t, _ := csvrec.Sniff(h) // without a layout no row has a time
	l, _ := settle(t.Header, t.Rows, h.Name)
	return &parser{k, f, t, l}
}

// Cut cuts between rows.
func (p *parser) Cut(data []byte, last bool) int {
	if last {
		return len(data)
	}
	return csvrec.Cut(data)
}

// Chunk reads one event from each row.
func (p *parser) Chunk(data []byte, line int, offset int64, sink record.Sink) {
	rd := p.reading(p.file, p.layout, "", sink)
	r := csvrec.Reader{Data: data, Comma: p.table.Comma, Number: line, Offset: offset}
	var cells []string
	for row, ok := r.Next(); ok; row, ok = r.Next() {
		if row.Line <= p.table.Line {
			continue
		}
		cells = cells[:0]
		for _, c := range row.Cells {
			cells = append(cells, string(c))
		}
		cells = p.whole(cells)
		rd.row(place(p.file, row.Line, row.EndLine, row.Offset), cells)
	}
	rd.close()
}

// whole returns the cells of a row; those of one that is longer than the header are joined
// where its last column is of text, in which the delimiter stands without quotes.
func (p *parser) whole(cells []string) []string {
	last := len(p.table.Header) - 1
	if len(cells)-1 <= last || last < 1 || p.layout.columns[moment] < 0 || p.layout.columns[moment] >= last || !freeText.MatchString(p.table.Header[last]) {
		return cells
	}
	return append(cells[:last], strings.Join(cells[last:], string(p.table.Comma)))
}

// freeText is how columns of text are named.
var freeText = lazyregexp.New(`(?i)^(?:details?|text|message|msg|comments?|notes?|remarks?|description|subject|summary|what|info|reason|bemerkung|kommentar|beschreibung|betreff|meldung)$`)
