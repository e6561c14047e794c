package export_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/export"
)

// lesson is a document in which there is something to learn.
func lesson() hindcast.Postmortem {
	return hindcast.Postmortem{
		Status:   hindcast.StatusPublished,
		Incident: hindcast.Incident{Title: "Pool ran dry"},
		Sections: []hindcast.Section{{Kind: hindcast.SectionSummary, Heading: "Incident Summary", Text: "Orders stood still."}},
		Factors: []hindcast.Factor{{ID: "r", Description: "the <b>pool</b> is *small*", Tag: hindcast.Root}, {ID: "x", Description: "no", Tag: hindcast.Root, RuledOutBy: "a test"},
			{ID: "c", Description: "more", Tag: hindcast.Contributing}, {ID: "m", Description: "flag", Tag: hindcast.Mitigating}},
		Observations: []hindcast.Observation{{ID: "o1", Kind: hindcast.WentWell, Text: "alert"}, {ID: "o2", Kind: hindcast.Luck, Text: "night"}},
		Actions:      []hindcast.ActionItem{{ID: "a", Description: "grow it", Status: hindcast.ActionOpen}, {ID: "b", Description: "leave it", Status: hindcast.ActionDeclined}},
	}
}

func TestLearn(t *testing.T) {
	p := lesson()
	want := export.Learned{Roots: p.Factors[:1], Helped: []string{"flag", "alert"}, Harder: p.Observations[1:], Done: p.Actions[:1]}
	if d := cmp.Diff(want, export.Learn(&p)); d != "" {
		t.Errorf("Learn (-want +got):\n%s", d)
	}
	if export.Learn(&hindcast.Postmortem{}).Any() {
		t.Error("there is something to learn from an empty document")
	}
}

func TestPublishedPagesBeginWithWhatThereIsToLearn(t *testing.T) {
	const heading = "<h2>" + export.LearnTitle + "</h2>"
	page := func(p hindcast.Postmortem) string {
		t.Helper()
		var b bytes.Buffer
		if err := export.Page(&b, export.Document{Postmortem: p}); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	got := page(lesson())
	order := []string{"<h1>Pool ran dry</h1>", heading, "would not have happened</h3>", "What helped</h3>", "<li>flag</li>", "<li>night (luck: next time it may not be there)</li>", "<li>grow it</li>", `<h2 id="summary">`}
	at := 0
	for _, want := range order {
		i := strings.Index(got[at:], want)
		if i < 0 {
			t.Fatalf("the page has no %q after %d bytes:\n%s", want, at, got)
		}
		at += i + len(want)
	}
	if lessons, _, _ := strings.Cut(got, `<h2 id="summary">`); strings.Contains(lessons, "<b>") || strings.Contains(lessons, "leave it") {
		t.Errorf("it is told what is no text, or was declined:\n%s", lessons)
	}
	for name, change := range map[string]func(*hindcast.Postmortem){
		"a draft":                      func(p *hindcast.Postmortem) { p.Status = hindcast.StatusDraft },
		"one with nothing but actions": func(p *hindcast.Postmortem) { p.Factors, p.Observations = nil, nil },
	} {
		p := lesson()
		change(&p)
		if strings.Contains(page(p), heading) {
			t.Errorf("%s begins with what there is to learn", name)
		}
	}
}
