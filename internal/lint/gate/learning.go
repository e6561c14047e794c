package gate

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
)

// learning: does the document provide value to teams working on similar systems?
// They need to know what happened, to whom, and what helped and what did not.
func (p *page) learning() verdict {
	if p.outline != nil {
		return p.foreignLearning()
	}
	v := verdict{line: cmp.Or(p.heading(hindcast.SectionSummary), p.title()), good: "summary, impact, what went well and what went poorly are told"}
	v.missing = p.metadataLacks()
	for _, s := range []struct {
		kind    hindcast.SectionKind
		told    bool
		message string
	}{
		{hindcast.SectionSummary, p.text(hindcast.SectionSummary) != "", "the summary is empty"},
		{hindcast.SectionImpact, p.impact(), "the impact is not assessed"},
		{hindcast.SectionWentWell, p.observed(hindcast.WentWell), "nothing is said about what went well"},
		{hindcast.SectionWentPoorly, p.observed(hindcast.WentPoorly) || p.observed(hindcast.Luck), "nothing is said about what went poorly"},
	} {
		if !s.told {
			v.missing = append(v.missing, p.lack(s.kind, "%s", s.message))
		}
	}
	v.missing = append(v.missing, p.open(hindcast.SectionSummary, hindcast.SectionMetadata, hindcast.SectionImpact,
		hindcast.SectionWentWell, hindcast.SectionWentPoorly, "")...)
	if p.impact() || p.parsed.Line("incident.impact.users") > 0 {
		v.missing = append(v.missing, p.users()...)
	}
	return v
}

// text returns what the prose of a section's says, without its questions.
func (p *page) text(kind hindcast.SectionKind) string {
	var out []string
	for _, s := range p.pm.Sections {
		if s.Kind == kind {
			out = append(out, document.Answered(s.Text))
		}
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// observed reports whether there is an observation of a kind, or prose where it
// would stand.
func (p *page) observed(kind hindcast.ObservationKind) bool {
	return p.text(hindcast.Observation{Kind: kind}.Section()) != "" ||
		slices.ContainsFunc(p.pm.Observations, func(o hindcast.Observation) bool { return o.Kind == kind })
}

// impact reports whether anything is said about the impact.
func (p *page) impact() bool {
	i := p.pm.Incident.Impact
	return p.text(hindcast.SectionImpact) != "" || len(i.Counts)+len(i.Business)+len(i.SLOs) > 0 || stated(i.Users)
}

// stated reports whether somebody said something about a number. Pending with a
// reason is an answer.
func stated(n hindcast.Number) bool {
	return n.Known() || n.How != "" || n.State == hindcast.NotApplicable
}

// metadataLacks returns what the metadata lack beside the phases.
func (p *page) metadataLacks() []Missing {
	inc := p.pm.Incident
	var out []Missing
	for _, f := range []struct {
		path, message string
		empty         bool
	}{
		{"incident.severity", "the severity is not decided", inc.Severity == 0},
		{"incident.services", "no affected service is named", len(inc.Services) == 0},
		{"incident.detection", "nothing says how it was detected", inc.Detection == ""},
		{"owner", "nobody owns the document", p.pm.Owner == ""},
	} {
		if f.empty {
			line := p.metadata(f.path)
			if f.path == "incident.severity" {
				line = cmp.Or(p.levels(), line)
			}
			out = append(out, Missing{Line: line, Message: f.message})
		}
	}
	return out
}

// levels returns the line of the question that lists the levels of the severity
// policy, which then is told.
func (p *page) levels() int {
	for i := range p.asked {
		if q := &p.asked[i]; q.kind == hindcast.SectionMetadata && strings.Contains(strings.ToLower(q.Text), "severity") {
			q.told = true
			return q.Line
		}
	}
	return 0
}

// users reports that nobody has said anything about the share of users.
func (p *page) users() []Missing {
	if stated(p.pm.Incident.Impact.Users) || len(p.pm.Incident.Impact.Counts) > 0 {
		return nil
	}
	line := cmp.Or(p.parsed.Line("incident.impact.users"), p.heading(hindcast.SectionImpact), p.title())
	return []Missing{{Line: line, Message: "nothing says what share of the users felt it"}}
}
