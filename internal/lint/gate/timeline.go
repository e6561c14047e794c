package gate

import (
	"fmt"
	"time"

	"github.com/hindcast/hindcast"
)

// timeline: does it include detection, response actions and resolution?
func (p *page) timeline() verdict {
	if p.outline != nil {
		return p.foreignTimeline()
	}
	v := verdict{line: p.heading(hindcast.SectionTimeline)}
	v.missing = p.phases()
	if len(p.pm.Timeline) == 0 {
		v.missing = append(v.missing, p.lack(hindcast.SectionTimeline, "the timeline has no entries; begin each with its time, **HH:MM:SS**"))
		return v
	}
	v.missing = append(v.missing, p.parts()...)
	for i := range p.pm.Timeline {
		v.missing = append(v.missing, p.entry(i)...)
	}
	v.missing = append(v.missing, p.open(hindcast.SectionTimeline)...)
	v.good = fmt.Sprintf("%s, from detection to resolution", entries(len(p.pm.Timeline)))
	return v
}

func entries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}

// phaseQuestions ask for the moments of an incident. A near miss need not have
// been taken up or mitigated.
var phaseQuestions = []struct{ name, question string }{
	{"started_at", "nothing says when it started"},
	{"detected_at", "nothing says when the first alert or report reached a person"},
	{"acknowledged_at", "nothing says when the first person took it up"},
	{"mitigated_at", "nothing says when the impact began to fall"},
	{"resolved_at", "nothing says when it was over"},
}

// phases returns the moments that the metadata lack.
func (p *page) phases() []Missing {
	var out []Missing
	for _, q := range phaseQuestions {
		optional := p.pm.Incident.Kind == hindcast.KindNearMiss && (q.name == "acknowledged_at" || q.name == "mitigated_at")
		if p.pm.Incident.Moment(q.name).IsZero() && !optional {
			out = append(out, Missing{Line: p.metadata("incident." + q.name), Message: q.question})
		}
	}
	return out
}

// metadata returns the line of a value of the metadata, else of their section.
func (p *page) metadata(path string) int {
	if n := p.parsed.Line(path); n > 0 {
		return n
	}
	if n := p.heading(hindcast.SectionMetadata); n > 0 {
		return n
	}
	return 1
}

// parts returns which of detection, response and resolution no entry tells. The
// moment of a phase tells it whatever the kind of the entry.
func (p *page) parts() []Missing {
	inc := p.pm.Incident
	var out []Missing
	for _, part := range []struct {
		name string
		at   time.Time
		is   func(hindcast.Entry) bool
	}{
		{"detection", inc.DetectedAt, func(e hindcast.Entry) bool { return e.Kind == hindcast.Alert }},
		{"response action", inc.AcknowledgedAt, responds},
		{"resolution", inc.ResolvedAt, func(e hindcast.Entry) bool { return e.Kind == hindcast.Recovery }},
	} {
		told := false
		for _, e := range p.pm.Timeline {
			told = told || part.is(e) || !part.at.IsZero() && e.At.Equal(part.at)
		}
		if !told {
			out = append(out, Missing{Line: max(1, p.heading(hindcast.SectionTimeline)), Message: "the timeline has no entry for the " + part.name})
		}
	}
	return out
}

func responds(e hindcast.Entry) bool {
	switch e.Kind {
	case hindcast.Decided, hindcast.Action, hindcast.Mitigation:
		return true
	}
	return false
}

// disorder returns the entries that stand among later or earlier ones.
func (p *page) disorder() []Missing {
	list := p.pm.Timeline
	var out []Missing
	for i := 1; i < len(list); i++ {
		if list[i].At.IsZero() || !list[i].At.Before(list[i-1].At) {
			continue
		}
		at := i
		if i < 2 || !list[i].At.Before(list[i-2].At) { // without the one before, the order holds
			at = i - 1
		}
		out = append(out, Missing{Line: max(1, p.parsed.Line(path("timeline", at, ""))), Message: "the entry is out of order; put entries in the order of their times"})
	}
	return out
}

// entry returns what an entry lacks: its time, who or what acted, and, for a
// decision, what people could choose from and took for granted.
func (p *page) entry(i int) []Missing {
	e := p.pm.Timeline[i]
	var out []Missing
	lack := func(field, message string) {
		out = append(out, Missing{Line: max(1, p.parsed.Line(path("timeline", i, field))), Message: message})
	}
	if e.At.IsZero() {
		lack("at", "the entry has no time")
	}
	if e.Actor.Name == "" && e.Kind != "" { // a line that a person wrote tells it in its words
		lack("actor", "the entry does not say who or what acted; end it with — *KIND by ACTOR (person, automation, system or external)*")
	}
	d := e.Decision
	if d == nil {
		return out
	}
	for _, f := range []struct {
		field, message string
		empty          bool
	}{
		{"decision.question", "nothing says what there was to decide", d.Question == ""},
		{"decision.options", "the decision does not say which options there were", len(d.Options) == 0},
		{"decision.choice", "the decision does not say what was chosen", d.Choice == ""},
		{"decision.assumptions", "the decision does not say what was taken for granted", len(d.Assumptions) == 0},
		{"decision.expected", "the decision does not say what was expected to happen", d.Expected == ""},
	} {
		if f.empty {
			lack(f.field, f.message)
		}
	}
	return out
}
