package reading

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/sample"
	"github.com/hindcast/hindcast/internal/web/webtest"
	"github.com/hindcast/hindcast/internal/workflow/reading"
)

func samples(t *testing.T) map[string]hindcast.Postmortem {
	t.Helper()
	out := map[string]hindcast.Postmortem{}
	for _, inc := range sample.All() {
		data, err := fs.ReadFile(inc.Files(), "post-mortem.md")
		if err != nil {
			t.Fatal(err)
		}
		out[inc.Slug] = document.Parse(inc.Slug, data).Postmortem
	}
	return out
}

// TestSlidesSayNothingNew holds every line of the slides of the samples against
// their documents.
func TestSlidesSayNothingNew(t *testing.T) {
	for slug, p := range samples(t) {
		data, err := document.JSON(p)
		if err != nil {
			t.Fatal(err)
		}
		said := strings.ReplaceAll(string(data), `\"`, `"`)
		all := slides(p, nil)
		if len(all) < 6 {
			t.Errorf("%s has %d slides", slug, len(all))
		}
		for i, s := range all {
			if s.Picture != "" && !drawable(p, s.Picture) || len(s.Notes) == 0 || s.Title == "" {
				t.Errorf("%s: slide %d is %+v", slug, i+1, s)
			}
			for _, c := range s.Columns {
				if len(c.Lines) > lines+1 {
					t.Errorf("%s: slide %d has a list of %d", slug, i+1, len(c.Lines))
				}
				for _, l := range c.Lines {
					if !strings.Contains(said, l.Text) {
						t.Errorf("%s: slide %d says %q, which the document does not", slug, i+1, l.Text)
					}
				}
			}
		}
	}
}

func TestSlidesOfLittle(t *testing.T) {
	got := slides(hindcast.Postmortem{Incident: hindcast.Incident{Title: "Outage"}}, []reading.Question{{Text: "How?"}, {Text: "When?", Answers: []reading.Answer{{Text: "At noon"}}}})
	var titles []string
	for _, s := range got {
		titles = append(titles, s.Title)
	}
	if d := cmp.Diff([]string{"Outage", "Questions"}, titles); d != "" {
		t.Errorf("slides of an empty document (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]column{{"Asked by readers, and still open", []line{{Text: "How?"}}}}, got[1].Columns); d != "" {
		t.Errorf("questions (-want +got):\n%s", d)
	}
}

// TestSlideOfDetection stands in for decisions that nobody wrote down.
func TestSlideOfDetection(t *testing.T) {
	noon := time.Date(2024, 3, 15, 12, 0, 0, 0, time.UTC)
	p := hindcast.Postmortem{Timeline: []hindcast.Entry{
		{ID: "a", Title: "page", At: noon, KnownAt: noon},
		{ID: "b", Title: "failed job", At: noon.Add(-time.Minute), KnownAt: noon.Add(time.Hour)},
	}}
	if got := detected(p); got != nil {
		t.Errorf("without a detection there is %+v", got)
	}
	p.Incident.DetectedAt = noon
	want := []column{{"Known by then", []line{{"page", "12:00:00"}}}, {"Had happened, and nobody knew yet", []line{{"failed job", "11:59:00"}}}}
	got := detected(p)
	if len(got) != 1 {
		t.Fatalf("%d slides, want one", len(got))
	}
	if d := cmp.Diff(want, got[0].Columns); d != "" {
		t.Errorf("columns (-want +got):\n%s", d)
	}
}

func TestSentences(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"It was **down**.\nFor an hour.\n\nMore.", "It was down. For an hour."},
		{"One is short. Two is longer than fits here.", "One is short."},
		{"Äöüäöüäöüäöüäöüäöüäöü", "Äöüäöüäöüäöüäöü…"},
	} {
		if got := sentences(tt.in, 30); got != tt.want {
			t.Errorf("sentences(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// TestPagesOfTheSamplesKeepTheRules reads every sample as the page has it.
func TestPagesOfTheSamplesKeepTheRules(t *testing.T) {
	all := samples(t)
	bare := all["2024-03-15-mobile-api"]
	bare.Sections = []hindcast.Section{{Heading: "Notes", Text: "x"}, {Kind: hindcast.SectionSummary, Heading: "Summary", Text: "x"}, {Kind: hindcast.SectionSummary, Heading: "Summary", Text: "y"}}
	all["without sections"] = bare
	for slug, p := range all {
		v := &View{Publication: &reading.Publication{Front: reading.Front{Num: 1, N: 1, Last: 1}, Post: p}, Prose: func(string) string { return "<p>text</p>" }}
		var b bytes.Buffer
		if err := Page(v).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		for _, f := range webtest.Faults(b.String()) {
			t.Errorf("%s: %s", slug, f)
		}
		if m := v.minutes(); m < 1 || m > 20 {
			t.Errorf("%s takes %d minutes to read", slug, m)
		}
	}
}

// TestLate says overdue only of states that are of today, and of those on sheets in
// a slot.
func TestLate(t *testing.T) {
	day := hindcast.Date{Year: 2024, Month: 3, Day: 20}
	for _, tt := range []struct {
		name  string
		today bool
		item  hindcast.ActionItem
		want  bool
	}{
		{"yesterday", true, hindcast.ActionItem{Status: hindcast.ActionOpen, Due: day.Add(-1)}, true},
		{"of the day of publication", false, hindcast.ActionItem{Status: hindcast.ActionOpen, Due: day.Add(-1)}, false},
		{"today", true, hindcast.ActionItem{Status: hindcast.ActionInProgress, Due: day}, false},
		{"done", true, hindcast.ActionItem{Status: hindcast.ActionDone, Due: day.Add(-1)}, false},
		{"without a day", true, hindcast.ActionItem{Status: hindcast.ActionOpen}, false},
	} {
		v := &View{Publication: &reading.Publication{Front: reading.Front{Today: tt.today}}, Day: day}
		var b bytes.Buffer
		if err := v.late(tt.item).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(b.String(), "overdue"); got != tt.want {
			t.Errorf("%s: overdue = %v, want %v", tt.name, got, tt.want)
		}
		paper := v.paper()
		paper.mark = "mark"
		b.Reset()
		if err := paper.late(tt.item).Render(t.Context(), &b); err != nil || strings.Contains(b.String(), "overdue") {
			t.Errorf("%s: on a sheet there is %q %v", tt.name, b.String(), err)
		}
	}
}

func TestRelated(t *testing.T) {
	for ref, want := range map[string]string{"#4388": "/number/4388", "INC-70": "/number/INC-70", "https://example.org/x": "https://example.org/x", "javascript:alert(1)//": "", "last year": "", "": ""} {
		if got := related(ref); got != want {
			t.Errorf("related(%q) = %q, want %q", ref, got, want)
		}
	}
}

func TestFieldWord(t *testing.T) {
	for in, want := range map[string]string{"ActionItem.done_when": "Action item: done when", "SLO.target": "SLO: target", "Postmortem.owner": "Postmortem: owner"} {
		if got := fieldWord(in); got != want {
			t.Errorf("fieldWord(%q) = %q, want %q", in, got, want)
		}
	}
}
