package document

import (
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

func observationGroups(kind hindcast.SectionKind) []group {
	list := func(kind hindcast.ObservationKind) group {
		return group{read: readObservation(kind), write: func(b *strings.Builder, n *syntax.Names, p *hindcast.Postmortem) {
			for i := range p.Observations {
				if o := &p.Observations[i]; o.Kind == kind {
					syntax.WriteRecord(b, n, o, syntax.WriteInline(o.Text)+syntax.WriteID("o", o.ID, ""), observationFields())
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

func observationFields() []syntax.Field[hindcast.Observation] {
	type T = hindcast.Observation
	return []syntax.Field[T]{
		syntax.Word("Stage", "stage", func(o *T) *hindcast.Stage { return &o.Stage }, hindcast.Stages()...),
		syntax.Word("Gap", "gap", func(o *T) *hindcast.Gap { return &o.Gap }, hindcast.Gaps()...),
		syntax.Text("Detail", "detail", func(o *T) *string { return &o.Detail }).Or("details|note|notes"),
		syntax.Refs("Evidence", "evidence", func(o *T) *[]hindcast.Ref { return &o.Evidence }),
	}
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
		syntax.ReadRecord(r.report(), indexed("observations", len(p.Observations)), &o, it, observationFields(), &o.Detail)
		p.Observations = append(p.Observations, o)
		return true
	}
}

func relatedGroups() []group {
	return []group{{read: readRelated, write: writeRelated}}
}

func relatedFields() []syntax.Field[hindcast.RelatedIncident] {
	type T = hindcast.RelatedIncident
	return []syntax.Field[T]{
		syntax.Text("Reference", "ref", func(x *T) *string { return &x.Ref }),
		syntax.Text("Alike in", "how", func(x *T) *string { return &x.How }).Or("how|why").Asking("How is it alike, and what came of its actions?"),
	}
}

var (
	leadingRef = lazyregexp.New(`^(#\w[\w.-]*|[A-Z][A-Z0-9]*-\d+)(?:(?::| -| –| —)? +(.*))?$`)
	leadingURL = lazyregexp.New(`^\[(.*)\]\((https?://[^\s()]+)\)$`)
)

func writeRelated(b *strings.Builder, n *syntax.Names, p *hindcast.Postmortem) {
	for _, x := range p.Related {
		fields := relatedFields()
		headline := syntax.WriteInline(x.Title)
		for _, s := range []string{x.Ref + ": " + x.Title, "[" + x.Title + "](" + x.Ref + ")"} {
			if ref, title := readRelatedHeadline(s); x.Ref != "" && ref == x.Ref && title == x.Title && syntax.WriteInline(s) == s {
				headline, fields = s, fields[1:]
				break
			}
		}
		if ref, _ := readRelatedHeadline(headline); ref != "" && len(fields) == 2 {
			headline = syntax.Quote(x.Title)
		}
		syntax.WriteRecord(b, n, &x, headline+syntax.WriteID("r", x.ID, ""), fields)
	}
}

func readRelatedHeadline(s string) (ref, title string) {
	if m := leadingURL.FindStringSubmatch(s); m != nil {
		return m[2], m[1]
	}
	if m := leadingRef.FindStringSubmatch(s); m != nil {
		return m[1], syntax.ReadInline(m[2])
	}
	return "", syntax.ReadInline(s)
}

func readRelated(r *reader, it syntax.Item) bool {
	if !it.Is("r") {
		return false
	}
	p := &r.out.Postmortem
	x := hindcast.RelatedIncident{ID: it.ID}
	x.Ref, x.Title = readRelatedHeadline(it.Text)
	syntax.ReadRecord(r.report(), indexed("related", len(p.Related)), &x, it, relatedFields(), &x.How)
	p.Related = append(p.Related, x)
	return true
}
