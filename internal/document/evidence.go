package document

import (
	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/record"
	"github.com/hindcast/hindcast/internal/document/syntax"
)

func evidenceGroups() []group {
	return []group{
		{read: noRecord, row: readFile, write: record.WriteFiles},
		{name: "Clocks", read: readOffset, write: record.WriteOffsets},
		{name: "What could not be read", read: readProblem, write: record.WriteProblems},
	}
}

func noRecord(*reader, syntax.Item) bool { return false }

func readFile(r *reader, w row) bool {
	name, after, ok := syntax.CutCode(w.get("file"))
	if !ok || after != "" {
		return false
	}
	e := hindcast.Evidence{Name: name}
	for _, c := range record.Columns() {
		s := w.get(syntax.Normalize(c.Name))
		if s != "" && !c.Read(&e, s) {
			r.problem(w.line, "the cell under %q is not understood and was left out", c.Name)
		}
	}
	p := &r.out.Postmortem
	r.out.lines[indexed("evidence", len(p.Evidence))] = w.line
	p.Evidence = append(p.Evidence, e)
	return true
}

func readOffset(r *reader, it syntax.Item) bool {
	name, after, ok := syntax.CutCode(it.Text)
	if !ok || after != "" {
		return false
	}
	p := &r.out.Postmortem
	c := hindcast.ClockOffset{File: name}
	syntax.ReadRecord(r.report(), indexed("clock_offsets", len(p.Clocks)), &c, it, record.OffsetFields(), &c.Why)
	p.Clocks = append(p.Clocks, c)
	return true
}

func readProblem(r *reader, it syntax.Item) bool {
	name, message, ok := syntax.CutCode(it.Whole())
	if !ok {
		return false
	}
	ref := syntax.ReadRef(name)
	r.out.Postmortem.Problems = append(r.out.Postmortem.Problems, hindcast.Problem{File: ref.File, Line: ref.Line, Message: syntax.ReadInline(message)})
	return true
}
