package audience_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/audience"
	"github.com/hindcast/hindcast/internal/audience/audiencetest"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/export"
	"github.com/hindcast/hindcast/internal/export/pdf"
	"github.com/hindcast/hindcast/internal/sample"
)

// TestNothingElseSurvives holds what each audience sees of a post-mortem with
// every field filled against a list that is written down. A field that is new is
// withheld; whoever lists it changes testdata, too.
func TestNothingElseSurvives(t *testing.T) {
	m := audiencetest.New(t)
	for _, a := range audience.All() {
		seen := audience.For(a, m.Post)
		data, err := document.JSON(seen.Postmortem)
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile("testdata/" + string(a) + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		got := m.Survivors(string(data))
		if d := cmp.Diff(strings.Fields(string(want)), got); d != "" {
			t.Errorf("markers that %s sees in JSON (-want +got):\n%s", a, d)
		}
		for form, text := range readings(t, seen) {
			for _, path := range m.Survivors(text) {
				if !slices.Contains(got, path) {
					t.Errorf("%s sees %s in %s and not in JSON", a, path, form)
				}
			}
			if !strings.Contains(text, m.Markers["sections.text"]) {
				t.Errorf("%s does not see the summary in %s", a, form)
			}
		}
	}
}

// readings returns the text of every form in which a view is read.
func readings(t *testing.T, v audience.View) map[string]string {
	t.Helper()
	d := export.Document{Postmortem: v.Postmortem, Markdown: v.Markdown()}
	var page, paper bytes.Buffer
	if err := errors.Join(export.Page(&page, d), pdf.Write(&paper, d, pdf.A4)); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{"Markdown": string(d.Markdown), "HTML": page.String()}
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Log("pdftotext is not here; install poppler-utils to look into PDFs as well")
		return out
	}
	cmd := exec.Command("pdftotext", "-", "-")
	cmd.Stdin = &paper
	text, err := cmd.Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	out["PDF"] = string(text)
	return out
}

// TestActionItemAlone holds an action item that is asked for alone against the one
// of the whole.
func TestActionItemAlone(t *testing.T) {
	for slug, pm := range samples(t) {
		for _, a := range []audience.Audience{audience.Engineering, "press"} {
			whole := audience.For(a, pm).Postmortem.Actions
			for i, x := range pm.Actions {
				got, ok := audience.ActionItem(a, pm, x)
				if ok != (len(whole) > 0) {
					t.Fatalf("%s sees action %d of %s: %v", a, i, slug, ok)
				}
				if !ok {
					continue
				}
				if d := cmp.Diff(whole[i], got); d != "" {
					t.Errorf("%s: action %d alone (-whole +alone):\n%s", slug, i, d)
				}
			}
		}
	}
}

// TestActionItemsAlone holds action items that are asked for without the rest against
// those of the whole.
func TestActionItemsAlone(t *testing.T) {
	for slug, pm := range samples(t) {
		for _, a := range append(audience.All(), "press") {
			got, want := audience.ActionItems(a, pm), audience.For(a, pm).Postmortem.Actions
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s: actions that %s sees (-of the whole +alone):\n%s", slug, a, d)
			}
		}
	}
}

func TestUnknownAudienceSeesNothing(t *testing.T) {
	got := audience.For("press", audiencetest.New(t).Post).Postmortem
	if d := cmp.Diff(hindcast.Postmortem{}, got); d != "" {
		t.Errorf("an unknown audience sees (-want +got):\n%s", d)
	}
	if _, err := audience.Parse("press"); hindcast.CodeOf(err) != hindcast.Invalid {
		t.Errorf("Parse(press): %v, want an invalid error", err)
	}
}

// TestForLeavesTheOriginal holds the copy apart from what it was made of.
func TestForLeavesTheOriginal(t *testing.T) {
	m, same := audiencetest.New(t), audiencetest.New(t)
	for _, a := range audience.All() {
		audience.For(a, m.Post)
	}
	if d := cmp.Diff(same.Post, m.Post); d != "" {
		t.Errorf("For changed the post-mortem (-before +after):\n%s", d)
	}
}

func samples(t testing.TB) map[string]hindcast.Postmortem {
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

// TestSamples reads the samples as each audience does.
func TestSamples(t *testing.T) {
	for slug, pm := range samples(t) {
		if d := cmp.Diff(string(document.Markdown(pm)), string(audience.For(audience.Engineering, pm).Markdown())); d != "" {
			t.Errorf("%s: engineers see people as roles already, and yet it differs (-have +seen):\n%s", slug, d)
		}
		executive := string(audience.For(audience.Executive, pm).Markdown())
		for _, never := range []string{"kubectl", ".json", "10.42.", "Participants", "“", "?_", "Engineer A (", "Ruled out", "Ticket"} {
			if strings.Contains(executive, never) {
				t.Errorf("%s: executives read %q:\n%s", slug, never, executive)
			}
		}
		customer := string(audience.For(audience.Customer, pm).Markdown())
		for _, never := range append([]string{"Engineer", "engineer", "PagerDuty", "PayBridge", "Root Cause", "Owner", "Severity", "<!--", "?_", "“"}, pm.Incident.Services...) {
			if strings.Contains(customer, never) {
				t.Errorf("%s: customers read %q:\n%s", slug, never, customer)
			}
		}
		for _, always := range []string{"## Incident Summary", "Our team took it up at", "- **Incident length:**", "## Action Items", "  - Due: "} {
			if !strings.Contains(customer, always) {
				t.Errorf("%s: customers do not read %q:\n%s", slug, always, customer)
			}
		}
	}
}

// BenchmarkFor shows a sample, in which people are named.
func BenchmarkFor(b *testing.B) {
	pm := samples(b)["2024-03-15-mobile-api"]
	pm.Incident.Participants = append(pm.Incident.Participants, hindcast.Participant{Role: "incident commander", Name: "Jo Doe"})
	pm.Timeline[0].Detail = "Jo Doe took it up"
	for _, a := range audience.All() {
		b.Run(string(a), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				audience.For(a, pm)
			}
		})
	}
}

// said is a post-mortem whose summary says s.
func said(s string) hindcast.Postmortem {
	return hindcast.Postmortem{
		Incident: hindcast.Incident{Title: "Search answered slowly", Kind: hindcast.KindIncident, Services: []string{"search-index"},
			Participants: []hindcast.Participant{{Role: "incident commander", Name: "Jo Doe"}}},
		Status:   hindcast.StatusPublished,
		Sections: []hindcast.Section{{Kind: hindcast.SectionSummary, Heading: "Incident Summary", Text: s}},
		Timeline: []hindcast.Entry{
			{ID: "e1", Title: "the index is locked by a job", Actor: hindcast.Actor{Name: "Ri Roe", Kind: hindcast.Person}},
			{ID: "e2", Title: "restart", Actor: hindcast.Actor{Name: "kubelet", Kind: hindcast.System}},
			{ID: "e3", Title: "outage", Actor: hindcast.Actor{Name: "CloudCo", Kind: hindcast.External}},
		},
	}
}

func TestMask(t *testing.T) {
	for name, tt := range map[string]struct{ in, engineering, executive, customer string }{
		"people":       {"Jo Doe asked Ri Roe", "Incident commander asked responder", "Incident commander asked responder", "Our team asked our team"},
		"role":         {"until the on-call engineer restarted it", "", "", "until our team restarted it"},
		"service":      {"The search-index service was slow", "", "", "A service was slow"},
		"systems":      {"kubelet and CloudCo failed", "", "", "A system and a provider failed"},
		"quotation":    {"It began: “index is locked”. It ended.", "", "It began. It ended.", "It began. It ended."},
		"entry":        {"Seen:\n\n- 14:00 the index is locked by a job\n\nIt ended.", "", "It ended.", "It ended."},
		"code":         {"Run `make clean` first", "", "Run [withheld] first", "Run [withheld] first"},
		"fence":        {"Before\n\n```\nsecret plan\n```\n\nAfter", "", "Before\n\nAfter", "Before\n\nAfter"},
		"chat":         {"Before\n\n> it is down\n\nAfter", "", "Before\n\nAfter", "Before\n\nAfter"},
		"link":         {"See [the plan](https://wiki.corp/x) and https://wiki.corp/y", "", "See the plan and [withheld]", "See the plan and [withheld]"},
		"host":         {"on db-primary-01 and 10.1.2.3 and app.svc.cluster.local", "", "on [withheld] and [withheld] and [withheld]", "on [withheld] and [withheld] and [withheld]"},
		"severity":     {"a SEV-1 in the top-10", "", "", ""},
		"comment":      {"It <!-- who was it? --> broke", "It  broke", "It broke", "It broke"},
		"metric":       {"http_requests_total fell", "", "", "[withheld] fell"},
		"mail":         {"Write to help@example.org", "Write to [redacted]", "", "Write to [redacted]"},
		"secret":       {"with password=hunter2hunter", "with password=[redacted]", "", "with password=[redacted]"},
		"ordinary":     {"Every request failed for 23 minutes, 100 % of them.", "", "", ""},
		"two services": {"search index and search-index", "", "", "A service and a service"},
	} {
		t.Run(name, func(t *testing.T) {
			want := map[audience.Audience]string{audience.Engineering: tt.engineering, audience.Executive: tt.executive, audience.Customer: tt.customer}
			for _, a := range audience.All() {
				if got := audience.For(a, said(tt.in)).Postmortem.Sections[0].Text; want[a] != "" && got != want[a] || want[a] == "" && name == "ordinary" && got != tt.in {
					t.Errorf("%s reads %q as %q, want %q", a, tt.in, got, want[a])
				}
			}
		})
	}
}

// TestRootsLeadPastWhatIsHidden keeps the roots that executives see connected.
func TestRootsLeadPastWhatIsHidden(t *testing.T) {
	pm := said("x")
	pm.Factors = []hindcast.Factor{
		{ID: "deep", Description: "deep", Tag: hindcast.Root, LedTo: []hindcast.Edge{{To: "hidden", How: "by itself"}}},
		{ID: "hidden", Description: "hidden", LedTo: []hindcast.Edge{{To: "near"}, {To: "also"}}},
		{ID: "also", Description: "also", LedTo: []hindcast.Edge{{To: hindcast.Outcome}, {To: "hidden"}}},
		{ID: "near", Description: "near", Tag: hindcast.Root, LedTo: []hindcast.Edge{{To: hindcast.Outcome}}},
	}
	got := audience.For(audience.Executive, pm).Postmortem.Factors
	want := []hindcast.Factor{
		{ID: "f1", Description: "deep", Tag: hindcast.Root, LedTo: []hindcast.Edge{{To: "f2"}, {To: hindcast.Outcome}}},
		{ID: "f2", Description: "near", Tag: hindcast.Root, LedTo: []hindcast.Edge{{To: hindcast.Outcome}}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("factors that executives see (-want +got):\n%s", d)
	}
	if pm.Factors[0].LedTo[0].To != "hidden" {
		t.Error("the post-mortem itself was changed")
	}
}

func TestFindingsNameTheFieldAndNotTheText(t *testing.T) {
	got := audience.For(audience.Engineering, said("password=hunter2hunter and help@example.org")).Findings
	want := []audience.Finding{{Field: "sections[0].text", Kind: "credential"}, {Field: "sections[0].text", Kind: "email"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("findings (-want +got):\n%s", d)
	}
}

func TestCompare(t *testing.T) {
	pm := samples(t)["2024-03-15-mobile-api"]
	got := map[string]audience.Difference{}
	for _, d := range audience.Compare(pm) {
		got[d.Field] = d
	}
	for name, want := range map[string]audience.Difference{
		"Factor.description": {Of: 9, By: map[audience.Audience]audience.Seen{audience.Engineering: {Shown: 9}, audience.Executive: {Shown: 2}, audience.Customer: {}}},
		"ActionItem.owner":   {Of: 4, By: map[audience.Audience]audience.Seen{audience.Engineering: {Shown: 4}, audience.Executive: {Shown: 4, Changed: 1}, audience.Customer: {}}},
		"Incident.title":     {Of: 1, By: map[audience.Audience]audience.Seen{audience.Engineering: {Shown: 1}, audience.Executive: {Shown: 1}, audience.Customer: {Shown: 1, Changed: 1}}},
	} {
		want.Field = name
		if d := cmp.Diff(want, got[name]); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

// TestCompareListsEveryFieldOfTheVocabulary keeps rows of the allow-list from
// outliving their fields.
func TestCompareListsEveryFieldOfTheVocabulary(t *testing.T) {
	shown := 0
	for _, d := range audience.Compare(audiencetest.New(t).Post) {
		if d.By[audience.Engineering].Shown > 0 {
			shown++
		}
	}
	if rows := audience.Rows(); len(rows) != shown {
		t.Errorf("engineers see %d fields of a post-mortem with all of them, and the allow-list has %d rows: %v", shown, len(rows), rows)
	}
}

func FuzzFor(f *testing.F) {
	for _, s := range []string{"Jo Doe", "`a", "```\nx", "“a", "<!--", "İ the index is locked by a job", "- the index is locked by a job", "\xff\xfe: search-index", "[a](b", "@x @y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, a := range audience.All() {
			got := audience.For(a, said(s))
			if text := strings.ToLower(got.Postmortem.Sections[0].Text); strings.Contains(text, "jo doe") && !strings.Contains(strings.ToValidUTF8(text, ""), "ajo doe") && word(text, "jo doe") {
				t.Errorf("%s reads a name in %q", a, text)
			}
			got.Markdown()
		}
	})
}

// word reports whether a name stands in a text as words of their own.
func word(text, name string) bool {
	return slices.Contains(strings.FieldsFunc(strings.ReplaceAll(text, name, " \x00 "), func(r rune) bool { return r == ' ' }), "\x00")
}

// TestDocumentationHasTheList keeps docs/audiences.md true.
func TestDocumentationHasTheList(t *testing.T) {
	data, err := os.ReadFile("../../docs/audiences.md")
	if err != nil {
		t.Fatal(err)
	}
	_, got, _ := strings.Cut(string(data), "else a number.\n\n")
	if d := cmp.Diff(audience.Table(), got); d != "" {
		t.Errorf("docs/audiences.md has another allow-list (-code +docs):\n%s", d)
	}
}
