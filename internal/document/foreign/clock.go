package foreign

import (
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// Clock knows what the times of a document leave open: their day, their zone and
// what came before.
type Clock struct {
	Day      time.Time // midnight of the day of times without a date; zero when nothing names it
	zone     zone      // of times without one, in the section that is read
	document zone      // of times without one, elsewhere
	last     time.Time // the last time that was read
	// Source is what names Day, where that is not sure; it is told once and then
	// forgotten.
	Source string
	asUTC  bool // it was told that times without a zone are read as UTC
	// monthFirst and dayFirst say how the document writes 03/04/2024, where another
	// of its days tells.
	monthFirst, dayFirst bool
}

var slashed = lazyregexp.New(`\b(\d{1,2})[-/](\d{1,2})[-/](?:\d{4}|\d{2})\b`)

var allTimes = lazyregexp.New(`(?i)\ball (?:the )?(?:dates? and )?times?\b.*`)

// Learn takes from a document how it writes its days, and the zone that it states
// for all of its times.
func (c *Clock) Learn(text string) {
	for _, s := range allTimes.FindAllString(text, -1) {
		if z, ok := statedZone(s); ok && !c.document.named() {
			c.document = z
		}
	}
	for _, m := range slashed.FindAllStringSubmatch(text, -1) {
		a, b := len(m[1]) == 2 && m[1] > "12", len(m[2]) == 2 && m[2] > "12"
		c.dayFirst, c.monthFirst = c.dayFirst || a, c.monthFirst || b
	}
}

// place returns the moment of a stamp; ok is false when it cannot be told.
func (c *Clock) place(s *stamp) (at, until time.Time, ok bool) {
	if !s.clock {
		return time.Time{}, time.Time{}, false
	}
	day, ok := c.dayOf(s)
	z := s.zone
	if !z.named() {
		z = c.zone
	}
	if !ok || z.unknown {
		return time.Time{}, time.Time{}, false
	}
	at = z.utc(s.on(day))
	if !s.dated() && c.last.Sub(at) > 12*time.Hour {
		day, at = day.AddDate(0, 0, 1), at.AddDate(0, 0, 1)
	}
	c.Day, c.last = day, at
	if s.dated() {
		c.Source = ""
	}
	if s.zone.named() && !c.zone.named() {
		c.zone = s.zone
	}
	if s.until != nil {
		until = c.end(s.until, day, z, at)
	}
	return at, until, true
}

// end returns the end of a span that began at a time of a day.
func (c *Clock) end(s *stamp, day time.Time, z zone, at time.Time) time.Time {
	if d, ok := c.dayOf(s); s.dated() && ok {
		day = d
	}
	if s.zone.named() {
		z = s.zone
	}
	until := z.utc(s.on(day))
	if until.Before(at) && !s.dated() {
		until = until.AddDate(0, 0, 1)
	}
	if z.unknown || until.Before(at) {
		return time.Time{}
	}
	return until
}

// on returns the wall clock time of a stamp on a day.
func (s *stamp) on(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), s.hour, s.min, s.sec, s.nano, time.UTC)
}

// dayOf returns the day of a stamp, with the year that lies nearest where it
// names none.
func (c *Clock) dayOf(s *stamp) (time.Time, bool) {
	if !s.dated() {
		return c.Day, !c.Day.IsZero()
	}
	day := time.Date(s.year, time.Month(s.month), s.day, 0, 0, 0, 0, time.UTC)
	switch {
	case s.order == '?':
		return c.either(day)
	case s.year > 0:
		return day, true
	case c.Day.IsZero():
		return time.Time{}, false
	}
	best := time.Time{}
	for y := c.Day.Year() - 1; y <= c.Day.Year()+1; y++ {
		d := time.Date(y, time.Month(s.month), s.day, 0, 0, 0, 0, time.UTC)
		if d.Day() == s.day && (best.IsZero() || c.far(d) < c.far(best)) {
			best = d
		}
	}
	return best, !best.IsZero()
}

// far returns how far a day is from the day of the document.
func (c *Clock) far(d time.Time) time.Duration { return d.Sub(c.Day).Abs() }

// either settles whether the day or the month of a date comes first, given that
// day is right when it is the day.
func (c *Clock) either(day time.Time) (time.Time, bool) {
	other := time.Date(day.Year(), time.Month(day.Day()), int(day.Month()), 0, 0, 0, 0, time.UTC)
	const near = 10 * 24 * time.Hour
	switch {
	case c.dayFirst && !c.monthFirst:
		return day, true
	case c.monthFirst && !c.dayFirst:
		return other, true
	case c.Day.IsZero():
		return time.Time{}, false
	case c.far(day) < near && c.far(other) > near:
		return day, true
	case c.far(other) < near && c.far(day) > near:
		return other, true
	}
	return time.Time{}, false
}

// heading takes the day that a heading names. whole says that it names nothing
// else; a day in passing counts only with its year, in front or behind a dash.
func (c *Clock) heading(title string) (whole bool) {
	s, rest, ok := readStamp(title)
	if !ok || !s.dated() || s.clock {
		return false
	}
	day, ok := c.dayOf(&s)
	if !ok || rest != "" && s.year == 0 {
		return false
	}
	c.Day, c.last, c.Source = day, time.Time{}, ""
	if z, ok := statedZone(rest); ok {
		c.zone, rest = z, ""
	}
	return strings.Trim(rest, " ()[]:*_") == ""
}

// Heading takes note of the day that a heading begins with.
func (c *Clock) Heading(title string) { c.heading(title) }

// plain matches a time that is read as it stands there, in UTC.
var plain = lazyregexp.New(`^(?:\d{4}-\d{2}-\d{2}[T, ]{0,2})?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?(?:UTC|Z))?(?: ?(?:-|–|—) ?\d{1,2}:\d{2}(?::\d{2})?(?: ?(?:UTC|Z))?)?$`)

// why says how a time was written where that is not how it is shown.
func (c *Clock) why(s *stamp) string {
	z := c.zone
	if s.zone.named() {
		z = s.zone
	}
	written := s.written
	if plain.MatchString(written) && z.offset == 0 && z.america == "" {
		return ""
	}
	if !s.zone.named() && z.named() {
		written += " " + z.name
	}
	return "written as " + written
}
