package lint_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the pages of the rules")

// TestPagesOfRules holds docs/rules against the rules; -update writes it.
func TestPagesOfRules(t *testing.T) {
	dir := filepath.Join("..", "..", "docs", "rules")
	pages := map[string]bool{"README.md": true}
	for _, r := range newLinter(t).Rules() {
		name := filepath.Join(dir, r.Name+".md")
		pages[r.Name+".md"] = true
		if *update {
			if err := os.WriteFile(name, []byte(r.Page()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(r.Page(), string(got)); d != "" {
			t.Errorf("%s is not what the rule says; run go test ./internal/lint -update (-want +got):\n%s", name, d)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !pages[f.Name()] {
			t.Errorf("%s belongs to no rule", f.Name())
		}
	}
}
