package gate

import (
	"github.com/hindcast/hindcast"
)

// rootCauses: are they systemic issues rather than symptoms?
func (p *page) rootCauses() verdict {
	if p.outline != nil {
		return p.foreignCauses()
	}
	kind := hindcast.SectionRootCauses
	v := verdict{line: p.heading(kind)}
	roots, told, deep := 0, 0, deepened(p.pm.Factors)
	for i, x := range p.pm.Factors {
		switch p.part(i) {
		case hindcast.Root:
			roots++
			v.missing = append(v.missing, p.root(i, deep[x.ID])...)
		case undecided:
			told++
			v.missing = append(v.missing, p.factor(i, "counterfactual", "nothing says whether the incident would have happened without it; tag it root or contributing, or say what ruled it out"))
		case plain:
			told++
		}
	}
	switch {
	case roots > 0:
		v.good = plural(roots, "root cause") + ", with what would have happened without it"
	case told > 0:
		v.good = plural(told, "cause") + " told in words"
	case p.written(kind):
		v.good = "a cause is told in words"
	default:
		v.missing = append(v.missing, p.lack(kind, "no root cause is named; list each as a factor with Tag: root"))
	}
	v.missing = append(v.missing, p.open(kind)...)
	return v
}

// The parts of factors that have no tag.
const (
	undecided hindcast.Tag = "undecided" // whether it is a root is asked and not answered
	plain     hindcast.Tag = "plain"     // somebody wrote it down in words alone
)

// part returns the part that a factor played: its tag, else what follows from
// the answer to what would have happened without it; empty for a hypothesis that
// was ruled out.
func (p *page) part(i int) hindcast.Tag {
	x := p.pm.Factors[i]
	asked := p.has(path("factors", i, "counterfactual"), path("factors", i, ""))
	switch {
	case x.RuledOutBy != "":
		return ""
	case x.Tag != "":
		return x.Tag
	case x.Counterfactual.Answer == hindcast.AnswerNo:
		return hindcast.Root
	case x.Counterfactual.Answer == hindcast.AnswerYes:
		return hindcast.Contributing
	case x.Counterfactual.Answer == "" && !asked && x.Category == "" && x.Bone == "" && x.Gap == "" && len(x.LedTo) == 0:
		return plain
	}
	return undecided
}

func (p *page) factor(i int, field, message string) Missing {
	return Missing{Line: max(1, p.parsed.Line(path("factors", i, field))), Message: message}
}

// root returns what a root cause lacks. deep says that a factor led to it.
func (p *page) root(i int, deep bool) []Missing {
	x := p.pm.Factors[i]
	var out []Missing
	if x.Counterfactual.Answer == "" {
		out = append(out, p.factor(i, "counterfactual", "nothing says whether the incident would have happened without it"))
	}
	if x.Identified == "" && p.has(path("factors", i, "identified"), path("factors", i, "")) {
		out = append(out, p.factor(i, "identified", "nothing says how it was found"))
	}
	if x.Category == hindcast.OperationalError && !deep {
		out = append(out, p.factor(i, "category", "an operational error is where the analysis starts; add the factor that made it possible, and let it lead here"))
	}
	return out
}

// deepened returns the factors to which one led that is no operational error,
// itself or through others.
func deepened(list []hindcast.Factor) map[string]bool {
	leads := map[string][]hindcast.Edge{}
	var next []hindcast.Edge
	for _, x := range list {
		if x.RuledOutBy == "" {
			leads[x.ID] = x.LedTo
			if x.Category != hindcast.OperationalError {
				next = append(next, x.LedTo...)
			}
		}
	}
	deep := map[string]bool{}
	for len(next) > 0 {
		id := next[len(next)-1].To
		if next = next[:len(next)-1]; !deep[id] {
			deep[id] = true
			next = append(next, leads[id]...)
		}
	}
	return deep
}

// contributing: are conditions that worsened the incident documented?
func (p *page) contributing() verdict {
	if p.outline != nil {
		return p.foreignContributing()
	}
	v := verdict{line: p.heading(hindcast.SectionContributing)}
	n := 0
	for i := range p.pm.Factors {
		if p.part(i) == hindcast.Contributing {
			n++
		}
	}
	switch {
	case n == 0 && p.written(hindcast.SectionContributing):
	case n == 0:
		v.missing = append(v.missing, p.lack(hindcast.SectionContributing, "no contributing factor is named: what made it likelier, longer or worse"))
	case p.onlyTechnical():
		v.missing = append(v.missing, Missing{Line: max(1, v.line), Message: "every factor is technical; add what in process, ownership or communication played a part"})
	}
	v.missing = append(v.missing, p.open(hindcast.SectionContributing)...)
	v.good = plural(n, "contributing factor")
	if n == 0 {
		v.good = "what made it likelier, longer or worse is told in words"
	}
	return v
}

// onlyTechnical reports whether the factors say of themselves that all of them
// are technical. Those that say nothing leave it open.
func (p *page) onlyTechnical() bool {
	technical := 0
	for _, x := range p.pm.Factors {
		if x.RuledOutBy != "" {
			continue
		}
		switch {
		case x.Bone == hindcast.BonePeople || x.Bone == hindcast.BoneProcess || x.Gap != "" || x.Category == hindcast.ProcessGap:
			return false
		case x.Bone == "":
			return false
		}
		technical++
	}
	return technical > 0
}
