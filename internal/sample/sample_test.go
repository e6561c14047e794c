package sample_test

import (
	"io/fs"
	"testing"

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
