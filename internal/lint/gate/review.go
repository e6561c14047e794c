package gate

import (
	"fmt"
	"slices"

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
		p.applied[i] = true
		if w, why = x, p.flaw(x); why == "" {
			return w, ""
		}
	}
	return w, why
}

// flaw returns why a waiver does not count; empty when it does.
func (p *page) flaw(w *hindcast.Waiver) string {
	switch {
	case w.Reason == "" || w.By == "":
		return "the waiver does not count without a reason and the role that gave it"
	case w.Until.IsZero():
		return "the waiver does not count without its last day; add until"
	case !p.today.IsZero() && w.Until.Compare(p.today) < 0:
		return fmt.Sprintf("the waiver by %s expired on %s", w.By, w.Until)
	}
	return ""
}

// idleWaivers returns the waivers that change nothing: those of what passes, and
// those of rules that do not count.
func (p *page) idleWaivers() []Missing {
	var out []Missing
	for i := range p.pm.Waivers {
		w := &p.pm.Waivers[i]
		criterion := slices.ContainsFunc(hindcast.Checklist(), func(c hindcast.ChecklistItem) bool { return string(c.Criterion) == w.Rule })
		why := p.flaw(w)
		switch {
		case !p.applied[i]:
			why = "the waiver waives nothing; take it out"
		case criterion || why == "":
			continue
		}
		out = append(out, Missing{Line: max(1, p.parsed.Line(path("waivers", i, ""))), Message: w.Rule + ": " + why})
	}
	return out
}
