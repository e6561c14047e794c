// Package stamp reads the times that evidence carries: ISO 8601 in its many
// spellings, epoch numbers of any unit, and the layouts of common logs.
//
// A time without a zone is read in the zone the user named for the file, else
// in UTC, and whoever reads it reports [Assumed] as a problem, once per file.
package stamp

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// AssumedZone is the Zone of events whose times carried none.
const AssumedZone = "assumed UTC"

// Deduced is how the Zone of events begins whose times carried none and were read in a zone
// that other files tell: "deduced +02:00".
const Deduced = "deduced "

// Assumed is the problem to report for a file whose times carry no zone when
// the user named none.
func Assumed(f *record.File) hindcast.Problem {
	return hindcast.Problem{
		File:    f.Name,
		Message: "times carry no zone and were read as UTC; name the zone with --zone " + f.Name + "=ZONE if that is wrong",
	}
}

// DeducedZone is the zone, ahead of UTC by a while, of a file for which it was deduced.
func DeducedZone(ahead time.Duration) *time.Location {
	east := int(ahead.Seconds())
	return time.FixedZone(Deduced+time.Unix(0, 0).In(time.FixedZone("", east)).Format("-07:00"), east)
}

// ReadAs is the problem to report for a file for which a zone was deduced, and why.
func ReadAs(file string, zone *time.Location, why string) hindcast.Problem {
	return hindcast.Problem{
		File:    file,
		Message: "times carry no zone and were read as " + strings.TrimPrefix(zone.String(), Deduced) + ", " + why + "; name the zone with --zone " + file + "=ZONE if that is wrong",
	}
}

// Clock reads the times of one file.
type Clock struct {
	f *record.File
}

// NewClock returns a Clock for f, which names the zone and year of incomplete times.
func NewClock(f *record.File) Clock { return Clock{f} }

// Parse reads a time. zone is what Event.Zone should hold: the zone as
// recorded, the name the user gave, or [AssumedZone]. ok is false when s is no
// time; a number alone is read as an epoch.
func (c Clock) Parse(s string) (t time.Time, zone string, ok bool) {
	if t, ok := EpochString(s); ok {
		return t, "Z", true
	}
	loc, named := time.UTC, AssumedZone
	if c.f.Zone != nil {
		loc, named = c.f.Zone, c.f.Zone.String()
	}
	t, zone, ok = Parse(s, loc, c.f.Year)
	if ok && zone == "" {
		zone = named
	}
	return t, zone, ok
}

// Epoch reads a number of seconds, milliseconds, microseconds or nanoseconds
// since the Unix epoch; the unit is the one that puts it between 1990 and 2100.
func Epoch(n float64) (time.Time, bool) {
	return EpochString(strconv.FormatFloat(n, 'f', -1, 64))
}

// The epochs of 1990 and 2100 in seconds.
const earliest, latest = 631152000, 4102444800

// EpochString is [Epoch] for a decimal number as text, without loss.
func EpochString(s string) (time.Time, bool) {
	whole, frac, _ := strings.Cut(s, ".")
	if len(whole) < 9 || len(whole) > 19 || len(frac) > 12 {
		return time.Time{}, false
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n < 0 {
		return time.Time{}, false
	}
	for _, unit := range [...]int64{1, 1e3, 1e6, 1e9} {
		sec := n / unit
		if sec < earliest || sec >= latest {
			continue
		}
		ns := (n % unit) * (1e9 / unit)
		if frac != "" {
			f, err := strconv.ParseFloat("0."+frac, 64)
			if err != nil {
				return time.Time{}, false
			}
			ns += int64(math.Round(f * float64(1e9/unit)))
		}
		return time.Unix(sec, ns).UTC(), true
	}
	return time.Time{}, false
}

// layouts are tried in order on times that are not ISO 8601.
var layouts = [...]string{
	"02/Jan/2006:15:04:05", "02/Jan/2006 15:04:05",
	"2 Jan 2006 15:04:05", "2 January 2006 15:04:05", "2-Jan-2006 15:04:05",
	"Jan 2 2006 15:04:05", "Jan 2, 2006 15:04:05", "January 2, 2006 15:04:05", "Jan 2, 2006 3:04:05 PM", "January 2, 2006 3:04 PM", "Jan 2, 2006 3:04 PM", "Jan 2, 2006 15:04",
	"Mon Jan 2 15:04:05 2006", "Mon, 2 Jan 2006 15:04:05", "Mon 2 Jan 2006 15:04:05", "Mon Jan 2 2006 15:04:05",
	"2006/01/02 15:04:05", "2006.01.02 15:04:05", "2006/01/02 15:04", "20060102 15:04:05", "20060102-15:04:05", "20060102T150405",
	"Monday, January 2, 2006 at 3:04:05 PM", "January 2, 2006 at 3:04:05 PM", "January 2, 2006 at 3:04 PM",
	"02.01.2006 15:04:05", "02.01.2006 15:04", "02-01-2006 15:04:05", "02-01-2006 15:04", "01/02/2006 15:04:05", "01/02/2006 3:04:05 PM", "1/2/2006 15:04", "1/2/2006 3:04 PM",
	"06/01/02 15:04:05", "060102 15:04:05", "2/Jan/06 3:04 PM", "2/Jan/06 15:04",
}

// yearless are layouts that need the year from elsewhere.
var yearless = [...]string{"Jan 2 15:04:05", "2 Jan 15:04:05", "01-02 15:04:05", "0102 15:04:05", "Mon Jan 2 15:04:05"}

// Parse reads a time with its zone as recorded ("Z", "+02:00", "EDT"); zone is
// empty when s carries none, and loc is used. year completes layouts without
// one; with year 0 they are not times.
func Parse(s string, loc *time.Location, year int) (t time.Time, zone string, ok bool) {
	s = strings.Join(strings.Fields(strings.Trim(s, "[]\"' \t")), " ")
	if len(s) < 8 || len(s) > 64 {
		return time.Time{}, "", false
	}
	s, fixed, zone := cutZone(s)
	if fixed != nil {
		loc = fixed
	}
	s = strings.Replace(s, ",", ".", strings.Count(s[max(0, len(s)-10):], ",")*boolInt(commaFraction(s)))
	for _, l := range [...]string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02_15:04:05", "2006-01-02 3:04:05 PM", "2006-01-02 3:04 PM"} {
		if t, err := time.ParseInLocation(l, s, loc); err == nil {
			return t.UTC(), zone, true
		}
	}
	for _, l := range layouts {
		if t, err := time.ParseInLocation(l, s, loc); err == nil {
			return t.UTC(), zone, true
		}
	}
	if year == 0 {
		return time.Time{}, "", false
	}
	for _, l := range yearless {
		if t, err := time.ParseInLocation("2006 "+l, strconv.Itoa(year)+" "+s, loc); err == nil {
			return t.UTC(), zone, true
		}
	}
	return time.Time{}, "", false
}

// commaFraction reports whether the last comma of s stands before a fraction of
// seconds and not after a month or weekday.
func commaFraction(s string) bool {
	i := strings.LastIndexByte(s, ',')
	return i >= 3 && i+1 < len(s) && digit(s[i-1]) && digit(s[i+1]) && s[i-3] == ':'
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// cutZone cuts the zone off the end of s.
func cutZone(s string) (rest string, loc *time.Location, zone string) {
	if n := len(s) - 1; (s[n] == 'Z' || s[n] == 'z') && n > 0 && digit(s[n-1]) {
		return s[:n], time.UTC, "Z"
	}
	if i := strings.LastIndexAny(s, "+-"); i >= 8 && i >= len(s)-6 && strings.Contains(s[:i], ":") {
		if off, ok := offset(s[i:]); ok {
			return strings.TrimRight(s[:i], " "), time.FixedZone("", off), canonical(off)
		}
	}
	i := strings.LastIndexByte(s, ' ')
	if i < 0 {
		return s, nil, ""
	}
	if off, ok := Abbreviation(s[i+1:]); ok {
		rest, inner, _ := cutZone(s[:i]) // "2024-03-15 10:25:03 +0000 UTC"
		if inner != nil {
			return rest, inner, s[i+1:]
		}
		return s[:i], time.FixedZone(s[i+1:], off), s[i+1:]
	}
	return s, nil, ""
}

// offset reads +02, +0200 and +02:00 as seconds east of UTC.
func offset(s string) (int, bool) {
	d := strings.Replace(s[1:], ":", "", 1)
	if len(d) != 2 && len(d) != 4 {
		return 0, false
	}
	n, err := strconv.Atoi(d)
	if err != nil || n < 0 {
		return 0, false
	}
	if len(d) == 2 {
		n *= 100
	}
	sec := n/100*3600 + n%100*60
	if sec > 14*3600 || n%100 > 59 {
		return 0, false
	}
	if s[0] == '-' {
		sec = -sec
	}
	return sec, true
}

func canonical(sec int) string {
	sign := byte('+')
	if sec < 0 {
		sign, sec = '-', -sec
	}
	h, m := sec/3600, sec/60%60
	return string([]byte{sign, byte('0' + h/10), byte('0' + h%10), ':', byte('0' + m/10), byte('0' + m%10)})
}

// Abbreviation returns the offset of a zone abbreviation in seconds east of
// UTC. Where one abbreviation is used for several zones it takes the one that
// is common in server logs (CST and EST are American, IST is Indian).
func Abbreviation(s string) (seconds int, ok bool) {
	h, ok := abbreviations[s]
	return int(h * 3600), ok
}

var abbreviations = map[string]float64{
	"UTC": 0, "GMT": 0, "WET": 0, "Z": 0,
	"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
	"AKST": -9, "AKDT": -8, "HST": -10, "AST": -4, "ADT": -3, "NST": -3.5, "NDT": -2.5, "BRT": -3, "ART": -3, "CLT": -4,
	"BST": 1, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3, "SAST": 2, "MSK": 3, "TRT": 3, "EAT": 3, "WAT": 1, "CAT": 2,
	"GST": 4, "PKT": 5, "IST": 5.5, "NPT": 5.75, "BDT": 6, "ICT": 7, "WIB": 7, "HKT": 8, "SGT": 8, "AWST": 8, "PHT": 8,
	"JST": 9, "KST": 9, "ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}

// Zoned is a time with the offset of the zone that the head of its file names,
// unless it carries one, or the user named another.
func Zoned(f *record.File, zone *time.Location, at string) string {
	if zone == nil || f.Zone != nil {
		return at
	}
	t, own, ok := Parse(at, zone, 0)
	if !ok || own != "" {
		return at
	}
	return t.In(zone).Format("2006-01-02T15:04:05.999999999-07:00")
}
