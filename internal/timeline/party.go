package timeline

import (
	"slices"
	"strings"
	"unicode"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
)

var (
	// subject is a name that begins a clause: who did it.
	subject = lazyregexp.New(`(?:^|[.,;:!?] +|\b(?:and|so|now|but|that|because|since) )(\p{Lu}[\p{L}\d]{3,})\b`)
	nameish = lazyregexp.New(`[\p{L}\d]{4,}`)
)

// party returns another company that a message says did what a line tells: a
// proper name that begins a clause, stands in the line, and is none of our
// services and people.
func (b *builder) party(said, line string) string {
	words := nameish.FindAllString(strings.ToLower(line), -1)
	for _, m := range subject.FindAllStringSubmatch(said, -1) {
		if name := m[1]; slices.Contains(words, strings.ToLower(name)) && len(b.names.Find(name)) == 0 && b.proper(name) {
			return name
		}
	}
	return ""
}

// proper reports whether a word is a proper name: by a capital inside, or because
// people write it with a capital within sentences too, and never without; no name
// of theirs.
func (b *builder) proper(name string) bool {
	if strings.ContainsFunc(name[1:], unicode.IsUpper) && strings.ContainsFunc(name, unicode.IsLower) {
		return true
	}
	within := false
	for _, f := range b.facts {
		if f.Class != fact.Said {
			continue
		}
		if slices.Contains(nameish.FindAllString(f.Actor.Name, -1), name) {
			return false
		}
		for _, at := range nameish.FindAllStringIndex(f.Text(), -1) {
			switch w := f.Text()[at[0]:at[1]]; {
			case w == strings.ToLower(name):
				return false
			case w == name && at[0] > 1 && !strings.ContainsRune(".!?:", rune(f.Text()[at[0]-2])):
				within = true
			}
		}
	}
	return within
}
