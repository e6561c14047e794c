package skew

import (
	"fmt"
	"slices"
	"time"

	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

// zone returns the offset from UTC next to a difference, when it lies within
// slop of it. Zero is none.
func zone(d, slop time.Duration) (time.Duration, bool) {
	near := stamp.Offset(d)
	return near, near != 0 && near >= -12*time.Hour && near <= 14*time.Hour && (d-near).Abs() <= slop
}

// sameZone returns the offset from UTC that all differences show.
func sameZone(differences []time.Duration, slop time.Duration) (time.Duration, bool) {
	z, ok := zone(differences[0], slop)
	return z, ok && !slices.ContainsFunc(differences, func(d time.Duration) bool { return (d - z).Abs() > slop })
}

// hint says how to read a file that looks like local time.
func hint(file string, z time.Duration) string {
	sign := '+'
	if z < 0 {
		sign = '-'
	}
	h, m := int(z.Abs()/time.Hour), int(z.Abs()%time.Hour/time.Minute)
	name := fmt.Sprintf("UTC%c%d", sign, h)
	if m != 0 {
		name += fmt.Sprintf(":%02d", m)
	}
	return fmt.Sprintf("looks like local time of %s; read it with --zone %s=%c%02d:%02d", name, file, sign, h, m)
}
