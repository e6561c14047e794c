package foreign

import (
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/section"
	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// Outline makes headings of the lines that serve as some: bold lines and labels
// that name a section ("**Root causes:**"), and the items of a list whose labels
// divide the whole document ("- **Impact**: nobody noticed").
func Outline(lines []syntax.Line) []syntax.Line {
	if labeled(lines) {
		lines = unlist(lines)
	}
	out := make([]syntax.Line, len(lines))
	level := 1       // of the last heading
	listing := false // it names a section whose lists are records
	plain := !slices.ContainsFunc(lines, func(l syntax.Line) bool { return l.Form == syntax.Heading })
	for i, l := range lines {
		if l.Form == syntax.Heading && syntax.Normalize(l.Title) == "" && strings.Trim(l.Title, "# \t") == "" {
			l.Form = syntax.Plain // "##" alone divides nothing
		} else if l.Form == syntax.Heading {
			level = l.Level
		} else if title, ok := label(lines, i, plain); ok {
			l.Form, l.Level, l.Title = syntax.Heading, min(max(level+1, 2), 4), title
		}
		if l.Form == syntax.Heading {
			listing = lists[section.Of(l.Title)] || listing && section.Of(l.Title) == ""
		} else if m := sign.FindStringSubmatch(l.Text); m != nil && l.Form == syntax.Plain && listing {
			l.Text = m[1] + "- " + m[2]
		}
		out[i] = l
	}
	return out
}

// sign matches a line that begins with a sign which stands for a bullet, as in
// text that was pasted from elsewhere.
var sign = lazyregexp.New(`^([ \t]*)(?:[•◦▪‣●○][ \t]*|(?:[✅❌✔✓✗✘👍👎➕➖⚠☑☐]️?)[ \t]+)(\S.*)$`)

// lists are the sections whose lists are records.
var lists = map[hindcast.SectionKind]bool{
	hindcast.SectionTimeline: true, hindcast.SectionRootCauses: true, hindcast.SectionContributing: true, hindcast.SectionActions: true,
	hindcast.SectionWentWell: true, hindcast.SectionWentPoorly: true, section.Luck: true, hindcast.SectionRelated: true,
}

// longestLabel is how many bytes a line that serves as a heading has at most.
const longestLabel = 60

var (
	boldLine  = lazyregexp.New(`^ {0,3}(?:\*\*|__)([^*_]+?)(?::\s*(?:\*\*|__)|(?:\*\*|__)\s*:?)[ \t]*$`)
	plainLine = lazyregexp.New(`^ {0,3}(\pL[\pL '’&/-]*)[ \t]*$`)
	colonLine = lazyregexp.New(`^ {0,3}(\pL[^:.!?]*):[ \t]*$`)
)

// label returns the section that a line names which says nothing else: in bold, or
// with a colon; in a document without any heading the words alone will do.
func label(lines []syntax.Line, i int, plain bool) (title string, ok bool) {
	l := lines[i]
	if l.Form != syntax.Plain || len(l.Text) > longestLabel || i > 0 && lines[i-1].Form == syntax.Plain && !lines[i-1].Empty() {
		return "", false
	}
	m := boldLine.FindStringSubmatch(l.Text)
	if m == nil {
		m = colonLine.FindStringSubmatch(l.Text)
	}
	if m == nil && plain {
		m = plainLine.FindStringSubmatch(l.Text)
	}
	if m == nil {
		return "", false
	}
	title = strings.TrimSpace(m[1])
	return title, section.Of(title) != ""
}

var boldLabel = lazyregexp.New(`^(?:\*\*|__)([^*_]+?)(?::[ \t]*(?:\*\*|__)|(?:\*\*|__)[ \t]*:|(?:\*\*|__)[ \t]*$)[ \t]*(.*)$`)

// labeled reports whether the labels of a list divide a document: two of them
// name different sections, and no heading does.
func labeled(lines []syntax.Line) bool {
	kinds := map[hindcast.SectionKind]bool{}
	for i, l := range lines {
		if l.Form == syntax.Heading {
			if l.Level > 1 && section.Of(l.Title) != "" {
				return false
			}
		} else if kind, ok := labelOf(lines[i]); ok && kind != "" {
			kinds[kind] = true
		}
	}
	return len(kinds) > 1
}

// labelOf returns the section that the bold label of an item of the outermost
// list names.
func labelOf(l syntax.Line) (hindcast.SectionKind, bool) {
	if !syntax.IsBullet(l) || strings.TrimLeft(l.Text, " \t") != l.Text {
		return "", false
	}
	it, _ := syntax.ReadItem([]syntax.Line{l})
	m := boldLabel.FindStringSubmatch(it.Text)
	if m == nil {
		return "", false
	}
	return section.Of(m[1]), true
}

// unlist makes headings of the labels that name a section, and paragraphs of the
// others, and takes the indent of the list away from what stands below them.
func unlist(lines []syntax.Line) []syntax.Line {
	var out []syntax.Line
	within := false
	indent := -1 // of what stands below the label
	for _, l := range lines {
		kind, ok := labelOf(l)
		switch {
		case ok:
			it, _ := syntax.ReadItem([]syntax.Line{l})
			m := boldLabel.FindStringSubmatch(it.Text)
			blank := syntax.Line{N: l.N}
			if kind != "" || m[2] == "" {
				out = append(out, blank, syntax.Line{N: l.N, Text: "## " + m[1], Form: syntax.Heading, Level: 2, Title: m[1]}, blank)
				it.Text = m[2]
			}
			out = append(out, syntax.Line{N: l.N, Text: it.Text})
			within, indent = true, -1
			continue
		case l.Form == syntax.Heading || syntax.IsBullet(l) && strings.TrimLeft(l.Text, " \t") == l.Text:
			within = false
		case within && !l.Empty():
			if indent < 0 {
				indent = len(l.Text) - len(strings.TrimLeft(l.Text, " \t"))
			}
			own := len(l.Text) - len(strings.TrimLeft(l.Text, " \t"))
			l.Text = l.Text[min(indent, own):]
		}
		out = append(out, l)
	}
	return out
}
