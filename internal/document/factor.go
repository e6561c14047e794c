package document

import (
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/foreign"
	"github.com/hindcast/hindcast/internal/document/record"
	"github.com/hindcast/hindcast/internal/document/syntax"
)

// factorGroups returns the lists of factors of the two sections that hold them:
// the cause analysis has the roots, the factors still under discussion and the
// hypotheses that were ruled out.
func factorGroups(kind hindcast.SectionKind) []group {
	list := func(ruledOut bool) func(*strings.Builder, *syntax.Names, *hindcast.Postmortem) {
		return func(b *strings.Builder, n *syntax.Names, p *hindcast.Postmortem) {
			for i := range p.Factors {
				if x := &p.Factors[i]; x.Section() == kind && (x.RuledOutBy != "") == ruledOut {
					syntax.WriteRecord(b, n, x, syntax.WriteInline(x.Description)+syntax.WriteID("f", x.ID, ""), record.FactorFields(x))
				}
			}
		}
	}
	tag := hindcast.Tag("")
	if kind == hindcast.SectionContributing {
		tag = hindcast.Contributing
	}
	groups := []group{{read: readFactor(tag, false), write: list(false)}}
	if kind == hindcast.SectionRootCauses {
		groups = append(groups, group{name: "Ruled out", also: "hypotheses ruled out|ruled out hypotheses", read: readFactor("", true), write: list(true)})
	}
	return groups
}

// readFactor reads an item as a factor. Numbered lists stay prose, but for lists
// of others that are no chain of whys: its steps are not all causes of equal
// standing.
func readFactor(tag hindcast.Tag, ruledOut bool) func(*reader, syntax.Item) bool {
	return func(r *reader, it syntax.Item) bool {
		if !it.Is("f") || it.Mark == "" && it.Numbered() && (r.out.Ours || r.whys || foreign.Why(it.Text)) {
			return false
		}
		p := &r.out.Postmortem
		x := hindcast.Factor{ID: it.ID, Description: syntax.ReadInline(it.Text), Tag: tag}
		if !r.out.Ours && it.Mark == "" && (x.Description == "" || foreign.NoCause(it.Text)) {
			return false
		}
		syntax.ReadRecord(r.report(), indexed("factors", len(p.Factors)), &x, it, record.FactorFields(&x), &x.Detail)
		if ruledOut && x.RuledOutBy == "" {
			x.RuledOutBy = record.Unsaid
		}
		p.Factors = append(p.Factors, x)
		return true
	}
}
