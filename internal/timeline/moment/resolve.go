package moment

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// usual is how long before a text a clock in it usually lies.
	usual = 3 * time.Hour
	// seldom is how long that is of who is known to think in one zone.
	seldom = 12 * time.Hour
	// late is how long after a text was sent a clock in it may lie: clocks differ.
	late = 2 * time.Minute
)

// Reader is who wrote a text.
type Reader struct {
	At      time.Time       // when
	Offsets []time.Duration // from UTC, in which they may think, the likeliest first
	Sure    bool            // they think in the first for all that is known
	Page    time.Time       // the last alert before; zero when there was none
	Change  time.Time       // the last rollout before
}

// Resolve returns the moment that a time means: of a clock without a date the last
// before the text, or up to two minutes later. A clock without a zone is read in the
// first offset, unless that puts it long before the text, of a day that is not named,
// and another does not; one that is local, in another than UTC. ok is false when it cannot be told.
func (e Expr) Resolve(r Reader) (at time.Time, ok bool) {
	if e.Ago != 0 {
		return e.count(r)
	}
	offsets := r.Offsets
	switch {
	case e.Zone != "":
		if offsets = zoneOffsets(e.Zone, r); offsets == nil {
			return time.Time{}, false
		}
	case e.Local && slices.ContainsFunc(offsets, func(o time.Duration) bool { return o != 0 }):
		offsets = slices.DeleteFunc(slices.Clone(offsets), func(o time.Duration) bool { return o == 0 })
	}
	if len(offsets) == 0 {
		offsets = []time.Duration{0}
	}
	before := usual
	if r.Sure && e.Zone == "" {
		before = seldom
	}
	best := e.last(r.At, offsets[0])
	for _, o := range offsets[1:] {
		if t := e.last(r.At, o); r.At.Sub(best) > before && t.After(best) && !e.Dated && e.Weekday == "" && e.Month == 0 {
			best = t
		}
	}
	return best, true
}

// Offset returns the offset from UTC of the zone that a time names, when that is one.
func (e Expr) Offset(at time.Time) (time.Duration, bool) {
	if e.Zone == "" {
		return 0, false
	}
	list := zoneOffsets(e.Zone, Reader{At: at})
	if len(list) != 1 {
		return 0, false
	}
	return list[0], true
}

// count counts a duration from its anchor.
func (e Expr) count(r Reader) (time.Time, bool) {
	from := r.At
	switch e.Anchor {
	case Page:
		from = r.Page
	case Change:
		from = r.Change
	}
	if from.IsZero() {
		return time.Time{}, false
	}
	if e.Until {
		return from.Add(e.Ago), true
	}
	return from.Add(-e.Ago), true
}

// last returns the last moment before a text at which a clock in a zone showed a
// time, on the day that is named; of both halves of a day the later, when the earlier
// lies long before.
func (e Expr) last(at time.Time, offset time.Duration) time.Time {
	local := at.Add(offset)
	t := time.Date(local.Year(), local.Month(), local.Day(), e.Hour, e.Minute, e.Second, 0, time.UTC)
	switch {
	case e.NoHour:
		t = time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), e.Minute, 0, 0, time.UTC)
		if t.After(local.Add(late)) {
			t = t.Add(-time.Hour)
		}
		return t.Add(-offset)
	case e.Month > 0:
		year := e.Year
		if year == 0 {
			year = local.Year()
		}
		t = time.Date(year, time.Month(e.Month), e.Day, e.Hour, e.Minute, e.Second, 0, time.UTC)
		if e.Year == 0 && t.After(local.Add(24*time.Hour)) {
			t = t.AddDate(-1, 0, 0)
		}
		return t.Add(-offset)
	case e.Day > 0:
		for n := 0; n < 62 && (t.Day() != e.Day || t.After(local.Add(late))); n++ {
			t = t.AddDate(0, 0, -1)
		}
		return t.Add(-offset)
	case e.Weekday != "":
		for strings.ToLower(t.Weekday().String()) != e.Weekday || t.After(local.Add(late)) {
			t = t.AddDate(0, 0, -1)
		}
		if t.YearDay() != local.YearDay() {
			t = e.working(t)
		}
		return t.Add(-offset)
	case e.Dated:
		t = t.AddDate(0, 0, -e.DaysBack)
		if e.DaysBack > 0 {
			t = e.working(t)
		}
		if e.DaysBack == 0 && !t.After(local.Add(late)) || e.DaysBack > 0 {
			return e.halfBefore(t, local).Add(-offset)
		}
		return t.Add(-offset)
	}
	if t.After(local.Add(late)) {
		t = t.AddDate(0, 0, -1)
	}
	return e.halfBefore(t, local).Add(-offset)
}

// working returns the half of another day that a clock in words means: that in which
// people work. "Ten past three yesterday" is in the afternoon.
func (e Expr) working(t time.Time) time.Time {
	if e.Half && e.Spoken && e.Hour >= 1 && e.Hour < 6 {
		return t.Add(12 * time.Hour)
	}
	return t
}

// halfBefore returns the other half of the day of a clock on 12 hours, when that is
// shortly before the text and the one that it reads as is not.
func (e Expr) halfBefore(t, local time.Time) time.Time {
	if !e.Half {
		return t
	}
	for _, o := range []time.Time{t.Add(12 * time.Hour), t.Add(-12 * time.Hour)} {
		if lag := local.Sub(o); local.Sub(t) > usual && lag >= -late && lag <= usual {
			return o
		}
	}
	return t
}

// zones are the offsets from UTC, in minutes, of the abbreviations people write.
// Some stand for several zones; those of summer stand first.
var zones = map[string][]int{
	"Z": {0}, "UTC": {0}, "GMT": {0}, "ZULU": {0}, "WET": {0}, "WEST": {60}, "BST": {60, 360}, "CET": {60}, "CEST": {120}, "EET": {120}, "EEST": {180},
	"MSK": {180}, "TRT": {180}, "EAT": {180}, "CAT": {120}, "SAST": {120}, "WAT": {60}, "GST": {240}, "PKT": {300}, "IST": {330, 120, 60}, "ICT": {420},
	"SGT": {480}, "HKT": {480}, "PHT": {480}, "AWST": {480}, "CST": {-360, 480}, "JST": {540}, "KST": {540}, "ACST": {570}, "ACDT": {630}, "AEST": {600}, "AEDT": {660},
	"NZST": {720}, "NZDT": {780}, "EST": {-300}, "EDT": {-240}, "CDT": {-300}, "MST": {-420}, "MDT": {-360}, "PST": {-480}, "PDT": {-420}, "BRT": {-180},
	"ART": {-180}, "CLT": {-240, -180}, "AST": {-240, 180}, "ADT": {-180}, "NST": {-210}, "NDT": {-150}, "AKST": {-540}, "AKDT": {-480}, "HST": {-600},
	"ET": {-240, -300}, "EASTERN": {-240, -300}, "CT": {-300, -360}, "CENTRAL": {-300, -360}, "MT": {-360, -420}, "MOUNTAIN": {-360, -420}, "PT": {-420, -480}, "PACIFIC": {-420, -480},
}

// zoneOffsets returns the offsets that a zone as written may mean, first those in
// which the writer may think; nil when it means none that is known.
func zoneOffsets(name string, r Reader) []time.Duration {
	var out []time.Duration
	for _, m := range zones[name] {
		out = append(out, time.Duration(m)*time.Minute)
	}
	if american[name] {
		if winter(r.At) {
			return out[1:]
		}
		return out[:1]
	}
	if out != nil {
		slices.SortStableFunc(out, func(a, b time.Duration) int { return strange(r.Offsets, a) - strange(r.Offsets, b) })
		return out
	}
	if o, ok := inCity(name, r.At); ok {
		return []time.Duration{o}
	}
	s := strings.TrimPrefix(strings.TrimPrefix(name, "UTC"), "GMT")
	if s == "" {
		return nil
	}
	sign, s := s[0], strings.ReplaceAll(s[1:], ":", "")
	n, err := strconv.Atoi(s)
	if err != nil {
		return nil
	}
	d := time.Duration(n) * time.Hour
	if len(s) > 2 {
		d = time.Duration(n/100)*time.Hour + time.Duration(n%100)*time.Minute
	}
	if sign == '-' {
		d = -d
	}
	return []time.Duration{d}
}

// strange orders the offsets that are in a list before others.
func strange(list []time.Duration, o time.Duration) int {
	if slices.Contains(list, o) {
		return 0
	}
	return 1
}

// american are the zones whose name leaves summer open.
var american = map[string]bool{"ET": true, "EASTERN": true, "CT": true, "CENTRAL": true, "MT": true, "MOUNTAIN": true, "PT": true, "PACIFIC": true}

// winter reports whether no summer time holds in North America: from the second
// Sunday of March to the first of November it does.
func winter(at time.Time) bool {
	march := time.Date(at.Year(), time.March, 8, 7, 0, 0, 0, time.UTC)
	november := time.Date(at.Year(), time.November, 1, 6, 0, 0, 0, time.UTC)
	for _, t := range []*time.Time{&march, &november} {
		for t.Weekday() != time.Sunday {
			*t = t.AddDate(0, 0, 1)
		}
	}
	return at.Before(march) || !at.Before(november)
}
