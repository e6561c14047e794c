package asof

import (
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
)

// between stands between the words of the records that one entry is made of.
const between = " | "

// shortest is the least length in bytes of words that are found again: shorter
// ones, such as "ok", are said by many.
const shortest = 12

// unsaid returns the titles of entries that do not pass, so that they are not read
// in the details of others.
func unsaid(list []hindcast.Entry, ok func(id string) bool) []string {
	var out []string
	for _, e := range list {
		title := strings.TrimSuffix(e.Title, "…")
		same := func(o hindcast.Entry) bool { return ok(o.ID) && o.Title == e.Title }
		if !ok(e.ID) && len(title) >= shortest && !slices.ContainsFunc(list, same) {
			out = append(out, title)
		}
	}
	return out
}

// without drops from the details of an entry the words of records that came later:
// those that have what is unsaid in them, or were written after a moment.
func without(detail string, unsaid []string, at time.Time) string {
	parts := strings.Split(detail, between)
	left := slices.DeleteFunc(slices.Clone(parts), func(part string) bool {
		noted, ok := hindcast.ChatNote(part)
		return ok && noted.After(at) || slices.ContainsFunc(unsaid, func(title string) bool { return strings.Contains(part, title) })
	})
	if len(left) == len(parts) {
		return detail
	}
	return strings.Join(left, between)
}
