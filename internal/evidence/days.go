package evidence

import (
	"path"
	"regexp"
	"slices"
	"time"

	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

// mostHours is how long a file lasts at most that tells the hours which the evidence is of.
const mostHours = 36 * time.Hour

// hours are those that the evidence is of, by the files of which the times are known.
type hours struct {
	from, to time.Time       // zero when no file tells
	zones    []time.Duration // offsets from UTC, other than that, in which any of them is written
}

// hoursOf returns the hours of files: of those with a zone, where there are any.
func hoursOf(files []*file) hours {
	if h := hoursIn(files, false); !h.from.IsZero() {
		return h
	}
	return hoursIn(files, true)
}

// hoursIn returns the hours of files with a zone, or of any.
func hoursIn(files []*file, any bool) (h hours) {
	for _, f := range files {
		if f.to == 0 || f.assumed && f.Zone == nil && !any || f.to-f.from > int64(mostHours) {
			continue
		}
		for _, z := range f.Offsets.All() {
			if z != 0 && !slices.Contains(h.zones, z) {
				h.zones = append(h.zones, z)
			}
		}
		if f.records < fewRecords {
			continue
		}
		from, to := time.Unix(0, f.from).UTC(), time.Unix(0, f.to).UTC()
		if h.from.IsZero() || from.Before(h.from) {
			h.from = from
		}
		if to.After(h.to) {
			h.to = to
		}
	}
	slices.Sort(h.zones)
	return h
}

// day returns the day on which times without a date begin with a clock: that on which
// this lies within the hours, or next to them, in UTC or a zone of the evidence. It is
// false when nothing tells the hours.
func (h hours) day(clock time.Duration) (time.Time, bool) {
	if h.from.IsZero() {
		return time.Time{}, false
	}
	middle := h.from.Add(h.to.Sub(h.from) / 2)
	var best time.Time
	least, off := time.Duration(0), time.Duration(0)
	for _, zone := range append([]time.Duration{0}, h.zones...) {
		first := h.from.Add(zone).Truncate(24 * time.Hour).Add(-24 * time.Hour)
		for d := first; !d.After(h.to.Add(zone)); d = d.Add(24 * time.Hour) {
			at := d.Add(clock - zone)
			beyond, apart := max(0, h.from.Sub(at), at.Sub(h.to)), at.Sub(middle).Abs()
			if best.IsZero() || beyond < least || beyond == least && apart < off {
				best, least, off = d, beyond, apart
			}
		}
	}
	return best, true
}

const (
	// astray is how far off a file lies whose days and months are taken for each other.
	astray = 15 * 24 * time.Hour
	// beside is how near to the others it lies when they are not.
	beside = 2 * 24 * time.Hour
)

// misdated returns the names of files that lie weeks away from the others, and among them
// when day and month of their dates are read in the other order.
func misdated(files []*file) map[string]bool {
	out := map[string]bool{}
	h := hoursOf(files)
	if h.from.IsZero() {
		return out
	}
	for _, f := range files {
		if f.to == 0 || f.Swapped || h.apart(f.from, f.to) < astray {
			continue
		}
		from, ok := f.swap(f.from)
		to, fine := f.swap(f.to)
		if ok && fine && from <= to && h.apart(from, to) < beside && to-from < int64(beside) {
			out[f.Name] = true
		}
	}
	return out
}

// stillAstray takes out of names the files that lie where they lay: their dates can be
// read in one way alone.
func stillAstray(files []*file, names map[string]bool) {
	h := hoursOf(files)
	for _, f := range files {
		if names[f.Name] && h.apart(f.from, f.to) >= astray {
			delete(names, f.Name)
		}
	}
}

// apart returns how long before or after the hours something lies, in nanoseconds since
// the Unix epoch.
func (h hours) apart(from, to int64) time.Duration {
	return max(0, h.from.Sub(time.Unix(0, to)), time.Unix(0, from).Sub(h.to))
}

// swap returns a time of the file with day and month in the other order; ok is false when
// that is no date, or the same.
func (f *file) swap(at int64) (swapped int64, ok bool) {
	zone := f.Zone
	if zone == nil {
		zone = time.UTC
	}
	t := time.Unix(0, at).In(zone)
	if t.Day() > 12 || t.Day() == int(t.Month()) {
		return 0, false
	}
	return time.Date(t.Year(), time.Month(t.Day()), int(t.Month()), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone).UnixNano(), true
}

// dated finds the day in the name of a file.
var dated = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)

// day completes the times of a file that carry no date and begin with a clock: by the day
// in its name, else by the rest of the evidence, which a problem then says.
func (r *reader) day(f *file, clock time.Duration) {
	if t, err := time.Parse(time.DateOnly, dated.FindString(path.Base(f.Name))); err == nil {
		f.Day = t.Add(clock)
		return
	}
	if d, ok := r.days.day(clock); ok {
		f.Day = d.Add(clock)
		r.problem(r.sink, f.Name, "times carry no date and were taken to begin on "+d.Format(time.DateOnly)+", when the rest of the evidence is from; put the day into the name of the file, as in NAME-2024-05-01.txt, if that is wrong")
	}
}

// offset returns the offset from UTC that a zone as recorded names; false when it names none.
func offset(zone string) (time.Duration, bool) {
	t, err := time.Parse("-07:00", zone)
	if err != nil {
		return 0, false
	}
	_, east := t.Zone()
	return time.Duration(east) * time.Second, stamp.Offset(time.Duration(east)*time.Second) == time.Duration(east)*time.Second
}
