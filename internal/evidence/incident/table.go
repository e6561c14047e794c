package incident

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/csvrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

// recognizeTable takes a table of incidents whose times leave no doubt about day
// and month.
func recognizeTable(h record.Head) int {
	t, ok := csvrec.Sniff(h)
	if !ok || len(t.Rows) == 0 {
		return 0
	}
	column := func(names []string) int {
		for _, n := range names {
			if i := slices.IndexFunc(t.Header, func(h string) bool { return fold(h) == n }); i >= 0 {
				return i
			}
		}
		return -1
	}
	opsgenie := column([]string{"tinyid"}) >= 0 && column([]string{"message"}) >= 0 && column([]string{"updatedat"}) >= 0 && column(opened) >= 0
	if !opsgenie && !known(func(names []string) bool { return column(names) >= 0 }) {
		taken := column([]string{"acknowledged"}) // a time, or only whether
		if taken < 0 || column(titles) < 0 || column(opened) < 0 || column(resolved) < 0 || !slices.ContainsFunc(t.Rows, func(r []string) bool { return csvrec.Certain(r[taken]) }) {
			return 0
		}
	}
	fit := 0
	for _, r := range t.Rows {
		if csvrec.Certain(r[column(opened)]) {
			fit++
		}
	}
	if fit*2 > len(t.Rows) {
		return 80
	}
	return 0
}

// lines returns the parser of a table of incidents, one in each row. Times are in UTC
// where the header says so.
func (p *parser) lines(f *record.File, h record.Head) record.LineParser {
	return csvrec.NewParser(f, h, func(header []string, sink record.Sink) func(hindcast.Ref, []string) {
		rd := p.reading(f, sink, "")
		return func(ref hindcast.Ref, cells []string) {
			m := membersOf(header, cells)
			if m.text(opened) == "" {
				rd.Problem(ref, "the incident has no time at which it was opened; it was skipped")
				return
			}
			rd.course(ref, m)
		}
	})
}

// membersOf returns the cells of a row as members of an incident.
func membersOf(header, cells []string) members {
	m := members{}
	for i, cell := range cells[:min(len(cells), len(header))] {
		if cell == "" {
			continue
		}
		if strings.HasSuffix(header[i], "(UTC)") {
			if _, zone, ok := stamp.Parse(cell, time.UTC, 0); ok && zone == "" {
				cell += " UTC"
			}
		}
		if raw, err := json.Marshal(cell); err == nil {
			m[fold(header[i])] = raw
		}
	}
	if m["tinyid"] != nil && strings.EqualFold(m.text([]string{"status"}), "closed") { // Opsgenie tells when it was changed last
		m["resolvedat"] = m["updatedat"]
	}
	return m
}
