package word_test

import (
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/lint/sentence"
	"github.com/hindcast/hindcast/internal/lint/word"
)

func TestParticiple(t *testing.T) {
	for w, want := range map[string]bool{"deployed": true, "run": true, "rung": true, "rolled-back": true, "wear-out": false, "red": false, "server": false} {
		if got := word.Participle(w); got != want {
			t.Errorf("Participle(%q) = %v, want %v", w, got, want)
		}
	}
}

func TestHasPast(t *testing.T) {
	verbs := word.NewSet([]string{"check", "notice", "verify", "plan", "think"})
	for w, want := range map[string]bool{"checked": true, "noticed": true, "verified": true, "planned": true, "thought": true, "check": false, "red": false, "told": false} {
		if got := verbs.HasPast(w); got != want {
			t.Errorf("HasPast(%q) = %v, want %v", w, got, want)
		}
	}
}

func TestPhrases(t *testing.T) {
	p := word.NewPhrases([]string{"human error", "human error on the part of", "a * of time"})
	for _, c := range []struct {
		text string
		at   int
		want int
	}{
		{"the human error here", 1, 2},
		{"human error on the part of us", 0, 6},
		{"a matter of time", 0, 4},
		{"a matter of", 0, 0},
		{"error", 0, 0},
	} {
		if got := p.At(sentence.Split(c.text)[0].Tokens, c.at); got != c.want {
			t.Errorf("%q at %d takes %d tokens, want %d", c.text, c.at, got, c.want)
		}
	}
}

func TestClause(t *testing.T) {
	tokens := sentence.Split("The disk was full, so the job stopped")[0].Tokens
	if got := word.Clause(tokens, 7); tokens[got].Norm != "the" || got != 6 {
		t.Errorf("the clause begins at %d (%s), want 6 (the)", got, tokens[got].Norm)
	}
}

func TestPairs(t *testing.T) {
	got := word.Pairs([]string{"test tests = Add a test", "alert="})
	if got["tests"] != "Add a test" || got["test"] != "Add a test" || strings.TrimSpace(got["alert"]) != "" {
		t.Errorf("Pairs = %v", got)
	}
}
