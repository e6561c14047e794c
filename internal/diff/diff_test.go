package diff_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/diff"
)

func TestWords(t *testing.T) {
	const s, r, a = diff.Same, diff.Removed, diff.Added
	tests := []struct {
		name, from, to string
		want           []diff.Span
	}{
		{"equal", "as it was", "as it was", []diff.Span{{s, "as it was"}}},
		{"empty", "", "", nil},
		{"written", "", "new text", []diff.Span{{a, "new text"}}},
		{"removed", "old text", "", []diff.Span{{r, "old text"}}},
		{"one word", "it was slow.", "it was down.", []diff.Span{{s, "it was "}, {r, "slow"}, {a, "down"}, {s, "."}}},
		{"a word more", "it was slow", "it was very slow", []diff.Span{{s, "it was "}, {a, "very "}, {s, "slow"}}},
		{"two places", "a b c d", "x b c y", []diff.Span{{r, "a"}, {a, "x"}, {s, " b c "}, {r, "d"}, {a, "y"}}},
		{"letters beyond ASCII", "Größe 日本", "Größe 日本語", []diff.Span{{s, "Größe "}, {r, "日本"}, {a, "日本語"}}},
	}
	for _, tt := range tests {
		if d := cmp.Diff(tt.want, diff.Words(tt.from, tt.to)); d != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, d)
		}
	}
}

func FuzzWords(f *testing.F) {
	f.Add("it was slow", "it is slow\x80 now")
	f.Fuzz(func(t *testing.T, from, to string) {
		var gotFrom, gotTo strings.Builder
		for _, s := range diff.Words(from, to) {
			if s.Kind != diff.Added {
				gotFrom.WriteString(s.Text)
			}
			if s.Kind != diff.Removed {
				gotTo.WriteString(s.Text)
			}
		}
		if gotFrom.String() != from || gotTo.String() != to {
			t.Errorf("the spans give %q and %q, want %q and %q", gotFrom.String(), gotTo.String(), from, to)
		}
	})
}
