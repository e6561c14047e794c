package lint_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lint"
)

// TestIgnore holds that the comment of Ignore silences exactly the rule that it
// names where it stands, once a reason is written, and nothing before.
func TestIgnore(t *testing.T) {
	const blame = "The engineer carelessly deployed bad code."
	cases := []struct{ name, source, want string }{
		{"paragraph", "# Cause\n\n" + blame + "\n", "# Cause\n\n<!-- lint-ignore blame: R -->\n" + blame + "\n"},
		{"first paragraph", blame, "<!-- lint-ignore blame: R -->\n" + blame},
		{"indented paragraph", "  " + blame + "\n", "  <!-- lint-ignore blame: R -->\n  " + blame + "\n"},
		{"second line", "It broke.\n" + blame + "\n", "<!-- lint-ignore blame: R -->\nIt broke.\n" + blame + "\n"},
		{"item", "- " + blame + "\n- It broke.\n", "- " + blame + " <!-- lint-ignore blame: R -->\n- It broke.\n"},
		{"item with windows line ends", "- " + blame + "\r\n- It broke.\r\n", "- " + blame + " <!-- lint-ignore blame: R -->\r\n- It broke.\r\n"},
		{"last item", "1. It broke.\n2. " + blame, "1. It broke.\n2. " + blame + " <!-- lint-ignore blame: R -->"},
		{"item with a link at its end", "- The engineer carelessly deployed [bad code](http://a.example/x).\n", "- The engineer carelessly deployed [bad code](http://a.example/x). <!-- lint-ignore blame: R -->\n"},
		{"nested item", "- Cause:\n  - " + blame + "\n    more words\n", "- Cause:\n  - " + blame + "\n    more words <!-- lint-ignore blame: R -->\n"},
		{"item of our own format", "- " + blame + ` <!-- f:"a b" root -->` + "\n", "- " + blame + ` <!-- lint-ignore blame: R --> <!-- f:"a b" root -->` + "\n"},
		{"cell", "| Cause | Since |\n|---|---|\n| " + blame + " | May |\n", "| Cause | Since |\n|---|---|\n| " + blame + " <!-- lint-ignore blame: R --> | May |\n"},
		{"cell with an escaped bar", "| Cause |\n|---|\n| " + blame + ` a \| b |` + "\n", "| Cause |\n|---|\n| " + blame + ` a \| b <!-- lint-ignore blame: R --> |` + "\n"},
	}
	linter := newLinter(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := theOnly(t, linter, c.source, "blame")
			edit, ok := lint.NewNotes([]byte(c.source)).Ignore(f)
			if !ok {
				t.Fatal("Ignore found no place")
			}
			asked := string(lint.Apply([]byte(c.source), []hindcast.Edit{edit}))
			if rules := found(linter, asked); rules["blame"] != 1 || rules["lint-ignore"] != 1 {
				t.Errorf("without a reason the findings are %v, want blame and lint-ignore", rules)
			}
			got := strings.Replace(asked, "[why is this fine?]", "R", 1)
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("Ignore (-want +got):\n%s", d)
			}
			if rules := found(linter, got); rules["blame"] != 0 || rules["lint-ignore"] != 0 {
				t.Errorf("with a reason the findings are %v, want neither blame nor lint-ignore", rules)
			}
		})
	}
}

func TestIgnoreIsNotForItself(t *testing.T) {
	if _, ok := lint.NewNotes([]byte("a")).Ignore(hindcast.Finding{Rule: "lint-ignore"}); ok {
		t.Error("Ignore offers to suppress a finding about a suppression")
	}
}

func TestBesideWritesAHarmlessComment(t *testing.T) {
	source := []byte("| a |\n|---|\n| b |\n")
	edit, ok := lint.NewNotes(source).Beside(hindcast.Finding{Start: 14, End: 15}, "x --> y | `z`\nnext")
	if want := (hindcast.Edit{Start: 15, End: 15, Text: ` <!-- x - -> y \| 'z' next -->`}); !ok || edit != want {
		t.Errorf("Beside = %+v, %v, want %+v", edit, ok, want)
	}
}

// TestComplete holds that the fields of Complete answer the finding once they are
// filled in.
func TestComplete(t *testing.T) {
	const head = "# Action items\n\n"
	cases := []struct{ name, source, want string }{
		{"item", "- Add an index on jobs\n- x\n", "- Add an index on jobs\n  - Owner: [which team or role]\n  - Due: [which day]\n  - Done when: [what somebody else can see]\n- x\n"},
		{"last item, no end of line", "1. Add an index\n   on jobs", "1. Add an index\n   on jobs\n   - Owner: [which team or role]\n   - Due: [which day]\n   - Done when: [what somebody else can see]"},
		{"windows line ends", "- Add an index on jobs\r\n", "- Add an index on jobs\r\n  - Owner: [which team or role]\r\n  - Due: [which day]\r\n  - Done when: [what somebody else can see]\r\n"},
		{"task", "- [ ] Add an index on jobs\n", "- [ ] Add an index on jobs\n  - Owner: [which team or role]\n  - Due: [which day]\n  - Done when: [what somebody else can see]\n"},
		{"one there, of our own format", "- Add an index on jobs <!-- a:index -->\n    - Owner: Jobs team\n", "- Add an index on jobs <!-- a:index -->\n    - Due: [which day]\n    - Done when: [what somebody else can see]\n    - Owner: Jobs team\n"},
		{"an empty one there", "- Add an index on jobs\n  - Owner:\n", ""},
		{"cell", "| Action | Owner |\n|---|---|\n| Add an index on jobs | Jobs team |\n", ""},
	}
	linter := newLinter(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			source := head + c.source
			f := linter.Document([]byte(source), lint.Context{})[0]
			edit, ok := lint.NewNotes([]byte(source)).Complete(f)
			if ok != (c.want != "") {
				t.Fatalf("Complete(%+v) = %+v, %v", f, edit, ok)
			}
			if !ok {
				return
			}
			got := string(lint.Apply([]byte(source), []hindcast.Edit{edit}))
			if d := cmp.Diff(head+c.want, got); d != "" {
				t.Errorf("Complete (-want +got):\n%s", d)
			}
			filled := strings.NewReplacer("[which team or role]", "Jobs team", "[which day]", "2024-05-01", "[what somebody else can see]", "the plan uses it").Replace(got)
			if after := found(linter, filled); after[f.Rule] >= found(linter, source)[f.Rule] {
				t.Errorf("filled in, %v is still found in:\n%s", after, filled)
			}
		})
	}
}

// TestIgnoreEverywhere silences each finding of the documents in testdata, one
// at a time.
func TestIgnoreEverywhere(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no documents in testdata: %v", err)
	}
	linter := newLinter(t)
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		everywhere(t, linter, name, source)
	}
}

func everywhere(t *testing.T, linter *lint.Linter, name string, source []byte) {
	t.Helper()
	notes := lint.NewNotes(source)
	before := found(linter, string(source))
	for _, f := range linter.Document(source, lint.Context{}) {
		edit, ok := notes.Ignore(f)
		if !ok {
			t.Errorf("%s:%d: no place for a comment about %s", name, f.Line, f.Rule)
			continue
		}
		text := strings.Replace(string(lint.Apply(source, []hindcast.Edit{edit})), "[why is this fine?]", "reason", 1)
		after := found(linter, text)
		if after[f.Rule] >= before[f.Rule] || after["lint-ignore"] != before["lint-ignore"] {
			t.Errorf("%s:%d: %s was not silenced by %q: %v, then %v", name, f.Line, f.Rule, edit.Text, before, after)
		}
	}
}

// found counts the findings of each rule.
func found(linter *lint.Linter, source string) map[string]int {
	out := map[string]int{}
	for _, f := range linter.Document([]byte(source), lint.Context{}) {
		out[f.Rule]++
	}
	return out
}

// theOnly returns the one finding of a rule.
func theOnly(t *testing.T, linter *lint.Linter, source, rule string) hindcast.Finding {
	t.Helper()
	var out []hindcast.Finding
	for _, f := range linter.Document([]byte(source), lint.Context{}) {
		if f.Rule == rule {
			out = append(out, f)
		}
	}
	if len(out) != 1 {
		t.Fatalf("found %d times %s in %q, want once", len(out), rule, source)
	}
	return out[0]
}
