package record

import (
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// MeasureFields returns the fields of a number.
func MeasureFields() []syntax.Field[hindcast.Number] {
	return []syntax.Field[hindcast.Number]{
		syntax.Refs("Evidence", "evidence", func(n *hindcast.Number) *[]hindcast.Ref { return &n.Evidence }),
	}
}

// UsersAffected is the name of the number of users.
const UsersAffected = "Users affected"

// WriteUsers writes the number of users that were affected, when it is known or asked
// for.
func WriteUsers(b *strings.Builder, n *syntax.Names, users *hindcast.Number) {
	if users.State == "" {
		return
	}
	syntax.WriteRecord(b, n, users, measureHeadline(UsersAffected, *users)+syntax.WriteID("u", "users", ""), MeasureFields())
}

// WriteMeasures writes numbers, with ids that begin with a mark.
func WriteMeasures(b *strings.Builder, n *syntax.Names, mark string, list []hindcast.Measure) {
	for i := range list {
		m := &list[i]
		syntax.WriteRecord(b, n, &m.Number, measureHeadline(m.Name, m.Number)+syntax.WriteID(mark, m.ID, ""), MeasureFields())
	}
}

// measureHeadline writes "**NAME:** NUMBER"; a number that is pending and says
// nothing more asks for itself.
func measureHeadline(name string, n hindcast.Number) string {
	value := syntax.WriteNumber(n)
	if value == string(hindcast.Pending) {
		value = syntax.Ask("How much was it, and how do you know?")
		if name == UsersAffected {
			value = syntax.Ask("What share of the users felt it, and how do you know?")
		}
	}
	s := "**" + syntax.WriteInline(name) + ":** " + value
	if got, _, ok := ReadMeasureHeadline(s); !ok || got != name {
		s = "**" + syntax.Quote(name) + ":** " + value
	}
	return s
}

var measure = lazyregexp.New(`^(?:\*\*(.*?):\*\*|\*\*(.*?)\*\*:|([^:]*):) *(.*)$`)

// ReadMeasureHeadline reads "**NAME:** NUMBER"; false says that it is none.
func ReadMeasureHeadline(s string) (name string, n hindcast.Number, ok bool) {
	m := measure.FindStringSubmatch(s)
	if m == nil {
		return "", n, false
	}
	if syntax.IsQuestion(m[4]) {
		m[4] = string(hindcast.Pending)
	}
	n, ok = syntax.ReadNumber(m[4])
	return syntax.ReadInline(m[1] + m[2] + m[3]), n, ok
}

// SLOFields returns the fields of an objective.
func SLOFields() []syntax.Field[hindcast.SLO] {
	type T = hindcast.SLO
	return []syntax.Field[T]{
		syntax.OneLine("Target", "target", writeTarget, readTarget),
		syntax.OneLine("Window", "window_days", writeWindow, readWindow),
		syntax.Word("Outcome", "outcome", func(s *T) *hindcast.SLOOutcome { return &s.Outcome }, hindcast.SLOViolated, hindcast.SLOKept).Asking("Was it violated or kept?"),
		syntax.Number("Budget consumed", "budget", func(s *T) *hindcast.Number { return &s.Budget }).Asking("How much of the error budget did the incident consume?"),
		syntax.Refs("Budget evidence", "budget.evidence", func(s *T) *[]hindcast.Ref { return &s.Budget.Evidence }),
		syntax.Number("Burn rate", "burn_rate", func(s *T) *hindcast.Number { return &s.BurnRate }),
		syntax.Refs("Burn rate evidence", "burn_rate.evidence", func(s *T) *[]hindcast.Ref { return &s.BurnRate.Evidence }),
		syntax.Text("Detail", "detail", func(s *T) *string { return &s.Detail }).Or("details|note|notes"),
	}
}

func writeTarget(s *hindcast.SLO) string {
	if s.Target == 0 {
		return ""
	}
	return strconv.FormatFloat(s.Target, 'f', -1, 64) + " %"
}

func readTarget(s *hindcast.SLO, t string) string {
	v, err := strconv.ParseFloat(strings.TrimRight(t, " %"), 64)
	if err != nil {
		return "is no percentage; write it as 99.9 %"
	}
	s.Target = v
	return ""
}

func writeWindow(s *hindcast.SLO) string {
	if s.WindowDays == 0 {
		return ""
	}
	return strconv.Itoa(s.WindowDays) + " days"
}

func readWindow(s *hindcast.SLO, t string) string {
	v, err := strconv.Atoi(strings.TrimRight(t, " days"))
	if err != nil {
		return "is no number of days; write it as 30 days"
	}
	s.WindowDays = v
	return ""
}

// WriteSLOs writes the objectives.
func WriteSLOs(b *strings.Builder, n *syntax.Names, p *hindcast.Postmortem) {
	for i := range p.Incident.Impact.SLOs {
		s := &p.Incident.Impact.SLOs[i]
		syntax.WriteRecord(b, n, s, syntax.WriteInline(s.Name)+syntax.WriteID("s", s.ID, ""), SLOFields())
	}
}
