package postmortem

import (
	"strconv"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/impact"
)

// slos returns the objectives with what can be computed filled in.
func (v *View) slos() []hindcast.SLO { return impact.Complete(v.Post.Incident) }

// round writes a number with at most one digit after the point.
func round(x float64) string {
	return strconv.FormatFloat(float64(int64(x*10+0.5))/10, 'f', -1, 64)
}
