package document

import (
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/record"
	"github.com/hindcast/hindcast/internal/document/syntax"
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
				record.WriteUsers(b, n, &p.Incident.Impact.Users)
				record.WriteMeasures(b, n, "n", p.Incident.Impact.Counts)
			},
		},
		{
			name: "Business metrics", also: "business|business metrics affected",
			read: func(r *reader, it syntax.Item) bool { return readMeasure(r, it, "b", "business", business) },
			write: func(b *strings.Builder, n *syntax.Names, p *P) {
				record.WriteMeasures(b, n, "b", p.Incident.Impact.Business)
			},
		},
		{name: "Service level objectives", also: "slos|slo|slo violations|slo impact", read: readSLO, write: record.WriteSLOs},
	}
}

func readUsers(r *reader, it syntax.Item) bool {
	name, n, ok := record.ReadMeasureHeadline(it.Text)
	if !ok || it.Mark != "u" && (it.Mark != "" || syntax.Normalize(name) != syntax.Normalize(record.UsersAffected) || n.Unit != "%" && n.Value != nil) {
		return false
	}
	impact := &r.out.Postmortem.Incident.Impact
	if !impact.Users.IsZero() {
		return false
	}
	var detail string
	syntax.ReadRecord(r.report(), "incident.impact.users", &n, it, record.MeasureFields(), &detail)
	n.How = syntax.Join(n.How, detail, "\n")
	impact.Users = n
	return true
}

func readMeasure(r *reader, it syntax.Item, mark, path string, at func(*hindcast.Postmortem) *[]hindcast.Measure) bool {
	name, n, ok := record.ReadMeasureHeadline(it.Text)
	if !ok || it.Mark != mark && it.Mark != "" {
		return false
	}
	list := at(&r.out.Postmortem)
	var detail string
	syntax.ReadRecord(r.report(), indexed("incident.impact."+path, len(*list)), &n, it, record.MeasureFields(), &detail)
	n.How = syntax.Join(n.How, detail, "\n")
	*list = append(*list, hindcast.Measure{ID: it.ID, Name: name, Number: n})
	return true
}

func readSLO(r *reader, it syntax.Item) bool {
	if !it.Is("s") {
		return false
	}
	list := &r.out.Postmortem.Incident.Impact.SLOs
	s := hindcast.SLO{ID: it.ID, Name: syntax.ReadInline(it.Text)}
	syntax.ReadRecord(r.report(), indexed("incident.impact.slos", len(*list)), &s, it, record.SLOFields(), &s.Detail)
	*list = append(*list, s)
	return true
}
