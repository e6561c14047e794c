package speech

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestClassAgreesWithOneExpression(t *testing.T) {
	data, err := os.ReadFile("testdata/phrases.tsv")
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{"", "Kelvin \u212a and long \u017f", "É oui, rolled back"}
	for line := range strings.Lines(string(data)) {
		_, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		texts = append(texts, text)
	}
	for name, list := range map[string]string{"failing": failingPhrases, "action": actionPhrases, "decision": decisionPhrases, "improve": improvePhrases, "over": overPhrases, "vendor": vendorPhrases, "taken": takenPhrases} {
		c, one := newClass(list), regexp.MustCompile(`(?i)(?:`+strings.Join(alternatives(list), "|")+`)`)
		for _, text := range texts {
			if got, want := c.MatchString(text), one.MatchString(text); got != want {
				t.Errorf("%s: MatchString(%q) = %t, want %t", name, text, got, want)
			}
		}
	}
}
