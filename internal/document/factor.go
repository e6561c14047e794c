package document

import (
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/foreign"
	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// factorGroups returns the lists of factors of the two sections that hold them:
// the cause analysis has the roots, the factors still under discussion and the
// hypotheses that were ruled out.
func factorGroups(kind hindcast.SectionKind) []group {
	list := func(ruledOut bool) func(*strings.Builder, *syntax.Names, *hindcast.Postmortem) {
		return func(b *strings.Builder, n *syntax.Names, p *hindcast.Postmortem) {
			for i := range p.Factors {
				if x := &p.Factors[i]; x.Section() == kind && (x.RuledOutBy != "") == ruledOut {
					syntax.WriteRecord(b, n, x, syntax.WriteInline(x.Description)+syntax.WriteID("f", x.ID, ""), factorFields(x))
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

// factorFields returns the fields of a factor. A root must say what would have
// happened without it; of a hypothesis that was ruled out nothing more is asked.
func factorFields(x *hindcast.Factor) []syntax.Field[hindcast.Factor] {
	type T = hindcast.Factor
	without := syntax.OneLine("Without it", "counterfactual", writeWithout, readWithout).Or("counterfactual")
	identified := syntax.Text("Identified", "identified", func(x *T) *string { return &x.Identified }).Or("identified by|how identified|found")
	ruledOut := syntax.Text("Ruled out by", "ruled_out_by", func(x *T) *string { return &x.RuledOutBy })
	switch {
	case x.RuledOutBy != "":
	case x.Tag == "" || x.Tag == hindcast.Root:
		without = without.Asking("Would the incident have happened without it?")
		identified = identified.Asking("How was it found?")
	}
	return []syntax.Field[T]{
		syntax.OneLine("Number", "number", func(x *T) string { return x.Label() }, readLabel).Or("no|nr"),
		ruledOut,
		syntax.Word("Tag before", "tag_before", func(x *T) *hindcast.Tag { return &x.TagBefore }, hindcast.Root, hindcast.Contributing, hindcast.Mitigating, hindcast.Detecting),
		syntax.OneLine("Tag", "tag", writeTag, readTag),
		syntax.Word("Category", "category", func(x *T) *hindcast.Category { return &x.Category }, hindcast.CategoryWords()...),
		syntax.Word("Bone", "bone", func(x *T) *hindcast.Bone { return &x.Bone }, hindcast.Bones()...),
		syntax.Word("Gap", "gap", func(x *T) *hindcast.Gap { return &x.Gap }, hindcast.Gaps()...),
		without,
		identified,
		syntax.Links("Led to", "led_to", "f", edges, setEdges),
		syntax.Text("Detail", "detail", func(x *T) *string { return &x.Detail }).Or("details|note|notes"),
		syntax.Refs("Evidence", "evidence", func(x *T) *[]hindcast.Ref { return &x.Evidence }),
	}
}

var labelForm = lazyregexp.New(`^[Ff]?([1-9][0-9]{0,5})$`)

// readLabel reads the number of a factor, with or without its letter.
func readLabel(x *hindcast.Factor, s string) string {
	m := labelForm.FindStringSubmatch(s)
	if m == nil {
		return "is no number of a factor; write it as F7"
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return "is no number of a factor; write it as F7"
	}
	x.Number = n
	return ""
}

// The tag that a section gives its factors by itself is not written.
func writeTag(x *hindcast.Factor) string {
	if x.Tag == hindcast.Contributing && x.Section() == hindcast.SectionContributing {
		return ""
	}
	return syntax.WriteWord(x.Tag)
}

func readTag(x *hindcast.Factor, s string) string {
	tag, complaint := syntax.KnownWord(s, []hindcast.Tag{hindcast.Root, hindcast.Contributing, hindcast.Mitigating, hindcast.Detecting})
	if complaint == "" {
		x.Tag = tag
	}
	return complaint
}

func writeWithout(x *hindcast.Factor) string {
	c := x.Counterfactual
	if c == (hindcast.Counterfactual{}) {
		return ""
	}
	s := string(c.Answer)
	if s == "" {
		s = "unanswered"
	}
	if c.Reason != "" {
		s += ": " + syntax.WriteInline(c.Reason)
	}
	return s
}

var answer = lazyregexp.New(`^(?i:(no|yes|unclear|unanswered)\b)[,.:;]? ?(.*)$`)

func readWithout(x *hindcast.Factor, s string) string {
	m := answer.FindStringSubmatch(s)
	if m == nil {
		return `does not begin with an answer; write "no", "yes" or "unclear" before the reason`
	}
	x.Counterfactual = hindcast.Counterfactual{Answer: hindcast.Answer(strings.ToLower(m[1])), Reason: syntax.ReadInline(m[2])}
	if x.Counterfactual.Answer == "unanswered" {
		x.Counterfactual.Answer = ""
	}
	return ""
}

func edges(x *hindcast.Factor) []syntax.Link {
	var out []syntax.Link
	for _, e := range x.LedTo {
		out = append(out, syntax.Link{ID: e.To, After: e.How})
	}
	return out
}

func setEdges(x *hindcast.Factor, links []syntax.Link) {
	x.LedTo = nil
	for _, l := range links {
		x.LedTo = append(x.LedTo, hindcast.Edge{To: l.ID, How: l.After})
	}
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
		syntax.ReadRecord(r.report(), indexed("factors", len(p.Factors)), &x, it, factorFields(&x), &x.Detail)
		if ruledOut && x.RuledOutBy == "" {
			x.RuledOutBy = unsaid
		}
		p.Factors = append(p.Factors, x)
		return true
	}
}

// unsaid stands where a hypothesis is listed as ruled out and nothing says by what.
const unsaid = "not said"
