package change_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/collab/change"
)

func TestApply(t *testing.T) {
	tests := []struct {
		name, doc, set, want string
		code                 hindcast.Code // when it is refused
	}{
		{"adds", "ab", `[1,[0,"x"],1]`, "axb", ""},
		{"adds lines", "ab", `[1,[0,"x","y",""],1]`, "ax\ny\nb", ""},
		{"removes", "abc", `[1,[1],1]`, "ac", ""},
		{"replaces", "abc", `[[2,"x"],1]`, "xc", ""},
		{"changes nothing", "abc", `[3]`, "abc", ""},
		{"begins a text", "", `[[0,"x"]]`, "x", ""},
		{"keeps a character of two units", "a😀b", `[3,[0,"x"],1]`, "a😀xb", ""},
		{"takes such a character", "a😀b", `[1,[2,"🚒"],1]`, "a🚒b", ""},
		{"is too long for it", "ab", `[3]`, "", hindcast.Invalid},
		{"is too short for it", "abc", `[1,[1]]`, "", hindcast.Invalid},
		{"adds within a character", "😀", `[1,[0,"x"],1]`, "", hindcast.Invalid},
		{"removes half of a character", "😀", `[1,[1]]`, "", hindcast.Invalid},
		{"replaces the other half", "😀", `[[1,"x"],1]`, "", hindcast.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s change.Set
			if err := json.Unmarshal([]byte(tt.set), &s); err != nil {
				t.Fatal(err)
			}
			got, err := s.Apply(change.Units(tt.doc))
			if hindcast.CodeOf(err) != tt.code || change.String(got) != tt.want {
				t.Errorf("%s of %q = %q, %v, want %q, %q", tt.set, tt.doc, change.String(got), err, tt.want, tt.code)
			}
		})
	}
}

func TestWhatIsNoChangeIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"no list":                   `{"a":1}`,
		"a negative length":         `[-1]`,
		"half a unit":               `[1.5]`,
		"more than any text":        `[99999999999]`,
		"many that are too long":    `[2147483647,[2147483647]]`,
		"a piece without a length":  `[["x"]]`,
		"an empty piece":            `[[]]`,
		"a line that is a number":   `[[0,1]]`,
		"a line that is null":       `[[0,null]]`,
		"a line end within a line":  `[[0,"a\nb"]]`,
		"another line end":          `[[0,"a\rb"]]`,
		"NUL":                       `[[0,"\u0000"]]`,
		"the first half of a pair":  `[[0,"\ud83d"]]`,
		"the second half of a pair": `[[0,"\ude00"]]`,
		"two first halves":          `[[0,"\ud83d\ud83d"]]`,
		"halves in two lines":       `[[0,"\ud83d","\ude00"]]`,
		"bytes that are no text":    "[[0,\"\xed\xa0\xbd\"]]",
		"more pieces than anybody":  "[" + strings.Repeat("1,", change.MaxSections) + "1]",
	} {
		var s change.Set
		if err := json.Unmarshal([]byte(text), &s); err == nil {
			t.Errorf("%s: %.60s is taken as %s", name, text, must(s))
		}
	}
	var s change.Set
	if err := json.Unmarshal([]byte(`[[0,"\\ud83d \ud83d\ude00"]]`), &s); err != nil || s.After() != 9 {
		t.Errorf("an escaped backslash and a pair: %v, %d units", err, s.After())
	}
}

func TestUnits(t *testing.T) {
	for in, want := range map[string]string{"a\r\nb\rc\n": "a\nb\nc\n", "\r": "\n", "😀\r\n": "😀\n", "a\xffb": "a\ufffdb", "": ""} {
		if got := change.String(change.Units(in)); got != want {
			t.Errorf("Units(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestChangesOfOneTextMerge makes two changes in either order, thousands of times:
// the texts must be the same.
func TestChangesOfOneTextMerge(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		doc := randomText(r, 10)
		a, b := Random(r, doc), Random(r, doc)
		b2, err := b.Over(a, false)
		if err != nil {
			t.Fatal(err)
		}
		a2, err := a.Over(b, true)
		if err != nil {
			t.Fatal(err)
		}
		one, two := apply(t, b2, apply(t, a, doc)), apply(t, a2, apply(t, b, doc))
		if !slices.Equal(one, two) {
			t.Fatalf("%s and %s of %q: %q and %q", must(a), must(b), change.String(doc), change.String(one), change.String(two))
		}
		both, err := a.Then(b2)
		if err != nil {
			t.Fatal(err)
		}
		if got := apply(t, both, doc); !slices.Equal(got, one) {
			t.Fatalf("%s then %s of %q = %q, want %q", must(a), must(b2), change.String(doc), change.String(got), change.String(one))
		}
	}
}

func apply(t *testing.T, s change.Set, doc []uint16) []uint16 {
	t.Helper()
	out, err := s.Apply(doc)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var alphabet = []string{"a", "b", "\n", "😀", "🚒", "é", "words "}

func randomText(r *rand.Rand, most int) []uint16 {
	var b strings.Builder
	for range r.IntN(most + 1) {
		b.WriteString(alphabet[r.IntN(len(alphabet))])
	}
	return change.Units(b.String())
}

// Random returns a change of a text by chance.
func Random(r *rand.Rand, doc []uint16) change.Set {
	s := change.Keep(len(doc))
	for range r.IntN(3) {
		now, err := s.Apply(doc)
		if err != nil {
			panic(err)
		}
		from := whole(now, r.IntN(len(now)+1))
		to := whole(now, min(len(now), from+r.IntN(6)))
		if s, err = s.Then(change.Replace(len(now), from, max(from, to), randomText(r, 3))); err != nil {
			panic(err)
		}
	}
	return s
}

// whole moves a place out of a character.
func whole(text []uint16, at int) int {
	if at > 0 && at < len(text) && text[at] >= 0xdc00 && text[at] < 0xe000 {
		return at - 1
	}
	return at
}

func TestChangesOfOtherTextsAreRefused(t *testing.T) {
	a, b := change.Keep(3), change.Replace(4, 1, 2, nil)
	if _, err := b.Over(a, false); hindcast.CodeOf(err) != hindcast.Invalid {
		t.Errorf("Over: %v", err)
	}
	if _, err := b.Then(b); hindcast.CodeOf(err) != hindcast.Invalid {
		t.Errorf("Then: %v", err)
	}
}

func FuzzChange(f *testing.F) {
	f.Add("a😀b", `[1,[2,"🚒"],1]`)
	f.Add("", `[[0,"\ud83d\ude00",""]]`)
	f.Fuzz(func(t *testing.T, doc, text string) {
		var s change.Set
		if json.Unmarshal([]byte(text), &s) != nil {
			return
		}
		out, err := s.Apply(change.Units(doc))
		if err != nil {
			return
		}
		var again change.Set
		if err := json.Unmarshal([]byte(must(s)), &again); err != nil {
			t.Fatalf("%s is not read again: %v", must(s), err)
		}
		twice, err := again.Apply(change.Units(doc))
		if err != nil || !slices.Equal(out, twice) {
			t.Fatalf("%s read again = %q, %v, want %q", must(s), change.String(twice), err, change.String(out))
		}
	})
}

func TestBetweenLeavesWhatBothHave(t *testing.T) {
	tests := []struct{ old, text, want string }{
		{"the pool ran dry", "the pool of connections ran dry", `[9,[0,"of connections "],7]`},
		{"one two three", "one three", `[4,[4],5]`},
		{"", "new", `[[0,"new"]]`},
		{"old", "", `[[3]]`},
		{"same", "same", `[4]`},
		{"", "", `[]`},
	}
	for _, tt := range tests {
		got := change.Between(change.Units(tt.old), change.Units(tt.text))
		if must(got) != tt.want {
			t.Errorf("Between(%q, %q) = %s, want %s", tt.old, tt.text, must(got), tt.want)
		}
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		a, b := randomText(r, 20), randomText(r, 20)
		if got := apply(t, change.Between(a, b), a); !slices.Equal(got, b) {
			t.Fatalf("Between(%q, %q) makes %q", change.String(a), change.String(b), change.String(got))
		}
	}
}
