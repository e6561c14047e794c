package keyrank

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Incident is what is known of the entries of one incident, without their words:
// what could be key entries, and what they tell of the events that its truth lists.
type Incident struct {
	Set    string // of one writer
	Name   string // within the set
	Events int    // that a reader needs
	Rows   []*Row
}

// Row is an entry of an incident.
type Row struct {
	Candidate *Candidate // nil for what is shown whatever people said
	Tells     []Tale     // of which events that a reader needs, the nearest first
	May       []int      // of which events that it may tell of without harm
}

// Tale is that an entry tells of an event.
type Tale struct {
	Event int
	Own   bool // and rests on a record that the truth names for it
}

// The kinds of lines of a table.
const (
	begins = "incident"
	shown  = "shown"
	said   = "said"
)

// fixedColumns are those before the features.
var fixedColumns = []string{"set", "incident", "line", "tells", "may"}

// ReadTable reads what [WriteTable] wrote.
func ReadTable(text string) ([]*Incident, error) {
	var out []*Incident
	var columns []string
	n := 0
	for line := range strings.Lines(text) {
		n++
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if columns == nil {
			columns = cells
			continue
		}
		if len(cells) < len(fixedColumns) || len(cells) > len(columns) {
			return nil, fmt.Errorf("line %d has %d columns, not those of the first line", n, len(cells))
		}
		var err error
		switch last := len(out) - 1; {
		case cells[2] == begins:
			in := &Incident{Set: cells[0], Name: cells[1]}
			in.Events, err = strconv.Atoi(cells[3])
			out = append(out, in)
		case last < 0:
			err = fmt.Errorf("it belongs to no incident")
		default:
			err = out[last].add(columns, cells)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	return out, nil
}

// add reads a line that is an entry.
func (in *Incident) add(columns, cells []string) error {
	r := &Row{}
	for _, s := range strings.FieldsFunc(cells[3], comma) {
		number, own := strings.CutSuffix(s, "!")
		k, err := strconv.Atoi(number)
		if err != nil {
			return err
		}
		r.Tells = append(r.Tells, Tale{k, own})
	}
	for _, s := range strings.FieldsFunc(cells[4], comma) {
		k, err := strconv.Atoi(s)
		if err != nil {
			return err
		}
		r.May = append(r.May, k)
	}
	in.Rows = append(in.Rows, r)
	if cells[2] == shown {
		return nil
	}
	r.Candidate = &Candidate{Features: map[string]float64{}}
	for i, s := range cells[len(fixedColumns):] {
		if s == "" {
			continue
		}
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return err
		}
		r.Candidate.Features[columns[len(fixedColumns)+i]] = x
	}
	r.Candidate.Rule = r.Candidate.Features["rule"] == 1
	return nil
}

func comma(c rune) bool { return c == ',' }

// WriteTable writes incidents as a table: names of columns, then for each incident
// a line with how many events a reader needs, and a line for each entry.
func WriteTable(list []*Incident) string {
	names := map[string]bool{}
	for _, in := range list {
		for _, r := range in.Rows {
			if r.Candidate != nil {
				for name := range r.Candidate.Features {
					names[name] = true
				}
			}
		}
	}
	columns := slices.Sorted(maps.Keys(names))
	var b strings.Builder
	b.WriteString(strings.Join(slices.Concat(fixedColumns, columns), "\t") + "\n")
	for _, in := range list {
		fmt.Fprintf(&b, "%s\t%s\t%s\t%d\t\n", in.Set, in.Name, begins, in.Events)
		for _, r := range in.Rows {
			b.WriteString(strings.TrimRight(in.Set+"\t"+in.Name+"\t"+r.String()+r.values(columns), "\t") + "\n")
		}
	}
	return padded(b.String())
}

// padded gives every line the columns before the features.
func padded(table string) string {
	var b strings.Builder
	for line := range strings.Lines(table) {
		line = strings.TrimSuffix(line, "\n")
		b.WriteString(line + strings.Repeat("\t", max(0, len(fixedColumns)-1-strings.Count(line, "\t"))) + "\n")
	}
	return b.String()
}

// String returns the columns of a row before its features.
func (r *Row) String() string {
	kind := said
	if r.Candidate == nil {
		kind = shown
	}
	var tells, may []string
	for _, t := range r.Tells {
		s := strconv.Itoa(t.Event)
		if t.Own {
			s += "!"
		}
		tells = append(tells, s)
	}
	for _, k := range r.May {
		may = append(may, strconv.Itoa(k))
	}
	return kind + "\t" + strings.Join(tells, ",") + "\t" + strings.Join(may, ",")
}

func (r *Row) values(columns []string) string {
	if r.Candidate == nil {
		return ""
	}
	out := ""
	for _, name := range columns {
		out += "\t"
		if x := r.Candidate.Features[name]; x != 0 {
			out += strconv.FormatFloat(x, 'f', -1, 64)
		}
	}
	return out
}
