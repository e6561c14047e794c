package sentence_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/lint/sentence"
)

func norms(text string) string {
	var out []string
	for _, s := range sentence.Split(text) {
		var words []string
		for _, t := range s.Tokens {
			words = append(words, t.Norm)
		}
		out = append(out, strings.Join(words, " "))
	}
	return strings.Join(out, " | ")
}

func TestSplit(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"two sentences", "It broke. We fixed it.", "it broke . | we fixed it ."},
		{"contractions", "We didn't; they couldn’t, he can't", "we did not ; they could not , he can not"},
		{"curly contraction", "I don’t", "i do not"},
		{"would have", "could've I'd", "could have i 'd"},
		{"versions and files", "v2.8.0 of app.yaml at 14:37:00, e.g. this", "v2.8.0 of app.yaml at 14:37:00 , e.g . this"},
		{"abbreviation", "Approx. Ten, e.g. Kafka. Done", "approx . ten , e.g . kafka . | done"},
		{"code is one word", "ran `rm -rf /. Now` twice", "ran ` twice"},
		{"a quotation is one word", `He said "the job was killed. Twice" then left`, `he said " then left`},
		{"short quotation", `a "big one" here`, `a " big one " here`},
		{"addresses", "see https://a.test/b.c?d=e, ok", "see https://a.test/b.c?d=e , ok"},
		{"slashed words", "and/or", "and / or"},
		{"no space", "it was done.Then more", "it was done . | then more"},
		{"question", "Why? Because.", "why ? | because ."},
		{"in parentheses", "It broke (again.) We slept.", "it broke ( again . ) | we slept ."},
		{"other scripts", "Käse ist 日本. Überall", "käse ist 日本 . | überall"},
		{"lone backtick", "a ` b", "a ` b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, norms(c.text)); d != "" {
				t.Errorf("Split(%q) (-want +got):\n%s", c.text, d)
			}
		})
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("We didn't `a` \"b c d.\" https://x.y/z. É can't’ 12:00 #4 @a ~5")
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for _, s := range sentence.Split(text) {
			for _, tok := range s.Tokens {
				if tok.Start < at || tok.End <= tok.Start || tok.End > len(text) || text[tok.Start:tok.End] != tok.Text {
					t.Fatalf("%q: token %+v after %d", text, tok, at)
				}
				at = tok.End
			}
		}
	})
}
