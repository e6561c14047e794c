package document

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestExampleInDocs: the example of docs/format.md has the form that we write
// and no problem.
func TestExampleInDocs(t *testing.T) {
	docs, err := os.ReadFile("../../docs/format.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(docs), "````markdown\n")
	example, _, ok := strings.Cut(rest, "````\n")
	if !ok {
		t.Fatal("docs/format.md has no example between ````markdown and ````")
	}
	got := Parse("format.md", []byte(example))
	if diff := cmp.Diff(example, string(Markdown(got.Postmortem))); diff != "" {
		t.Errorf("example written again (-docs +written):\n%s", diff)
	}
	checkProblems(t, got.Problems, nil)
}
