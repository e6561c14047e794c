package foreign

import (
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// stamp is a time as somebody wrote it in front of a text: what it says, and
// nothing of what it leaves open.
type stamp struct {
	year, month, day int  // 0 where it does not say; month is 0 without a date
	order            byte // '?' when day and month of a date may be the other way around
	clock            bool
	hour, min        int
	sec, nano        int
	zone             zone
	until            *stamp // end of a span; it may lack everything but its clock
	written          string // as it stands there, without decoration
}

func (s *stamp) dated() bool { return s.month > 0 }

const (
	monthWord = `(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)`
	dayNumber = `(\d{1,2})(?:st|nd|rd|th)?`
)

var (
	opening = lazyregexp.New("^[\\s*_`\\[(\"“'>]+")
	vaguely = lazyregexp.New(`(?i)^(?:[~≈]|(?:at|on|around|about|approx(?:imately)?\.?|circa|ca\.?|c\.|from|by|since)\s+)`)
	weekday = lazyregexp.New(`(?i)^(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\b[.,]?\s*(?:the\s+)?`)
	glue    = lazyregexp.New("(?i)^(?:[\\s,@(\\[*_`~≈]|at\\s|on\\s|around\\s|about\\s|approx(?:imately)?\\.?\\s|circa\\s|ca?\\.\\s?|-\\s|T)+")
	spanTo  = lazyregexp.New("(?i)^[\\s*_`]*(?:-|–|—|to\\b|until\\b|till\\b|→|->)[\\s*_`~≈]*")
	tail    = lazyregexp.New("^[*_`\\])\"”']*\\s*(?:(?:--?|[–—:|·,;>→.])[*_`\\])\"”']*\\s*)*")
	unknown = lazyregexp.New(`(?i)^(?:\d{1,2}:(?:\?\?|xx)|\?\?:\?\?)`)

	ymd = lazyregexp.New(`^(\d{4})([-/.])(\d{1,2})[-/.](\d{1,2})`)
	xyz = lazyregexp.New(`^(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4}|\d{2})\b`)
	mdy = lazyregexp.New(`(?i)^` + monthWord + `\b\.?,?\s*` + dayNumber + `\b(?:,?\s+(\d{4})\b)?`)
	dmy = lazyregexp.New(`(?i)^` + dayNumber + `(?:\s+of)?[\s-]+` + monthWord + `\b\.?(?:,?[\s-]+(\d{4})\b)?`)

	hms    = lazyregexp.New(`^(\d{1,2})[:h](\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?`)
	dotted = lazyregexp.New(`^(\d{1,2})\.(\d{2})\b`)
	bare   = lazyregexp.New(`^(\d{2})(\d{2})(?:\s?(?:hrs?|hours|h)\b)?`)
	hour   = lazyregexp.New(`^(\d{1,2})`)
	ampm   = lazyregexp.New(`(?i)^\s?([ap])\.?m\b\.?`)
)

// readStamp reads the time that a text begins with. rest is what follows it and
// its divider; ok is false when the text begins with none.
func readStamp(text string) (s stamp, rest string, ok bool) {
	from := text[len(opening.FindString(text)):]
	rest = from
	for m := "-"; m != ""; {
		m = vaguely.FindString(rest)
		rest = rest[len(m):]
		rest = rest[len(opening.FindString(rest)):]
	}
	if rest = s.parts(rest); !s.clock && !s.dated() {
		return s, text, false
	}
	if s.clock {
		rest = s.span(rest)
	}
	s.written = strings.Trim(from[:len(from)-len(rest)], " \t*_`[(,:\"“'")
	if strings.Count(s.written, "(") > strings.Count(s.written, ")") && strings.HasPrefix(rest, ")") {
		s.written += ")"
	}
	m := tail.FindString(rest)
	after := rest[len(m):]
	return s, after, after == "" || m != "" && !(m == "." && startsWord(after))
}

// parts reads date, clock and zone, in any order and each once, off the front of
// a text.
func (s *stamp) parts(rest string) string {
	for {
		next := rest
		if s.dated() || s.clock {
			next = next[len(glue.FindString(next)):]
		}
		if m := weekday.FindString(next); m != "" && !s.dated() {
			next = next[len(m):]
		}
		var ok bool
		if next, ok = s.part(next); !ok {
			return rest
		}
		rest = next
	}
}

func (s *stamp) part(next string) (string, bool) {
	if !s.dated() {
		if rest, ok := s.date(next); ok {
			return rest, true
		}
	}
	if !s.clock {
		if rest, ok := s.time(next); ok {
			return rest, true
		}
	}
	if s.clock && !s.zone.named() {
		if z, rest, ok := cutZone(next); ok {
			s.zone = z
			return rest, true
		}
	}
	return next, false
}

// span reads the end of a span of time.
func (s *stamp) span(rest string) string {
	m := spanTo.FindString(rest)
	if m == "" {
		return rest
	}
	var end stamp
	after := end.parts(rest[len(m):])
	if open := unknown.FindString(rest[len(m):]); open != "" {
		return rest[len(m)+len(open):]
	}
	if !end.clock {
		return rest
	}
	if !s.zone.named() {
		s.zone = end.zone
	}
	s.until = &end
	return after
}

// date reads a day off the front of a text.
func (s *stamp) date(t string) (rest string, ok bool) {
	if m := ymd.FindStringSubmatch(t); m != nil {
		rest := t[len(m[0]):]
		return rest, (!startsWord(rest) || rest[0] == 'T') && s.setDate(m[1], m[3], m[4])
	}
	if m := mdy.FindStringSubmatch(t); m != nil {
		return t[len(m[0]):], s.setDate(m[3], m[1], m[2])
	}
	if m := dmy.FindStringSubmatch(t); m != nil {
		return t[len(m[0]):], s.setDate(m[3], m[2], m[1])
	}
	m := xyz.FindStringSubmatch(t)
	if m == nil {
		return t, false
	}
	a, _ := strconv.Atoi(m[1]) // digits, as below
	b, _ := strconv.Atoi(m[3])
	day, month := m[1], m[3]
	if b > 12 {
		day, month = month, day
	} else if a <= 12 && a != b && m[2] != "." {
		s.order = '?'
	}
	year := m[4]
	if len(year) == 2 {
		year = "20" + year
	}
	return t[len(m[0]):], s.setDate(year, month, day)
}

// setDate takes a date; ok is false when there is no such day.
func (s *stamp) setDate(year, month, day string) (ok bool) {
	y, _ := strconv.Atoi(year) // digits or nothing
	d, _ := strconv.Atoi(day)
	m, err := strconv.Atoi(month)
	if err != nil {
		m = 1 + strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", strings.ToLower(month[:3]))/3
	}
	if m < 1 || m > 12 || d < 1 || d > daysIn(y, m) || year != "" && (y < 1970 || y > 2200) {
		s.order = 0
		return false
	}
	s.year, s.month, s.day = y, m, d
	return true
}

// daysIn returns the days of a month, of February in a leap year when the year
// is not known.
func daysIn(year, month int) int {
	if year == 0 {
		year = 2000
	}
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// time reads a time of day off the front of a text.
func (s *stamp) time(t string) (rest string, ok bool) {
	m := hms.FindStringSubmatch(t)
	switch {
	case m != nil:
	case s.dated() && dotted.MatchString(t):
		m = append(dotted.FindStringSubmatch(t), "", "")
	case dotted.MatchString(t) && ampm.MatchString(t[len(dotted.FindString(t)):]):
		m = append(dotted.FindStringSubmatch(t), "", "")
	case hour.MatchString(t) && ampm.MatchString(t[len(hour.FindString(t)):]):
		m = []string{hour.FindString(t), hour.FindString(t), "0", "", ""}
	case bare.MatchString(t) && fourDigits(t):
		m = append(bare.FindStringSubmatch(t), "", "")
	default:
		return t, false
	}
	h, _ := strconv.Atoi(m[1]) // digits, as below
	minutes, _ := strconv.Atoi(m[2])
	sec, _ := strconv.Atoi(m[3])
	rest = t[len(m[0]):]
	if half := ampm.FindStringSubmatch(rest); half != nil && h >= 1 {
		after := half[1] == "p" || half[1] == "P"
		switch {
		case h <= 12 && after:
			h = h%12 + 12
		case h <= 12:
			h %= 12
		}
		if h <= 12 || after { // "14:15 pm" says it twice, "14:15 am" contradicts itself
			rest = rest[len(half[0]):]
		}
	}
	if h > 23 || minutes > 59 || sec > 59 || startsWord(rest) && !leadingZone.MatchString(rest) {
		return t, false
	}
	nano, _ := strconv.Atoi((m[4] + "000000000")[:9])
	s.clock, s.hour, s.min, s.sec, s.nano = true, h, minutes, sec, nano
	return rest, true
}

// fourDigits reports whether "1430" in front of a text is a time of day: what
// follows says so.
func fourDigits(t string) bool {
	m := bare.FindString(t)
	if len(m) > 4 {
		return true
	}
	after := strings.TrimPrefix(t[len(m):], " ")
	_, _, ok := cutZone(after)
	return ok && !strings.HasPrefix(after, "+") && !strings.HasPrefix(after, "-")
}

func startsWord(s string) bool {
	if s == "" {
		return false
	}
	c := s[0]
	return c == ':' && len(s) > 1 && s[1] >= '0' && s[1] <= '9' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}
