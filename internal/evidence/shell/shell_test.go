package shell_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
	"github.com/hindcast/hindcast/internal/evidence/shell"
)

var update = flag.Bool("update", false, "write what the parsers say now as what is wanted")

func TestFormats(t *testing.T) {
	var save func(string, []byte) error
	if *update {
		save = func(name string, data []byte) error {
			return os.WriteFile(filepath.Join("testdata", name), data, 0o644)
		}
	}
	recordtest.Golden(t, shell.Formats(), os.DirFS("testdata"), save)
}

func TestPerson(t *testing.T) {
	tests := map[string]string{
		"shell/engineer-a.zsh_history":      "engineer-a",
		"engineer_a-history.txt":            "engineer_a",
		"history-engineer.2024-06-02.txt":   "engineer",
		"bash_history_responder":            "responder",
		"responders/lead/.bash_history":     "lead",
		`C:\Users\lead\ConsoleHost_history`: "lead",
		"evidence/shell/history.txt":        "operator",
		"root/.bash_history":                "operator",
		"shell/session.txt":                 "operator",
		"prod.txt":                          "operator",
		"commands":                          "operator",
		"bracketed":                         "operator",
		"-":                                 "operator",
	}
	for file, want := range tests {
		t.Run(file, func(t *testing.T) {
			f := &record.File{Name: file}
			sink := recordtest.Parse(t, shell.Formats(), "zsh-history", f, []byte(": 1717315200:0;ls\n"))
			if len(sink.Events) != 1 || sink.Events[0].Actor.Name != want {
				t.Errorf("events of %q = %+v, want one by %q", file, sink.Events, want)
			}
		})
	}
}

func TestZshBytes(t *testing.T) {
	f := &record.File{Name: "f"}
	sink := recordtest.Parse(t, shell.Formats(), "zsh-history", f, []byte(": 1717315200:0;echo \xc3\x83\x89t\xc3\x83\x89\n"))
	if got, want := sink.Events[0].Title, "echo été"; got != want {
		t.Errorf("title = %q, want %q", got, want)
	}
}

func FuzzFormats(f *testing.F) {
	recordtest.Fuzz(f, shell.Formats())
}
