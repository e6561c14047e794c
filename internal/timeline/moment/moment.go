// Package moment reads the times that people name in what they write: clocks on 24
// and 12 hours, "half past two", "20 minutes ago", "since about ten to nine
// yesterday", "25 min before the page".
//
// [Find] says what a text names; [Expr.Resolve] says which moment that is, for who
// wrote it when, and in which zones they may think.
package moment

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Expr is a time as a text names it.
type Expr struct {
	Start, End int // bytes of the text

	Hour, Minute, Second int
	HasSecond            bool
	Since                bool   // "since", "from", "as of": a state began then
	Approx               bool   // "about", "-ish", "just before"
	Ahead                bool   // "until", "by", "ETA": what ends or comes then
	Called               bool   // "the 02:30 truck": what is called by it
	Span                 bool   // "between 08:41 and 08:54": one end of a time that is named with both
	Local                bool   // "our time": no UTC
	Half                 bool   // 12 hours, and no word of which half of the day
	Spoken               bool   // in words, "ten past three"
	NoHour               bool   // the minute of the hour alone: "at ten past"
	Zone                 string // as written, in upper case; empty when none is

	Year, Month, Day int           // of a date; each is 0 when it is not named
	Weekday          string        // "monday"; empty when none is named
	DaysBack         int           // 1 for yesterday, with Dated
	Dated            bool          // the day is named
	Ago              time.Duration // for what is counted back; 0 for a clock
	Until            bool          // with Ago: counted forward from the anchor
	Anchor           Anchor        // from which Ago counts
}

// Anchor is what a duration is counted from.
type Anchor string

// The anchors.
const (
	Now    Anchor = ""       // when it is written
	Page   Anchor = "page"   // the alert
	Change Anchor = "change" // the last rollout
)

// Find returns the times that a text names, in order.
func Find(text string) []Expr {
	t := strings.ToLower(text)
	var out []Expr
	for _, read := range readers {
		if read.hint != "" && !strings.ContainsAny(t, read.hint) {
			continue
		}
		for _, e := range read.find(t) {
			if e.Ago == 0 {
				e.place(t)
			}
			if !slices.ContainsFunc(out, func(o Expr) bool { return e.Start < o.End && o.Start < e.End }) {
				out = append(out, e)
			}
		}
	}
	slices.SortFunc(out, func(a, b Expr) int { return cmp.Compare(a.Start, b.Start) })
	for i := range out {
		out[i].surroundings(t)
	}
	return inherit(out, t)
}

// reader finds times of one form. What an earlier one took no later one takes.
type reader struct {
	hint string // characters of which a text must hold one
	find func(string) []Expr
}

var readers = []reader{
	{digits, counted}, {"", countedWords}, {digits, clocks}, {digits, halves}, {digits, frenchClocks}, {digits, germanClocks},
	{digits, military}, {"", spoken}, {"", minutesPast}, {"", named}, {"", hourOfDay},
}

const digits = "0123456789"

// inherit gives a clock the day and the zone that the one it stands beside names:
// "yesterday 22:10 to 22:40 UTC".
func inherit(list []Expr, t string) []Expr {
	for i := 1; i < len(list); i++ {
		a, b := &list[i-1], &list[i]
		if a.Ago != 0 || b.Ago != 0 || !between.MatchString(t[a.End:b.Start]) {
			continue
		}
		if a.Zone == "" && !a.Local {
			a.Zone, a.Local = b.Zone, b.Local
		}
		if a.Dated && !b.Dated {
			b.Dated, b.DaysBack, b.Weekday, b.Year, b.Month, b.Day = true, a.DaysBack, a.Weekday, a.Year, a.Month, a.Day
		}
		if a.Half && !b.Half && b.Hour >= 12 && a.Hour+12 <= b.Hour {
			a.Hour, a.Half = a.Hour+12, false
		}
	}
	return list
}
