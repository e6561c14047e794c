package document

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzParse checks that any text becomes a document, and that a document which
// we wrote stays as it is.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/parse/*.md")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	g := &generator{Rand: rand.New(rand.NewPCG(1, 3))}
	for range 5 {
		f.Add(Markdown(g.postmortem()))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		parsed := Parse("x.md", text)
		once := Markdown(parsed.Postmortem)
		if isJSON(text) && len(parsed.Problems) > 0 {
			return // words that JSON may hold and Markdown cannot
		}
		if twice := Markdown(Parse("x.md", once).Postmortem); !bytes.Equal(once, twice) {
			t.Errorf("formatted twice (-once +twice):\n%s", cmp.Diff(string(once), string(twice)))
		}
	})
}
