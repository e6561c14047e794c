package review

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hindcast/hindcast/internal/workflow"
)

// person is somebody who takes part, by the name that comments use.
type person struct{ id, name string }

// mentioned returns the ids of those who take part and are named in a text as
// "@Engineer A", whatever the case of the letters. Two of one name are both meant.
func (s *Service) mentioned(ctx context.Context, h *workflow.Held, text string) ([]string, error) {
	if !strings.Contains(text, "@") {
		return nil, nil
	}
	names, err := s.Names(ctx, h.SQL(), ids(h))
	if err != nil {
		return nil, fmt.Errorf("read who is named in a comment on #%d: %w", h.Num, err)
	}
	var people []person
	for _, p := range h.People {
		if name := strings.ToLower(strings.TrimSpace(names[p.PersonID])); name != "" {
			people = append(people, person{p.PersonID, name})
		}
	}
	return named(people, text), nil
}

// ids returns the ids of those who take part.
func ids(h *workflow.Held) []string {
	var out []string
	for _, p := range h.People {
		out = append(out, p.PersonID)
	}
	return out
}

// named finds people in a text. The longest name counts, so that "@Engineer AB"
// does not name Engineer A.
func named(people []person, text string) []string {
	var out []string
	text = strings.ToLower(text)
	for i := strings.IndexByte(text, '@'); i >= 0; i = strings.IndexByte(text, '@') {
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		text = text[i+1:]
		if i > 0 && inWord(before) { // an address of mail
			continue
		}
		longest := 0
		for _, p := range people {
			if begins(text, p.name) {
				longest = max(longest, len(p.name))
			}
		}
		for _, p := range people {
			if len(p.name) == longest && begins(text, p.name) && !slices.Contains(out, p.id) {
				out = append(out, p.id)
			}
		}
	}
	return out
}

// begins reports whether a text begins with a name that ends where a word does.
func begins(text, name string) bool {
	rest, ok := strings.CutPrefix(text, name)
	next, _ := utf8.DecodeRuneInString(rest)
	return ok && (rest == "" || !inWord(next))
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
