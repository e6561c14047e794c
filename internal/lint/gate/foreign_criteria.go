package gate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/section"
	"github.com/hindcast/hindcast/internal/lint/outline"
)

// foreignTimeline accepts a section on detection or on the resolution for what
// the timeline itself does not tell.
func (p *page) foreignTimeline() verdict {
	f, kind := p.outline, hindcast.SectionTimeline
	rows := p.rows()
	v := verdict{line: p.heading(kind), missing: nil}
	if len(rows) == 0 {
		message := "there is no timeline"
		if f.heading(kind) >= 0 {
			message = "the timeline has no entries with a time"
		}
		v.missing = append([]Missing{p.lack(kind, "%s", message)}, p.open(kind)...)
		return v
	}
	v.line = rows[0].line
	for _, part := range []struct {
		name string
		told bool
	}{
		{"detection", detected(rows) >= 0 || f.tells(section.Detection)},
		{"response actions", responded(rows) || f.tells(section.Resolution)},
		{"resolution", ended(rows) || f.tells(section.Resolution)},
	} {
		if !part.told {
			v.missing = append(v.missing, Missing{Line: v.line, Message: "the timeline does not tell the " + part.name})
		}
	}
	v.missing = append(v.missing, p.open(kind)...)
	v.good = entries(len(rows)) + ", with detection, response and resolution"
	return v
}

// detected returns the first row that tells the detection; -1 when none does.
func detected(rows []row) int {
	return slices.IndexFunc(rows, func(r row) bool { return tellsDetection.in(r.text) >= 0 })
}

// responded reports whether what was done is told, from the detection on.
func responded(rows []row) bool {
	return slices.ContainsFunc(rows[max(0, detected(rows)):], func(r row) bool { return tellsResponse.in(r.text) >= 0 })
}

// ended reports whether the second half tells the end, or the last row something
// that was carried out.
func ended(rows []row) bool {
	over := func(r row) bool { return tellsEnd.in(r.text) >= 0 }
	return slices.ContainsFunc(rows[len(rows)/2:], over) || tellsDone.in(rows[len(rows)-1].text) >= 0
}

// most is how many of the required headings a document has, word for word, that
// follows our template: whatever section it lacks then is missing.
const most = 6

// follows reports whether a document has our template, in Markdown of its own.
func (f *foreign) follows() bool {
	n := 0
	for _, t := range hindcast.Template() {
		named := func(h outline.Heading) bool {
			return strings.EqualFold(strings.Trim(h.Title, " 0123456789.):"), t.Heading)
		}
		if t.Required && slices.ContainsFunc(f.headings, named) {
			n++
		}
	}
	return n >= most
}

// foreignCauses accepts causes that are told outside a section of their own.
func (p *page) foreignCauses() verdict {
	f, kind := p.outline, hindcast.SectionRootCauses
	v := verdict{line: p.heading(kind), good: "a cause is told", missing: p.open(kind)}
	if len(v.missing) > 0 {
		return v
	}
	if f.tells(kind) || f.tells(hindcast.SectionContributing) && !f.follows() {
		v.line = p.line(f.heading(kind, hindcast.SectionContributing))
		return v
	}
	if n := p.names(namesCause); n > 0 && f.heading(kind) < 0 && !f.follows() {
		v.line, v.good = n, "a cause is told, though not in a section of its own"
		return v
	}
	v.missing = append(v.missing, p.lack(kind, "no root cause is told"))
	return v
}

// names returns the line of the first block in which one of some words stands,
// outside the actions and the sections to skip; 0 when there is none.
func (p *page) names(w beginnings, skip ...hindcast.SectionKind) int {
	f := p.outline
	for i := range f.md.Blocks {
		if f.heads[i] || f.kinds[i] == hindcast.SectionActions || slices.Contains(skip, f.kinds[i]) {
			continue
		}
		if at := w.in(f.md.Blocks[i].Text); at >= 0 {
			return p.line(f.md.Blocks[i].Offset(at))
		}
	}
	return 0
}

// foreignContributing accepts what went poorly, and several causes, where the
// template has no section for contributing factors.
func (p *page) foreignContributing() verdict {
	f, kind := p.outline, hindcast.SectionContributing
	v := verdict{line: p.heading(kind), good: "contributing factors are listed", missing: p.open(kind)}
	switch {
	case len(v.missing) > 0:
	case f.tells(kind):
	case f.follows():
		v.missing = append(v.missing, p.lack(kind, "no contributing factors are listed"))
	case f.tells(hindcast.SectionWentPoorly):
		v.line, v.good = p.heading(hindcast.SectionWentPoorly), "what went poorly tells what made it worse"
	case p.items(hindcast.SectionRootCauses) > 1:
		v.line, v.good = p.heading(hindcast.SectionRootCauses), fmt.Sprintf("%d causes are listed", p.items(hindcast.SectionRootCauses))
	case p.names(namesWorsens, hindcast.SectionRootCauses) > 0:
		v.line, v.good = p.names(namesWorsens, hindcast.SectionRootCauses), "conditions that made it worse are told, though not in a section of their own"
	default:
		v.missing = append(v.missing, p.lack(kind, "nothing is said about what made it likelier, longer or worse"))
	}
	return v
}

// items returns the number of items that the lists of a section have.
func (p *page) items(kind hindcast.SectionKind) int {
	seen := map[[2]int]bool{}
	for i := range p.outline.md.Blocks {
		if b := &p.outline.md.Blocks[i]; b.List > 0 && p.outline.kinds[i] == kind && p.outline.says[i] {
			seen[[2]int{b.List, b.Item}] = true
		}
	}
	return len(seen)
}

// foreignActions leaves what each action lacks to the lint.
func (p *page) foreignActions() verdict {
	f, kind := p.outline, hindcast.SectionActions
	list := f.actions()
	v := verdict{line: p.heading(kind), missing: p.open(kind)}
	switch {
	case len(v.missing) > 0:
	case len(list) > 0:
	case f.tells(kind):
		v.missing = append(v.missing, p.lack(kind, "the actions are prose; list each with owner, due date and success criterion"))
	default:
		v.missing = append(v.missing, p.lack(kind, "there are no action items"))
	}
	v.good = plural(len(list), "action") + ", done or with owner, date and success criterion"
	return v
}

// foreignLearning asks for an account of what happened and for what others can
// take from it.
func (p *page) foreignLearning() verdict {
	f := p.outline
	lessons := []hindcast.SectionKind{section.Lessons, hindcast.SectionWentWell, hindcast.SectionWentPoorly, section.Luck}
	v := verdict{line: max(1, p.line(f.heading(lessons...))), good: "what happened and what can be learned from it are told"}
	v.missing = p.open(append(lessons, hindcast.SectionSummary, hindcast.SectionImpact, hindcast.SectionMetadata, "")...)
	if len(v.missing) > 0 {
		return v
	}
	if f.follows() {
		v.missing = p.untold()
		return v
	}
	if !f.tells(append(retold, "", hindcast.SectionImpact, hindcast.SectionTimeline)...) {
		v.missing = append(v.missing, p.lack(hindcast.SectionSummary, "nothing tells what happened"))
	}
	if n := p.names(namesLesson); !f.tells(lessons...) && n > 0 {
		v.line, v.good = n, "what happened is told, and what can be learned, though not in a section of its own"
	} else if !f.tells(lessons...) {
		v.missing = append(v.missing, p.lack(section.Lessons, "nothing is said about what went well, what went poorly or what was learned"))
	}
	return v
}

// untold returns the sections of our template that a document lacks and that no
// other criterion asks for.
func (p *page) untold() []Missing {
	var out []Missing
	for _, t := range hindcast.Template() {
		switch t.Kind {
		case hindcast.SectionSummary, hindcast.SectionMetadata, hindcast.SectionImpact, hindcast.SectionWentWell, hindcast.SectionWentPoorly:
			if !p.outline.tells(t.Kind) {
				out = append(out, p.lack(t.Kind, "nothing stands under %s", t.Heading))
			}
		}
	}
	return out
}

// foreignEvidence passes when entries of the timeline lead to evidence. Evidence
// elsewhere in the document may or may not support them: a person has to say.
func (p *page) foreignEvidence() verdict {
	f := p.outline
	rows := p.rows()
	v := verdict{line: max(1, p.line(f.heading(hindcast.SectionTimeline))), missing: p.open(hindcast.SectionEvidenceFiles)}
	if len(rows) == 0 {
		v.missing = append(v.missing, Missing{Line: p.where(hindcast.SectionTimeline), Message: "there are no timeline entries to support"})
		return v
	}
	n := 0
	for _, r := range rows {
		if r.proof || linked(r.text) {
			n++
		}
	}
	within := linked(f.raw(hindcast.SectionTimeline))
	switch {
	case 3*n >= len(rows):
		v.good = fmt.Sprintf("%d of %s lead to evidence", n, entries(len(rows)))
	case n > 0 || within || f.tells(hindcast.SectionEvidenceFiles) || linked(string(p.source)):
		v.unclear = fmt.Sprintf("%d of %s lead to evidence", n, entries(len(rows)))
	default:
		v.missing = append(v.missing, Missing{Line: rows[0].line, Message: "no entry of the timeline leads to a log, metric or screenshot"})
	}
	return v
}
