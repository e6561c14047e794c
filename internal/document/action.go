package document

import (
	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/record"
	"github.com/hindcast/hindcast/internal/document/syntax"
)

func actionGroups() []group {
	return []group{{read: readAction, row: readActionRow, write: record.WriteActions}}
}

func readAction(r *reader, it syntax.Item) bool {
	if !it.Is("a") {
		return false
	}
	if !r.out.Ours && it.Mark == "" {
		return r.foreignAction(it)
	}
	a := hindcast.ActionItem{ID: it.ID, Status: hindcast.ActionOpen}
	s := it.Text
	if m := record.Box.FindStringSubmatch(s); m != nil {
		s = s[len(m[0]):]
		if m[1] != " " {
			a.Status = hindcast.ActionDone
		}
	}
	a.Description = syntax.ReadInline(s)
	r.addAction(a, it)
	return true
}

func (r *reader) addAction(a hindcast.ActionItem, it syntax.Item) {
	p := &r.out.Postmortem
	syntax.ReadRecord(r.report(), indexed("actions", len(p.Actions)), &a, it, record.ActionFields(&a), &a.Detail)
	p.Actions = append(p.Actions, a)
}

func readActionRow(r *reader, w row) bool {
	a := hindcast.ActionItem{Status: hindcast.ActionOpen}
	a.Description = w.get("action item", "action", "actions", "item", "task", "description", "what", "title")
	if a.Description == "" {
		return false
	}
	it := syntax.Item{Line: w.line}
	used := []string{a.Description}
	for _, c := range w.cells {
		if f := syntax.FindField(record.ActionFields(&a), c.heading); f != nil && c.text != "" {
			it.Fields = append(it.Fields, syntax.RawField{Line: w.line, Text: f.Name + ": " + c.text})
			used = append(used, c.text)
		}
	}
	a.Detail = w.rest(used...)
	r.addAction(a, it)
	return true
}
