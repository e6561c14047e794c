package stamp

import (
	"fmt"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// zonePattern finds what the head of an export or of notes says of all its times:
// "Timezone: UTC-3", "all clocks NZDT (UTC+13)", "times are in Europe/Berlin".
var zonePattern = lazyregexp.New(`(?i)(?:\b(?:times?|clocks?)|zone|\btz)\b[^\n]{0,30}?(?:` +
	`\b(?:UTC|GMT) ?([+-]\d{1,2})(?::?(\d{2}))?\b|\b((?-i:[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_-]+){1,2}))\b|\b((?-i:[A-Z]{3,5}))\b(?: ?\((?:UTC|GMT) ?([+-]\d{1,2})(?::?(\d{2}))?\))?|\b(eastern|central|mountain|pacific)(?:[^/\w]|$))`)

// american are the zones of the United States by what people call them.
var american = map[string]string{"eastern": "America/New_York", "central": "America/Chicago", "mountain": "America/Denver", "pacific": "America/Los_Angeles"}

// HeadZone returns the zone that the head of an export, what stands before its first
// record, names for all of its times; nil when it names none.
func HeadZone(head string) *time.Location {
	m := zonePattern.FindStringSubmatch(head)
	if m == nil {
		return nil
	}
	hours, minutes, place, short := m[1]+m[5], m[2]+m[6], m[3], m[4]
	if m[7] != "" {
		place = american[strings.ToLower(m[7])]
	}
	if hours != "" {
		if len(hours) == 2 {
			hours = hours[:1] + "0" + hours[1:]
		}
		t, err := time.Parse("-0700", hours+(minutes + "00")[:2])
		if err != nil {
			return nil
		}
		_, east := t.Zone()
		return fixed(east)
	}
	if place != "" {
		loc, err := time.LoadLocation(place)
		if err != nil {
			return nil
		}
		return loc
	}
	if east, ok := Abbreviation(short); ok {
		return fixed(east)
	}
	return nil
}

// inBrackets finds what a header says behind the name of a column.
var inBrackets = lazyregexp.New(`[(\[]([^)\]]+)[)\]]`)

// HeaderZone returns the zone that the name of a column of times tells, such as
// "Date (Europe/Lisbon)", "time [UTC+2]", "timestamp_utc" or "minute_aest"; nil when it tells none.
func HeaderZone(name string) *time.Location {
	if m := inBrackets.FindStringSubmatch(name); m != nil {
		if zone := HeadZone("times " + m[1]); zone != nil {
			return zone
		}
	}
	if strings.Contains(strings.ToUpper(name), "UTC") {
		return time.UTC
	}
	if m := behind.FindStringSubmatch(name); m != nil && !words[m[1]] {
		if east, ok := Abbreviation(strings.ToUpper(m[1])); ok {
			return fixed(east)
		}
	}
	return nil
}

// behind finds the last word of the name of a column, in which a zone may stand, and
// words are those of the zones that can mean something else there.
var (
	behind = lazyregexp.New(`(?i)[ _]([a-z]{3,4})$`)
	words  = map[string]bool{"est": true, "art": true, "cat": true, "eat": true, "wat": true, "wet": true, "west": true}
)

// fixed returns the zone that is so many seconds ahead of UTC.
func fixed(east int) *time.Location {
	if east == 0 {
		return time.UTC
	}
	sign := '+'
	if east < 0 {
		sign = '-'
	}
	return time.FixedZone(fmt.Sprintf("%c%02d:%02d", sign, max(east, -east)/3600, max(east, -east)/60%60), east)
}

// journalPattern finds the last moment that journalctl and systemctl status name
// above lines of the journal whose own times have no year and no zone.
var journalPattern = lazyregexp.New(`(?m)^(?:-- (?:Journal|Logs) begins? at .*, ends? at|\s+Active: .* since) \w{3} (\d{4})-\d\d-\d\d \d\d:\d\d:\d\d ([A-Z]{3,5})[.;]`)

// Comments returns the zone and the year that comments and headings above the first
// record of a file name for all of its times; nil and 0 where they name none.
func Comments(head string) (zone *time.Location, year int) {
	above := ""
	for line := range strings.Lines(head) {
		if len(above) > 4<<10 || !aside(line) {
			break
		}
		above += line
	}
	if m := journalPattern.FindStringSubmatch(above); m != nil {
		if east, ok := Abbreviation(m[2]); ok {
			zone = fixed(east)
		}
		t, _ := time.Parse("2006", m[1]) // the pattern has four digits
		return zone, t.Year()
	}
	for line := range strings.Lines(above) {
		comment := strings.HasPrefix(line, "#") || strings.HasPrefix(line, "--") || strings.HasPrefix(line, "//")
		if comment && zone == nil && !strings.ContainsAny(line, "0123456789") { // with a moment it may be about that alone
			zone = HeadZone(line)
		}
	}
	return zone, 0
}

// aside reports whether a line is a comment, the command that printed the rest, or
// one of what systemctl says of a unit.
func aside(line string) bool {
	for _, mark := range []string{"#", "-- ", "//", "$ ", "●", "×", "○", "   ", "\t"} {
		if strings.HasPrefix(line, mark) {
			return true
		}
	}
	return strings.TrimSpace(line) == ""
}
