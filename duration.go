package hindcast

import (
	"fmt"
	"time"
)

// FormatDuration writes a duration for people, in at most two units: "25 s",
// "1 m 45 s", "6 h 2 m", "3 d 4 h". Fractions of a second are dropped.
func FormatDuration(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	s := int64(d / time.Second)
	for _, u := range [...]struct {
		seconds, minor int64
		name, below    string
	}{{86400, 3600, "d", "h"}, {3600, 60, "h", "m"}, {60, 1, "m", "s"}} {
		if s < u.seconds {
			continue
		}
		if rest := s % u.seconds / u.minor; rest > 0 {
			return fmt.Sprintf("%s%d %s %d %s", sign, s/u.seconds, u.name, rest, u.below)
		}
		return fmt.Sprintf("%s%d %s", sign, s/u.seconds, u.name)
	}
	return fmt.Sprintf("%s%d s", sign, s)
}
