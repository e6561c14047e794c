package html_test

import (
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/evidence/html"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
)

const tableRow = "<tr><td>2026-03-05T06:01:10Z</td><td>rolled back</td></tr>\n"

// TestHostilePages reads pages that were made to be slow or large: what can be read of
// them is, and the rest is a problem.
func TestHostilePages(t *testing.T) {
	const head = "<html><table><tr><th>Time</th><th>Event</th></tr>\n"
	tests := map[string]struct {
		page    string
		events  int
		problem string
	}{
		"deep divs":        {head + "<tr><td>2026-03-05T06:01:10Z<td>" + strings.Repeat("<div>", 200_000) + "x" + tableRow, 2, ""},
		"deep tables":      {head + tableRow + strings.Repeat("<table><tr><td>", 200_000), 1, ""},
		"unclosed tables":  {strings.Repeat("<div><table><tr><td>", 3) + head + tableRow, 1, ""},
		"wide row":         {head + tableRow + "<tr>" + strings.Repeat("<td colspan=99999>x", 10_000) + "</tr>" + tableRow, 2, "the row is not as long as the header; it was skipped"},
		"many attributes":  {head + tableRow + "<p" + manyAttributes() + ">" + tableRow, 1, "here stands a tag with more than 256 attributes; what follows was not read"},
		"a picture in it":  {head + tableRow + `<img src="` + strings.Repeat("A", 5<<20) + `">` + tableRow, 1, "here stands a tag or a text of more than 4 MB; what follows was not read: save the page without its pictures"},
		"script":           {head + tableRow + "<script>" + tableRow + "</script><style>" + tableRow + "</style>" + tableRow, 2, ""},
		"unclosed script":  {head + tableRow + "<script>" + tableRow, 1, ""},
		"unclosed comment": {head + tableRow + "<!-- " + tableRow, 1, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			sink := recordtest.Parse(t, html.Formats(), "html-table", &record.File{Name: "page.html"}, []byte(tt.page))
			if len(sink.Events) != tt.events {
				t.Errorf("%d events, want %d", len(sink.Events), tt.events)
			}
			got := ""
			if len(sink.Problems) > 0 {
				got = sink.Problems[0].Message
			}
			if got != tt.problem {
				t.Errorf("problem %q, want %q", got, tt.problem)
			}
		})
	}
}

func manyAttributes() string {
	var b strings.Builder
	for i := range 1000 {
		b.WriteString(" x" + strings.Repeat("y", i))
	}
	return b.String()
}
