package document

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/foreign"
	"github.com/hindcast/hindcast/internal/document/record"
	"github.com/hindcast/hindcast/internal/document/syntax"
)

// group is one list of records within a section, under a heading of its own or,
// for the first, under that of the section.
type group struct {
	name string // heading; empty for the first list of a section
	also string // other headings, normalized, separated by "|"
	// read reads an item into the post-mortem; false says that the item is no
	// record of this list, and leaves it as prose.
	read func(*reader, syntax.Item) bool
	// row reads a row of a table; nil when tables are prose.
	row func(*reader, row) bool
	// write writes all records of the list; nothing when there are none.
	write func(*strings.Builder, *syntax.Names, *hindcast.Postmortem)
}

// groupsOf returns the lists of a section.
func groupsOf(kind hindcast.SectionKind) []group {
	switch kind {
	case hindcast.SectionMetadata:
		return metadataGroups()
	case hindcast.SectionImpact:
		return impactGroups()
	case hindcast.SectionTimeline:
		return timelineGroups()
	case hindcast.SectionRootCauses, hindcast.SectionContributing:
		return factorGroups(kind)
	case hindcast.SectionWentWell, hindcast.SectionWentPoorly:
		return observationGroups(kind)
	case hindcast.SectionActions:
		return actionGroups()
	case hindcast.SectionRelated:
		return relatedGroups()
	case hindcast.SectionEvidenceFiles:
		return evidenceGroups()
	}
	return nil
}

// groupOf returns the list of a section that a heading below it begins, or nil.
func groupOf(kind hindcast.SectionKind, heading string) *group {
	name := syntax.Normalize(heading)
	for _, g := range groupsOf(kind) {
		if g.name != "" && (syntax.Normalize(g.name) == name || strings.Contains("|"+g.also+"|", "|"+name+"|")) {
			return &g
		}
	}
	return nil
}

// writeGroups writes the lists of a section that hold something.
func writeGroups(kind hindcast.SectionKind, n *syntax.Names, p *hindcast.Postmortem) string {
	var out []string
	for _, g := range groupsOf(kind) {
		var b strings.Builder
		g.write(&b, n, p)
		if b.Len() == 0 {
			continue
		}
		if g.name != "" {
			out = append(out, "### "+g.name)
		}
		out = append(out, strings.Trim(b.String(), "\n"))
	}
	return strings.Join(out, "\n\n")
}

// reader reads one document.
type reader struct {
	file      string
	out       *Parsed
	outline   bool          // read no records
	day       time.Time     // day of the timeline's entries that name none
	dayNamed  bool          // a heading named it
	daySource string        // where it was taken from, when that is not sure; empty once reported
	dayless   []int         // lines of entries without any day
	clock     foreign.Clock // of a document that is not ours
	last      time.Time     // time of the last entry
	whys      bool          // the section of another's document is a chain of whys
	below     string        // heading within a section of another's document that its records stand under
	entries   map[string]int
}

func (r *reader) problem(n int, format string, args ...any) {
	r.out.Problems = append(r.out.Problems, hindcast.Problem{File: r.file, Line: n, Message: fmt.Sprintf(format, args...)})
}

func (r *reader) report() syntax.Report {
	return syntax.Report{
		Line:    func(path string, n int) { r.out.lines[path] = n },
		Problem: func(n int, message string) { r.problem(n, "%s", message) },
		Strict:  r.out.Ours,
	}
}

func indexed(name string, i int) string { return name + "[" + strconv.Itoa(i) + "]" }

// body reads the text of a section: records into the post-mortem, the rest into
// the prose that it returns.
func (r *reader) body(p part) string {
	groups := groupsOf(p.kind)
	if groups == nil || r.outline {
		return syntax.ReadProse(p.body)
	}
	if !r.out.Ours && p.kind == hindcast.SectionTimeline && !ourRecords(p) {
		return r.foreignTimeline(p)
	}
	r.below, r.whys = "", !r.out.Ours && foreign.Whys(p.heading, p.body)
	b := bodyReader{reader: r, kind: p.kind, group: &groups[0]}
	if g := groupOf(p.kind, p.heading); g != nil && !r.out.Ours {
		b.group = g
	}
	for i := 0; i < len(p.body); {
		i += b.step(p.body[i:])
	}
	b.release()
	return syntax.ReadProse(b.runs...)
}

// bodyReader walks through the lines of a section.
type bodyReader struct {
	*reader
	kind   hindcast.SectionKind
	group  *group
	runs   [][]syntax.Line // of prose
	held   []syntax.Line   // headings that are structure if a record follows, else prose
	broken bool            // a record stood between the last run of prose and here
}

// step reads what begins on the first line and returns its number of lines.
func (b *bodyReader) step(lines []syntax.Line) int {
	l := lines[0]
	if !b.out.Ours {
		if l.Form == syntax.Heading {
			return b.foreignHeading(l)
		}
		if t, ok := foreign.ReadTable(lines); ok {
			return b.foreignTable(&t)
		}
	}
	switch {
	case l.Form == syntax.Heading && b.opens(l), l.Empty() && b.held != nil:
		b.held = append(b.held, l)
		return 1
	case syntax.IsBullet(l), syntax.IsRemark(lines):
		read := syntax.ReadItem
		if !syntax.IsBullet(l) {
			read = syntax.ReadRemarked
		}
		it, n := read(lines)
		if !b.out.Ours && introduces(b.kind, it) {
			b.titled(it)
		} else if b.listed(func() bool { return b.group.read(b.reader, it) }) {
			b.record()
		} else {
			b.prose(it.Raw)
		}
		return n
	case b.group.row != nil && syntax.IsRow(l):
		return b.table(lines)
	}
	b.prose(lines[:1])
	return 1
}

// opens reports whether a heading begins a list of this section or a day of the
// timeline, and takes note of it.
func (b *bodyReader) opens(l syntax.Line) bool {
	if g := groupOf(b.kind, l.Title); g != nil {
		b.group = g
		return true
	}
	if day, ok := record.ReadDay(l.Title); ok && b.kind == hindcast.SectionTimeline {
		b.day, b.dayNamed = day, true
		return true
	}
	return false
}

func (b *bodyReader) record() { b.held, b.broken = nil, true }

// release makes prose of headings that no record followed.
func (b *bodyReader) release() {
	if held := b.held; held != nil {
		b.held = nil
		b.prose(held)
	}
}

func (b *bodyReader) prose(lines []syntax.Line) {
	b.release()
	if b.broken || b.runs == nil {
		b.runs, b.broken = append(b.runs, nil), false
	}
	k := len(b.runs) - 1
	b.runs[k] = append(b.runs[k], lines...)
}

// cell is one cell of a table's row under its column's heading.
type cell struct {
	name    string // the heading, normalized
	heading string
	text    string
}

// row is one row of a table.
type row struct {
	line  int
	cells []cell
}

// get returns the first cell under one of several headings that is not empty.
func (r row) get(names ...string) string {
	for _, name := range names {
		for _, c := range r.cells {
			if c.name == name && c.text != "" {
				return c.text
			}
		}
	}
	return ""
}

// rest returns the cells whose text was not used, as lines "Heading: text".
func (r row) rest(used ...string) string {
	var out []string
	for _, c := range r.cells {
		if c.text != "" && !slices.Contains(used, c.text) {
			out = append(out, syntax.Join(c.heading, c.text, ": "))
		}
	}
	return strings.Join(out, "\n")
}

// table reads the table that begins on the first line and returns its number of
// lines. Rows that are no records stay prose, below the table's head; so does a
// table without any record.
func (b *bodyReader) table(lines []syntax.Line) int {
	n := 0
	for n < len(lines) && syntax.IsRow(lines[n]) {
		n++
	}
	if n < 2 || !syntax.IsDelimiter(lines[1]) {
		b.prose(lines[:n])
		return n
	}
	head := syntax.Cells(lines[0].Text)
	bad := slices.Clone(lines[:2])
	for _, l := range lines[2:n] {
		r := row{line: l.N}
		for i, text := range syntax.Cells(l.Text) {
			if i < len(head) {
				r.cells = append(r.cells, cell{syntax.Normalize(head[i]), head[i], text})
			}
		}
		if !b.group.row(b.reader, r) {
			bad = append(bad, l)
		}
	}
	if len(bad) < n {
		b.record()
	}
	if len(bad) == n || len(bad) > 2 {
		b.prose(bad)
	}
	if len(bad) > 2 && len(bad) < n && b.out.Ours {
		b.problem(bad[2].N, "this row of the table is not understood and was kept as text; compare it with its neighbors")
	}
	return n
}
