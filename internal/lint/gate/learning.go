package gate

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// learning: does the document provide value to teams working on similar systems?
// They need to know what happened, to whom, and what helped and what did not.
func (p *page) learning() verdict {
	if p.outline != nil {
		return p.foreignLearning()
	}
	v := verdict{line: cmp.Or(p.heading(hindcast.SectionSummary), p.title()), good: "summary, impact, what went well and what went poorly are told"}
	v.missing = p.metadataLacks()
	asked := p.parsed.Line("incident.impact.users") > 0
	for _, s := range []struct {
		kind    hindcast.SectionKind
		told    bool
		message string
	}{
		{hindcast.SectionSummary, p.text(hindcast.SectionSummary) != "", "the summary is empty"},
		{hindcast.SectionImpact, p.impact() || asked, "the impact is not assessed"},
		{hindcast.SectionWentWell, p.observed(hindcast.WentWell), "nothing is said about what went well"},
		{hindcast.SectionWentPoorly, p.observed(hindcast.WentPoorly) || p.observed(hindcast.Luck), "nothing is said about what went poorly"},
	} {
		if !s.told {
			v.missing = append(v.missing, p.lack(s.kind, "%s", s.message))
		}
	}
	v.missing = append(v.missing, p.open(hindcast.SectionSummary, hindcast.SectionMetadata, hindcast.SectionImpact,
		hindcast.SectionWentWell, hindcast.SectionWentPoorly, "")...)
	if p.impact() || asked {
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

// readingAid begins the list of services that a draft puts into the analysis.
const readingAid = "Where to begin reading:"

// written reports whether people wrote something into a section beside its
// records. The list of services with which a draft begins the analysis says
// where to read, and nothing about a cause.
func (p *page) written(kind hindcast.SectionKind) bool {
	aid := false
	for line := range strings.Lines(p.text(kind)) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, readingAid):
			aid = true
		case line == "" || aid && line[0] >= '0' && line[0] <= '9':
		default:
			return true
		}
	}
	return false
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

// quantified finds how many users felt it, in words.
var quantified = lazyregexp.New(`(?i)(?:\d ?%|\d percent|\d|\b(?:all|every|no|none|most|half)\b)[^\n]{0,40}\b(?:user|customer|client|account|session|visitor|member|tenant|subscriber)`)

// users reports that nobody has said anything about the share of users: in its
// place, as another count, or in words where nothing asks for it.
func (p *page) users() []Missing {
	asked := p.parsed.Line("incident.impact.users")
	i := p.pm.Incident.Impact
	if stated(i.Users) || len(i.Counts) > 0 || asked == 0 && quantified.MatchString(p.text(hindcast.SectionImpact)) {
		return nil
	}
	return []Missing{{Line: cmp.Or(asked, p.heading(hindcast.SectionImpact), p.title()), Message: "nothing says what share of the users felt it"}}
}
