package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/cli"
	"github.com/hindcast/hindcast/internal/sample"
)

// TestRenderGivesTheReviewedPictures renders the first sample incident from its
// Markdown and expects the pictures of the documentation.
func TestRenderGivesTheReviewedPictures(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, sample.All()[0].Files()); err != nil {
		t.Fatal(err)
	}
	file, evidence := filepath.Join(dir, "post-mortem.md"), filepath.Join(dir, "evidence")
	for name, args := range map[string][]string{
		"whys.svg": {"--view", "whys"}, "whys-narrow.svg": {"--view", "whys", "--width", "360"},
		"fishbone.svg": {"--view", "fishbone"}, "graph.svg": {"--view", "graph"}, "graph-narrow.svg": {"--view", "graph", "--width", "360"},
		"chart.svg": {evidence, "--view", "chart"}, "chart-narrow.svg": {evidence, "--view", "chart", "--width", "360"},
		"timeline-then.svg": {"--view", "timeline", "--as-of", "14:42:03"},
	} {
		want, err := os.ReadFile(filepath.Join("..", "..", "docs", "pictures", name))
		if err != nil {
			t.Fatal(err)
		}
		var out, errs strings.Builder
		if code := cli.Main(append([]string{"render", file}, args...), nil, &out, &errs); code != 0 || errs.Len() > 0 {
			t.Fatalf("%s: exit code %d, %s", name, code, errs.String())
		}
		if out.String() != string(want) {
			t.Errorf("%s is not the picture in docs/pictures", name)
		}
	}
}
