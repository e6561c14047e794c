package replay_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/timeline/replay"
)

func TestParse(t *testing.T) {
	tests := []struct {
		text string
		want replay.Rule
	}{
		{"error_ratio > 0.05 for 2m", replay.Rule{Metric: "error_ratio", Op: ">", Value: 0.05, For: 2 * time.Minute}},
		{" payment error_rate>=5 ", replay.Rule{Service: "payment", Metric: "error_rate", Op: ">=", Value: 5}},
		{`checkout-api service:http:p99{route="/a b", code=500} != -1e3 FOR 1h30m`,
			replay.Rule{Service: "checkout-api", Metric: "service:http:p99", Labels: []replay.Label{{"route", "/a b"}, {"code", "500"}}, Op: "!=", Value: -1000, For: 90 * time.Minute}},
		{`"say \"no\"" in cart < 1 per 5m for 1d`, replay.Rule{Text: `say "no"`, Service: "cart", Op: "<", Value: 1, Window: 5 * time.Minute, For: 24 * time.Hour}},
		{`"timed out" == 3 per 30s`, replay.Rule{Text: "timed out", Op: "==", Value: 3, Window: 30 * time.Second}},
	}
	for _, tt := range tests {
		got, err := replay.Parse(tt.text)
		if err != nil {
			t.Errorf("Parse(%q): %v", tt.text, err)
			continue
		}
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("Parse(%q): -want +got:\n%s", tt.text, d)
		}
		again, err := replay.Parse(got.String())
		if err != nil || cmp.Diff(got, again) != "" {
			t.Errorf("%q is written as %q, which reads as %+v, %v", tt.text, got, again, err)
		}
	}
}

func TestParseSaysWhereAndWhat(t *testing.T) {
	for text, want := range map[string]string{
		"":                          "character 1: it is empty",
		"error_ratio":               "character 12: compare with one of",
		"a b c > 1":                 "character 5: compare with one of",
		"error_ratio > many":        `character 15: "many" is no number`,
		"error_ratio > NaN":         `character 15: "NaN" is no number`,
		"é > 1 for ever":            `character 11: "ever" is no duration`,
		"error_ratio > 1 for":       "character 20: the duration is missing",
		"error_ratio > 1 for 90d":   `"90d" is no duration`,
		"error_ratio > 1 for -2m":   `"-2m" is no duration`,
		"error_ratio > 1 and b > 2": `character 17: "and b > 2" is not understood here`,
		`http{route="/a" > 1`:       "character 17: the labels have no end",
		`http{route~"/a"} > 1`:      "a label is written as",
		`http{} `:                   "compare with one of",
		`"timed out`:                "character 1: the quote has no end",
		`"timed out" > 5`:           "character 16: over which time are messages counted? Go on with per 1m",
		`"" > 5 per 1m`:             "the text to search is empty",
		`"a" in > 5 per 1m`:         "the service is missing",
		`"a\q" > 5 per 1m`:          "the text in quotes is not understood",
	} {
		_, err := replay.Parse(text)
		var bad *replay.SyntaxError
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%q) = %v, want %q", text, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`checkout-api http{route="/a"} > 1 for 2m`)
	f.Add(`"timed out" in cart >= 5 per 1m for 30s`)
	f.Fuzz(func(t *testing.T, text string) {
		r, err := replay.Parse(text)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error says nothing")
			}
			return
		}
		again, err := replay.Parse(r.String())
		if err != nil || again.String() != r.String() {
			t.Errorf("%q is written as %q, which reads as %q, %v", text, r, again, err)
		}
	})
}
