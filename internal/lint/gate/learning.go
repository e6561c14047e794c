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
		records int
		message string
	}{
		{hindcast.SectionSummary, 0, "the summary is empty"},
		{hindcast.SectionImpact, p.impactRecords(), "the impact is not assessed"},
		{hindcast.SectionWentWell, p.observations(hindcast.WentWell), "nothing is said about what went well"},
		{hindcast.SectionWentPoorly, p.observations(hindcast.WentPoorly, hindcast.Luck), "nothing is said about what went poorly"},
	} {
		if s.records == 0 && p.text(s.kind) == "" {
			v.missing = append(v.missing, p.lack(s.kind, "%s", s.message))
		}
	}
	v.missing = append(v.missing, p.open(hindcast.SectionSummary, hindcast.SectionMetadata, hindcast.SectionImpact,
		hindcast.SectionWentWell, hindcast.SectionWentPoorly, "")...)
	v.missing = append(v.missing, p.users()...)
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

func (p *page) observations(kinds ...hindcast.ObservationKind) int {
	n := 0
	for _, o := range p.pm.Observations {
		if slices.Contains(kinds, o.Kind) {
			n++
		}
	}
	return n
}

func (p *page) impactRecords() int {
	i := p.pm.Incident.Impact
	return len(i.Counts) + len(i.Business) + len(i.SLOs)
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

// users reports the share of users when nobody has said anything about it.
// Pending with a reason is an answer.
func (p *page) users() []Missing {
	n := p.pm.Incident.Impact.Users
	if n.Known() || n.How != "" || n.State == hindcast.NotApplicable || len(p.pm.Incident.Impact.Counts) > 0 {
		return nil
	}
	line := cmp.Or(p.parsed.Line("incident.impact.users"), p.heading(hindcast.SectionImpact), p.title())
	return []Missing{{Line: line, Message: "nothing says what share of the users felt it"}}
}
