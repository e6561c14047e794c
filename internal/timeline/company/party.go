package company

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
	// shouted are words of statements, requests and logs that are written in capitals.
	shouted = lazyregexp.New(`^(?:ALTER|SELECT|INSERT|UPDATE|DELETE|DROP|CREATE|TRUNCATE|VACUUM|ANALY[SZ]E|REINDEX|GRANT|REVOKE|COMMIT|ROLLBACK|BEGIN|LOCK|INDEX|TABLE|POST|PATCH|HEAD|OPTIONS|ERROR|WARN|WARNING|FATAL|PANIC|CRITICAL|ALARM|ALERT|INFO|DEBUG|NULL|TRUE|FALSE|NOTE|STOP|DONE)$`)
)

// Party returns another company that a message says did what a line tells: a
// proper name that begins a clause, stands in the line, and is none of our
// services and people; empty when there is none.
func Party(said, line string, names *fact.Names, facts []*fact.Fact) string {
	words := nameish.FindAllString(strings.ToLower(line), -1)
	for _, m := range subject.FindAllStringSubmatch(said, -1) {
		if name := m[1]; !shouted.MatchString(name) && slices.Contains(words, strings.ToLower(name)) && len(names.Find(name)) == 0 && proper(name, facts) {
			return name
		}
	}
	return ""
}

// proper reports whether a word is a proper name: by a capital inside, or because
// people write it with a capital within sentences too, and never without; no name
// of theirs.
func proper(name string, facts []*fact.Fact) bool {
	if strings.ContainsFunc(name[1:], unicode.IsUpper) && strings.ContainsFunc(name, unicode.IsLower) {
		return true
	}
	within := false
	for _, f := range facts {
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
