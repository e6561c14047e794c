package shell

import (
	"slices"
	"strings"
	"time"
)

// order says where year, month and day stand among the numbers of a date.
type order struct{ year, month, day int }

// orders are those in which dates with a year of two digits are written, the
// likeliest first: %D of strftime, then the day first, then the year.
var orders = []order{{2, 0, 1}, {2, 1, 0}, {0, 1, 2}}

// iso writes a date such as 22/01/26 before a time as 2026-01-22; ok is false when at
// begins with no such date, or with none in this order.
func (o order) iso(at string) (out string, ok bool) {
	if o == (order{}) || len(at) < len("22/01/26 14:37") || at[2] != at[5] || !strings.ContainsRune("/.-", rune(at[2])) || at[8] != ' ' && at[8] != 'T' {
		return at, false
	}
	parts := [...]string{at[0:2], at[3:5], at[6:8]}
	date := "20" + parts[o.year] + "-" + parts[o.month] + "-" + parts[o.day]
	if _, err := time.Parse(time.DateOnly, date); err != nil {
		return at, false
	}
	return date + at[8:], true
}

// settleOrder finds the order of the dates of a history: all are dates, none is before
// the one above it, and they span the shortest while, since nobody's history jumps from
// month to month. It is the zero order, which reads nothing, when they are no such dates.
func settleOrder(times []string) order {
	var best order
	shortest := time.Duration(-1)
	for _, o := range orders {
		dates := make([]string, 0, len(times))
		for _, at := range times {
			if date, ok := o.iso(at); ok {
				dates = append(dates, date)
			}
		}
		if len(dates) == 0 || len(dates) < len(times) || !slices.IsSorted(dates) {
			continue
		}
		if d := span(dates[0], dates[len(dates)-1]); shortest < 0 || d < shortest {
			best, shortest = o, d
		}
	}
	return best
}

// span is how many days lie between two times.
func span(from, to string) time.Duration {
	a, _ := time.Parse(time.DateOnly, from[:len(time.DateOnly)]) // they were read before
	b, _ := time.Parse(time.DateOnly, to[:len(time.DateOnly)])
	return b.Sub(a)
}
