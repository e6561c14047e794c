package logit

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Row is a line of a sheet: what is known of one thing, in cells of which the sheet's
// owner knows the meaning, and its features.
type Row struct {
	Cells    []string // without tabs and line ends
	Features Features
}

// ReadSheet reads what [WriteSheet] wrote: the names of columns, of which the first ones
// are cells, then a line for each row. What a line lacks at its end is empty.
func ReadSheet(text string, cells int) ([]Row, error) {
	var out []Row
	var columns []string
	n := 0
	for line := range strings.Lines(text) {
		n++
		values := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if columns == nil {
			columns = values
			continue
		}
		if len(values) < cells || len(values) > len(columns) {
			return nil, fmt.Errorf("line %d has %d columns, not those of the first line", n, len(values))
		}
		r := Row{values[:cells], Features{}}
		for i, s := range values[cells:] {
			if s == "" {
				continue
			}
			x, err := strconv.ParseFloat(s, 64)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			r.Features[columns[cells+i]] = x
		}
		out = append(out, r)
	}
	return out, nil
}

// WriteSheet writes rows under the names of their cells and of all their features.
func WriteSheet(cells []string, rows []Row) string {
	names := map[string]bool{}
	for _, r := range rows {
		for name := range r.Features {
			names[name] = true
		}
	}
	columns := slices.Sorted(maps.Keys(names))
	var b strings.Builder
	b.WriteString(strings.Join(slices.Concat(cells, columns), "\t") + "\n")
	for _, r := range rows {
		line := strings.Join(r.Cells, "\t")
		blank := 0
		for _, name := range columns {
			blank++
			if x := r.Features[name]; x != 0 {
				line += strings.Repeat("\t", blank) + strconv.FormatFloat(x, 'f', -1, 64)
				blank = 0
			}
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}
