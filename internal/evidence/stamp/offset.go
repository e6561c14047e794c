package stamp

import "time"

// partHours are the offsets from UTC in use that are no whole hours, in minutes.
var partHours = []int{-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765}

// Offset returns the offset from UTC in use somewhere that is next to a difference
// between two clocks.
func Offset(d time.Duration) time.Duration {
	near := d.Round(time.Hour)
	for _, m := range partHours {
		if z := time.Duration(m) * time.Minute; (d - z).Abs() < (d - near).Abs() {
			near = z
		}
	}
	return near
}

// Offsets ranges over the offsets from UTC in use, whole hours first.
func Offsets(yield func(time.Duration) bool) {
	for h := -12; h <= 14; h++ {
		if !yield(time.Duration(h) * time.Hour) {
			return
		}
	}
	for _, m := range partHours {
		if !yield(time.Duration(m) * time.Minute) {
			return
		}
	}
}
