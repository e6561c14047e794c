package phase

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/sign"
)

// firstPage returns the first page or alert, but for those that meant nothing, see
// [finder.unheeded]; nil when there is none.
func (f finder) firstPage() *fact.Fact {
	for i, p := range f.Scope.Pages {
		if i+1 == len(f.Scope.Pages) || !f.unheeded(p, f.Scope.Pages[i+1]) {
			return f.unread(p)
		}
	}
	return nil
}

// warning is how an alert says that it is no more than that.
var warning = lazyregexp.New(`(?i)^(?:warn\w*|low|info|minor|p[45])\b|\[warn\w*\]`)

// unheeded reports whether an alert cleared by itself before the next came, and nobody
// did anything about it: long before it, or as somebody said that it means nothing, or as
// an alert about something else while nothing failed.
func (f finder) unheeded(p, next *fact.Fact) bool {
	var cleared time.Time
	dismissed := false
	for _, a := range f.Facts {
		if a.At.Before(p.At) || !a.At.Before(next.At) {
			continue
		}
		switch a.Class {
		case fact.Cleared, fact.Closed:
			if (a.Subject != "" && a.Subject == p.Subject || a.Name != "" && a.Name == p.Name) && !a.ByPerson() {
				cleared = a.At
			}
		case fact.Acknowledged, fact.Ran, fact.Looked, fact.Escalated:
			return false
		case fact.Said:
			if dismisses(a, p) {
				dismissed = true
			} else if cleared.IsZero() && f.Scope.Channels[a.Channel] && f.works(a) {
				return false
			}
		}
	}
	other := cmp.Or(p.Name, p.Title) != cmp.Or(next.Name, next.Title) && (p.Number == "" || p.Number != next.Number)
	if cleared.IsZero() { // a warning of something else, or an alert of what nothing connects to it, that nobody cleared either
		foreign := p.Service != "" && p.Number == "" && !f.Scope.Hit(p.Service) && !f.Near(p.Service)
		return other && (foreign || warning.MatchString(p.Severity) || warning.MatchString(p.Title)) && next.At.Sub(p.At) >= stillness && !f.failing(p.At.Add(-stillness), p.At.Add(stillness))
	}
	return dismissed || next.At.Sub(cleared) >= stillness || other && !f.failing(p.At.Add(-stillness), cleared)
}

// dismisses reports whether a message says of a page that it means nothing.
func dismisses(s, page *fact.Fact) bool {
	named := len(page.Number) > 2 && slices.Contains(numbers.FindAllString(s.Text(), -1), page.Number) || page.Name != "" && strings.Contains(s.Text(), page.Name)
	return named && dismissal.MatchString(s.Text()) && !insists.MatchString(s.Text())
}

// dismissal is how people say that an alert means nothing.
var dismissal = lazyregexp.New(`(?i)\b(?:ignor(?:e|ed|es|ing)|false (?:alarm|positive)|nois[ey]|flapp\w+|harmless|expected|known|(?:was|is|'s) (?:just|only) (?:the |a |an |our |my )?|nothing to (?:do|worry)|cleared (?:by itself|on its own)|self[- ]?(?:cleared|resolved|healed)|not (?:real|an issue|a problem)|warm-?up|mut(?:e|ed|ing)|snooz(?:e|ed|ing))\b`)

// numbers are what a message counts or names by a number.
var numbers = lazyregexp.New(`\d+`)

// insists is how people say that an alert does mean something.
var insists = lazyregexp.New(`(?i)(?:\b(?:not|never|no longer|un)|n't)[ -]?(?:to )?(?:be )?(?:ignor|expected|known|nois|harmless|flapp|mut|snooz)`)

// failing reports whether something that was hit begins to fail between two moments.
func (f finder) failing(from, to time.Time) bool {
	return slices.ContainsFunc(f.Signs, func(s *fact.Fact) bool {
		return sign.Worse(s.Sign) && !s.At.Before(from) && !s.At.After(to) && f.Matters(s)
	})
}

// unread returns the first time that the same alert fired without clearing since:
// people may read it only when it is repeated.
func (f finder) unread(page *fact.Fact) *fact.Fact {
	first := page
	for _, a := range slices.Backward(f.Facts) {
		if !a.At.Before(page.At) || a.Test || a.Name == "" || a.Name != page.Name || a.Service != "" && page.Service != "" && a.Service != page.Service {
			continue
		}
		switch a.Class {
		case fact.Cleared, fact.Closed:
			return first
		case fact.Fired, fact.Paged:
			if first.At.Sub(a.At) <= repeats {
				first = a
			}
		}
	}
	return first
}

// repeats is how long after the last time an alert that still fires says so.
const repeats = 2 * time.Hour
