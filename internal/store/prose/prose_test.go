package prose_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/store/prose"
)

func summary(text string) *hindcast.Postmortem {
	return &hindcast.Postmortem{Sections: []hindcast.Section{{Heading: "Own", Text: "own text"}, {Kind: hindcast.SectionSummary, Heading: "Summary", Text: text}}}
}

func TestExcerpt(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"short", "  It failed.\n\nThen  it worked.\n", "It failed. Then it worked."},
		{"empty", "", ""},
		{"long", strings.Repeat("word ", 100), strings.TrimSpace(strings.Repeat("word ", 48)) + " …"},
		{"one word", strings.Repeat("x", 1000), strings.Repeat("x", 240) + " …"},
	} {
		if got := prose.Excerpt(summary(c.text)); got != c.want {
			t.Errorf("%s: Excerpt = %q, want %q", c.name, got, c.want)
		}
	}
	for n := range 9 { // wherever the text is cut
		if got := prose.Excerpt(summary(strings.Repeat(" ", n) + strings.Repeat("😀 ", 900))); !utf8.ValidString(got) || utf8.RuneCountInString(got) > 242 {
			t.Errorf("Excerpt = %q, want whole characters", got)
		}
	}
	if got := prose.Excerpt(&hindcast.Postmortem{}); got != "" {
		t.Errorf("Excerpt without a summary = %q", got)
	}
}

func TestReferences(t *testing.T) {
	for text, want := range map[string][]string{
		"See #12, (#4521) and #INC-77.":                  {"12", "4521", "inc-77"},
		"#12 again #12":                                  {"12"},
		"#1#2 ##3 &#4; a#5 /#6 x/y#7":                    {"1"},
		"é#11 – #13\xff#14 #123456789012 #1234567890123": {"11", "123456789012", "13", "14"},
		"#ABCDEFGHIJKL-123456789012, then":               {"abcdefghijkl-123456789012"},
		"color #fff, #12ab, #ABCDEFGHIJKLMNO-1":          nil,
		"[#8](https://example.com/#9) and **#10**":       {"10", "8"},
	} {
		if diff := cmp.Diff(want, prose.References(summary(text))); diff != "" {
			t.Errorf("References in %q (-want +got):\n%s", text, diff)
		}
	}
	p := &hindcast.Postmortem{Related: []hindcast.RelatedIncident{{Ref: "INC-70"}, {Ref: " #3 "}, {Ref: "https://example.com/4"}, {Title: "#5"}}}
	if diff := cmp.Diff([]string{"3", "5", "inc-70"}, prose.References(p)); diff != "" {
		t.Errorf("References among related incidents (-want +got):\n%s", diff)
	}
}

func TestAllBeginsWithTheSummaryAndIsBounded(t *testing.T) {
	p := summary("the summary")
	p.Incident.Services = []string{"checkout-api"}
	p.Timeline = []hindcast.Entry{{Title: "entry", Detail: "detail", Decision: &hindcast.Decision{Question: "why", Choice: "that"}}}
	p.Factors = []hindcast.Factor{{Description: "factor"}}
	p.Actions = []hindcast.ActionItem{{Description: "action", DoneWhen: "done"}}
	want := "the summary\ncheckout-api\nown text\nentry\ndetail\nwhy\nthat\nfactor\naction\ndone\n"
	if got := prose.All(p); got != want {
		t.Errorf("All = %q, want %q", got, want)
	}
	p.Sections[0].Text = strings.Repeat("long ", 100_000)
	if got := prose.All(p); len(got) > 400_000 || !strings.HasPrefix(got, "the summary\n") {
		t.Errorf("All of a huge text has %d bytes", len(got))
	}
}
