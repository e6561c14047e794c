package gate

import (
	"fmt"

	"github.com/hindcast/hindcast"
)

// questionFor returns what a person who attests a criterion vouches for.
func questionFor(c hindcast.Criterion) string {
	switch c {
	case hindcast.CriterionBlameless:
		return "does it read without blame to those who were there?"
	case hindcast.CriterionTimelineComplete:
		return "did the responders confirm the timeline?"
	case hindcast.CriterionRootCauses:
		return "are these the conditions without which there would have been no incident?"
	case hindcast.CriterionContributing:
		return "are these the conditions that made it likelier or worse?"
	case hindcast.CriterionActionsSpecific:
		return "did every owner agree to the action and its date?"
	case hindcast.CriterionLearning:
		return "was it shared with teams that work on similar systems?"
	}
	return "do the logs, metrics or screenshots support the timeline?"
}

// attestation returns the latest attestation of a criterion that counts: by
// somebody, and not of a day to come.
func (p *page) attestation(c hindcast.Criterion) *hindcast.Attestation {
	var out *hindcast.Attestation
	for i := range p.pm.Attestations {
		a := &p.pm.Attestations[i]
		future := !p.today.IsZero() && a.On.Compare(p.today) > 0
		if a.Criterion == c && a.By != "" && !future && (out == nil || a.On.Compare(out.On) >= 0) {
			out = a
		}
	}
	return out
}

// waiver returns the waiver of a criterion or rule, and why it does not count;
// empty when it does. One that counts goes before one that does not.
func (p *page) waiver(rule string) (w *hindcast.Waiver, why string) {
	for i := range p.pm.Waivers {
		x := &p.pm.Waivers[i]
		if x.Rule != rule {
			continue
		}
		reason := ""
		switch {
		case x.Reason == "" || x.By == "":
			reason = "the waiver does not count without a reason and the role that gave it"
		case x.Until.IsZero():
			reason = "the waiver does not count without its last day; add until"
		case !p.today.IsZero() && x.Until.Compare(p.today) < 0:
			reason = fmt.Sprintf("the waiver by %s expired on %s", x.By, x.Until)
		default:
			return x, ""
		}
		w, why = x, reason
	}
	return w, why
}
