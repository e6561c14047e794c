package metrics

import (
	"maps"
	"slices"

	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/series"
)

// headNames are the members that name the columns of rows beside them.
var headNames = []string{"labels", "columns", "fields", "header", "headers"}

// header returns the names of columns that a list of texts is, of which one names the
// time; nil for any other record.
func (w *walk) header(rec jsonrec.Record) []string {
	if len(rec.Raw) == 0 || rec.Raw[0] != '[' {
		return nil
	}
	var names []string
	timed := false
	rec.EachElement(func(e jsonrec.Record) bool {
		t := text(e)
		if e.Raw[0] != '"' || t == "" {
			names, timed = nil, false
			return false
		}
		timed = timed || slices.Contains(timeNames, fold(t))
		names = append(names, t)
		return true
	})
	if !timed || len(names) < 2 {
		return nil
	}
	return names
}

// row adds the numbers of a row below the names of its columns. A number may be the
// first of a list that says more about it.
func (w *walk) row(columns []string, rec jsonrec.Record, name string, labels series.Labels) {
	cells := rec.Elements()
	at := slices.IndexFunc(columns, func(c string) bool { return slices.Contains(timeNames, fold(c)) })
	if len(cells) != len(columns) || !w.isTime(cells[at]) {
		w.sink.Problem(rec.Problem("the row has no time or is not as long as the names of its columns; it was skipped"))
		return
	}
	of := maps.Clone(labels)
	for i, c := range cells {
		if t := text(c); t != "" && i != at && !numeric(c) && len(t) <= 100 {
			if of == nil {
				of = series.Labels{}
			}
			of[columns[i]] = t
		}
	}
	for i, c := range cells {
		if inner := c.Elements(); len(inner) > 0 {
			c = inner[0]
		}
		if i == at || !numeric(c) {
			continue
		}
		column := columns[i]
		if name != "" {
			column = name + "_" + column
		}
		w.add(w.series.Get(column, of), text(cells[at]), c)
	}
}

// table reads an object whose members are the columns of a table: rows below the names
// of their columns, or lists of values beside one of times.
func (w *walk) table(rec jsonrec.Record, name string, labels series.Labels) bool {
	var columns []string
	var times jsonrec.Record
	rec.EachMember(func(key []byte, v jsonrec.Record) bool {
		k := fold(string(key))
		switch {
		case columns == nil && slices.Contains(headNames, k):
			columns = w.header(v)
		case times.Raw == nil && slices.Contains(pointTimes, k) && v.Raw[0] == '[' && w.allTimes(v):
			times = v
		}
		return true
	})
	if columns == nil && times.Raw == nil {
		return false
	}
	found := false
	rec.EachMember(func(key []byte, v jsonrec.Record) bool {
		k := fold(string(key))
		switch {
		case v.Raw[0] != '[' || slices.Contains(headNames, k):
		case columns != nil && slices.Contains(pointLists, k):
			found = true
			w.covered += len(v.Raw)
			v.EachElement(func(row jsonrec.Record) bool {
				w.row(columns, row, name, labels)
				return true
			})
		case times.Raw != nil && v.Offset != times.Offset && w.allNumbers(v):
			found = true
			w.covered += len(v.Raw) + len(times.Raw)
			of := name
			if !slices.Contains(pointLists, k) && !slices.Contains(pointValues, k) {
				of = string(key)
				if name != "" {
					of = name + "_" + of
				}
			}
			w.columns(w.series.Get(of, labels), times, v)
		}
		return true
	})
	return found
}

func (w *walk) allTimes(list jsonrec.Record) bool { return all(list, w.isTime) }

func (w *walk) allNumbers(list jsonrec.Record) bool { return all(list, numeric) }

// looked is how many elements of a list tell what it holds.
const looked = 20

// all reports whether a list has elements and the first of them fit.
func all(list jsonrec.Record, fits func(jsonrec.Record) bool) bool {
	n, ok := 0, true
	list.EachElement(func(e jsonrec.Record) bool {
		n++
		ok = fits(e)
		return ok && n < looked
	})
	return n > 0 && ok
}
