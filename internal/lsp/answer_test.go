package lsp_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/lsp"
)

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }

type diagnostic struct {
	Range           lsp.Range
	Severity        int
	Code            string
	CodeDescription struct{ Href string }
	Source          string
	Message         string
	Tags            []int
}

type published struct {
	Params struct {
		URI         string
		Version     int
		Diagnostics []diagnostic
	}
}

func span(line, from, to int) lsp.Range {
	return lsp.Range{Start: lsp.Position{Line: line, Character: from}, End: lsp.Position{Line: line, Character: to}}
}

// TestDiagnosticsCountAsEditors holds the whole of a diagnostic, behind characters
// of two, three and four bytes and line ends of two.
func TestDiagnosticsCountAsEditors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := initialized(t, config(t), `{}`)
		s.open("file:///a.md", "# Löschung 🔥\r\n\r\n🔥 größer – it should have fired.\r\n")
		var got published
		if err := json.Unmarshal([]byte(s.one()), &got); err != nil {
			t.Fatal(err)
		}
		if n := len(got.Params.Diagnostics); n != 1 {
			t.Fatalf("%d diagnostics, want 1: %+v", n, got.Params.Diagnostics)
		}
		d := got.Params.Diagnostics[0]
		if !strings.Contains(d.Message, "\n") {
			t.Errorf("message %q does not say why", d.Message)
		}
		d.Message = ""
		want := diagnostic{Range: span(2, 15, 32), Severity: 2, Code: "counterfactual", Source: "hindcast"}
		want.CodeDescription.Href = "https://docs.example/counterfactual"
		if diff := cmp.Diff(want, d); diff != "" {
			t.Errorf("diagnostic (-want +got):\n%s", diff)
		}
		_ = s.end()
	})
}

type codeAction struct {
	Title       string
	Kind        string
	Diagnostics []diagnostic
	Edit        struct {
		Changes         map[string][]textEdit
		DocumentChanges []struct {
			TextDocument struct {
				URI     string
				Version int
			}
			Edits []textEdit
		}
	}
}

type textEdit struct {
	Range   lsp.Range
	NewText string
}

// apply makes the edits of an action in a text whose characters are of one
// UTF-16 unit.
func apply(text string, edits []textEdit) string {
	lines := strings.SplitAfter(text, "\n")
	at := func(p lsp.Position) int { return len(strings.Join(lines[:p.Line], "")) + p.Character }
	for _, e := range slices.Backward(edits) {
		text = text[:at(e.Range.Start)] + e.NewText + text[at(e.Range.End):]
	}
	return text
}

func TestQuickFixes(t *testing.T) {
	const passive = "# Timeline\n\nThe wrong configuration was deployed.\n"
	cases := []struct {
		name, text string
		line       int
		want       map[string]string // the text after each action
	}{
		{"a rewrite", passive, 2, map[string]string{
			"Write: [The deployment automation?] deployed the wrong configuration.":        "# Timeline\n\n[The deployment automation?] deployed the wrong configuration.\n",
			"Write: [which system, automation or role?] deployed the wrong configuration.": "# Timeline\n\n[which system, automation or role?] deployed the wrong configuration.\n",
			"Ignore agentless-passive here, with a reason":                                 "# Timeline\n\n<!-- lint-ignore agentless-passive: [why is this fine?] -->\nThe wrong configuration was deployed.\n",
		}},
		{"a rewrite behind a time", "# Timeline\n\n- 14:37 UTC The wrong configuration was deployed.\n", 2, map[string]string{
			"Write: [the deployment automation?] deployed the wrong configuration.":        "# Timeline\n\n- 14:37 UTC [the deployment automation?] deployed the wrong configuration.\n",
			"Write: [which system, automation or role?] deployed the wrong configuration.": "# Timeline\n\n- 14:37 UTC [which system, automation or role?] deployed the wrong configuration.\n",
			"Ignore agentless-passive here, with a reason":                                 "# Timeline\n\n- 14:37 UTC The wrong configuration was deployed. <!-- lint-ignore agentless-passive: [why is this fine?] -->\n",
		}},
		{"elsewhere", passive, 0, map[string]string{}},
		{"a suppression for nothing", "# Timeline\n\n<!-- lint-ignore blame: a quotation -->\nIt broke.\n", 2, map[string]string{
			"Take the comment out": "# Timeline\n\nIt broke.\n",
		}},
		{"one for nothing within a line", "# Timeline\n\n- It broke. <!-- lint-ignore blame: a quotation -->\n", 2, map[string]string{
			"Take the comment out": "# Timeline\n\n- It broke.\n",
		}},
		{"an action", "# Action items\n\n- Add an index on jobs\n", 2, map[string]string{
			"Add Owner: [which team or role], Due: [which day], Done when: [what som…": "# Action items\n\n- Add an index on jobs\n  - Owner: [which team or role]\n  - Due: [which day]\n  - Done when: [what somebody else can see]\n",
			"Ignore action-incomplete here, with a reason":                             "# Action items\n\n- Add an index on jobs <!-- lint-ignore action-incomplete: [why is this fine?] -->\n",
		}},
		{"a proposal that cannot take the text's place", "# Timeline\n\nThe **wrong** configuration was deployed.\n", 2, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := initialized(t, config(t), `{}`)
				s.open("file:///a.md", c.text)
				s.got()
				s.ask(1, "codeAction", "file:///a.md", fmt.Sprintf(`,"range":{"start":{"line":%d,"character":0},"end":{"line":%d,"character":80}},"context":{"diagnostics":[]}`, c.line, c.line))
				got := map[string]string{}
				for _, a := range result[[]codeAction](t, s.one()) {
					if a.Kind != "quickfix" || len(a.Diagnostics) != 1 || a.Edit.DocumentChanges != nil {
						t.Errorf("action %+v, want a quick fix of one diagnostic with changes", a)
					}
					got[a.Title] = apply(c.text, a.Edit.Changes["file:///a.md"])
				}
				if c.want == nil { // whatever the rule proposes
					if notes := slices.DeleteFunc(slices.Collect(maps.Keys(got)), func(title string) bool { return !strings.HasPrefix(title, "Note beside it: ") }); len(notes) == 0 {
						t.Errorf("actions %v, want a note beside the text", got)
					}
				} else if d := cmp.Diff(c.want, got); d != "" {
					t.Errorf("actions (-want +got):\n%s", d)
				}
				_ = s.end()
			})
		})
	}
}

// TestQuickFixesOfAVersion holds that edits name the version that they are for,
// and that a client gets only the kinds that it asks for.
func TestQuickFixesOfAVersion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := initialized(t, config(t), `{"workspace":{"workspaceEdit":{"documentChanges":true}}}`)
		s.open("file:///a.md", "The alert should have fired.\n")
		s.got()
		for only, want := range map[string]bool{`[]`: true, `["quickfix"]`: true, `[""]`: true, `["refactor","source.fixAll"]`: false} {
			s.ask(1, "codeAction", "file:///a.md", `,"range":{"start":{"line":0,"character":12},"end":{"line":0,"character":12}},"context":{"diagnostics":[],"only":`+only+`}`)
			got := result[[]codeAction](t, s.one())
			if (len(got) > 0) != want {
				t.Errorf("only %s: %d actions, want some: %v", only, len(got), want)
			}
			for _, a := range got {
				if c := a.Edit.DocumentChanges; len(c) != 1 || c[0].TextDocument.Version != 1 || c[0].TextDocument.URI != "file:///a.md" {
					t.Errorf("changes %+v, want version 1 of the document", c)
				}
			}
		}
		_ = s.end()
	})
}

func TestHover(t *testing.T) {
	const text = "# Timeline\n\nThe `<b>` configuration was deployed.\n"
	cases := []struct {
		name, capabilities, kind string
		has                      []string
	}{
		{"plain", `{}`, "plaintext", []string{"agentless-passive: ", "\nInstead: The deployment automation deployed the `<b>` configuration.", "\nhttps://docs.example/agentless-passive"}},
		{"markdown", `{"textDocument":{"hover":{"contentFormat":["markdown","plaintext"]}}}`, "markdown", []string{"[**agentless-passive**](https://docs.example/agentless-passive): ", "- The deployment automation deployed the \\`\\<b\\>\\` configuration."}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := initialized(t, config(t), c.capabilities)
				s.open("file:///a.md", text)
				s.got()
				s.ask(1, "hover", "file:///a.md", `,"position":{"line":2,"character":26}`)
				got := result[struct {
					Contents struct{ Kind, Value string }
					Range    lsp.Range
				}](t, s.one())
				if got.Contents.Kind != c.kind || got.Range != span(2, 24, 36) {
					t.Errorf("hover is %s at %v", got.Contents.Kind, got.Range)
				}
				for _, want := range c.has {
					if !strings.Contains(got.Contents.Value, want) {
						t.Errorf("hover does not hold %q:\n%s", want, got.Contents.Value)
					}
				}
				s.ask(2, "hover", "file:///a.md", `,"position":{"line":0,"character":3}`)
				if got := s.one(); !strings.Contains(got, `"result":null`) {
					t.Errorf("hover over nothing = %s, want null", got)
				}
				_ = s.end()
			})
		})
	}
}

type symbol struct {
	Name           string
	Kind           int
	Range          lsp.Range
	SelectionRange lsp.Range
	Children       []symbol
}

func (s symbol) lines(depth int) []string {
	r := s.Range
	out := []string{fmt.Sprintf("%s%s (%d) %d:%d-%d:%d", strings.Repeat("  ", depth), s.Name, s.Kind, r.Start.Line, r.Start.Character, r.End.Line, r.End.Character)}
	for _, c := range s.Children {
		out = append(out, c.lines(depth+1)...)
	}
	return out
}

func TestSymbols(t *testing.T) {
	const text = `---
title: x
---

# Checkout was down

## Timeline

### 2024-03-15

- **14:37** Rollout began
  - Evidence: a.log
- **14:38** 🔥 Alert

## Later

| Time | What |
|---|---|
| 15:00 | Over |

# Action items

1. Add a check

   Owner: team a
`
	want := []string{
		"Checkout was down (15) 4:0-20:0",
		"  Timeline (15) 6:0-14:0",
		"    2024-03-15 (15) 8:0-14:0",
		"      14:37 Rollout began (24) 10:4-11:19",
		"      14:38 🔥 Alert (24) 12:4-12:20",
		"  Later (15) 14:0-20:0",
		"Action items (15) 20:0-25:0",
		"  Add a check (19) 22:3-24:16",
	}
	synctest.Test(t, func(t *testing.T) {
		s := initialized(t, config(t), `{}`)
		s.open("file:///a.md", text)
		s.got()
		s.ask(1, "documentSymbol", "file:///a.md", "")
		var got []string
		for _, x := range result[[]symbol](t, s.one()) {
			got = append(got, x.lines(0)...)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("symbols (-want +got):\n%s", d)
		}
		_ = s.end()
	})
}
