package change_test

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/hindcast/hindcast/internal/collab/change"
)

// reference is what CodeMirror computes of two changes of one text, and of one that
// follows the first.
type reference struct {
	Doc, After, Merged string
	A, B, Next         change.Set
	Then, Over, First  json.RawMessage
	Before             int
	At, Left, Right    int
}

// references returns cases that CodeMirror computed, or skips the test where it is
// not installed.
func references(t *testing.T, n int) []reference {
	t.Helper()
	modules, err := filepath.Abs("../../../tools/assets/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(modules, "@codemirror/state")); err != nil {
		t.Skip("SKIPPED: the npm packages are missing; run tools/npm to hold the algebra against CodeMirror")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("SKIPPED: node is not installed; install Node 20 or later to hold the algebra against CodeMirror")
	}
	cmd := exec.CommandContext(t.Context(), node, "testdata/reference.mjs", modules, "20261128", strconv.Itoa(n))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var all []reference
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r reference
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatalf("%v in %s", err, lines.Text())
		}
		all = append(all, r)
	}
	if err := cmd.Wait(); err != nil || len(all) != n {
		t.Fatalf("%d cases, %v", len(all), err)
	}
	return all
}

// TestTheAlgebraIsCodeMirrors holds every operation against what CodeMirror makes
// of thousands of changes by chance, characters beyond the basic plane included.
func TestTheAlgebraIsCodeMirrors(t *testing.T) {
	for i, r := range references(t, 5000) {
		got := func(s change.Set, err error) string {
			if err != nil {
				t.Fatalf("case %d: %v", i, err)
			}
			raw, err := json.Marshal(s)
			if err != nil {
				t.Fatal(err)
			}
			return string(raw)
		}
		text := func(s change.Set, of []uint16) []uint16 {
			out, err := s.Apply(of)
			if err != nil {
				t.Fatalf("case %d: %v", i, err)
			}
			return out
		}
		same := func(what, got string, want json.RawMessage) {
			if canonical(t, got) != canonical(t, string(want)) {
				t.Errorf("case %d: %s of %s and %s in %q = %s, want %s", i, what, got, must(r.B), r.Doc, got, want)
			}
		}
		same("Then", got(r.A.Then(r.Next)), r.Then)
		same("Over", got(r.A.Over(r.B, false)), r.Over)
		same("Over, before", got(r.A.Over(r.B, true)), r.First)
		doc := change.Units(r.Doc)
		if s := change.String(text(r.A, doc)); s != r.After {
			t.Errorf("case %d: Apply = %q, want %q", i, s, r.After)
		}
		over, _ := r.A.Over(r.B, false)
		if s := change.String(text(over, text(r.B, doc))); s != r.Merged {
			t.Errorf("case %d: b and then a = %q, want %q", i, s, r.Merged)
		}
		if left, right := r.A.Place(r.At, false), r.A.Place(r.At, true); left != r.Left || right != r.Right {
			t.Errorf("case %d: place %d in %s is %d and %d, want %d and %d", i, r.At, must(r.A), left, right, r.Left, r.Right)
		}
		if t.Failed() {
			return
		}
	}
}

func must(s change.Set) string {
	raw, err := json.Marshal(s)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

// canonical writes JSON again, so that only what it says counts.
func canonical(t *testing.T, s string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		t.Fatalf("%v in %s", err, s)
	}
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
