package lint_test

import (
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lint"
)

// summary returns findings as "RULE LINE text".
func summary(findings []hindcast.Finding) []string {
	var out []string
	for _, f := range findings {
		out = append(out, f.Rule+" "+f.Text)
	}
	return out
}

// only returns the findings of a rule.
func only(rule string, findings []hindcast.Finding) []hindcast.Finding {
	var out []hindcast.Finding
	for _, f := range findings {
		if f.Rule == rule {
			out = append(out, f)
		}
	}
	return out
}

func TestDocumentKnowsSections(t *testing.T) {
	const source = `# Outage

## What went well

The alert was noticed within a minute.

## Timeline

| Time | Event |
|---|---|
| 14:37 | The release was deployed |

**Action items:**

- Improve the pool

## Where we got lucky

It should have been worse.

## Notes

> The vendor was misconfigured, they say.

    The pod was restarted.
`
	got := summary(newLinter(t).Document([]byte(source), lint.Context{}))
	want := []string{"agentless-passive was deployed", "vague-action Improve", "action-incomplete Improve the pool"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("findings (-want +got):\n%s", d)
	}
}

func TestOurOwnFormat(t *testing.T) {
	const source = `---
hindcast: 1
---

# Outage

## Incident Metadata

- **Started:** 14:37 the pod was restarted

## Timeline

- **14:37:00** The config was deployed <!-- e:1 -->
  - Evidence: the log was read
  - Why it is here: a suspicion that was ruled out

## Root Cause Analysis

_What was overlooked, and should have been caught?_
`
	got := summary(newLinter(t).Document([]byte(source), lint.Context{}))
	if d := cmp.Diff([]string{"agentless-passive was deployed"}, got); d != "" {
		t.Errorf("findings (-want +got):\n%s", d)
	}
}

func TestPositions(t *testing.T) {
	const source = "# Été 😀\n\n日本 😀 – the *wrong* config was deployed.\n"
	found := newLinter(t).Document([]byte(source), lint.Context{})
	if len(found) != 1 {
		t.Fatalf("findings = %v", summary(found))
	}
	f := found[0]
	if f.Line != 3 || f.Column != 27 || source[f.Start:f.End] != "was deployed" || f.Text != "was deployed" {
		t.Errorf("at %d:%d, %q, text %q", f.Line, f.Column, source[f.Start:f.End], f.Text)
	}
	units := utf16.Encode([]rune(source))
	if got := string(utf16.Decode(units[f.StartUTF16:f.EndUTF16])); got != "was deployed" {
		t.Errorf("UTF-16 span holds %q", got)
	}
}

// TestOffsetsOfAnyText holds on any text: spans lie in it, in order, on the
// boundaries of characters, and count the same in bytes, lines and UTF-16.
func TestOffsetsOfAnyText(t *testing.T) {
	pieces := []string{"The été was deployed. ", "we forgot 日本 ", "😀 ", "should have caught ", "\n\n", "- Improve x\n", "| é | b |\n|---|---|\n", "## Root cause\n\n", "## Action items\n\n",
		"Engineer deployed bad code. ", "*", "`a b`", "<!-- lint-ignore blame: ü -->", "\xff", "\r\n", "human error ", "> ", "[l](u)", "was accidentally deleted "}
	rnd := rand.New(rand.NewPCG(3, 4))
	l := newLinter(t)
	for range 2000 {
		var b strings.Builder
		for range rnd.IntN(30) {
			b.WriteString(pieces[rnd.IntN(len(pieces))])
		}
		checkSpans(t, b.String(), l.Document([]byte(b.String()), lint.Context{}))
	}
}

func checkSpans(t *testing.T, source string, findings []hindcast.Finding) {
	t.Helper()
	last := 0
	for _, f := range findings {
		if f.Start < last || f.End < f.Start || f.End > len(source) || source[f.Start:f.End] != f.Text {
			t.Fatalf("%q: %s spans %d to %d after %d, text %q", source, f.Rule, f.Start, f.End, last, f.Text)
		}
		last = f.Start
		before := source[:f.Start]
		line := strings.Count(before, "\n") + 1
		column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
		if f.Line != line || f.Column != column || f.StartUTF16 != len(utf16.Encode([]rune(before))) || f.EndUTF16 != len(utf16.Encode([]rune(source[:f.End]))) {
			t.Fatalf("%q: %s at %d:%d, UTF-16 %d to %d; want %d:%d", source, f.Rule, f.Line, f.Column, f.StartUTF16, f.EndUTF16, line, column)
		}
		if e := f.Edit; e != nil && (e.Start > e.End || e.End > len(source)) {
			t.Fatalf("%q: edit %v", source, *e)
		}
	}
}

func FuzzDocument(f *testing.F) {
	f.Add("## Root cause\n\nEngineer deployed bad code. It should have been tested.\n\n## Action items\n\n- Improve x (owner: Y)\n")
	f.Add("- 14:37 the été was deployed without checking\n<!-- lint-ignore -->\n| a |\n|-|\n| we did not notice |")
	l, err := lint.New()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, source string) {
		if len(source) > 1<<13 {
			t.Skip("long")
		}
		for _, c := range []lint.Context{{}, {Section: hindcast.SectionActions, Incomplete: true}, {Section: hindcast.SectionRootCauses, Incomplete: true}} {
			findings := l.Document([]byte(source), c)
			checkSpans(t, source, findings)
			lint.Apply([]byte(source), lint.Edits(findings))
		}
	})
}

func TestSuppression(t *testing.T) {
	for _, c := range []struct {
		name, source string
		want         []string
	}{
		{"before a paragraph", "<!-- lint-ignore blame: quoted -->\nIt was human error.\n", nil},
		{"inside a paragraph", "It was human error. <!-- lint-ignore blame: quoted -->\n", nil},
		{"only that paragraph", "<!-- lint-ignore blame: quoted -->\nIt was human error.\n\nIt was human error.\n", []string{"blame human error"}},
		{"only that rule", "<!-- lint-ignore counterfactual: x -->\nThis should have been caught. It was human error.\n", []string{"blame human error"}},
		{"two rules", "<!-- lint-ignore blame, counterfactual: quoted -->\nWe should have seen it. It was human error.\n", nil},
		{"a line within an item", "- It was human error.\n  <!-- lint-ignore blame: a -->\n- Ours, a mistake.\n", []string{"blame mistake"}},
		{"a line between items", "- It was human error.\n<!-- lint-ignore blame: a -->\n- Ours, a mistake.\n", []string{"blame human error"}},
		{"a list item", "- It was human error <!-- lint-ignore blame: a -->\n- Ours, a mistake.\n", []string{"blame mistake"}},
		{"a table row", "| a | b |\n|---|---|\n| a mistake | x <!-- lint-ignore blame: a --> |\n| a mistake | y |\n", []string{"blame mistake"}},
		{"without a reason", "<!-- lint-ignore blame -->\nIt was human error.\n", []string{"lint-ignore <!-- lint-ignore blame -->", "blame human error"}},
		{"without a rule", "<!-- lint-ignore : so -->\nFine.\n", []string{"lint-ignore <!-- lint-ignore : so -->"}},
		{"unknown rule", "<!-- lint-ignore blam: typo -->\nIt was human error.\n", []string{"lint-ignore <!-- lint-ignore blam: typo -->", "blame human error"}},
		{"unused", "<!-- lint-ignore blame: nothing here -->\nFine.\n", []string{"lint-ignore <!-- lint-ignore blame: nothing here -->"}},
		{"in code it is text", "```\n<!-- lint-ignore blame -->\n```\n", nil},
		{"another comment", "<!-- lint-ignored -->\nFine.\n", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := summary(newLinter(t).Document([]byte(c.source), lint.Context{}))
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("findings (-want +got):\n%s", d)
			}
		})
	}
}

func TestRulesOfAnOrganization(t *testing.T) {
	file, err := lint.ParseFile([]byte(`
words:
  people: gardener
rules:
- name: no-acme
  kind: phrase
  level: note
  message: '"{text}" is our old name'
  why: We are called something else now.
  words: {phrases: [acme corp, acme]}
- name: blame
  level: warning
  words: {unless: [drill]}
- name: hindsight
  off: true
`))
	if err != nil {
		t.Fatal(err)
	}
	const source = "Acme Corp was down, obviously. The gardener forgot to look. In the drill it was human error."
	found := newLinter(t, file).Document([]byte(source), lint.Context{Incomplete: true})
	if d := cmp.Diff([]string{"no-acme Acme Corp", "blame gardener forgot"}, summary(found)); d != "" {
		t.Errorf("findings (-want +got):\n%s", d)
	}
	if found[0].Message != `"Acme Corp" is our old name` || found[1].Level != hindcast.FindingWarning {
		t.Errorf("message %q, level %s", found[0].Message, found[1].Level)
	}
}

func TestFaultsOfRuleFiles(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"unknown key", "rules:\n- name: blame\n  lvel: note\n", "line 3: field lvel not found"},
		{"unknown list", "rules:\n- name: blame\n  words:\n    fautls: x\n", `line 4: kind blame reads no list "fautls"`},
		{"unknown shared list", "words:\n  poeple: x\n", `line 2: there is no list of words "poeple"`},
		{"unknown kind", "rules:\n- {name: x, kind: regexp, level: note, message: m, why: w}\n", `there is no kind "regexp"`},
		{"new without kind", "rules:\n- name: blaem\n  off: true\n", `there is no rule "blaem" to change`},
		{"other kind", "rules:\n- {name: blame, kind: phrase}\n", "is of kind blame"},
		{"level", "rules:\n- {name: x, kind: phrase, level: bad, message: m, why: w}\n", "choose error, warning or note"},
		{"section", "rules:\n- {name: blame, only: [cuase]}\n", `there is no section "cuase"`},
		{"no reason", "rules:\n- {name: x, kind: phrase, level: note}\n", "say in message what is wrong"},
		{"name", "rules:\n- {name: 'a b', kind: phrase, level: note, message: m, why: w}\n", "without spaces"},
		{"words", "rules:\n- name: blame\n  words:\n    faults: {a: b}\n", "line 4: write a list of words"},
	} {
		t.Run(c.name, func(t *testing.T) {
			file, err := lint.ParseFile([]byte(c.file))
			if err == nil {
				_, err = lint.New(file)
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v, want one with %q", err, c.want)
			}
		})
	}
}

func TestEditsDoNotOverlap(t *testing.T) {
	edit := func(start, end int, text string) hindcast.Finding {
		return hindcast.Finding{Edit: &hindcast.Edit{Start: start, End: end, Text: text}}
	}
	edits := lint.Edits([]hindcast.Finding{edit(4, 6, "X"), {}, edit(0, 2, "Y"), edit(5, 7, "Z")})
	if got := string(lint.Apply([]byte("0123456789"), edits)); got != "Y23X6789" {
		t.Errorf("applied: %q", got)
	}
}

// TestLongDocumentsEnd lints documents that are long in odd ways. The work of twice
// the text may be twice as much, and a little: it is counted in what is allocated.
// What takes forever without that runs into the time limit of the test.
func TestLongDocumentsEnd(t *testing.T) {
	l := newLinter(t)
	for name, c := range map[string]struct {
		start, text string
		bytes       int
	}{
		"one megabyte":      {"", prose, 1 << 20},
		"one line":          {"", "The config was deployed by mistake and ", 1 << 20},
		"no spaces":         {"", "é", 1 << 20},
		"one long item":     {"## Action items\n\n- ", "improve more ", 13 << 15},
		"nested brackets":   {"", "[", 1 << 18},
		"many ignores":      {"", "<!-- lint-ignore blame: x -->\nhuman error\n\n", 43 * 2000},
		"many quotations":   {"", `"`, 1 << 17},
		"many backticks":    {"", "` ", 1 << 18},
		"many conditionals": {"", "had we not did ", 15 << 15},
	} {
		work := func(bytes int) uint64 {
			source := []byte(c.start + strings.Repeat(c.text, bytes/len(c.text)))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			l.Document(source, lint.Context{})
			runtime.ReadMemStats(&after)
			return after.TotalAlloc - before.TotalAlloc
		}
		half, whole := work(c.bytes/2), work(c.bytes)
		t.Logf("%s: %d KB for half of it, %d KB for all", name, half>>10, whole>>10)
		if whole > 3*half {
			t.Errorf("%s: linting half of it allocates %d bytes and all of it %d, more than three times as much", name, half, whole)
		}
	}
}
