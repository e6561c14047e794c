package document

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
)

func TestQuestions(t *testing.T) {
	text := "Known.\n\n_How was it noticed?_\n\n```\n_not asked?_\n```\n  _Who noticed it?_  \n_emphasis_ in a line?\n__loud?__"
	want := []Question{{3, "How was it noticed?"}, {8, "Who noticed it?"}}
	if diff := cmp.Diff(want, Questions(text)); diff != "" {
		t.Errorf("Questions (-want +got):\n%s", diff)
	}
	if got, want := Answered("_How?_\n\nLike this.\n"), "Like this."; got != want {
		t.Errorf("Answered = %q, want %q", got, want)
	}
	if got := Answered("_How was it?_\n"); got != "" {
		t.Errorf("Answered of a question = %q, want nothing", got)
	}
}

func TestSectionOf(t *testing.T) {
	for in, want := range map[string]hindcast.SectionKind{
		"Incident Summary":                  hindcast.SectionSummary,
		"TL;DR":                             hindcast.SectionSummary,
		"2. Timeline (UTC)":                 hindcast.SectionTimeline,
		"What went well?":                   hindcast.SectionWentWell,
		"What didn't go well":               hindcast.SectionWentPoorly,
		"Corrective and preventive actions": hindcast.SectionActions,
		"5 Whys":                            hindcast.SectionRootCauses,
		"Lessons learned":                   "",
		"":                                  "",
	} {
		if got := SectionOf(in); got != want {
			t.Errorf("SectionOf(%q) = %q, want %q", in, got, want)
		}
	}
	for _, s := range hindcast.Template() {
		if got := SectionOf(s.Heading); got != s.Kind {
			t.Errorf("SectionOf(%q) = %q, want %q", s.Heading, got, s.Kind)
		}
	}
}

func TestLine(t *testing.T) {
	text := "---\nhindcast: 1\ntitle: x\nseverity: 2\n---\n\n# x\n\n## Action Items\n\n- Do it\n  - Owner: Platform\n\n## Incident Metadata\n\n- **Severity:** 2\n- **Owner:** _Who owns this document?_\n"
	got := Parse("x.md", []byte(text))
	for path, want := range map[string]int{
		"incident.severity": 4, "actions[0]": 11, "actions[0].owner": 12, "actions[0].due": 11, "sections[0].text": 9, "timeline[0].title": 0,
		"owner": 17,
	} {
		if n := got.Line(path); n != want {
			t.Errorf("Line(%q) = %d, want %d", path, n, want)
		}
	}
	text = "---\nhindcast: 1\nwaivers:\n  - rule: late\n    by: reliability lead\n\n  - reason: x\n    rule: blame\n---\n"
	got = Parse("x.md", []byte(text))
	for path, want := range map[string]int{
		"waivers": 3, "waivers[0]": 4, "waivers[0].by": 5, "waivers[0].until": 4, "waivers[1]": 7, "waivers[1].rule": 8, "waivers[2]": 3,
	} {
		if n := got.Line(path); n != want {
			t.Errorf("Line(%q) = %d, want %d", path, n, want)
		}
	}
}

// TestWindowsNewlines: a file in which every line ends in CR LF reads like one
// with LF.
func TestWindowsNewlines(t *testing.T) {
	text := "---\nhindcast: 1\ntitle: x\n---\n\n# x\n\n## Summary\n\nOne\ntwo.\n\n## Timeline\n\n- 2024-03-15 14:37 It began\n"
	want := Parse("x.md", []byte(text))
	got := Parse("x.md", []byte(strings.ReplaceAll(text, "\n", "\r\n")))
	if diff := cmp.Diff(want.Postmortem, got.Postmortem); diff != "" {
		t.Errorf("with CR LF (-LF +CRLF):\n%s", diff)
	}
}

func TestOutline(t *testing.T) {
	got := Outline("template.md", []byte("---\nlayout: post\n---\n# Review\n\nHello.\n\n## Timeline\n\n- 14:00 it began\n\n## Customer letter\n\n- Who writes it?\n")).Postmortem
	want := hindcast.Postmortem{
		Incident: hindcast.Incident{Title: "Review", Kind: hindcast.KindIncident}, Status: hindcast.StatusDraft, Preamble: "Hello.", FrontMatter: "layout: post",
		Sections: []hindcast.Section{{Kind: hindcast.SectionTimeline, Heading: "Timeline", Text: "- 14:00 it began"}, {Heading: "Customer letter", Text: "- Who writes it?"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Outline (-want +got):\n%s", diff)
	}
}

func TestNotUTF8(t *testing.T) {
	checkProblems(t, Parse("x.md", []byte("# x\n\ncaf\xe9\n")).Problems, []string{"x.md:3: is not UTF-8 from here on"})
}

// TestEntriesOfOthersAreInOrder: the timeline of another's document that begins
// with the last entry, or tells them in two sections, comes out in the order of
// time, and each entry still knows its line.
func TestEntriesOfOthersAreInOrder(t *testing.T) {
	text := "# Search was down on 2024-03-15\n\n## Timeline\n\n- 15:00 UTC it is over\n- 14:00 UTC it begins\n- Nobody notices\n\n## Sequence of events\n\n- 14:30 UTC it is seen\n"
	got := Parse("x.md", []byte(text))
	var titles []string
	var lines []int
	for i, e := range got.Postmortem.Timeline {
		titles, lines = append(titles, e.Title), append(lines, got.Line(indexed("timeline", i)+".title"))
	}
	if diff := cmp.Diff([]string{"it begins", "Nobody notices", "it is seen", "it is over"}, titles); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{6, 7, 11, 5}, lines); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}
