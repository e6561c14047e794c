package draft

import (
	"fmt"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
)

// askAll writes questions as a document does.
func askAll(questions []string) string {
	var out []string
	for _, q := range questions {
		out = append(out, "_"+q+"_")
	}
	return strings.Join(out, "\n\n")
}

// asQuestion returns the text of a template's section so that it waits for an
// answer: guidance stays as it is, and questions follow it when it asks nothing
// itself.
func asQuestion(text string, questions ...string) string {
	switch {
	case len(document.Questions(text)) > 0:
		return text
	case text != "" && !strings.Contains(text, "\n") && strings.HasSuffix(text, "?"):
		return askAll([]string{text})
	}
	return join(text, askAll(questions), "\n\n")
}

// text returns the prose of a section: what is known, then what is asked. own is
// the text of an organization's template, which asks in its own words.
func (c *composer) text(kind hindcast.SectionKind, own string) string {
	known, questions := "", []string{}
	t, _ := hindcast.TemplateOf(kind)
	switch kind {
	case hindcast.SectionSummary:
		known, questions = c.summary(), []string{t.Question}
	case hindcast.SectionMetadata:
		known, questions = c.severity()
	case hindcast.SectionImpact:
		known = c.symptoms()
		questions = []string{
			"Which business numbers moved (orders, sign-ups, messages), and by how much?",
			"Which service level objectives were violated, and how much of the error budget went?",
		}
	case hindcast.SectionTimeline:
		questions = []string{"What did you see, decide or do that no system recorded?"}
		if len(c.entries) == 0 {
			questions = []string{t.Question}
		}
	case hindcast.SectionRootCauses:
		known, questions = c.reading(), []string{t.Question}
	case hindcast.SectionEvidenceFiles:
		known = c.expiry()
	default:
		questions = []string{t.Question}
	}
	if own != "" && len(questions) > 0 {
		return join(known, asQuestion(own, questions...), "\n\n")
	}
	return join(known, askAll(questions), "\n\n")
}

func join(a, b, separator string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + separator + b
}

// summary tells the phases in sentences.
func (c *composer) summary() string {
	inc := c.incident
	if inc.Phases == (hindcast.Phases{}) {
		return "The evidence shows no incident: nothing in it deviates from what is normal there, and no alert reached a person."
	}
	var b strings.Builder
	if t := inc.StartedAt; !t.IsZero() {
		fmt.Fprintf(&b, "It begins on %s at %s UTC%s.", t.Format(time.DateOnly), t.Format(time.TimeOnly), c.quoted(t, ": “%s”"))
	} else {
		b.WriteString("The evidence does not show when it began.")
	}
	if t := inc.DetectedAt; !t.IsZero() {
		what := "The first report reached a person"
		if c.at(t, hindcast.Alert) != nil {
			what = "The first alert reached a person"
		}
		fmt.Fprintf(&b, " %s at %s%s.", what, clock(t, inc.StartedAt), after(inc.StartedAt, t, "later"))
	}
	if t := inc.AcknowledgedAt; !t.IsZero() {
		who := "Somebody"
		if e := c.at(t, hindcast.Acknowledge); e != nil && e.Actor.Name != "" {
			who = sentence(withArticle(e.Actor.Name))
		}
		fmt.Fprintf(&b, " %s took it up at %s%s.", who, clock(t, inc.StartedAt), after(inc.DetectedAt, t, "after that"))
	}
	if t := inc.MitigatedAt; !t.IsZero() {
		fmt.Fprintf(&b, " The impact began to fall at %s%s%s.", clock(t, inc.StartedAt), after(inc.DetectedAt, t, "after detection"), c.quoted(t, ": “%s”"))
	}
	if t := inc.ResolvedAt; !t.IsZero() {
		fmt.Fprintf(&b, " It ended at %s%s.", clock(t, inc.StartedAt), after(inc.StartedAt, t, "after it began"))
	}
	return b.String()
}

// quoted returns the title of the entry at a moment, put into a form.
func (c *composer) quoted(t time.Time, form string) string {
	e := c.at(t)
	if e == nil {
		return ""
	}
	return fmt.Sprintf(form, strings.TrimRight(e.Title, "."))
}

// clock writes a time of day, with the date when it is on another day than the
// beginning.
func clock(t, start time.Time) string {
	if start.IsZero() || hindcast.DateOf(t) == hindcast.DateOf(start) {
		return t.Format(time.TimeOnly)
	}
	return t.Format(time.TimeOnly) + " on " + t.Format(time.DateOnly)
}

// after writes how long b is after a, when both are known and differ.
func after(a, b time.Time, words string) string {
	if a.IsZero() || !b.After(a) {
		return ""
	}
	return ", " + hindcast.FormatDuration(b.Sub(a)) + " " + words
}

// severity holds the response against the policy, or asks for the severity.
func (c *composer) severity() (known string, questions []string) {
	s, ok := c.opt.Policy.Level(c.opt.Severity)
	if !ok {
		var levels []string
		for _, s := range c.opt.Policy.Severities {
			levels = append(levels, fmt.Sprintf("%d %s (%s)", s.Level, s.Name, lowerFirst(s.Criteria)))
		}
		return "", []string{"Which severity was it: " + strings.Join(levels, ", ") + "?"}
	}
	known = fmt.Sprintf("Severity %d (%s) is meant for: %s. Response time: %s.", s.Level, s.Name, lowerFirst(s.Criteria), c.response(s))
	if required, _ := c.opt.Policy.Requires(hindcast.Postmortem{Incident: c.incident}); required {
		return known + " A post-mortem is required.", nil
	}
	return known + " A post-mortem is optional; what can be learned from it decides.", nil
}

// response holds the time to acknowledge against the severity's response time.
func (c *composer) response(s hindcast.Severity) string {
	out := lowerFirst(s.Response)
	if !strings.Contains(out, "within") {
		out += ", at most " + hindcast.FormatDuration(s.ResponseWithin)
	}
	m := c.incident.Metrics()
	if m.TimeToAcknowledge == nil {
		return out
	}
	took := time.Duration(*m.TimeToAcknowledge) * time.Second
	out += "; it was taken up after " + hindcast.FormatDuration(took)
	if took <= s.ResponseWithin {
		return out + ", in time"
	}
	return out + ", " + hindcast.FormatDuration(took-s.ResponseWithin) + " beyond it"
}

// expiry says when the originals of the evidence disappear.
func (c *composer) expiry() string {
	n, first := 0, time.Time{}
	for _, e := range c.evidence {
		if e.ExpiresAt.IsZero() {
			continue
		}
		if n++; first.IsZero() || e.ExpiresAt.Before(first) {
			first = e.ExpiresAt
		}
	}
	if n == 0 {
		return ""
	}
	when := first.Format(time.DateOnly) + " at " + first.Format(time.TimeOnly) + " UTC"
	if n == 1 {
		return "The original of one file disappears at its source by default on " + when + "."
	}
	return fmt.Sprintf("The originals of %d files disappear at their source by default, the first on %s.", n, when)
}

// mostSymptoms is how many symptoms the impact section repeats.
const mostSymptoms = 8

// symptoms lists what the evidence measured or recorded of the impact.
func (c *composer) symptoms() string {
	var lines []string
	for _, e := range c.entries {
		if e.Kind == hindcast.Symptom && len(lines) < mostSymptoms {
			lines = append(lines, "- "+clock(e.At, c.incident.StartedAt)+" "+e.Title)
		}
	}
	if lines == nil {
		return ""
	}
	return "What the evidence shows of it:\n\n" + strings.Join(lines, "\n")
}

// reading lists the services in which the evidence says it began.
func (c *composer) reading() string {
	if len(c.suspects) == 0 {
		return ""
	}
	lines := []string{"Where to begin reading: the services that deviate first and most. This is a reading aid and states no cause.", ""}
	for i, s := range c.suspects {
		line := fmt.Sprintf("%d. %s", i+1, s.Service)
		if why := reason(s.Why); why != "" {
			line += ": " + why
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
