package document

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const rounds = 120

// TestMarkdownLosesNothing: what is written reads back as the same value, and is
// then written as the same bytes.
func TestMarkdownLosesNothing(t *testing.T) {
	for seed := range uint64(rounds) {
		g := &generator{Rand: rand.New(rand.NewPCG(seed, 1))}
		want := g.postmortem()
		text := Markdown(want)
		got := Parse("x.md", text)
		if diff := cmp.Diff(want, got.Postmortem, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("seed %d: Parse(Markdown(p)) differs (-want +got):\n%s\n%s", seed, diff, text)
		}
		for _, p := range got.Problems {
			if !strings.HasSuffix(p.Message, "is no key of this format and was kept as it is") {
				t.Fatalf("seed %d: problem %v\n%s", seed, p, text)
			}
		}
		if again := Markdown(got.Postmortem); !bytes.Equal(again, text) {
			t.Fatalf("seed %d: written again (-want +got):\n%s", seed, cmp.Diff(string(text), string(again)))
		}
	}
}
