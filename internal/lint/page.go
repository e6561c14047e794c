package lint

import (
	"fmt"
	"strings"
)

// Page returns the documentation of a rule as Markdown.
func (r Rule) Page() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n## Example\n\nInstead of:\n\n> %s\n\nwrite:\n\n> %s\n", r.Name, r.Why, r.Bad, r.Good)
	if r.Question != "" {
		fmt.Fprintf(&b, "\nAsk: %s\n", r.Question)
	}
	fmt.Fprintf(&b, "\n## Where it speaks\n\n%s Its findings are of level %s", r.reach(), r.Level)
	if r.Weak != "" {
		fmt.Fprintf(&b, ", the milder ones of level %s", r.Weak)
	}
	b.WriteString(".\n")
	if r.whole() {
		b.WriteString("It judges whole documents and is silent with `--lines` and `--as`.\n")
	}
	measured := r.Measured
	if measured == "" {
		measured = "Not measured on labeled text; its examples and cases are tests."
	}
	fmt.Fprintf(&b, "\n## How often it is right\n\n%s\n", strings.TrimSpace(measured))
	fmt.Fprintf(&b, "\n## Silence it\n\nFor one paragraph, list item or table row, with a reason:\n\n```markdown\n<!-- lint-ignore %s: why this one is fine -->\n```\n\nEverywhere, in a file given with `--config`:\n\n```yaml\nrules:\n- name: %s\n  off: true\n```\n", r.Name, r.Name)
	return b.String()
}

// reach says in which sections the rule speaks.
func (r Rule) reach() string {
	switch {
	case len(r.Only) > 0:
		return "In these sections: " + strings.Join(r.Only, ", ") + "."
	case len(r.Skip) > 0:
		return "Everywhere but in these sections: " + strings.Join(r.Skip, ", ") + "."
	}
	return "Everywhere."
}
