package cli_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/hindcast/hindcast/internal/lint"
	"github.com/hindcast/hindcast/internal/sample"
)

// wide has characters of one to four bytes before its findings, and line ends of
// two.
const wide = "# Löschung 🔥 der Aufträge\r\n\r\n## Timeline\r\n\r\n- 14:37 – 🔥🔥 the wrong configuration was deployed\r\n\r\n" +
	"## Root cause\r\n\r\nÄrger 🔥: the engineer carelessly deployed bad code. The alert should have fired.\r\n\r\n<!-- lint-ignore blame: for nothing -->\r\nIt broke.\r\n"

const ownRules = `rules:
- name: own-names
  kind: phrase
  level: note
  message: '"{text}" was renamed'
  why: Readers look for it by its present name.
  words:
    phrases: [configuration]
- name: hindsight
  off: true
`

// TestLanguageServer runs the program with the client library of the
// protocol's makers, which tools/lspclient/client.js drives, on the drafts of
// the sample incidents and on documents with many findings.
func TestLanguageServer(t *testing.T) {
	client, err := filepath.Abs(filepath.Join("..", "..", "tools", "lspclient"))
	if err != nil {
		t.Fatal(err)
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("SKIPPED, so the language server was not tried with a real client: node is not installed")
	}
	if _, err := os.Stat(filepath.Join(client, "node_modules", "vscode-languageserver-protocol")); err != nil {
		t.Skip("SKIPPED, so the language server was not tried with a real client: run tools/npm first")
	}
	dir := t.TempDir()
	program, err := exec.LookPath("hindcast") // this test binary, as TestMain put it there
	if err != nil {
		t.Fatal(err)
	}
	rules, other := filepath.Join(dir, "rules.yaml"), filepath.Join(dir, "größer.md")
	for file, text := range map[string]string{rules: ownRules, other: wide} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files := append(drafts(t, program, dir), filepath.Join("..", "lint", "testdata", "notes.md"), other)
	files = append(files, checked(t, dir)...)
	args := []string{filepath.Join(client, "client.js"), program, "--now", "2024-06-01T00:00:00Z", "--config", rules, "--person", "Engineer A", "--"}

	out := command(t, node, append(args, files...)...)

	var did struct {
		Files, Diagnostics, Actions, Edits, Symbols int
		Rules                                       []string
	}
	if err := json.Unmarshal(out, &did); err != nil {
		t.Fatalf("the client printed %q: %v", out, err)
	}
	if did.Files != len(files) || did.Diagnostics < 20 || did.Actions < did.Diagnostics || did.Edits < 60*len(files) || did.Symbols < 50 {
		t.Errorf("the client did %+v, want %d files with plenty of everything", did, len(files))
	}
	for _, rule := range []string{"knowledge-leak", "own-names", "lint-ignore"} {
		if !slices.Contains(did.Rules, rule) {
			t.Errorf("the client saw the rules %v, want %s too", did.Rules, rule)
		}
	}
}

// drafts returns the files of the drafts of the sample incidents.
func drafts(t *testing.T, program, dir string) []string {
	t.Helper()
	command(t, program, "sample", filepath.Join(dir, "sample"))
	var out []string
	for _, s := range sample.All() {
		file := filepath.Join(dir, s.Slug+".md")
		command(t, program, "draft", "-o", file, filepath.Join(dir, "sample", s.Slug, "evidence"))
		out = append(out, file)
	}
	return out
}

// checked returns the post-mortems of the story about the quality gate; one of
// them tells a decision with later knowledge.
func checked(t *testing.T, dir string) []string {
	t.Helper()
	story, err := txtar.ParseFile(filepath.Join("testdata", "check.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range story.Files {
		if filepath.Ext(f.Name) == ".md" {
			out = append(out, filepath.Join(dir, f.Name))
			if err := os.WriteFile(out[len(out)-1], f.Data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	return out
}

// command runs a program and returns what it prints.
func command(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Stderr = t.Output()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return out
}

// TestPagesOfDiagnostics holds that the page that a diagnostic leads to exists.
func TestPagesOfDiagnostics(t *testing.T) {
	linter, err := lint.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range linter.Rules() {
		if _, err := os.Stat(filepath.Join("..", "..", "docs", "rules", r.Name+".md")); err != nil {
			t.Errorf("the page of %s: %v", r.Name, err)
		}
	}
}
