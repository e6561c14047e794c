package record

import (
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// ObservationFields returns the fields of what went well or poorly.
func ObservationFields() []syntax.Field[hindcast.Observation] {
	type T = hindcast.Observation
	return []syntax.Field[T]{
		syntax.Word("Stage", "stage", func(o *T) *hindcast.Stage { return &o.Stage }, hindcast.Stages()...),
		syntax.Word("Gap", "gap", func(o *T) *hindcast.Gap { return &o.Gap }, hindcast.Gaps()...),
		syntax.Text("Detail", "detail", func(o *T) *string { return &o.Detail }).Or("details|note|notes"),
		syntax.Refs("Evidence", "evidence", func(o *T) *[]hindcast.Ref { return &o.Evidence }),
	}
}

// RelatedFields returns the fields of an incident that is related.
func RelatedFields() []syntax.Field[hindcast.RelatedIncident] {
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

// WriteRelated writes the incidents that are related.
func WriteRelated(b *strings.Builder, n *syntax.Names, p *hindcast.Postmortem) {
	for _, x := range p.Related {
		fields := RelatedFields()
		headline := syntax.WriteInline(x.Title)
		for _, s := range []string{x.Ref + ": " + x.Title, "[" + x.Title + "](" + x.Ref + ")"} {
			if ref, title := ReadRelatedHeadline(s); x.Ref != "" && ref == x.Ref && title == x.Title && syntax.WriteInline(s) == s {
				headline, fields = s, fields[1:]
				break
			}
		}
		if ref, _ := ReadRelatedHeadline(headline); ref != "" && len(fields) == 2 {
			headline = syntax.Quote(x.Title)
		}
		syntax.WriteRecord(b, n, &x, headline+syntax.WriteID("r", x.ID, ""), fields)
	}
}

// ReadRelatedHeadline reads how a related incident is referred to, and its title.
func ReadRelatedHeadline(s string) (ref, title string) {
	if m := leadingURL.FindStringSubmatch(s); m != nil {
		return m[2], m[1]
	}
	if m := leadingRef.FindStringSubmatch(s); m != nil {
		return m[1], syntax.ReadInline(m[2])
	}
	return "", syntax.ReadInline(s)
}
