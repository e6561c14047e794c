package document

import (
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/front"
	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// The metadata stand in the front matter. Their section shows them to people:
// it is written anew each time, except for the reasons of the phases, which
// stand here alone.

func metadataGroups() []group {
	return []group{{read: readFact, write: writeFacts}}
}

// fact is one line of the section, "**NAME:** VALUE" or, for a phase,
// "**NAME:** TIME — REASON".
type fact struct {
	name     string
	value    string
	phase    string // JSON name of the phase
	computed bool
	path     string // in the paths of faults; empty when it is none of the questions
}

func facts(p *hindcast.Postmortem) []fact {
	inc := p.Incident
	severity := ""
	if inc.Severity > 0 {
		severity = strconv.Itoa(inc.Severity)
		if inc.SeverityName != "" {
			severity += " (" + inc.SeverityName + ")"
		}
	}
	var people []string
	for _, x := range inc.Participants {
		s := x.Role
		if x.Name != "" {
			s = x.Name + " (" + x.Role + ")"
		}
		people = append(people, s)
	}
	out := []fact{
		{name: "Incident", value: inc.Number},
		{name: "Kind", value: map[hindcast.IncidentKind]string{hindcast.KindNearMiss: "near miss"}[inc.Kind]},
		{name: "Severity", value: orAsk(severity, "Which severity was it?"), path: "incident.severity"},
		{name: "Services", value: orAsk(strings.Join(inc.Services, ", "), "Which services were affected?"), path: "incident.services"},
	}
	for i, path := range hindcast.PhaseNames() {
		out = append(out, fact{phases[i].name, orAsk(writeDayTime(*inc.Moment(path)), phases[i].question), path, false, "incident." + path})
	}
	out = append(out, durations(inc.Phases)...)
	return append(out,
		fact{name: "Detection method", value: orAsk(inc.Detection, "How was it detected?"), path: "incident.detection"},
		fact{name: "Participants", value: strings.Join(people, ", ")},
		fact{name: "Primary category", value: syntax.WriteWord(p.Category)},
		fact{name: "Owner", value: orAsk(p.Owner, "Who owns this document?"), path: "owner"},
	)
}

func orAsk(value, question string) string {
	if value == "" {
		return syntax.Ask(question)
	}
	return value
}

func writeDayTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(syntax.MomentLayout) + " UTC"
}

// phases are the names and questions of the phases, in their order.
var phases = [...]struct{ name, question string }{
	{"Started", "When did it start?"},
	{"Detected", "When did the first alert or report reach a person?"},
	{"Acknowledged", "When did the first person take it up?"},
	{"Mitigated", "When did the impact begin to fall?"},
	{"Resolved", "When was it over?"},
}

func durations(p hindcast.Phases) []fact {
	m := p.Metrics()
	words := func(s *int64) string {
		if s == nil {
			return ""
		}
		return hindcast.FormatDuration(time.Duration(*s) * time.Second)
	}
	return []fact{
		{name: "Time to detect", value: words(m.TimeToDetect), computed: true},
		{name: "Time to acknowledge", value: words(m.TimeToAcknowledge), computed: true},
		{name: "Time to mitigate", value: words(m.TimeToMitigate), computed: true},
		{name: "Incident length", value: words(m.Duration), computed: true},
		{name: "Detection to resolution", value: words(m.DetectionToResolution), computed: true},
	}
}

func writeFacts(b *strings.Builder, _ *syntax.Names, p *hindcast.Postmortem) {
	for _, f := range facts(p) {
		if f.value == "" {
			continue
		}
		b.WriteString("- **" + f.name + ":** " + strings.Join(strings.Fields(f.value), " "))
		if why := p.Incident.PhaseWhy[f.phase]; why != "" {
			b.WriteString(" — " + syntax.WriteInline(why))
		}
		b.WriteString("\n")
	}
}

var factLine = lazyregexp.New(`^\*\*([A-Z][A-Za-z ]+):\*\* ?(.*?)(?: — (.*))?$`)

// readFact reads the reason of a phase. Whatever else a line says stands in the
// front matter: when both differ, the front matter counts and the line is
// reported. A document without front matter takes its metadata from here.
func readFact(r *reader, it syntax.Item) bool {
	m := factLine.FindStringSubmatch(it.Whole())
	if m == nil {
		return false
	}
	p := &r.out.Postmortem
	for _, f := range facts(p) {
		if f.name != m[1] {
			continue
		}
		if f.phase != "" && m[3] != "" {
			if p.Incident.PhaseWhy == nil {
				p.Incident.PhaseWhy = map[string]string{}
			}
			p.Incident.PhaseWhy[f.phase] = syntax.ReadInline(m[3])
		} else if m[3] != "" {
			m[2] += " — " + m[3]
		}
		return r.compareFact(it.Line, f, m[2])
	}
	return false
}

// compareFact compares a fact with the front matter; false leaves its line as
// prose, in a document of others that says it in words of its own.
func (r *reader) compareFact(n int, f fact, value string) bool {
	if f.path != "" && r.out.lines[f.path] == 0 {
		r.out.lines[f.path] = n
	}
	inText := strings.Join(strings.Fields(value), " ")
	name := strings.ToLower(f.name)
	switch {
	case inText == strings.Join(strings.Fields(f.value), " ") || syntax.IsQuestion(inText) || inText == "":
		return true
	case (f.value == "" || syntax.IsQuestion(f.value)) && r.setFact(f, value):
		return true
	case !r.out.Ours:
		return false
	case f.value == "" || syntax.IsQuestion(f.value):
		r.problem(n, "%s cannot be set here; set it in the front matter", name)
	case f.computed:
		r.problem(n, "%s is computed from the times in the front matter; change those", name)
	default:
		r.problem(n, "%s differs from the front matter, which counts; change it there", name)
	}
	return true
}

// setFact takes a value that the front matter lacks from its line.
func (r *reader) setFact(f fact, value string) bool {
	inc := &r.out.Postmortem.Incident
	if at := inc.Moment(f.phase); at != nil {
		t, ok := syntax.ReadMoment(value, time.Time{})
		*at = t
		return ok
	}
	switch f.name {
	case "Severity":
		inc.Severity, inc.SeverityName = front.ReadSeverity(value)
		return inc.Severity > 0
	case "Services":
		inc.Services = front.SplitWords(value)
	case "Detection method":
		inc.Detection = value
	case "Owner":
		r.out.Postmortem.Owner = value
	case "Incident":
		inc.Number = value
	default:
		return false
	}
	return true
}
