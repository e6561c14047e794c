package foreign

import (
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// Fact is one piece of metadata that stands in a document: "Severity: SEV-1".
type Fact struct {
	Line        int
	Name, Value string
}

var (
	keyLine     = lazyregexp.New(`^#? ?([A-Za-z][\w -]{0,40}):[ \t]*(.*)$`)
	tomlLine    = lazyregexp.New(`^([A-Za-z][\w-]{0,40})[ \t]*=[ \t]*"([^"]*)"[ \t]*$`)
	listedLine  = lazyregexp.New(`^[ \t]+-[ \t]+(.*)$|^-[ \t]+(.*)$`)
	quotedValue = lazyregexp.New(`^(?:"(.*)"|'(.*)')$`)
)

// FrontFacts returns the facts of front matter, or of TOML between two lines
// +++. A list becomes one value with commas.
func FrontFacts(text string) []Fact {
	var out []Fact
	for l := range strings.SplitSeq(text, "\n") {
		m := keyLine.FindStringSubmatch(l)
		if m == nil {
			m = tomlLine.FindStringSubmatch(l)
		}
		switch item := listedLine.FindStringSubmatch(l); {
		case m != nil:
			value := strings.TrimSpace(m[2])
			if q := quotedValue.FindStringSubmatch(value); q != nil {
				value = q[1] + q[2]
			}
			out = append(out, Fact{Name: m[1], Value: strings.Trim(value, "[]")})
		case item != nil && len(out) > 0:
			last := &out[len(out)-1]
			last.Value = syntax.Join(last.Value, item[1]+item[2], ", ")
		}
	}
	return out
}

// Facts returns the facts that lines state, as "**Name:** value", in lists and in
// tables of two columns.
func Facts(lines []syntax.Line) []Fact {
	var out []Fact
	for i := 0; i < len(lines); i++ {
		if t, ok := ReadTable(lines[i:]); ok {
			if len(t.Head) == 2 {
				out = append(out, pairs(&t)...)
			}
			i += len(t.Lines) - 1
			continue
		}
		l := lines[i]
		if l.Form != syntax.Plain {
			continue
		}
		text := strings.TrimSpace(l.Text)
		if syntax.IsBullet(l) {
			it, _ := syntax.ReadItem(lines[i : i+1])
			text = it.Text
		}
		if m := namedValue.FindStringSubmatch(strings.TrimRight(text, `\ `)); m != nil && m[2] != "" {
			out = append(out, Fact{l.N, m[1], strings.TrimSpace(m[2])})
		}
	}
	return out
}

// pairs returns the rows of a table of names and values, and its head when that
// is one of them.
func pairs(t *Table) []Fact {
	out := []Fact{{t.Lines[0].N, t.Head[0], t.Head[1]}}
	for _, r := range t.Rows {
		out = append(out, Fact{r.Line.N, strings.Trim(r.Cells[0], "*_: "), r.Cells[1]})
	}
	return out
}

// phaseNames are the names of moments, normalized, by the phase they begin.
var phaseNames = map[string]string{
	"started": "started_at", "start": "started_at", "start time": "started_at", "began": "started_at", "incident start": "started_at", "incident started": "started_at", "fault occurs": "started_at", "fault occurred": "started_at",
	"impact start": "started_at", "impact started": "started_at", "outage start": "started_at", "outage started": "started_at", "started at": "started_at", "time started": "started_at", "outage begins": "started_at", "start of incident": "started_at",
	"detected": "detected_at", "first detected": "detected_at", "time detected": "detected_at", "detected at": "detected_at", "team aware": "detected_at", "incident detected": "detected_at", "time of detection": "detected_at",
	"acknowledged": "acknowledged_at", "acknowledged at": "acknowledged_at", "incident acknowledged": "acknowledged_at",
	"mitigated": "mitigated_at", "mitigated at": "mitigated_at", "repaired": "mitigated_at", "incident mitigated": "mitigated_at",
	"resolved": "resolved_at", "resolved at": "resolved_at", "end": "resolved_at", "end time": "resolved_at", "ended": "resolved_at", "incident end": "resolved_at", "incident resolved": "resolved_at", "impact end": "resolved_at", "outage end": "resolved_at",
	"resolvedwhen": "resolved_at", "time resolved": "resolved_at", "time ended": "resolved_at",
}

// Phase returns the phase that an event begins by its name: "First detected".
func Phase(title string) string { return phaseNames[syntax.Normalize(title)] }

func names(list string) map[string]bool {
	out := map[string]bool{}
	for s := range strings.SplitSeq(list, ",") {
		out[strings.TrimSpace(s)] = true
	}
	return out
}

var (
	dayNames       = names("date, incident date, date of incident, day, incident day, date time, when, date and time, date of the incident")
	spanNames      = names("duration, time, incident time, outage, incident window, impact window, time window, when, date, date and time, downtime, impact duration, incident duration, outage duration")
	severityNames  = names("severity, sev, severity level, incident severity, impact level")
	serviceNames   = names("services, service, affected services, services affected, affected service, impacted services, services impacted, systems, affected systems, systems affected, affected, affected components, components, impacted systems, service affected")
	detectionNames = names("detection, detected by, detection method, how detected, how was it detected, identified, identified by, reported by, discovered by, how was the issue detected, detection source, reported via")
	ownerNames     = names("owner, document owner, postmortem owner, post mortem owner, incident owner, team, owning team, owned by, responsible team")
	authorNames    = names("author, authors, written by, prepared by, postmortem author, post mortem author, document author")
	numberNames    = names("incident, incident id, incident number, incident no, id, ticket, incident ticket, case")
	personNames    = map[string]string{"incident commander": "incident commander", "commander": "incident commander", "ic": "incident commander", "incident manager": "incident manager", "scribe": "scribe",
		"facilitator": "facilitator", "on call": "on-call engineer", "on call engineer": "on-call engineer", "incident lead": "incident lead", "communications lead": "communications lead", "reviewer": "reviewer", "reviewed by": "reviewer"}
	severityWords = map[string]int{"critical": 1, "high": 2, "major": 2, "medium": 3, "moderate": 3}
	severityText  = lazyregexp.New(`^(?i:sev(?:erity)?|s|p|level|priority)?[-_ ]?([1-9])\b(?:\s*[-–—:(/].*)?$`)
	firstWord     = lazyregexp.New(`^(\pL+)\s*(?:$|[-–—:(,/].*)`)
	incidentKey   = lazyregexp.New(`^\[?#?([A-Z][A-Z0-9]*-\d+|\d{1,8})\b`)
	teamWord      = lazyregexp.New(`(?i)\b(?:team|teams|group|squad|engineers?|engineering|sre|ops|operations|platform|infrastructure|infra|on-?call|department|guild|crew|devops|support|security|network|backend|frontend|lead|manager|commander)\b`)
)

// Take sets what a fact says of a post-mortem and is not set yet; ok is false
// when it names none of the metadata, or says nothing that is understood.
func (c *Clock) Take(p *hindcast.Postmortem, f Fact) (ok bool) {
	name, value := syntax.Normalize(f.Name), strings.TrimSpace(f.Value)
	if Blank(value) || len(value) > longestFact {
		return false
	}
	inc := &p.Incident
	switch {
	case severityNames[name]:
		return setSeverity(inc, value)
	case serviceNames[name]:
		return c.services(inc, value)
	case numberNames[name] && inc.Number == "":
		if m := incidentKey.FindStringSubmatch(value); m != nil {
			inc.Number = m[1]
			return true
		}
	case ownerNames[name] && p.Owner == "" && teamWord.MatchString(value):
		p.Owner = value
		return true
	case authorNames[name]:
		if p.Owner == "" && teamWord.MatchString(value) {
			p.Owner = value
		}
		return participant(inc, "author")
	case personNames[name] != "":
		return participant(inc, personNames[name])
	case phaseNames[name] != "" && c.moment(p, phaseNames[name], f):
		return true
	case spanNames[name] && c.span(p, f):
		return true
	case detectionNames[name] && inc.Detection == "":
		inc.Detection = value
		return true
	}
	return false
}

// longestFact is how many bytes a value has at most that is metadata and not a
// paragraph with a title.
const longestFact = 300

func setSeverity(inc *hindcast.Incident, value string) bool {
	if inc.Severity != 0 {
		return false
	}
	if m := severityText.FindStringSubmatch(value); m != nil {
		inc.Severity = int(m[1][0] - '0')
		return true
	}
	if m := firstWord.FindStringSubmatch(value); m != nil {
		if inc.Severity = severityWords[strings.ToLower(m[1])]; inc.Severity != 0 && inc.SeverityName == "" {
			inc.SeverityName = m[1]
		}
	}
	return inc.Severity != 0
}

// longestService is how many bytes the name of a service has at most.
const longestService = 60

func (c *Clock) services(inc *hindcast.Incident, value string) bool {
	if len(inc.Services) > 0 {
		return false
	}
	var list []string
	for s := range strings.SplitSeq(value, ",") {
		if s = strings.Trim(s, " `*_."); s == "" || len(s) > longestService || strings.Count(s, " ") > 4 {
			return false
		}
		list = append(list, s)
	}
	inc.Services = list
	return true
}

// participant adds a role. Who it was stays in the text: people appear by role.
func participant(inc *hindcast.Incident, role string) bool {
	if !slices.ContainsFunc(inc.Participants, func(x hindcast.Participant) bool { return x.Role == role }) {
		inc.Participants = append(inc.Participants, hindcast.Participant{Role: role})
	}
	return true
}

// Date takes the day of the document from a fact that names it.
func (c *Clock) Date(f Fact) bool {
	if !dayNames[syntax.Normalize(f.Name)] {
		return false
	}
	s, _, ok := readStamp(f.Value)
	if !ok || !s.dated() {
		return false
	}
	day, ok := c.dayOf(&s)
	if ok {
		c.Day, c.Source = day, "the line "+quoted(f.Name)
	}
	return ok
}

// moment sets a phase.
func (c *Clock) moment(p *hindcast.Postmortem, phase string, f Fact) bool {
	s, _, ok := readStamp(f.Value)
	if !ok {
		return false
	}
	at, _, ok := c.place(&s)
	return ok && SetPhase(p, phase, at, f.Name+": "+f.Value)
}

// Begin sets the beginning of the incident.
func (c *Clock) Begin(p *hindcast.Postmortem, f Fact) { c.moment(p, "started_at", f) }

// span sets beginning and end of the incident from "21:45 to 23:28 UTC".
func (c *Clock) span(p *hindcast.Postmortem, f Fact) bool {
	s, _, ok := readStamp(f.Value)
	if !ok || !s.clock || s.until == nil {
		return false
	}
	at, until, ok := c.place(&s)
	return ok && !until.IsZero() && SetPhase(p, "started_at", at, f.Name+": "+f.Value) && SetPhase(p, "resolved_at", until, f.Name+": "+f.Value)
}

// SetPhase sets a phase with the words that it was read from. It leaves a phase
// alone that is set, and one that would contradict the others.
func SetPhase(p *hindcast.Postmortem, phase string, at time.Time, words string) bool {
	inc := &p.Incident
	m := inc.Moment(phase)
	if m == nil || !m.IsZero() || at.IsZero() {
		return false
	}
	*m = at
	alone := hindcast.Postmortem{Incident: hindcast.Incident{Phases: inc.Phases}}
	if slices.ContainsFunc(alone.Validate(), func(f hindcast.Fault) bool { return strings.HasSuffix(f.Path, "_at") }) {
		*m = time.Time{}
		return false
	}
	if inc.PhaseWhy == nil {
		inc.PhaseWhy = map[string]string{}
	}
	inc.PhaseWhy[phase] = strings.Join(strings.Fields(strings.Trim(words, "*_ ")), " ")
	return true
}
