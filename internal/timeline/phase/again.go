package phase

import (
	"slices"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/fact"
)

// astir is from when on an improvement can last: the alarm, or the last page that came
// after people had closed an earlier one or said that it was over, since what got better before did not last.
func (f finder) astir() time.Time {
	at := later(f.Alarm.At, f.Back)
	for i, p := range f.Scope.Pages {
		if !p.At.After(at) || !p.At.Before(f.limit()) {
			continue
		}
		closed := slices.ContainsFunc(f.Facts, func(c *fact.Fact) bool {
			return c.Class == fact.Closed && c.ByPerson() && !c.Test && c.At.Before(p.At) && slices.ContainsFunc(f.Scope.Pages[:i], func(e *fact.Fact) bool {
				return e.Number != "" && e.Number == c.Number && !c.At.Before(e.At)
			})
		})
		if closed {
			at = p.At
		}
	}
	return at
}
