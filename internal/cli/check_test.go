package cli_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/cli"
	"github.com/hindcast/hindcast/internal/sample"
)

// TestCheckOfADraftNamesItsQuestions checks that the gate says of a fresh draft
// what is missing: every question that stands in it, each on its line, and
// nothing else.
func TestCheckOfADraftNamesItsQuestions(t *testing.T) {
	folders := map[string]string{"nothing happened": filepath.Join(t.TempDir(), "calm")}
	if err := os.MkdirAll(folders["nothing happened"], 0o755); err != nil {
		t.Fatal(err)
	}
	calm := `{"time":"2024-03-15T14:00:00Z","level":"info","service":"api","msg":"ready"}` + "\n"
	if err := os.WriteFile(filepath.Join(folders["nothing happened"], "api.ndjson"), []byte(calm), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, inc := range sample.All() {
		folders[inc.Slug] = filepath.Join(unpack(t, inc), "evidence")
	}
	for name, evidence := range folders {
		severities := []string{"0"}
		if name == "nothing happened" {
			severities = []string{"0", "1", "3"}
		}
		for _, severity := range severities {
			t.Run(name+" at severity "+severity, func(t *testing.T) {
				t.Parallel()
				draft := hindcastRun(t, "draft", "--severity", severity, evidence)
				want, got := questionLines(draft), missingLines(t, draft)
				if d := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); d != "" {
					t.Errorf("lines of questions (-) and of what is missing (+) differ:\n%s%v\n%v", d, want, got)
				}
			})
		}
	}
}

// TestCheckIsNotSatisfiedWithTheReadingAid checks that the services with which a
// draft begins the analysis are not taken for a cause.
func TestCheckIsNotSatisfiedWithTheReadingAid(t *testing.T) {
	draft := hindcastRun(t, "draft", filepath.Join(unpack(t, sample.All()[0]), "evidence"))
	if !bytes.Contains(draft, []byte("reading aid")) {
		t.Fatal("the draft has no reading aid")
	}
	missing := missingLines(t, question.ReplaceAll(draft, nil))
	for _, m := range missing {
		if strings.Contains(m, "root-causes: no root cause") {
			return
		}
	}
	t.Errorf("the root cause is not missing: %v", missing)
}

var (
	question = regexp.MustCompile(`_[^_]+\?_`)
	section  = regexp.MustCompile(`(?m)^## Related Incidents$`)
)

// questionLines returns the lines of a draft that ask something. What was related
// is optional, and the line that shows the severity repeats its question.
func questionLines(draft []byte) map[int]string {
	related := bytes.Count(draft[:section.FindIndex(draft)[0]], []byte("\n")) + 3
	out := map[int]string{}
	for i, line := range strings.Split(string(draft), "\n") {
		if question.MatchString(line) && i+1 != related && !strings.HasPrefix(line, "- **Severity:**") {
			out[i+1] = line
		}
	}
	return out
}

func missingLines(t *testing.T, draft []byte) map[int]string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "draft.md")
	if err := os.WriteFile(file, draft, 0o644); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	if code := cli.Main([]string{"check", "--format", "json", file}, &bytes.Buffer{}, &stdout, &stderr); code != 1 || stderr.Len() > 0 {
		t.Fatalf("check exits with %d: %s", code, stderr.String())
	}
	var report struct {
		Passed   bool
		Criteria []struct {
			ID, State string
			Missing   []struct {
				Line    int
				Message string
			}
		}
	}
	if err := json.Unmarshal(stdout.Bytes(), &report); err != nil {
		t.Fatal(err)
	}
	out := map[int]string{}
	for _, c := range report.Criteria {
		for _, m := range c.Missing {
			out[m.Line] += c.ID + ": " + m.Message
		}
	}
	return out
}
