package front_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/front"
	"github.com/hindcast/hindcast/internal/document/syntax"
)

func TestCut(t *testing.T) {
	for name, tt := range map[string]struct {
		text   string
		n      int
		closed bool
	}{
		"none":               {"# Title\n", 0, true},
		"front matter":       {"---\ntitle: x\n---\n# Title\n", 3, true},
		"empty":              {"---\n---\n", 2, true},
		"ends with dots":     {"---\ntitle: x\n...\n", 3, true},
		"never ends":         {"---\ntitle: x\n# Title\n", 0, false},
		"rule across a page": {"---\nSome words.\n---\n", 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			matter, n, closed := front.Cut(strings.Split(tt.text, "\n"))
			if n != tt.n || closed != tt.closed {
				t.Errorf("Cut = %v, %d, %v, want %d, %v", matter, n, closed, tt.n, tt.closed)
			}
		})
	}
}

// TestListsKeepWhatTheyCannotRead: an unknown key or a bad day in a list is
// named, the rest is read, and the words stay as a comment.
func TestListsKeepWhatTheyCannotRead(t *testing.T) {
	matter, _, _ := front.Cut(strings.Split("---\nparticipants:\n  - role: scribe\n    pronoun: they\nwaivers:\n  - {rule: late, reason: holidays, by: lead, until: soon}\n---\n", "\n"))
	var p hindcast.Postmortem
	var got []string
	front.Read(&p, matter, 1, syntax.Report{Line: func(string, int) {}, Problem: func(_ int, message string) { got = append(got, message) }})
	want := hindcast.Postmortem{
		Incident:    hindcast.Incident{Participants: []hindcast.Participant{{Role: "scribe"}}},
		Waivers:     []hindcast.Waiver{{Rule: "late", Reason: "holidays", By: "lead"}},
		FrontMatter: "# participants:\n#   - role: scribe\n#     pronoun: they\n# waivers:\n#   - {rule: late, reason: holidays, by: lead, until: soon}",
	}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Errorf("read (-want +got):\n%s", diff)
	}
	if len(got) != 2 {
		t.Errorf("problems %q, want one for each list", got)
	}
}

func TestReadSeverity(t *testing.T) {
	for in, want := range map[string]int{"1": 1, "SEV-2": 2, "sev3": 3, "P1": 1, "1 (Critical)": 1, "high": 2, "terrible": 0, "": 0} {
		if got, _ := front.ReadSeverity(in); got != want {
			t.Errorf("ReadSeverity(%q) = %d, want %d", in, got, want)
		}
	}
}
