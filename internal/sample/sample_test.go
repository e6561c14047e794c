package sample_test

import (
	"io/fs"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/sample"
)

func TestEveryIncidentHasEvidenceAndTruth(t *testing.T) {
	for _, inc := range sample.All() {
		for _, name := range []string{"README.md", "truth.json", "evidence/pagerduty/log_entries.json"} {
			if _, err := fs.Stat(inc.Files(), name); err != nil {
				t.Errorf("%s: %v", inc.Slug, err)
			}
		}
	}
}

// TestPostmortemsAreInTheForm keeps the samples what our own program writes.
func TestPostmortemsAreInTheForm(t *testing.T) {
	for _, inc := range sample.All() {
		text, err := fs.ReadFile(inc.Files(), "post-mortem.md")
		if err != nil {
			t.Fatal(err)
		}
		parsed := document.Parse(inc.Slug, text)
		for _, p := range parsed.Problems {
			t.Errorf("%s", p)
		}
		for _, f := range parsed.Postmortem.Validate() {
			t.Errorf("%s: %s", inc.Slug, f)
		}
		if d := cmp.Diff(string(text), string(document.Markdown(parsed.Postmortem))); d != "" {
			t.Errorf("%s is not in the form (-have +formatted):\n%s", inc.Slug, d)
		}
	}
}
