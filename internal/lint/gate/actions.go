package gate

import (
	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lint/action"
	"github.com/hindcast/hindcast/internal/markdown"
)

// actions: does each action item have an owner, a date and success criteria?
func (p *page) actions() verdict {
	if p.outline != nil {
		return p.foreignActions()
	}
	v := verdict{line: p.heading(hindcast.SectionActions)}
	agreed, inWords := 0, p.actionItems()
	for i, a := range p.pm.Actions {
		if a.Status != hindcast.ActionDeclined {
			agreed++
		}
		if a.Status == hindcast.ActionOpen || a.Status == hindcast.ActionInProgress {
			v.missing = append(v.missing, p.action(i, inWords)...)
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

// actionItems returns the actions as the lint reads them, by line: people also
// write the owner and the date into the text.
func (p *page) actionItems() map[int]action.Item {
	out := map[int]action.Item{}
	for _, a := range action.Read(markdown.Parse(p.source), "", false) {
		out[p.line(a.Block.Start)] = a
	}
	return out
}

// action returns what an action lacks, what belongs on one line together. The
// priority and the effect are only missing where the document asks for them.
func (p *page) action(i int, inWords map[int]action.Item) []Missing {
	a := p.pm.Actions[i]
	record := path("actions", i, "")
	words := inWords[p.parsed.Line(record)]
	names := map[int][]string{}
	var lines []int
	for _, f := range []struct {
		field, name string
		empty       bool
	}{
		{"owner", "owner", a.Owner == "" && words.Owner == ""},
		{"priority", "priority", a.Priority == "" && p.has(path("actions", i, "priority"), record)},
		{"due", "due date", a.Due.IsZero() && words.Due == ""},
		{"done_when", "success criterion", a.DoneWhen == "" && !words.Criteria},
		{"effects", "effect", len(a.Effects) == 0 && p.has(path("actions", i, "effects"), record)},
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
