package lint

import (
	"slices"

	"github.com/hindcast/hindcast"
)

// With returns c with what a post-mortem in our own format says of itself: when
// the incident was over, its factors, and its timeline, in which each decision
// knows what had happened by then and nobody could know.
func (c Context) With(pm hindcast.Postmortem) Context {
	if c.Resolved.IsZero() {
		c.Resolved = hindcast.DateOf(pm.Incident.ResolvedAt)
	}
	c.Factors = pm.Factors
	c.Timeline = slices.Clone(pm.Timeline)
	n := 0
	for i := range c.Timeline {
		e := &c.Timeline[i]
		if e.Decision == nil {
			continue
		}
		if n++; n > mostDecisions {
			break
		}
		d := *e.Decision
		d.NotKnown = hidden(pm.Timeline, *e)
		e.Decision = &d
	}
	return c
}

// hidden returns the entries that a decision could not know: those it lists, and
// those that had happened and became known later.
func hidden(timeline []hindcast.Entry, decision hindcast.Entry) []string {
	out := slices.Clone(decision.Decision.NotKnown)
	for _, e := range timeline {
		later := e.KnownAt.After(decision.At) && !e.At.After(decision.At) && !e.At.IsZero() && !decision.At.IsZero()
		if later && e.ID != decision.ID && !slices.Contains(out, e.ID) && !slices.Contains(decision.Decision.Known, e.ID) {
			out = append(out, e.ID)
		}
	}
	return out
}
