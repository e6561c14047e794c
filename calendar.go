package hindcast

import (
	"fmt"
	"slices"
	"time"
)

// Calendar says on which days an organization works. The zero Calendar is Monday
// to Friday in UTC, without holidays.
type Calendar struct {
	Zone     string         // name in the time zone database, "Europe/Berlin"; UTC when empty
	Weekend  []time.Weekday // Saturday and Sunday when nil; none when empty
	Holidays []Date
	AllDays  bool // due days are counted as they come, each a day of 24 hours or what the clocks make of it
}

// MostDaysOff is the longest row of days without work that is looked through.
const MostDaysOff = 366

// zone returns the zone, UTC when there is none of the name.
func (c Calendar) zone() *time.Location {
	if l, err := time.LoadLocation(c.Zone); err == nil {
		return l
	}
	return time.UTC
}

// Day returns the day that t is in the organization's zone.
func (c Calendar) Day(t time.Time) Date {
	y, m, d := t.In(c.zone()).Date()
	return Date{y, m, d}
}

// At returns an hour of a day in the organization's zone. An hour that the clocks
// leave out is the one after it.
func (c Calendar) At(d Date, hour int) time.Time {
	return time.Date(d.Year, d.Month, d.Day, hour, 0, 0, 0, c.zone()).UTC()
}

// Works reports whether d is a working day.
func (c Calendar) Works(d Date) bool {
	weekend := c.Weekend
	if weekend == nil {
		weekend = []time.Weekday{time.Saturday, time.Sunday}
	}
	return !slices.Contains(weekend, d.Time().Weekday()) && !slices.Contains(c.Holidays, d)
}

// Add returns the working day that is n working days after d, or before it when n
// is negative. For 0 it is d, or the next working day when d is none.
func (c Calendar) Add(d Date, n int) Date {
	if n == 0 && !c.Works(d) {
		n = 1
	}
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for off := 0; n > 0 && off < MostDaysOff; {
		d, off = d.Add(step), off+1
		if c.Works(d) {
			n, off = n-1, 0
		}
	}
	return d
}

// Between returns how many working days to is after from; negative when it is
// before it.
func (c Calendar) Between(from, to Date) int {
	if to.Compare(from) < 0 {
		return -c.Between(to, from)
	}
	n := 0
	for d := from; d.Compare(to) < 0; {
		if d = d.Add(1); c.Works(d) {
			n++
		}
	}
	return n
}

// Due returns when something is due that has n days from t: in the last second of
// the nth working day after the day of t, or n days after t when all days count.
func (c Calendar) Due(t time.Time, n int) time.Time {
	if c.AllDays {
		return t.AddDate(0, 0, n)
	}
	return c.At(c.Add(c.Day(t), n).Add(1), 0).Add(-time.Second)
}

// Until says in words how something that is due stands now: "due in 2 working
// days", "1 working day late".
func (c Calendar) Until(due, now time.Time) string {
	n, late := c.Between(c.Day(now), c.Day(due)), due.Before(now)
	unit := "working day"
	if c.AllDays {
		n, unit = int(due.Sub(now)/(24*time.Hour)), "day"
	}
	count := func(n int) string {
		if n == 1 {
			return "1 " + unit
		}
		return fmt.Sprintf("%d %ss", n, unit)
	}
	switch {
	case late && n == 0:
		return "due, and not long past"
	case late:
		return count(-n) + " late"
	case n == 0:
		return "due today"
	}
	return "due in " + count(n)
}

// Validate returns the faults of a calendar.
func (c Calendar) Validate() []Fault {
	f := newFaults()
	_, err := time.LoadLocation(c.Zone)
	f.at("zone").require(err == nil, "%q is no time zone; write one such as Europe/Berlin", c.Zone)
	week := map[time.Weekday]bool{}
	for _, d := range c.Weekend {
		week[d] = true
	}
	f.at("weekend").require(len(week) < 7, "leaves no day to work")
	return *f.list
}
