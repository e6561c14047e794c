package document

import (
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

func impactGroups() []group {
	type P = hindcast.Postmortem
	counts := func(p *P) *[]hindcast.Measure { return &p.Incident.Impact.Counts }
	business := func(p *P) *[]hindcast.Measure { return &p.Incident.Impact.Business }
	return []group{
		{
			read: func(r *reader, it syntax.Item) bool {
				return readUsers(r, it) || readMeasure(r, it, "n", "counts", counts)
			},
			write: func(b *strings.Builder, n *syntax.Names, p *P) {
				writeUsers(b, n, &p.Incident.Impact.Users)
				writeMeasures(b, n, "n", p.Incident.Impact.Counts)
			},
		},
		{
			name: "Business metrics", also: "business|business metrics affected",
			read:  func(r *reader, it syntax.Item) bool { return readMeasure(r, it, "b", "business", business) },
			write: func(b *strings.Builder, n *syntax.Names, p *P) { writeMeasures(b, n, "b", p.Incident.Impact.Business) },
		},
		{name: "Service level objectives", also: "slos|slo|slo violations|slo impact", read: readSLO, write: writeSLOs},
	}
}

func measureFields() []syntax.Field[hindcast.Number] {
	return []syntax.Field[hindcast.Number]{
		syntax.Refs("Evidence", "evidence", func(n *hindcast.Number) *[]hindcast.Ref { return &n.Evidence }),
	}
}

const usersAffected = "Users affected"

func writeUsers(b *strings.Builder, n *syntax.Names, users *hindcast.Number) {
	if users.State == "" {
		return
	}
	syntax.WriteRecord(b, n, users, measureHeadline(usersAffected, *users)+syntax.WriteID("u", "users", ""), measureFields())
}

func readUsers(r *reader, it syntax.Item) bool {
	name, n, ok := readMeasureHeadline(it.Text)
	if !ok || it.Mark != "u" && (it.Mark != "" || syntax.Normalize(name) != syntax.Normalize(usersAffected) || n.Unit != "%" && n.Value != nil) {
		return false
	}
	impact := &r.out.Postmortem.Incident.Impact
	if !impact.Users.IsZero() {
		return false
	}
	var detail string
	syntax.ReadRecord(r.report(), "incident.impact.users", &n, it, measureFields(), &detail)
	n.How = syntax.Join(n.How, detail, "\n")
	impact.Users = n
	return true
}

func writeMeasures(b *strings.Builder, n *syntax.Names, mark string, list []hindcast.Measure) {
	for i := range list {
		m := &list[i]
		syntax.WriteRecord(b, n, &m.Number, measureHeadline(m.Name, m.Number)+syntax.WriteID(mark, m.ID, ""), measureFields())
	}
}

// measureHeadline writes "**NAME:** NUMBER"; a number that is pending and says
// nothing more asks for itself.
func measureHeadline(name string, n hindcast.Number) string {
	value := syntax.WriteNumber(n)
	if value == string(hindcast.Pending) {
		value = syntax.Ask("How much was it, and how do you know?")
		if name == usersAffected {
			value = syntax.Ask("What share of the users felt it, and how do you know?")
		}
	}
	s := "**" + syntax.WriteInline(name) + ":** " + value
	if got, _, ok := readMeasureHeadline(s); !ok || got != name {
		s = "**" + syntax.Quote(name) + ":** " + value
	}
	return s
}

var measure = lazyregexp.New(`^(?:\*\*(.*?):\*\*|\*\*(.*?)\*\*:|([^:]*):) *(.*)$`)

func readMeasureHeadline(s string) (name string, n hindcast.Number, ok bool) {
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

func readMeasure(r *reader, it syntax.Item, mark, path string, at func(*hindcast.Postmortem) *[]hindcast.Measure) bool {
	name, n, ok := readMeasureHeadline(it.Text)
	if !ok || it.Mark != mark && it.Mark != "" {
		return false
	}
	list := at(&r.out.Postmortem)
	var detail string
	syntax.ReadRecord(r.report(), indexed("incident.impact."+path, len(*list)), &n, it, measureFields(), &detail)
	n.How = syntax.Join(n.How, detail, "\n")
	*list = append(*list, hindcast.Measure{ID: it.ID, Name: name, Number: n})
	return true
}

func sloFields() []syntax.Field[hindcast.SLO] {
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

func writeSLOs(b *strings.Builder, n *syntax.Names, p *hindcast.Postmortem) {
	for i := range p.Incident.Impact.SLOs {
		s := &p.Incident.Impact.SLOs[i]
		syntax.WriteRecord(b, n, s, syntax.WriteInline(s.Name)+syntax.WriteID("s", s.ID, ""), sloFields())
	}
}

func readSLO(r *reader, it syntax.Item) bool {
	if !it.Is("s") {
		return false
	}
	list := &r.out.Postmortem.Incident.Impact.SLOs
	s := hindcast.SLO{ID: it.ID, Name: syntax.ReadInline(it.Text)}
	syntax.ReadRecord(r.report(), indexed("incident.impact.slos", len(*list)), &s, it, sloFields(), &s.Detail)
	*list = append(*list, s)
	return true
}
