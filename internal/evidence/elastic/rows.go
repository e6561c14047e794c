package elastic

import (
	"bytes"
	"cmp"
	"io"
	"regexp"

	"github.com/hindcast/hindcast/internal/evidence/jsonlog"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/logfield"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// pairsAhead begins rows as CloudWatch Logs Insights answers them: lists of names
// and values.
var pairsAhead = regexp.MustCompile(`^\s*(?:\{[^\[\]]*"results"\s*:\s*\[\s*)?\[?\s*\[\s*\{\s*"field"\s*:\s*"@?\w`)

const sureRows = 90

// recognizeRows takes answers whose records are rows of cells, when the columns
// are a time and a message.
func recognizeRows(h record.Head) int {
	head := h.Bytes[:min(len(h.Bytes), 16<<10)]
	if pairsAhead.Match(head) {
		if bytes.Contains(head, []byte(`"@timestamp"`)) && bytes.Contains(head, []byte(`"@message"`)) {
			return sureRows
		}
		return 0
	}
	s := jsonrec.Sniff(h.Bytes)
	if !s.Most(func(f jsonrec.Fields) bool {
		return f.Has("tables.columns", "tables.rows") || f.Has("columns", "rows") || f.Has("schema", "datarows")
	}) || len(s.Records) == 0 {
		return 0
	}
	var has [logfield.Roles]bool
	for _, m := range columnName.FindAllSubmatch(head, -1) {
		has[logfield.Lookup("", m[1]).Role] = true
	}
	if has[logfield.Time] && has[logfield.Message] {
		return sureRows
	}
	return 0
}

// columnName finds the name of a column.
var columnName = regexp.MustCompile(`"(?:name|field|ColumnName)"\s*:\s*"([^"]{1,64})"`)

// parseRows reads each row as an object of a log.
func parseRows(f *record.File, r io.Reader, sink record.Sink) error {
	rd := rows{in: jsonlog.NewReader(f), sink: sink}
	err := jsonrec.Each(f, r, sink, func(rec jsonrec.Record) {
		if len(rec.Raw) > 0 && rec.Raw[0] == '[' {
			rd.log(rec, rd.pairs(rec))
			return
		}
		rd.table(rec)
	}, "results", "tables", "")
	rd.in.Report(sink)
	return err
}

// rows is the reading of one answer.
type rows struct {
	in   *jsonlog.Reader
	sink record.Sink
}

// cell is a name and a value, as Insights answers them.
type cell struct {
	Field string         `json:"field"`
	Value jsonrec.Scalar `json:"value"`
}

// pairs returns a row of names and values as an object.
func (rd *rows) pairs(rec jsonrec.Record) []byte {
	var row []cell
	if !rec.Decode(&row, rd.sink) {
		return nil
	}
	names, cells := make([]string, len(row)), make([][]byte, len(row))
	for i, c := range row {
		names[i], cells[i] = c.Field, []byte(c.Value)
		if c.Field == "@timestamp" && len(c.Value) == len("2006-01-02 15:04:05.000") {
			cells[i] = append(cells[i], 'Z') // Insights answers in UTC
		}
	}
	return object(nil, names, cells)
}

// column is a column by the names that the answers of Azure, Elasticsearch and
// Graylog give it.
type column struct {
	Name  string `json:"name"`
	Field string `json:"field"`
	Old   string `json:"ColumnName"`
}

// table reads a table whose columns are named before its rows.
func (rd *rows) table(rec jsonrec.Record) {
	var top struct {
		Columns []column `json:"columns"`
		Schema  []column `json:"schema"`
	}
	if !rec.Decode(&top, rd.sink) {
		return
	}
	var names []string
	for _, c := range append(top.Columns, top.Schema...) {
		names = append(names, cmp.Or(c.Field, c.Name, c.Old))
	}
	for _, key := range []string{"rows", "datarows"} {
		list, ok := rec.Member(key)
		if !ok {
			continue
		}
		list.EachElement(func(row jsonrec.Record) bool {
			rd.log(row, rd.row(row, names))
			return true
		})
	}
}

// row returns a row of values as an object; nil when it is not as long as the
// list of columns.
func (rd *rows) row(rec jsonrec.Record, names []string) []byte {
	values := rec.Elements()
	if len(values) != len(names) {
		return nil
	}
	out := []byte{'{'}
	for i, v := range values {
		if bytes.Equal(v.Raw, []byte("null")) {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(quote(out, []byte(names[i])), ':'), v.Raw...)
	}
	return append(out, '}')
}

// log writes the record that a row is, given as an object.
func (rd *rows) log(rec jsonrec.Record, object []byte) {
	l := record.Log{File: rec.File, Line: rec.Line, EndLine: rec.EndLine, Offset: rec.Offset, At: record.NoTime, Raw: rec.Raw}
	if object == nil || !rd.in.Read(object, &l) {
		rd.sink.Problem(rec.Problem("the row is not as long as the list of columns; it was skipped"))
		return
	}
	rd.sink.Log(&l)
}
