package review

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNamed(t *testing.T) {
	people := []person{{"a", "engineer a"}, {"ab", "engineer ab"}, {"ab2", "engineer ab"}, {"o", "örtlich"}}
	for text, want := range map[string][]string{
		"@Engineer A, which one?":        {"a"},
		"ask @engineer ab":               {"ab", "ab2"},
		"@Engineer Abc knows":            nil,
		"(@Örtlich) and @ENGINEER A.":    {"o", "a"},
		"mail to x@engineer a":           nil,
		"@Engineer A and @Engineer A":    {"a"},
		"@@Engineer A":                   {"a"},
		"Engineer A":                     nil,
		"at the end of a line there's @": nil,
	} {
		if diff := cmp.Diff(want, named(people, text)); diff != "" {
			t.Errorf("named(%q) (-want +got):\n%s", text, diff)
		}
	}
}
