package course

import (
	"slices"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/fact"
)

// Heard is how soon somebody reacts to what reached a person.
const Heard = 15 * time.Minute

// Dated reports whether a message names a moment shortly before.
func Dated(s *fact.Fact) bool {
	return slices.ContainsFunc(s.Moments, func(m fact.Moment) bool { return Just(s, m) })
}

// Since reports whether a message says since when something is so, shortly before.
func Since(s *fact.Fact) bool {
	return slices.ContainsFunc(s.Moments, func(m fact.Moment) bool { return m.Since && Just(s, m) })
}

// Just reports whether a moment that a message names is shortly before it.
func Just(s *fact.Fact, m fact.Moment) bool { return m.At.Before(s.At) && s.At.Sub(m.At) < Heard }
