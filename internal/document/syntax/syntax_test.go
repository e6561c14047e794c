package syntax

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/hindcast/hindcast"
)

func TestReadMoment(t *testing.T) {
	day := time.Date(2024, 3, 15, 14, 0, 0, 0, time.UTC)
	for in, want := range map[string]string{
		"14:38":                     "2024-03-15T14:38:00Z",
		"14:38:45.25":               "2024-03-15T14:38:45.25Z",
		"2:38 pm":                   "2024-03-15T14:38:00Z",
		"2024-03-16":                "2024-03-16T00:00:00Z",
		"2024-03-16 09:00":          "2024-03-16T09:00:00Z",
		"2024-03-16T09:00:00+02:00": "2024-03-16T07:00:00Z",
		"2024-03-16 09:00:00,5 UTC": "2024-03-16T09:00:00.5Z",
		"**14:38**":                 "2024-03-15T14:38:00Z",
		"25:00":                     "",
		"last Friday":               "",
		"":                          "",
	} {
		got := ""
		if m, ok := ReadMoment(in, day); ok {
			got = m.Format(time.RFC3339Nano)
		}
		if got != want {
			t.Errorf("ReadMoment(%q) = %q, want %q", in, got, want)
		}
	}
	if m, ok := ReadMoment("14:38", time.Time{}); ok {
		t.Errorf("ReadMoment of a clock without a day = %v, want none", m)
	}
}

func TestReadNumber(t *testing.T) {
	v := func(x float64) *float64 { return &x }
	for in, want := range map[string]hindcast.Number{
		"12.5 %, estimated by support: tickets": {State: hindcast.Estimated, Value: v(12.5), Unit: "%", By: "support", How: "tickets"},
		"1,240 exports, measured":               {State: hindcast.Measured, Value: v(1240), Unit: "exports"},
		"3, measured":                           {State: hindcast.Measured, Value: v(3)},
		"? EUR, pending: being counted":         {State: hindcast.Pending, Unit: "EUR", How: "being counted"},
		"not applicable: no orders here":        {State: hindcast.NotApplicable, How: "no orders here"},
		"pending: _How will it be counted?_":    {State: hindcast.Pending},
	} {
		got, ok := ReadNumber(in)
		if diff := cmp.Diff(want, got); diff != "" || !ok {
			t.Errorf("ReadNumber(%q) = %v (-want +got):\n%s", in, ok, diff)
		}
	}
	for _, in := range []string{"12 %", "many, measured", "", "45 minutes down"} {
		if got, ok := ReadNumber(in); ok {
			t.Errorf("ReadNumber(%q) = %v, want no number", in, got)
		}
	}
}

func TestReadRefs(t *testing.T) {
	for in, want := range map[string][]hindcast.Ref{
		"`a/b.json:12-15@77`, `c.log:3`": {{File: "a/b.json", Line: 12, EndLine: 15, Offset: 77}, {File: "c.log", Line: 3}},
		"a.log:12, b.log:3":              {{File: "a.log", Line: 12}, {File: "b.log", Line: 3}},
		"see the dashboard, panel 3":     {{File: "see the dashboard, panel 3"}},
		"`C:12:0`":                       {{File: "C:12"}},
		"":                               nil,
		"_Where is it shown?_":           nil,
	} {
		if diff := cmp.Diff(want, readRefs(in)); diff != "" {
			t.Errorf("readRefs(%q) (-want +got):\n%s", in, diff)
		}
	}
}

func TestNormalize(t *testing.T) {
	for in, want := range map[string]string{
		"3. What went *well*?":           "what went well",
		"📈 Impact Assessment":            "impact assessment",
		"Timeline (all times UTC)":       "timeline",
		"5 Whys":                         "5 whys",
		"Summary <a id=\"summary\"></a>": "summary",
		"Cause {#cause}":                 "cause",
	} {
		if got := Normalize(in); got != want {
			t.Errorf("Normalize(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestScan(t *testing.T) {
	text := strings.Join([]string{
		"# Title #", "```sh", "# no heading", "```", "<!--", "## hidden", "-->", "<!-- prose -->", "- x", "<!-- /prose -->", "Timeline", "---", "~~~",
	}, "\n")
	var unclosed []int
	s := Scanner{
		IsHeading: func(title string) bool { return title == "Timeline" },
		Unclosed:  func(n int, _ string) { unclosed = append(unclosed, n) },
	}
	var got []Form
	for _, l := range s.Scan(strings.Split(text, "\n"), 1) {
		got = append(got, l.Form)
	}
	want := []Form{Heading, Verbatim, Verbatim, Verbatim, Verbatim, Verbatim, Verbatim, Marker, Verbatim, Marker, Heading, Rule, Plain}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("forms (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{13}, unclosed); diff != "" {
		t.Errorf("unclosed (-want +got):\n%s", diff)
	}
}

// TestScanIsLinear guards against blocks that are opened again and again.
func TestScanIsLinear(t *testing.T) {
	for _, opening := range []string{"```", "<!--", "<!-- prose -->", "~~~~", "- x"} {
		lines := strings.Split(strings.Repeat(opening+"\n", 200_000), "\n")
		start := time.Now()
		Scanner{}.Scan(lines, 1)
		if d := time.Since(start); d > 5*time.Second {
			t.Errorf("200,000 lines %q took %v", opening, d)
		}
	}
}

func TestReadItem(t *testing.T) {
	text := "- A headline that\n  goes on <!-- a:k-1 minor -->\n  - Owner: Platform\n  - Done when: one\n    two\n\n    three\n\n  A paragraph.\n- next"
	got, n := ReadItem(Scanner{}.Scan(strings.Split(text, "\n"), 5))
	want := Item{Line: 5, Text: "A headline that goes on", Mark: "a", ID: "k-1", Attrs: "minor", Loose: []string{"", "A paragraph."},
		Fields: []RawField{{Line: 7, Text: "Owner: Platform"}, {Line: 8, Text: "Done when: one", Rest: []string{"two", "", "three"}}}}
	got.Raw = nil
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Item{})); diff != "" || n != 9 {
		t.Errorf("ReadItem took %d lines, want 9 (-want +got):\n%s", n, diff)
	}
}
