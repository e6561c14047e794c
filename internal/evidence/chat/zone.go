package chat

import (
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// zonePattern finds what the head of an export or of notes says of all its times:
// "Timezone: UTC-3", "all clocks NZDT (UTC+13)", "times are in Europe/Berlin".
var zonePattern = lazyregexp.New(`(?i)(?:\b(?:times?|clocks?)|zone|\btz)\b[^\n]{0,30}?(?:` +
	`\b(?:UTC|GMT) ?([+-]\d{1,2})(?::?(\d{2}))?\b|\b((?-i:[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_-]+){1,2}))\b|\b((?-i:[A-Z]{3,5}))\b(?: ?\((?:UTC|GMT) ?([+-]\d{1,2})(?::?(\d{2}))?\))?)`)

// zoneOf is the zone that text before the first message names for all times; nil
// when it names none.
func zoneOf(head string) *time.Location {
	m := zonePattern.FindStringSubmatch(head)
	if m == nil {
		return nil
	}
	hours, minutes, place, short := m[1]+m[5], m[2]+m[6], m[3], m[4]
	if hours != "" {
		if len(hours) == 2 {
			hours = hours[:1] + "0" + hours[1:]
		}
		t, err := time.Parse("-0700", hours+(minutes + "00")[:2])
		if err != nil {
			return nil
		}
		_, east := t.Zone()
		return time.FixedZone("", east)
	}
	if place != "" {
		loc, err := time.LoadLocation(place)
		if err != nil {
			return nil
		}
		return loc
	}
	if east, ok := stamp.Abbreviation(short); ok {
		return time.FixedZone("", east)
	}
	return nil
}

// zone is the zone that a transcript names before its first message.
func (t *transcript) zone(head string) *time.Location {
	n := 0
	for line := range strings.Lines(head) {
		if _, ok := t.read(strings.TrimRight(line, "\r\n")); ok {
			break
		}
		n += len(line)
	}
	return zoneOf(head[:n])
}

// zoned is a time with the offset of the zone that the head of its file names,
// unless it carries one, or the user named another.
func zoned(f *record.File, zone *time.Location, at string) string {
	if zone == nil || f.Zone != nil {
		return at
	}
	t, own, ok := stamp.Parse(at, zone, 0)
	if !ok || own != "" {
		return at
	}
	return t.In(zone).Format("2006-01-02T15:04:05.999999999-07:00")
}
