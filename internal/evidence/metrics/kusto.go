package metrics

import (
	"cmp"
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/series"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// Kusto's answers, as Azure Monitor and Application Insights give them, are tables of
// which every column has a type. One with a time and numbers is a table of samples: each
// numeric column is a metric, and the texts beside it are labels.

// kustoHead finds the columns of the first table of an answer.
var kustoHead = lazyregexp.New(`"[Cc]olumns"\s*:\s*(\[[^\]]+\])`)

// sureKusto is less than an answer whose rows are the lines of a log.
const sureKusto = 89

func recognizeKusto(h record.Head) int {
	head := h.Bytes[:min(len(h.Bytes), 16<<10)]
	m := kustoHead.FindSubmatch(head)
	if m == nil || !jsonrec.Sniff(h.Bytes).Most(func(f jsonrec.Fields) bool {
		return f.Has("tables.columns", "tables.rows") || f.Has("Tables.Columns", "Tables.Rows")
	}) {
		return 0
	}
	columns := strings.ToLower(string(m[1]))
	if strings.Contains(columns, `"datetime"`) && kustoNumber.MatchString(columns) {
		return sureKusto
	}
	return 0
}

var kustoNumber = lazyregexp.New(`"(?:int|long|real|double|decimal)"`)

// kustoColumn is a column, with its type as either of the two services names it.
type kustoColumn struct {
	Name    string `json:"name"`
	Type    string `json:"type"`
	OldName string `json:"ColumnName"`
	OldType string `json:"ColumnType"`
	numeric bool
}

func (c *kustoColumn) settle() {
	c.Name = cmp.Or(c.Name, c.OldName)
	c.Type = strings.ToLower(cmp.Or(c.Type, c.OldType))
	c.numeric = kustoNumber.MatchString(`"` + c.Type + `"`)
}

// kusto reads one table.
func (a answer) kusto(rec jsonrec.Record) {
	var t struct {
		Columns []kustoColumn `json:"columns"`
	}
	if !rec.Decode(&t, a.sink) {
		return
	}
	at := -1
	for i := range t.Columns {
		if t.Columns[i].settle(); at < 0 && t.Columns[i].Type == "datetime" {
			at = i
		}
	}
	if at < 0 {
		return
	}
	rows, ok := rec.Member("rows")
	if !ok {
		rows, _ = rec.Member("Rows")
	}
	rows.EachElement(func(row jsonrec.Record) bool {
		cells := row.Elements()
		if len(cells) != len(t.Columns) {
			a.sink.Problem(row.Problem("the row is not as long as the list of columns; it was skipped"))
			return true
		}
		a.kustoRow(t.Columns, cells, at)
		return true
	})
}

// kustoRow adds a sample for every number of a row.
func (a answer) kustoRow(columns []kustoColumn, cells []jsonrec.Record, at int) {
	labels := series.Labels{}
	for i, c := range columns {
		var text jsonrec.Scalar
		if c.Type == "string" && cells[i].Decode(&text, a.sink) && text != "" {
			labels[c.Name] = string(text)
		}
	}
	for i, c := range columns {
		if c.numeric {
			a.add(a.series.Get(c.Name, labels), strings.Trim(string(cells[at].Raw), `"`), cells[i])
		}
	}
}
