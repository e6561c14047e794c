package fact

import (
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// Moment is a moment that a text names by a clock.
type Moment struct {
	At    time.Time
	Exact bool       // to the second
	Since bool       // something began then
	Act   speech.Act // of the clause that names it
}

// recent is how long before a text a clock in it usually lies.
const recent = 3 * time.Hour

// zones are the offsets from UTC, in minutes, of the abbreviations people write.
// Some stand for several zones.
var zones = map[string][]int{
	"Z": {0}, "UTC": {0}, "GMT": {0}, "WET": {0}, "WEST": {60}, "BST": {60, 360}, "CET": {60}, "CEST": {120}, "EET": {120}, "EEST": {180},
	"MSK": {180}, "IST": {330, 120, 60}, "SGT": {480}, "HKT": {480}, "CST": {-360, 480}, "JST": {540}, "KST": {540}, "AEST": {600}, "AEDT": {660},
	"NZST": {720}, "NZDT": {780}, "EST": {-300}, "EDT": {-240}, "CDT": {-300}, "MST": {-420}, "MDT": {-360}, "PST": {-480}, "PDT": {-420}, "BRT": {-180},
}

// Offsets returns the offsets from UTC that the times of events were recorded
// in, UTC first: the zones that people who wrote them may think in.
func Offsets(events []hindcast.Event) []time.Duration {
	out := []time.Duration{0}
	for _, e := range events {
		t, err := time.Parse("-07:00", e.Zone)
		if err != nil {
			continue
		}
		_, sec := t.Zone()
		if d := time.Duration(sec) * time.Second; !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out
}

// moments resolves the clocks that a text written at a moment names.
func moments(clocks []speech.Clock, at time.Time, offsets []time.Duration) []Moment {
	out := make([]Moment, 0, len(clocks))
	for _, c := range clocks {
		out = append(out, Moment{resolve(c, at, offsets), c.HasSecond, c.Since, c.Act})
	}
	return out
}

// resolve returns the last moment before at, or up to two minutes later, at
// which a clock showed c. A clock without a zone is read in UTC, unless that
// puts it long before the text and another of the offsets does not.
func resolve(c speech.Clock, at time.Time, offsets []time.Duration) time.Time {
	if minutes, ok := zones[c.Zone]; ok {
		offsets = nil
		for _, m := range minutes {
			offsets = append(offsets, time.Duration(m)*time.Minute)
		}
	}
	best := last(c, at, offsets[0])
	for _, o := range offsets[1:] {
		if t := last(c, at, o); at.Sub(best) > recent && t.After(best) {
			best = t
		}
	}
	return best
}

func last(c speech.Clock, at time.Time, offset time.Duration) time.Time {
	local := at.Add(offset)
	t := time.Date(local.Year(), local.Month(), local.Day(), c.Hour, c.Minute, c.Second, 0, time.UTC).Add(-offset)
	if t.After(at.Add(2 * time.Minute)) {
		t = t.AddDate(0, 0, -1)
	}
	return t
}
