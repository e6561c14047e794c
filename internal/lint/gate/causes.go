package gate

import (
	"github.com/hindcast/hindcast"
)

// rootCauses: are they systemic issues rather than symptoms?
func (p *page) rootCauses() verdict {
	if p.outline != nil {
		return p.foreignCauses()
	}
	v := verdict{line: p.heading(hindcast.SectionRootCauses)}
	roots, open, deep := 0, 0, deepened(p.pm.Factors)
	for i, x := range p.pm.Factors {
		switch {
		case x.RuledOutBy != "":
		case x.Tag == "":
			open++
			v.missing = append(v.missing, p.factor(i, "", "the part it played is not decided; tag it root or contributing, or say what ruled it out"))
		case x.Tag == hindcast.Root:
			roots++
			v.missing = append(v.missing, p.root(i, deep[x.ID])...)
		}
	}
	if roots == 0 && open == 0 {
		v.missing = append(v.missing, p.lack(hindcast.SectionRootCauses, "no root cause is named; list each as a factor with Tag: root"))
	}
	v.missing = append(v.missing, p.open(hindcast.SectionRootCauses)...)
	v.good = plural(roots, "root cause") + ", with what would have happened without it"
	return v
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
	if x.Identified == "" {
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
	for _, x := range p.pm.Factors {
		if x.Tag == hindcast.Contributing && x.RuledOutBy == "" {
			n++
		}
	}
	switch {
	case n == 0:
		v.missing = append(v.missing, p.lack(hindcast.SectionContributing, "no contributing factor is named: what made it likelier, longer or worse"))
	case p.onlyTechnical():
		v.missing = append(v.missing, Missing{Line: max(1, v.line), Message: "every factor is technical; add what in process, ownership or communication played a part"})
	}
	v.missing = append(v.missing, p.open(hindcast.SectionContributing)...)
	v.good = plural(n, "contributing factor")
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
