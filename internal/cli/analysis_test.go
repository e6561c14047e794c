package cli_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/cli"
	"github.com/hindcast/hindcast/internal/sample"
)

// TestAnalysisIsReadWithItsRecords checks that lint and check hold the words of a
// document against its own records: where a chain of whys ends by the links
// between factors, and what was known when by the timeline.
func TestAnalysisIsReadWithItsRecords(t *testing.T) {
	const (
		end     = "The refresh of staging copies the schema and no data"
		middle  = "The staging database has no rows in that table"
		later   = "    - 14:37:21 migration job mobile-api-migrate-48213 exited with status 1: PG::NotNu… <!-- e:5a5819168138 -->\n"
		choice  = "Choice: decision: roll back to 2.7.5 now, find out why later"
		unknown = "  - Not known then:\n" + later
	)
	for name, tt := range map[string]struct {
		replace [][2]string
		rule    string
		want    string // begins the message; empty: nothing is found
	}{
		"as it is":                              {nil, "shallow-cause", ""},
		"a person at the end":                   {[][2]string{{end, "An engineer forgot the rows of the table"}}, "shallow-cause", "the chain of whys ends at a person"},
		"a person below whom the chain goes on": {[][2]string{{middle, "An engineer forgot the rows of the table"}}, "shallow-cause", ""},
		"the symptom at the end":                {[][2]string{{end, "The app was unavailable"}}, "shallow-cause", "the chain of whys ends at the symptom"},
		"known in time":                         {nil, "knowledge-leak", ""},
		"said to be known":                      {[][2]string{{unknown, ""}, {"  - Known then:\n", "  - Known then:\n" + later}}, "knowledge-leak", "this became known only at 15:21:44, after the decision: migration job"},
		"told as if known":                      {[][2]string{{choice, "Choice: roll back, because the migration job mobile-api-migrate-48213 exited with status 1"}}, "knowledge-leak", "this decision is told with what became known only later: migration job"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := samplePostMortem(t)
			for _, r := range tt.replace {
				if !strings.Contains(text, r[0]) {
					t.Fatalf("the sample does not say %q", r[0])
				}
				text = strings.ReplaceAll(text, r[0], r[1])
			}
			for _, command := range []string{"lint", "check"} {
				got := messagesOf(t, command, tt.rule, text)
				if tt.want == "" && len(got) > 0 || tt.want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], tt.want)) {
					t.Errorf("%s finds %q, want %q", command, got, tt.want)
				}
			}
		})
	}
}

// samplePostMortem returns the finished post-mortem of the first sample.
func samplePostMortem(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(unpack(t, sample.All()[0]), "post-mortem.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// messagesOf returns what a rule says of a text by a command.
func messagesOf(t *testing.T, command, rule, text string) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "post-mortem.md")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	if code := cli.Main([]string{command, "--format", "json", "--fail-on", "never", "--now", "2024-03-19T09:00:00Z", file}, &bytes.Buffer{}, &stdout, &stderr); code != 0 {
		t.Fatalf("%s exits with %d: %s", command, code, stderr.String())
	}
	var report struct{ Findings []hindcast.Finding }
	if err := json.Unmarshal(stdout.Bytes(), &report); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range report.Findings {
		if f.Rule == rule {
			out = append(out, f.Message)
		}
	}
	slices.Sort(out)
	return out
}
