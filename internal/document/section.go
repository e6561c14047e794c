package document

import (
	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/section"
	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// SectionOf returns the section of the template that a heading names, in the
// words of the common templates; empty when it names none. Luck stands with what
// went poorly, as an observation of luck does.
func SectionOf(heading string) hindcast.SectionKind {
	kind := section.Of(heading)
	if kind == section.Luck {
		return hindcast.SectionWentPoorly
	}
	if _, ok := hindcast.TemplateOf(kind); !ok {
		return ""
	}
	return kind
}

// part is a section as it stands in the text.
type part struct {
	kind    hindcast.SectionKind
	heading string
	line    int
	level   int
	body    []syntax.Line
}

var sectionMark = lazyregexp.New(`^(.*?) *<!-- section(?:: ?([a-z-]+))? -->$`)

// split divides a text into its title, what stands before the first section,
// and the sections. In our own documents the first heading is the title,
// whatever it says.
func split(lines []syntax.Line, ours bool) (title syntax.Line, preamble []syntax.Line, parts []part) {
	for _, l := range lines {
		at := 2
		var kind hindcast.SectionKind
		if len(parts) > 0 {
			at, kind = parts[len(parts)-1].level, parts[len(parts)-1].kind
		}
		next, ok := begins(l, at, kind)
		switch {
		case l.Form == syntax.Heading && l.Level == 1 && title.N == 0 && len(parts) == 0 && (ours || next.kind == ""):
			title = l
		case ok:
			parts = append(parts, next)
		case len(parts) == 0:
			preamble = append(preamble, l)
		default:
			parts[len(parts)-1].body = append(parts[len(parts)-1].body, l)
		}
	}
	return title, preamble, parts
}

// begins reports whether a line begins a section, seen from a section of a level
// and kind: when it names another section of the template, or when it is a
// heading of at least that level.
func begins(l syntax.Line, level int, current hindcast.SectionKind) (part, bool) {
	if l.Form != syntax.Heading {
		return part{}, false
	}
	p := part{heading: syntax.ReadInline(l.Title), line: l.N, level: max(2, l.Level)}
	if m := sectionMark.FindStringSubmatch(l.Title); m != nil {
		p.heading, p.kind = syntax.ReadInline(m[1]), hindcast.SectionKind(m[2])
		return p, true
	}
	p.kind = SectionOf(p.heading)
	outer := l.Level <= max(2, level)
	switch {
	case outer && groupOf(current, p.heading) != nil && l.Level > 2:
		return part{}, false
	case outer:
		return p, true
	case p.kind == "" || p.kind == current || p.kind == hindcast.SectionEvidenceFiles || l.Level > 4:
		return part{}, false
	}
	return p, groupOf(current, p.heading) == nil
}

// writeHeading writes the heading of a section so that it reads back as the
// same kind, with a mark where the words alone would not.
func writeHeading(s hindcast.Section) string {
	mark := " <!-- section -->"
	if s.Kind != "" {
		mark = " <!-- section: " + string(s.Kind) + " -->"
	}
	inline, quoted := "## "+syntax.WriteInline(s.Heading), "## "+syntax.Quote(s.Heading)
	for _, h := range []string{inline, quoted, inline + mark} {
		level, title := syntax.ReadHeading(h)
		p, ok := begins(syntax.Line{Form: syntax.Heading, Level: level, Title: title}, 2, "")
		if ok && p.heading == s.Heading && p.kind == s.Kind {
			return h
		}
	}
	return quoted + mark
}
