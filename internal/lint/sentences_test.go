package lint_test

import (
	_ "embed"
	"slices"
	"strings"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lint"
)

// sentences are lines of the rules that a sentence breaks, "-" for none of the
// three about wording, and the sentence.
//
//go:embed testdata/sentences.tsv
var sentences string

// actions are lines of "vague" or "specific" and an action.
//
//go:embed testdata/actions.tsv
var actions string

func TestSentences(t *testing.T) {
	l := newLinter(t)
	for line := range strings.Lines(sentences) {
		want, text, _ := strings.Cut(strings.TrimSpace(line), "\t")
		var got []string
		for _, rule := range rulesOf(l.Document([]byte(text), lint.Context{Incomplete: true})) {
			if slices.Contains([]string{"agentless-passive", "blame", "counterfactual"}, rule) {
				got = append(got, rule)
			}
		}
		if found := strings.Join(got, " "); found != strings.Trim(want, "-") && found != want {
			t.Errorf("%q: found %q, want %q", text, found, want)
		}
	}
}

func TestActions(t *testing.T) {
	l := newLinter(t)
	for line := range strings.Lines(actions) {
		want, text, _ := strings.Cut(strings.TrimSpace(line), "\t")
		rules := rulesOf(l.Document([]byte(text), lint.Context{Section: hindcast.SectionActions, Incomplete: true}))
		if got := slices.Contains(rules, "vague-action"); got != (want == "vague") {
			t.Errorf("%q: found %v, want it %s", text, rules, want)
		}
	}
}
