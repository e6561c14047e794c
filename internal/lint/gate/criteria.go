package gate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
)

// verdict is what the rules say about a criterion.
func (p *page) verdict(c hindcast.Criterion) verdict {
	var v verdict
	switch c {
	case hindcast.CriterionBlameless:
		v = verdict{good: "nothing in it puts the incident down to people", line: p.title()}
	case hindcast.CriterionTimelineComplete:
		v = p.timeline()
	case hindcast.CriterionRootCauses:
		v = p.rootCauses()
	case hindcast.CriterionContributing:
		v = p.contributing()
	case hindcast.CriterionActionsSpecific:
		v = p.actions()
	case hindcast.CriterionLearning:
		v = p.learning()
	case hindcast.CriterionEvidence:
		v = p.evidence()
	}
	v.missing = append(v.missing, p.faults(c)...)
	v.missing = append(v.missing, p.found(c)...)
	v.missing = byLine(v.missing)
	return v
}

// byLine orders what is missing, and drops what is said twice of a line.
func byLine(list []Missing) []Missing {
	slices.SortStableFunc(list, func(a, b Missing) int { return a.Line - b.Line })
	return slices.CompactFunc(list, func(a, b Missing) bool { return a == b })
}

// home returns the criterion that a fault of a value counts against; empty when
// it is only reported.
func home(path string) hindcast.Criterion {
	name, _, _ := strings.Cut(path, "[")
	switch name {
	case "timeline":
		if strings.Contains(path, "].evidence") {
			return hindcast.CriterionEvidence
		}
		return hindcast.CriterionTimelineComplete
	case "factors":
		return hindcast.CriterionRootCauses
	case "actions":
		return hindcast.CriterionActionsSpecific
	case "evidence":
		return hindcast.CriterionEvidence
	case "observations":
		return hindcast.CriterionLearning
	}
	switch {
	case slices.Contains(hindcast.PhaseNames(), strings.TrimPrefix(path, "incident.")):
		return hindcast.CriterionTimelineComplete
	case strings.HasPrefix(path, "incident."):
		return hindcast.CriterionLearning
	}
	return ""
}

// faults returns the faults of the document's values that count against a
// criterion. Those of a document in another format are ours to live with.
func (p *page) faults(c hindcast.Criterion) []Missing {
	if p.outline != nil {
		return nil
	}
	var out []Missing
	for _, f := range p.invalid {
		if h := home(f.Path); h == c && !p.asksFor(f.Path) {
			out = append(out, Missing{Line: max(1, p.parsed.Line(f.Path)), Message: f.Message})
		}
	}
	return out
}

// asksFor reports whether a fault is that a root's question is not answered,
// which is said anyway.
func (p *page) asksFor(path string) bool {
	var i int
	if _, err := fmt.Sscanf(path, "factors[%d].counterfactual", &i); err != nil || !strings.HasSuffix(path, "].counterfactual") {
		return false
	}
	return p.pm.Factors[i].Counterfactual.Answer == ""
}

// formFaults returns what is not as the format wants it and counts against no
// criterion: what could not be read, and entries out of order.
func (p *page) formFaults() []Missing {
	if p.outline != nil {
		return nil
	}
	told := map[string]bool{}
	for _, f := range p.invalid {
		told[f.String()] = home(f.Path) != ""
	}
	out := p.disorder()
	for _, x := range p.parsed.Problems {
		if !told[x.Message] {
			out = append(out, Missing{Line: max(1, x.Line), Message: x.Message})
		}
	}
	return out
}

// plural writes a number with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// list writes names as a sentence does.
func list(names []string) string {
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}
