package picture

import (
	"time"

	"github.com/hindcast/hindcast"
)

// Band is one phase of an incident with its beginning and end.
type Band struct {
	Name     string
	Class    int // 1 to 4, of the palette in [Style]: "p1"
	From, To time.Time
}

// Bands returns the phases whose beginning and end are known, in order. As of a
// moment, unless that is zero, they are those known by then, and the last one
// goes on to it.
func Bands(p hindcast.Phases, asOf time.Time) []Band {
	var out []Band
	for _, b := range bandsAsOf(p, asOf) {
		out = append(out, Band{b.name, b.class, b.from, b.to})
	}
	return out
}
