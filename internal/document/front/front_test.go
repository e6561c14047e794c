package front_test

import (
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/document/front"
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

func TestReadSeverity(t *testing.T) {
	for in, want := range map[string]int{"1": 1, "SEV-2": 2, "sev3": 3, "P1": 1, "1 (Critical)": 1, "high": 2, "terrible": 0, "": 0} {
		if got, _ := front.ReadSeverity(in); got != want {
			t.Errorf("ReadSeverity(%q) = %d, want %d", in, got, want)
		}
	}
}
