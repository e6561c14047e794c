package keyrank

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast/internal/timeline/logit"
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

// columns are those before the features.
var columns = []string{"set", "incident", "line", "tells", "may"}

// ReadTable reads what [WriteTable] wrote.
func ReadTable(text string) ([]*Incident, error) {
	rows, err := logit.ReadSheet(text, len(columns))
	if err != nil {
		return nil, err
	}
	var out []*Incident
	for i, r := range rows {
		switch last := len(out) - 1; {
		case r.Cells[2] == begins:
			in := &Incident{Set: r.Cells[0], Name: r.Cells[1]}
			in.Events, err = strconv.Atoi(r.Cells[3])
			out = append(out, in)
		case last < 0:
			err = fmt.Errorf("it belongs to no incident")
		default:
			err = out[last].add(r)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+2, err)
		}
	}
	return out, nil
}

// add reads a line that is an entry.
func (in *Incident) add(line logit.Row) error {
	r := &Row{}
	for _, s := range strings.FieldsFunc(line.Cells[3], comma) {
		number, own := strings.CutSuffix(s, "!")
		k, err := strconv.Atoi(number)
		if err != nil {
			return err
		}
		r.Tells = append(r.Tells, Tale{k, own})
	}
	for _, s := range strings.FieldsFunc(line.Cells[4], comma) {
		k, err := strconv.Atoi(s)
		if err != nil {
			return err
		}
		r.May = append(r.May, k)
	}
	if line.Cells[2] != shown {
		r.Candidate = &Candidate{Features: line.Features, Rule: line.Features["rule"] == 1}
	}
	in.Rows = append(in.Rows, r)
	return nil
}

func comma(c rune) bool { return c == ',' }

// WriteTable writes incidents as a table: names of columns, then for each incident
// a line with how many events a reader needs, and a line for each entry.
func WriteTable(list []*Incident) string {
	var rows []logit.Row
	for _, in := range list {
		rows = append(rows, logit.Row{Cells: []string{in.Set, in.Name, begins, strconv.Itoa(in.Events), ""}})
		for _, r := range in.Rows {
			rows = append(rows, in.line(r))
		}
	}
	return logit.WriteSheet(columns, rows)
}

// line returns an entry as a line of the table.
func (in *Incident) line(r *Row) logit.Row {
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
	out := logit.Row{Cells: []string{in.Set, in.Name, shown, strings.Join(tells, ","), strings.Join(may, ",")}}
	if r.Candidate != nil {
		out.Cells[2], out.Features = said, r.Candidate.Features
	}
	return out
}
