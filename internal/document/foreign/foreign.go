// Package foreign reads what post-mortems of other templates say: the times of
// their timelines as people write them, the metadata between their lines, their
// action items, and the lines that serve as headings without being any.
//
// It reads text into records and keeps what it does not understand: a record's
// text and the prose that is left hold every word of the source. Its main types
// are [Timeline] and [Clock].
package foreign

import (
	"slices"

	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

var (
	why  = lazyregexp.New(`(?i)^[*_]*(?:why\b|\d(?:st|nd|rd|th) why|why ?#?\d|because\b)`)
	whys = lazyregexp.New(`(?i)\bwhys\b`)
)

// Why reports whether an item is a step of a chain of whys.
func Why(text string) bool { return why.MatchString(text) }

var noCause = lazyregexp.New(`(?i)^[*_]*(?:solution|fix|fixed|impact|effect|result|code|file|files|examples?|notes?|discovery|timeline|status|evidence|see|link)[*_]*:`)

// NoCause reports whether the label of an item says that it is no cause, but what
// came of one or was done about it.
func NoCause(text string) bool { return noCause.MatchString(text) }

// Whys reports whether a section is a chain of whys.
func Whys(heading string, lines []syntax.Line) bool {
	return whys.MatchString(heading) || slices.ContainsFunc(lines, func(l syntax.Line) bool {
		if l.Form == syntax.Heading {
			return whys.MatchString(l.Title)
		}
		if !syntax.IsBullet(l) {
			return false
		}
		it, _ := syntax.ReadItem([]syntax.Line{l})
		return it.Numbered() && Why(it.Text)
	})
}
