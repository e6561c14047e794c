package gist_test

import (
	"os"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/timeline/gist"
)

// strongest names what a gist says most of.
func strongest(g gist.Gist) string {
	best, top := "nothing", 0.4
	for _, c := range []struct {
		name string
		w    float64
	}{{"asks", g.Asks}, {"plans", g.Plans}, {"did", g.Did}, {"told", g.Told}, {"takes", g.Takes}, {"bad", g.Bad}, {"good", g.Good}, {"denies", g.Denies}, {"idle", g.Idle}} {
		if c.w > top {
			best, top = c.name, c.w
		}
	}
	return best
}

// TestReadSaysWhatSentencesDo reads testdata/gists.tsv: what a message says most
// of, and the message, one a line.
func TestReadSaysWhatSentencesDo(t *testing.T) {
	data, err := os.ReadFile("testdata/gists.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		want, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok {
			t.Fatalf("testdata/gists.tsv: %q is no word and text", line)
		}
		if got := strongest(gist.Read(text, nil)); got != want {
			t.Errorf("Read(%q) says %s most, want %s: %+v", text, got, want, gist.Read(text, nil))
		}
	}
}

func TestReadKnowsVerbsItHasNeverSeenByTheirPlace(t *testing.T) {
	for text, want := range map[string]string{
		"frob the valve": "plans", "we frobbed the valve, both of them": "did", "I frobbed it": "did", "let's frob the valves": "plans",
	} {
		if got := strongest(gist.Read(text, nil)); got != want {
			t.Errorf("Read(%q) says %s most, want %s: %+v", text, got, want, gist.Read(text, nil))
		}
	}
}

func TestReadTakesWordsOfTheEvidenceInEarnest(t *testing.T) {
	domain := func(word string) bool { return word == "coffee" }
	if got := gist.Read("the coffee service is down", domain).Idle; got != 0 {
		t.Errorf("Read(...).Idle = %v, want 0 for a word that the evidence uses", got)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("let's frob the valve, then tell the customers?")
	f.Fuzz(func(t *testing.T, s string) {
		if g := gist.Read(s, nil); g.Asks < 0 || g.Asks > 1 {
			t.Errorf("Read(%q).Asks = %v, want a share", s, g.Asks)
		}
	})
}
