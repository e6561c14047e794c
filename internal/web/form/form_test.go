package form_test

import (
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/web/form"
)

// sample returns a post-mortem that has everything.
func sample(t *testing.T) *hindcast.Postmortem {
	t.Helper()
	page, err := os.ReadFile("../../../docs/format.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "````markdown\n")
	text, _, ok := strings.Cut(rest, "````")
	if !ok {
		t.Fatal("docs/format.md has no example any more")
	}
	return &document.Parse("format.md", []byte(text)).Postmortem
}

func open(t *testing.T, pm *hindcast.Postmortem, path string) *form.Form {
	t.Helper()
	f, err := form.Of(pm, hindcast.DefaultPolicy(), path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// shown returns what a browser sends of a form that nobody touched.
func shown(f *form.Form) url.Values {
	v := url.Values{}
	for _, x := range f.Fields {
		switch x.Input {
		case form.Checks:
			for _, o := range x.Options {
				if f.Has(x, o.Value) {
					v.Add(x.Name, o.Value)
				}
			}
		case form.Choice:
			v.Set(x.Name, x.Options[0].Value)
			for _, o := range x.Options {
				if f.Has(x, o.Value) {
					v.Set(x.Name, o.Value)
				}
			}
		default:
			v.Set(x.Name, strings.ReplaceAll(f.Text(x), "\n", "\r\n"))
		}
	}
	return v
}

func TestAFormThatNobodyTouchedChangesNothing(t *testing.T) {
	pm := sample(t)
	pm.Timeline[0].At = pm.Timeline[0].At.Add(123456000) // finer than a form shows
	n := 0
	for path := range part.Tags(pm) {
		f, err := form.Of(pm, hindcast.DefaultPolicy(), path)
		if err != nil {
			continue // nothing that people edit
		}
		n++
		was, err := part.Get(pm, path)
		if err != nil {
			t.Fatal(err)
		}
		is, faults := f.Decode(shown(f))
		if faults != nil {
			t.Errorf("%s: %v", path, faults)
			continue
		}
		next, _, err := part.Apply(*pm, []part.Change{{Path: path, Value: is}})
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if d := cmp.Diff(pm, &next); d != "" {
			t.Errorf("%s changed from %s to %s:\n%s", path, was, is, d)
		}
	}
	if n < 30 {
		t.Errorf("only %d parts have a form", n)
	}
}

func TestDecode(t *testing.T) {
	pm := sample(t)
	tests := []struct {
		name, path string
		sent       url.Values
		want       string // JSON; empty when the part goes
		faults     []string
	}{
		{"a title", "title", url.Values{"value": {"  Down  "}}, `"Down"`, nil},
		{"no title", "title", url.Values{"value": {" "}}, "", nil},
		{"a list", "services", url.Values{"value": {"a, b ,, c"}}, `["a","b","c"]`, nil},
		{"a level", "severity", url.Values{"value": {"2"}}, `2`, nil},
		{"no level", "severity", url.Values{"value": {""}}, "", nil},
		{"people", "participants", url.Values{"value": {"Engineer A (responder)\r\nfacilitator\r\n"}}, `[{"name":"Engineer A","role":"responder"},{"role":"facilitator"}]`, nil},
		{"a moment", "phases/started_at", url.Values{"at": {"2024-03-15T14:37"}, "why": {"seen"}}, `{"at":"2024-03-15T14:37:00Z","why":"seen"}`, nil},
		{"no moment", "phases/started_at", url.Values{"at": {"noon"}}, "", []string{"at"}},
		{"a comma in a number", "impact/users", url.Values{"state": {"measured"}, "value": {"12,5"}, "unit": {""}, "how": {""}, "by": {""}}, `{"state":"measured","value":12.5}`, nil},
		{"no number", "impact/users", url.Values{"value": {"NaN"}}, "", []string{"value"}},
		{"no whole number", "impact/slos/new", url.Values{"name": {"a"}, "window_days": {"1.5"}}, "", []string{"window_days"}},
		{"a new action", "actions/new", url.Values{"description": {"Do it"}, "effects": {"prevents-recurrence", "made-up"}}, `{"description":"Do it","effects":["prevents-recurrence"]}`, nil},
		{"a new factor of a section", "factors/new-contributing", url.Values{"description": {"x"}, "led_to": {"incident"}}, `{"description":"x","led_to":[{"to":"incident"}],"tag":"contributing"}`, nil},
		{"prose keeps its space", "sections/summary", url.Values{"text": {"a  \r\n\r\n b\r\n"}}, "", nil},
	}
	for _, tt := range tests {
		got, faults := open(t, pm, tt.path).Decode(tt.sent)
		var at []string
		for _, f := range faults {
			at = append(at, f.Path)
		}
		if d := cmp.Diff(tt.faults, at); d != "" {
			t.Errorf("%s: faults (-want +got):\n%s", tt.name, d)
		}
		if tt.path == "sections/summary" {
			var s hindcast.Section
			if err := json.Unmarshal(got, &s); err != nil || s.Text != "a  \n\n b\n" {
				t.Errorf("%s: %q, %v", tt.name, s.Text, err)
			}
			continue
		}
		if string(got) != tt.want {
			t.Errorf("%s: Decode = %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestFormsShowWhatStandsThere(t *testing.T) {
	pm := sample(t)
	if _, err := form.Of(pm, hindcast.DefaultPolicy(), "evidence"); hindcast.CodeOf(err) != hindcast.NotFound {
		t.Errorf("evidence has a form: %v", err)
	}
	if f := open(t, pm, "sections/went-well"); f.Text(f.Fields[0]) != pm.Section(hindcast.SectionWentWell).Text {
		t.Error("the form of a section does not hold its text")
	}
	if d := cmp.Diff(open(t, pm, "title").Base, part.Tags(pm)["title"]); d != "" {
		t.Error(d)
	}
}
