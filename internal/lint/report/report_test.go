package report_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lint/report"
)

func sample() []report.File {
	source := []byte("# Été\n\nThe 設定 was deployed.\n")
	return []report.File{
		{Name: "a dir/été, 1.md", Source: source, Findings: []hindcast.Finding{
			{Rule: "passive", Level: hindcast.FindingWarning, Line: 3, Column: 8, Start: 20, End: 32, Text: "was deployed", Message: `"was deployed" hides it`, Why: "Because: 100%.",
				Question: "Who?", Suggestions: []string{"The pipeline deployed the 設定."}, Edit: &hindcast.Edit{Start: 9, End: 33, Text: "[The pipeline?] deployed the 設定."}},
			{Rule: "other", Level: hindcast.FindingNote, Line: 3, Column: 1, Start: 9, End: 33, Text: "The 設定 was deployed.", Message: "all of\nit", Why: "So.", Suggestions: []string{}},
		}},
		{Name: "clean.md", Source: []byte("x")},
	}
}

func TestText(t *testing.T) {
	var b bytes.Buffer
	if err := report.Text(&b, sample(), false); err != nil {
		t.Fatal(err)
	}
	want := `a dir/été, 1.md:3:8: warning: "was deployed" hides it [passive]
 3 | The 設定 was deployed.
   |          ^^^^^^^^^^^^
   = why: Because: 100%.
   = ask: Who?
   = try: The pipeline deployed the 設定.

a dir/été, 1.md:3:1: note: all of` + "\uFFFD" + `it [other]
 3 | The 設定 was deployed.
   | ^^^^^^^^^^^^^^^^^^^^^^
   = why: So.

1 warning, 1 note in 2 files
`
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Errorf("text (-want +got):\n%s", d)
	}
	b.Reset()
	if err := report.Text(&b, sample(), true); err != nil || !strings.Contains(b.String(), "\x1b[33mwarning") {
		t.Errorf("no color in %q, %v", b.String(), err)
	}
}

func TestTextOfLongLines(t *testing.T) {
	source := strings.Repeat("é ", 300) + "found" + strings.Repeat(" x", 300)
	f := hindcast.Finding{Line: 1, Column: 601, Start: 900, End: 905, Level: hindcast.FindingNote}
	var b bytes.Buffer
	if err := report.Text(&b, []report.File{{Name: "f", Source: []byte(source), Findings: []hindcast.Finding{f}}}, false); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	shown, caret := []rune(lines[1]), []rune(lines[2])
	if i := strings.Index(string(caret), "^"); string(shown[i:i+5]) != "found" || len(shown) > 120 {
		t.Errorf("the caret is not under the words:\n%s\n%s", lines[1], lines[2])
	}
}

func TestGitHub(t *testing.T) {
	var b bytes.Buffer
	if err := report.GitHub(&b, sample()); err != nil {
		t.Fatal(err)
	}
	want := `::warning file=a dir/été%2C 1.md,line=3,endLine=3,col=8,endColumn=20,title=passive::"was deployed" hides it. Because: 100%25. Instead: The pipeline deployed the 設定.
::notice file=a dir/été%2C 1.md,line=3,endLine=3,col=1,endColumn=21,title=other::all of%0Ait. So.
`
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Errorf("annotations (-want +got):\n%s", d)
	}
}

func TestJSONOfACleanFile(t *testing.T) {
	var b bytes.Buffer
	if err := report.JSON(&b, sample()[1:]); err != nil || b.String() != "{\"file\":\"clean.md\",\"findings\":[]}\n" {
		t.Errorf("JSON = %q, %v", b.String(), err)
	}
}

// TestSARIF holds the log against the schema of the OASIS standard.
func TestSARIF(t *testing.T) {
	f, err := os.Open("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }() // opened for reading only
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("sarif.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	rules := []report.Rule{{Name: "passive", Level: hindcast.FindingWarning, Message: "m", Why: "w", Bad: "b", Good: "g"}}
	for _, files := range [][]report.File{sample(), nil} {
		var b bytes.Buffer
		if err := report.SARIF(&b, files, rules, "1.0"); err != nil {
			t.Fatal(err)
		}
		got, err := jsonschema.UnmarshalJSON(&b)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(got); err != nil {
			t.Error(err)
		}
	}
}

// TestAQuestionEndsItsSentence holds that what ends with a mark gets no full stop too.
func TestAQuestionEndsItsSentence(t *testing.T) {
	f := report.File{Name: "a.md", Source: []byte("x\n"), Findings: []hindcast.Finding{{Rule: "r", Level: hindcast.FindingError, Line: 1, Column: 1, End: 1, Message: "not answered: Who?", Why: "So."}}}
	var b bytes.Buffer
	if err := report.GitHub(&b, []report.File{f}); err != nil || !strings.HasSuffix(b.String(), "::not answered: Who? So.\n") {
		t.Errorf("GitHub = %q, %v", b.String(), err)
	}
}
