package postmortem

import (
	"strconv"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/impact"
	"github.com/hindcast/hindcast/internal/web/ui"
)

// slos returns the objectives with what can be computed filled in.
func (v *View) slos() []hindcast.SLO { return impact.Complete(v.Post.Incident) }

// proposal is the severity that the numbers speak for, when it is another one than
// was decided.
func (v *View) proposal() (impact.Proposal, bool) {
	numbers := v.Post.Incident.Impact
	numbers.SLOs = v.slos()
	p, ok := impact.Severity(v.Policy, numbers)
	return p, ok && p.Level != v.Post.Incident.Severity
}

// level is a level of the policy with its name.
func (v *View) level(n int) string {
	s, _ := v.Policy.Level(n)
	return ui.SeverityWord(n, s.Name)
}

// tag is that of a part as it stands now, for a form to say what its reader saw.
func (v *View) tag(path string) string {
	raw, err := part.Get(v.Post, path)
	if err != nil {
		return ""
	}
	return string(part.TagOf(raw))
}

// replay is where an alert rule is replayed, empty for who may not.
func (v *View) replay() string {
	if !v.MayFollow {
		return ""
	}
	return v.at("/replay")
}

// round writes a number with at most one digit after the point.
func round(x float64) string {
	return strconv.FormatFloat(float64(int64(x*10+0.5))/10, 'f', -1, 64)
}
