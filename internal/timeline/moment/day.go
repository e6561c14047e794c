package moment

import (
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// dayNamed finds a day that a text names, with or without a clock.
var dayNamed = lazyregexp.New(`\b(?:(yesterday)|(last night)|(` + weekdays + `)(?:'?s)?|(?:on|last|since|from) (mon|tues?|wed|thurs?|fri))\b`)

// HasDay reports whether a text names a day of the past, as NamesDay reads it.
func HasDay(text string) bool { return dayNamed.MatchString(strings.ToLower(text)) }

// NamesDay reports whether a text, written at a moment, names the day on which something was:
// yesterday, or the last day of that name before it, in any zone.
func NamesDay(text string, at, was time.Time) bool {
	lag := at.Sub(was)
	if lag <= 0 || lag > 9*oneDay {
		return false
	}
	for _, m := range dayNamed.FindAllStringSubmatch(strings.ToLower(text), -1) {
		switch {
		case m[1] != "", m[2] != "":
			if lag < 2*oneDay {
				return true
			}
		case lag < 8*oneDay && onWeekday(was, weekday(m[3]+m[4])):
			return true
		}
	}
	return false
}

const oneDay = 24 * time.Hour

// onWeekday reports whether it was a day of the week somewhere at a moment.
func onWeekday(at time.Time, name string) bool {
	for _, o := range []time.Duration{-11 * time.Hour, 0, 12 * time.Hour} {
		if strings.EqualFold(at.Add(o).UTC().Weekday().String(), name) {
			return true
		}
	}
	return false
}
