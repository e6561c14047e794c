package gate

import (
	"github.com/hindcast/hindcast"
)

// actions: does each action item have an owner, a date and success criteria?
func (p *page) actions() verdict {
	if p.outline != nil {
		return p.foreignActions()
	}
	v := verdict{line: p.heading(hindcast.SectionActions)}
	agreed := 0
	for i, a := range p.pm.Actions {
		if a.Status != hindcast.ActionDeclined {
			agreed++
		}
		if a.Status == hindcast.ActionOpen || a.Status == hindcast.ActionInProgress {
			v.missing = append(v.missing, p.action(i)...)
		}
	}
	switch {
	case len(p.pm.Actions) == 0:
		v.missing = append(v.missing, p.lack(hindcast.SectionActions, "there are no action items"))
	case agreed == 0:
		v.missing = append(v.missing, Missing{Line: max(1, v.line), Message: "every action was decided against; nothing will change"})
	}
	v.missing = append(v.missing, p.open(hindcast.SectionActions)...)
	v.good = plural(agreed, "action") + ", with owner, date and success criterion"
	return v
}

// action returns what an action lacks, what belongs on one line together.
func (p *page) action(i int) []Missing {
	a := p.pm.Actions[i]
	names := map[int][]string{}
	var lines []int
	for _, f := range []struct {
		field, name string
		empty       bool
	}{
		{"owner", "owner", a.Owner == ""},
		{"priority", "priority", a.Priority == ""},
		{"due", "due date", a.Due.IsZero()},
		{"done_when", "success criterion", a.DoneWhen == ""},
		{"effects", "effect", len(a.Effects) == 0},
	} {
		if !f.empty {
			continue
		}
		n := max(1, p.parsed.Line(path("actions", i, f.field)))
		if names[n] == nil {
			lines = append(lines, n)
		}
		names[n] = append(names[n], f.name)
	}
	var out []Missing
	for _, n := range lines {
		out = append(out, Missing{Line: n, Message: "the action has no " + list(names[n])})
	}
	return out
}
