package foreign

import (
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// zone is a zone as it is written. The zero value is none.
type zone struct {
	name    string
	offset  int    // seconds east of UTC, where it is always the same
	america string // "PT", "ET": the half of the year decides
	unknown bool   // "local time", or an abbreviation that zones far apart share
}

func (z zone) named() bool { return z.name != "" }

// utc returns a wall clock time of the zone in UTC.
func (z zone) utc(wall time.Time) time.Time {
	offset := z.offset
	if z.america != "" {
		offset = standard[z.america] * 3600
		if summerInAmerica(wall) {
			offset += 3600
		}
	}
	return wall.Add(-time.Duration(offset) * time.Second)
}

// standard are the hours of American zones that are named for the whole year.
var standard = map[string]int{"PT": -8, "MT": -7, "CT": -6, "ET": -5}

// summerInAmerica reports whether the clocks of the United States show summer
// time: from the second Sunday of March to the first of November.
func summerInAmerica(wall time.Time) bool {
	begin := sundayFrom(time.Date(wall.Year(), time.March, 8, 2, 0, 0, 0, time.UTC))
	end := sundayFrom(time.Date(wall.Year(), time.November, 1, 2, 0, 0, 0, time.UTC))
	return !wall.Before(begin) && wall.Before(end)
}

func sundayFrom(t time.Time) time.Time { return t.AddDate(0, 0, (7-int(t.Weekday()))%7) }

// hours east of UTC. Abbreviations that zones far apart share are not there,
// except for American ones, which are what people mostly mean.
var hours = map[string]float64{
	"Z": 0, "UTC": 0, "GMT": 0, "WET": 0,
	"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "BRT": -3, "ART": -3,
	"BST": 1, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3, "SAST": 2, "MSK": 3, "TRT": 3, "EAT": 3, "WAT": 1, "CAT": 2,
	"PKT": 5, "HKT": 8, "SGT": 8, "AWST": 8, "JST": 9, "KST": 9, "ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}

const (
	numericZone = `(?:UTC|GMT)? ?[+-]\d{1,2}(?::?\d{2})?`
	zoneWord    = `(?:UTC|GMT|[PMCE]T|[A-Z]{2,4}T|MESZ|MEZ|MSK|TRT)`
)

var (
	leadingZone = lazyregexp.New(`^(?:((?:UTC|GMT) ?[+-] ?\d{1,2}(?::?\d{2})?|[+-]\d{2}:?\d{2}|` + zoneWord + `|utc|gmt)\b|(Z)\b)`)
	namedZone   = lazyregexp.New(`\b((?:UTC|GMT|utc|gmt) ?[+-] ?\d{1,2}(?::?\d{2})?|UTC|GMT|utc|gmt|` + zoneWord + `)\b`)
	localTime   = lazyregexp.New(`(?i)\blocal time`)
	aboutTimes  = lazyregexp.New(`(?i)\b(?:times?|timestamps?|timezone|time zone|clock|hours)\b`)
	offsetForm  = lazyregexp.New(`^(?:UTC|GMT)? ?([+-]) ?(\d{1,2}):?(\d{2})?$`)
)

// zoneOf returns the zone that a word names.
func zoneOf(word string) (zone, bool) {
	word = strings.ToUpper(strings.TrimSpace(word))
	if h, ok := hours[word]; ok {
		return zone{name: word, offset: int(h * 3600)}, true
	}
	if _, ok := standard[word]; ok {
		return zone{name: word, america: word}, true
	}
	if m := offsetForm.FindStringSubmatch(word); m != nil {
		h, _ := strconv.Atoi(m[2]) // digits
		minutes, _ := strconv.Atoi(m[3])
		offset := h*3600 + minutes*60
		if m[1] == "-" {
			offset = -offset
		}
		return zone{name: word, offset: offset}, h <= 14 && minutes < 60
	}
	return zone{name: word, unknown: true}, word == "IST" || word == "AST" || word == "GST"
}

// cutZone cuts a zone off the front of a text.
func cutZone(s string) (z zone, rest string, ok bool) {
	m := leadingZone.FindString(s)
	if m == "" {
		return zone{}, s, false
	}
	if z, ok = zoneOf(m); !ok {
		return zone{}, s, false
	}
	return z, s[len(m):], true
}

// statedZone returns the zone that a sentence gives for the times around it:
// "All times are in CEST", "(Paris, UTC+1)", "Timeline (PST)".
func statedZone(s string) (zone, bool) {
	if localTime.MatchString(s) {
		return zone{name: "local time", unknown: true}, true
	}
	s = strings.ReplaceAll(s, "_", " ")
	short := strings.Trim(s, " *()[]:.")
	for _, m := range namedZone.FindAllString(s, -1) {
		z, ok := zoneOf(m)
		if ok && (aboutTimes.MatchString(s) || len(short) <= len(m)+12 || strings.Contains(s, "("+m+")")) {
			return z, true
		}
	}
	return zone{}, false
}
