package pager

import (
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/csvrec"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// recognizeTable takes a table of which most rows are steps of pages, with times
// that leave no doubt about day and month.
func recognizeTable(h record.Head) int {
	t, ok := csvrec.Sniff(h)
	if !ok {
		return 0
	}
	columns := fields(t.Header, t.Header)
	if first(columns, times) == "" || first(columns, numbers) == "" || columns["type"] == "" {
		return 0
	}
	if about := strings.ToLower(strings.Join(t.Header, " ")); !slices.ContainsFunc(pages, func(word string) bool { return strings.Contains(about, word) }) {
		return 0 // tickets have numbers and are opened and closed, too
	}
	n := 0
	for _, row := range t.Rows {
		f := fields(t.Header, row)
		if csvrec.Certain(first(f, times)) && isStep(f) {
			n++
		}
	}
	if n*2 > len(t.Rows) {
		return 78
	}
	return 0
}

// pages are words of which one stands in the header of a table of pages.
var pages = []string{"incident", "page", "alert", "recipient", "responder"}

// typeNames are the names of a column that holds the kinds of steps, and of no other.
var typeNames = []string{"log_entry_type", "event_type", "action", "event", "step"}

// fields are the cells of a row by the names of their columns, as JSON has them:
// "Incident Number" is incident_number.
func fields(header, cells []string) jsonrec.Fields {
	f := jsonrec.Fields{}
	for i, c := range cells[:min(len(cells), len(header))] {
		name := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(header[i])), " ", "_")
		if c = strings.TrimSpace(c); c != "" && f[name] == "" {
			f[name] = c
		}
	}
	if f["type"] == "" {
		f["type"] = first(f, typeNames)
	}
	return f
}

// lines returns the parser of a table of steps, one in each row.
func (p *parser) lines(f *record.File, h record.Head) record.LineParser {
	return csvrec.NewParser(f, h, func(header []string, sink record.Sink) func(hindcast.Ref, []string) {
		w := fact.NewWriter(p.redactor, f, sink)
		return func(ref hindcast.Ref, cells []string) {
			step := fields(header, cells)
			p.step(w, ref, step, slices.ContainsFunc([]string{step["tags"], step["labels"]}, fact.Tagged))
		}
	})
}
