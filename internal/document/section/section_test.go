package section_test

import (
	_ "embed"
	"strings"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/section"
)

func TestOf(t *testing.T) {
	for heading, want := range map[string]hindcast.SectionKind{
		"Timeline":                             hindcast.SectionTimeline,
		"2. Timeline (all times UTC)":          hindcast.SectionTimeline,
		"⏱ Timeline of events":                 hindcast.SectionTimeline,
		"Root Cause: the pool was too small":   hindcast.SectionRootCauses,
		"Root Causes and Trigger":              hindcast.SectionRootCauses,
		"Trigger":                              hindcast.SectionRootCauses,
		"5 Whys":                               hindcast.SectionRootCauses,
		"Why did this happen?":                 hindcast.SectionRootCauses,
		"What went well?":                      hindcast.SectionWentWell,
		"What didn’t go so well":               hindcast.SectionWentPoorly,
		"What didn't go well":                  hindcast.SectionWentPoorly,
		"Where we got lucky":                   section.Luck,
		"Corrective and Preventative Measures": hindcast.SectionActions,
		"Follow-up actions":                    hindcast.SectionActions,
		"Lessons Learned":                      section.Lessons,
		"Detection":                            section.Detection,
		"How was the incident resolved?":       section.Resolution,
		"Customer impact":                      hindcast.SectionImpact,
		"Key events":                           hindcast.SectionTimeline,
		"Incident details":                     hindcast.SectionMetadata,
		"Details of incident":                  section.Background,
		"Contributing factors and conditions":  hindcast.SectionContributing,
		"Review actions":                       hindcast.SectionActions,
		"TL;DR":                                hindcast.SectionSummary,
		"The database":                         "",
		"To this":                              "",
		"":                                     "",
		"14:37":                                "",
		"A very long heading that says a lot about what went on with the timeline of it": "",
	} {
		if got := section.Of(heading); got != want {
			t.Errorf("Of(%q) = %q, want %q", heading, got, want)
		}
	}
}

func TestAsKnowsItsNames(t *testing.T) {
	for _, name := range section.Names() {
		if _, ok := section.As(name); !ok {
			t.Errorf("As(%q) knows nothing", name)
		}
	}
	for _, s := range hindcast.Template() {
		if got := section.Of(s.Heading); got != s.Kind {
			t.Errorf("Of(%q) = %q, want %q", s.Heading, got, s.Kind)
		}
		if got, ok := section.As(string(s.Kind)); !ok || got != s.Kind {
			t.Errorf("As(%q) = %q, %v", s.Kind, got, ok)
		}
	}
}

// headings are the headings below the title of 50 post-mortems that other people
// published, drawn evenly from 24 repositories and labeled by hand: document,
// heading, section, "-" for a heading that names none.
//
//go:embed testdata/headings.tsv
var headings string

func TestSectionsOfPublishedDocuments(t *testing.T) {
	var right, wrong, missed int
	for line := range strings.Lines(headings) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		want, got := hindcast.SectionKind(f[2]), section.Of(f[1])
		if want == "-" {
			want = ""
		}
		switch {
		case got == want && got != "":
			right++
		case got != want:
			t.Logf("document %s: %q = %q, want %q", f[0], f[1], got, want)
			if got != "" {
				wrong++
			}
			if want != "" {
				missed++
			}
		}
	}
	f1 := 2 * float64(right) / float64(2*right+wrong+missed)
	t.Logf("%d right, %d wrong, %d missed: F1 %.3f", right, wrong, missed, f1)
	if f1 < 0.95 {
		t.Errorf("F1 = %.3f, want at least 0.95", f1)
	}
}
