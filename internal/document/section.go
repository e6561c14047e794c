package document

import (
	"regexp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/syntax"
)

// headings are the names under which the sections of the template are known,
// in the form that syntax.Normalize gives them.
var headings = map[hindcast.SectionKind][]string{
	hindcast.SectionSummary: {"incident summary", "summary", "executive summary", "issue summary", "outage summary", "overview", "incident overview",
		"tldr", "tl dr", "abstract", "synopsis", "what happened", "summary of the incident", "brief summary", "high level summary"},
	hindcast.SectionMetadata: {"incident metadata", "metadata", "incident details", "details of incident", "incident information", "incident data",
		"at a glance", "key facts", "incident report details", "stats"},
	hindcast.SectionImpact: {"impact assessment", "impact", "impact analysis", "customer impact", "user impact", "business impact", "incident impact",
		"what was impacted", "what was affected", "who was affected", "scope of impact", "impact and scope", "damage", "affected users", "affected services", "severity and impact"},
	hindcast.SectionTimeline: {"timeline", "timeline of events", "incident timeline", "event timeline", "detailed timeline", "timeline of the incident",
		"timeline of incident", "outage timeline", "chronology", "sequence of events", "key events", "log of events"},
	hindcast.SectionRootCauses: {"root cause analysis", "root cause", "root causes", "rca", "cause", "causes", "the cause", "cause of the incident",
		"cause of the outage", "root cause and resolution", "root cause and trigger", "five whys", "5 whys", "the five whys", "why it happened", "why did it happen", "why did this happen"},
	hindcast.SectionContributing: {"contributing factors", "contributing factor", "contributing causes", "contributing conditions", "contributors",
		"aggravating factors", "contributing factors and conditions"},
	hindcast.SectionWentWell: {"what went well", "what worked", "what worked well", "what went right", "what helped", "things that went well", "went well",
		"positives", "what we did well", "what did we do well", "what has worked well"},
	hindcast.SectionWentPoorly: {"what went poorly", "what went wrong", "what went badly", "what could have gone better", "what could have been better",
		"what could be improved", "what could we improve", "what could be better", "what didn t go well", "what did not go well", "what didn t work", "what went less well",
		"things that went poorly", "things that went wrong", "areas for improvement", "went poorly", "went wrong", "where we got lucky", "what didnt go well", "what didnt work"},
	hindcast.SectionActions: {"action items", "actions", "action points", "follow up actions", "follow up", "follow ups", "followups", "follow up items",
		"next steps", "corrective actions", "corrective and preventative measures", "corrective and preventive measures", "corrective and preventive actions",
		"corrective and preventative actions", "preventive measures", "preventative measures", "preventive actions", "prevention measures", "remediation", "remediation items",
		"remediation actions", "remediations", "improvement actions", "tasks", "todo", "to do", "todos", "future actions", "actions taken and planned", "mitigation actions"},
	hindcast.SectionRelated: {"related incidents", "similar incidents", "previous incidents", "past incidents", "earlier incidents",
		"related incidents and near misses", "related post mortems", "related postmortems"},
	hindcast.SectionEvidenceFiles: {"evidence", "evidence files"},
}

// SectionOf returns the section of the template that a heading names, in the
// words of the common templates; empty when it names none.
func SectionOf(heading string) hindcast.SectionKind {
	name := syntax.Normalize(heading)
	if name == "" {
		return ""
	}
	for _, t := range hindcast.Template() {
		for _, known := range headings[t.Kind] {
			if known == name {
				return t.Kind
			}
		}
	}
	return ""
}

// part is a section as it stands in the text.
type part struct {
	kind    hindcast.SectionKind
	heading string
	line    int
	level   int
	body    []syntax.Line
}

var sectionMark = regexp.MustCompile(`^(.*?) *<!-- section(?:: ?([a-z-]+))? -->$`)

// split divides a text into its title, what stands before the first section,
// and the sections. In our own documents the first heading is the title,
// whatever it says.
func split(lines []syntax.Line, ours bool) (title syntax.Line, preamble []syntax.Line, parts []part) {
	for _, l := range lines {
		at := 2
		var kind hindcast.SectionKind
		if len(parts) > 0 {
			at, kind = parts[len(parts)-1].level, parts[len(parts)-1].kind
		}
		next, ok := begins(l, at, kind)
		switch {
		case l.Form == syntax.Heading && l.Level == 1 && title.N == 0 && len(parts) == 0 && (ours || next.kind == ""):
			title = l
		case ok:
			parts = append(parts, next)
		case len(parts) == 0:
			preamble = append(preamble, l)
		default:
			parts[len(parts)-1].body = append(parts[len(parts)-1].body, l)
		}
	}
	return title, preamble, parts
}

// begins reports whether a line begins a section, seen from a section of a level
// and kind: when it names another section of the template, or when it is a
// heading of at least that level.
func begins(l syntax.Line, level int, current hindcast.SectionKind) (part, bool) {
	if l.Form != syntax.Heading {
		return part{}, false
	}
	p := part{heading: syntax.ReadInline(l.Title), line: l.N, level: max(2, l.Level)}
	if m := sectionMark.FindStringSubmatch(l.Title); m != nil {
		p.heading, p.kind = syntax.ReadInline(m[1]), hindcast.SectionKind(m[2])
		return p, true
	}
	p.kind = SectionOf(p.heading)
	outer := l.Level <= max(2, level)
	switch {
	case outer && groupOf(current, p.heading) != nil && l.Level > 2:
		return part{}, false
	case outer:
		return p, true
	case p.kind == "" || p.kind == current || p.kind == hindcast.SectionEvidenceFiles || l.Level > 4:
		return part{}, false
	}
	return p, groupOf(current, p.heading) == nil
}

// writeHeading writes the heading of a section so that it reads back as the
// same kind, with a mark where the words alone would not.
func writeHeading(s hindcast.Section) string {
	mark := " <!-- section -->"
	if s.Kind != "" {
		mark = " <!-- section: " + string(s.Kind) + " -->"
	}
	inline, quoted := "## "+syntax.WriteInline(s.Heading), "## "+syntax.Quote(s.Heading)
	for _, h := range []string{inline, quoted, inline + mark} {
		level, title := syntax.ReadHeading(h)
		p, ok := begins(syntax.Line{Form: syntax.Heading, Level: level, Title: title}, 2, "")
		if ok && p.heading == s.Heading && p.kind == s.Kind {
			return h
		}
	}
	return quoted + mark
}
