package record

import (
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// FactorFields returns the fields of a factor. A root must say what would have
// happened without it; of a hypothesis that was ruled out nothing more is asked.
func FactorFields(x *hindcast.Factor) []syntax.Field[hindcast.Factor] {
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

// Unsaid stands where a hypothesis is listed as ruled out and nothing says by what.
const Unsaid = "not said"
