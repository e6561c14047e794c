package document

import (
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/record"
	"github.com/hindcast/hindcast/internal/document/syntax"
)

func observationGroups(kind hindcast.SectionKind) []group {
	list := func(kind hindcast.ObservationKind) group {
		return group{read: readObservation(kind), write: func(b *strings.Builder, n *syntax.Names, p *hindcast.Postmortem) {
			for i := range p.Observations {
				if o := &p.Observations[i]; o.Kind == kind {
					syntax.WriteRecord(b, n, o, syntax.WriteInline(o.Text)+syntax.WriteID("o", o.ID, ""), record.ObservationFields())
				}
			}
		}}
	}
	if kind == hindcast.SectionWentWell {
		return []group{list(hindcast.WentWell)}
	}
	luck := list(hindcast.Luck)
	luck.name, luck.also = "Where luck helped", "where we got lucky|luck|lucky|where we were lucky"
	return []group{list(hindcast.WentPoorly), luck}
}

func readObservation(kind hindcast.ObservationKind) func(*reader, syntax.Item) bool {
	return func(r *reader, it syntax.Item) bool {
		if !it.Is("o") {
			return false
		}
		p := &r.out.Postmortem
		o := hindcast.Observation{ID: it.ID, Kind: kind, Text: syntax.ReadInline(it.Text)}
		if o.Text == "" && !r.out.Ours {
			return false
		}
		syntax.ReadRecord(r.report(), indexed("observations", len(p.Observations)), &o, it, record.ObservationFields(), &o.Detail)
		p.Observations = append(p.Observations, o)
		return true
	}
}

func relatedGroups() []group {
	return []group{{read: readRelated, write: record.WriteRelated}}
}

func readRelated(r *reader, it syntax.Item) bool {
	if !it.Is("r") {
		return false
	}
	p := &r.out.Postmortem
	x := hindcast.RelatedIncident{ID: it.ID}
	x.Ref, x.Title = record.ReadRelatedHeadline(it.Text)
	syntax.ReadRecord(r.report(), indexed("related", len(p.Related)), &x, it, record.RelatedFields(), &x.How)
	p.Related = append(p.Related, x)
	return true
}
