package document

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what is got into testdata")

// TestParse reads documents as people write them: NAME.md. The document as we
// write it is NAME.want, and what the reader has to say NAME.problems.
func TestParse(t *testing.T) {
	files, err := filepath.Glob("testdata/parse/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no documents in testdata/parse: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".md")
		t.Run(name, func(t *testing.T) {
			input, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := Parse(name+".md", input)
			text := Markdown(got.Postmortem)
			var problems strings.Builder
			for _, p := range got.Problems {
				problems.WriteString(p.String() + "\n")
			}
			if again := Markdown(Parse(name+".md", text).Postmortem); !bytes.Equal(again, text) {
				t.Errorf("formatted twice (-once +twice):\n%s", cmp.Diff(string(text), string(again)))
			}
			golden(t, strings.TrimSuffix(file, ".md")+".want", string(text))
			golden(t, strings.TrimSuffix(file, ".md")+".problems", problems.String())
		})
	}
}

// golden compares a text with a file, or writes the file with -update.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}
