package jira

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/csvrec"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// isTable recognizes the columns that every export has.
func isTable(h record.Head) int {
	t, ok := csvrec.Sniff(h)
	if !ok || !slices.Contains(t.Header, "Issue key") || !slices.Contains(t.Header, "Summary") || !slices.Contains(t.Header, "Created") {
		return 0
	}
	return 94
}

// table reads the rows of an export.
func (p *parser) table(f *record.File, r io.Reader, sink record.Sink) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return fmt.Errorf("read the table: %w", err)
	}
	rd := &reading{parser: p, Writer: fact.NewWriter(p.redactor, f, sink), sink: sink}
	for ref, cells := range csvrec.Records(record.Head{Name: f.Name, Bytes: data, Whole: true}) {
		rd.row(ref, cells)
	}
	return nil
}

// row writes what a row tells: that the issue was made, and that it was resolved.
func (rd *reading) row(ref hindcast.Ref, c map[string]string) {
	i := issue{Key: c["Issue key"]}
	i.Fields.Summary, i.Fields.Status = c["Summary"], &named{Name: c["Status"]}
	if id := c["Issue id"]; id != "" {
		i.ID = jsonrec.Scalar(id)
	}
	if i.Key == "" {
		rd.Problem(ref, "the row names no issue; it was skipped")
		return
	}
	if rd.Write(ref, c["Created"], i.event("made", rd.actor(cmp.Or(c["Reporter"], c["Creator"])), i.Key+" made: "+i.Fields.Summary)) && c["Resolved"] != "" {
		rd.Write(ref, c["Resolved"], i.event("resolved", rd.actor(""), i.Key+" resolved as "+cmp.Or(c["Resolution"], c["Status"], "done")+": "+i.Fields.Summary))
	}
}
