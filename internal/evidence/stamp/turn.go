package stamp

import (
	"fmt"
	"time"
)

// Twice returns the other moment at which clocks in loc showed what they show at
// t: for an hour in autumn they show everything twice. ok is false when they
// showed it once.
func Twice(t time.Time, loc *time.Location) (other time.Time, ok bool) {
	_, east := t.In(loc).Zone()
	for _, far := range [...]time.Duration{-reach, reach} {
		_, e := t.Add(far).In(loc).Zone()
		if e == east {
			continue
		}
		other = t.Add(time.Duration(east-e) * time.Second)
		if _, is := other.In(loc).Zone(); is == e {
			return other, true
		}
	}
	return time.Time{}, false
}

// reach is how far from a moment a change of clocks matters to it.
const reach = 3 * time.Hour

// Skipped reports whether a reading of a clock, given as if it were UTC, is not
// what clocks in loc show at t: they were put forward over it, and t is its
// nearest reading.
func Skipped(reading, t time.Time, loc *time.Location) bool {
	return reading.Format(wall) != t.In(loc).Format(wall)
}

// Later returns the moment after clocks were put forward over a reading that was
// read as t, by as much as they were put forward.
func Later(reading, t time.Time, loc *time.Location) time.Time {
	_, east := t.In(loc).Zone()
	return t.Add(max(reading.Sub(t.Add(time.Duration(east)*time.Second)), 0))
}

const wall = "2006-01-02 15:04"

// SkippedMessage is the problem of a file in whose times clocks were put forward
// over a reading that was read as t.
func SkippedMessage(t time.Time, loc *time.Location) string {
	from := change(t, loc)
	return fmt.Sprintf("times in the hour that %s did not have (%s to %s UTC) were read as an hour later; name another zone if that is wrong", loc,
		from.Format(wall), from.Add(gap(from, loc)).Format("15:04"))
}

// TwiceMessage is the problem of a file that has t in an hour that occurred twice.
// second is the line at which the second of the two begins, 0 when nothing tells.
func TwiceMessage(t time.Time, loc *time.Location, second int) string {
	at := change(t, loc)
	d := -gap(at, loc)
	how := "were read as the first of the two, as nothing in the file tells which; export it with offsets or in UTC if that is wrong"
	if second > 0 {
		how = fmt.Sprintf("were told apart by the order of the records: the other hour begins at line %d", second)
	}
	return fmt.Sprintf("times in the hour that %s had twice (%s to %s UTC) %s", loc, at.Add(-d).UTC().Format(wall), at.Add(d).UTC().Format("15:04"), how)
}

// change returns the moment nearest to t at which the clocks of loc change.
func change(t time.Time, loc *time.Location) time.Time {
	from, to := t.In(loc).ZoneBounds()
	if from.IsZero() || !to.IsZero() && to.Sub(t) < t.Sub(from) {
		return to.UTC()
	}
	return from.UTC()
}

// gap is by how much clocks are put forward at a change.
func gap(at time.Time, loc *time.Location) time.Duration {
	_, before := at.Add(-time.Second).In(loc).Zone()
	_, after := at.In(loc).Zone()
	return time.Duration(after-before) * time.Second
}
