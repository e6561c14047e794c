package syntax

import (
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// Item is one entry of a list, taken apart but not yet understood.
type Item struct {
	Line   int
	Text   string // the headline without its id
	Mark   string // letter before the id: what kind of record it is
	ID     string
	Attrs  string     // words after the id
	Fields []RawField // the entries of the list below it
	Loose  []string   // further paragraphs, without their indent
	Raw    []Line

	wrapped []string // further lines of the headline
}

// RawField is one entry of the list below an item.
type RawField struct {
	Line int
	Text string   // rest of its first line
	Rest []string // the lines below it, without their indent
}

// noteExpr is a comment for the lint.
const noteExpr = `[ \t]*<!-- ?(?:lint-ignore|to do)\b(?:[^-]|-[^-])*-->`

var (
	bullet        = lazyregexp.New(`^([ \t]*)([-*+]|\d{1,9}[.)])([ \t]+)(.*)$`)
	thematicBreak = lazyregexp.New(`^[ \t]*(?:(?:-[ \t\r]*){3,}|(?:\*[ \t\r]*){3,})$`)
	idMark        = lazyregexp.New(`^(.*?)[ \t]*<!-- ([a-z]):("(?:[^"\\]|\\.)*"|[^\s"]+)((?: [a-z0-9=.+-]+)*) -->[ \t\r]*$`)
	note          = lazyregexp.New(noteExpr)
	remark        = lazyregexp.New(`(?:` + noteExpr + `)+[ \t\r]*$`)
	bareID        = lazyregexp.New(`^[A-Za-z0-9][A-Za-z0-9._:/#@+]*(?:-[A-Za-z0-9._:/#@+]+)*$`)
)

// indent returns the width of the white space that a line begins with; a tab
// goes to the next multiple of four.
func indent(s string) int {
	n := 0
	for _, c := range s {
		switch c {
		case ' ':
			n++
		case '\t':
			n += 4 - n%4
		default:
			return n
		}
	}
	return n
}

// dedent takes up to n columns of white space off the front of s.
func dedent(s string, n int) string {
	for col := 0; s != "" && col < n; {
		switch s[0] {
		case ' ':
			col++
		case '\t':
			col += 4 - col%4
		default:
			return s
		}
		s = s[1:]
	}
	return s
}

// IsBullet reports whether a line begins an item of the outermost list.
func IsBullet(l Line) bool {
	return l.Form == Plain && indent(l.Text) <= 3 && bullet.MatchString(l.Text) && !thematicBreak.MatchString(l.Text)
}

// WithoutNotes returns a text without the comments for the lint that stand in it,
// as readers see it.
func WithoutNotes(text string) string {
	if !strings.Contains(text, "<!--") {
		return text
	}
	return strings.TrimSpace(note.ReplaceAllString(text, ""))
}

// IsRemark reports whether a line holds nothing but a comment for the lint and
// an item follows, which the comment is about.
func IsRemark(lines []Line) bool {
	return isRemark(lines[0]) && len(lines) > 1 && IsBullet(lines[1])
}

func isRemark(l Line) bool {
	return l.Form == Plain && indent(l.Text) <= 3 && remark.FindString(l.Text) == l.Text && !l.Empty()
}

// ReadRemarked reads a comment for the lint and the item that follows it. In the
// one form that is written the comment ends the item's headline.
func ReadRemarked(lines []Line) (Item, int) {
	it, n := ReadItem(lines[1:])
	it.Text = Join(it.Text, strings.Trim(lines[0].Text, " \t\r"), " ")
	it.Raw = lines[:n+1]
	return it, n + 1
}

// ReadItem reads the item that begins on the first line, and returns the number
// of lines that belong to it.
func ReadItem(lines []Line) (Item, int) {
	m := bullet.FindStringSubmatch(lines[0].Text)
	it := Item{Line: lines[0].N, Text: m[4]}
	outer, inner := indent(m[1]), -1 // indent of the item and of its fields
	n, gap := 1, 0                   // lines taken, blank lines since
	for i := 1; i < len(lines); i++ {
		l := lines[i]
		if l.Empty() {
			gap++
			continue
		}
		width := indent(l.Text)
		if l.Form == Marker || width <= outer && (gap > 0 || l.Form != Plain || IsBullet(l) || IsRow(l) || IsRemark(lines[i:])) {
			break
		}
		if b := bullet.FindStringSubmatch(l.Text); b != nil && l.Form == Plain && (inner < 0 || width < inner+2) {
			inner = width
			it.Fields = append(it.Fields, RawField{Line: l.N, Text: strings.TrimRight(b[4], " \t\r")})
		} else {
			it.add(lines[i-gap:i+1], inner)
		}
		n, gap = i+1, 0
	}
	it.Raw = lines[:n]
	it.cutID()
	return it, n
}

// add adds the last of lines, which is no bullet of its own, and the blank lines
// before it to whatever it belongs to.
func (it *Item) add(lines []Line, inner int) {
	last := lines[len(lines)-1]
	switch k := len(it.Fields) - 1; {
	case k >= 0 && (indent(last.Text) >= inner+2 || len(lines) == 1):
		for _, l := range lines {
			it.Fields[k].Rest = append(it.Fields[k].Rest, dedent(l.Text, inner+2))
		}
	case k < 0 && len(lines) == 1 && len(it.Loose) == 0 && last.Form == Plain:
		it.wrapped = append(it.wrapped, strings.Trim(last.Text, " \t\r"))
	default:
		for _, l := range lines {
			it.Loose = append(it.Loose, dedent(l.Text, 2))
		}
	}
}

// cutID takes the id off the headline. Comments for the lint may follow it.
func (it *Item) cutID() {
	it.Text = strings.Trim(strings.Join(append([]string{it.Text}, it.wrapped...), " "), " \t\r")
	it.wrapped = nil
	after := remark.FindString(it.Text)
	m := idMark.FindStringSubmatch(strings.TrimSuffix(it.Text, after))
	if m == nil {
		return
	}
	it.Text, it.Mark, it.ID, it.Attrs = Join(m[1], strings.TrimSpace(after), " "), m[2], m[3], strings.TrimSpace(m[4])
	if s, ok := unquote(it.ID); ok {
		it.ID = s
	}
}

// WriteID writes the id that ends a headline, with words about the record.
func WriteID(mark, id, attrs string) string {
	if !bareID.MatchString(id) {
		id = strings.ReplaceAll(Quote(id), "-", `\u002d`)
	}
	return " <!-- " + mark + ":" + Join(id, attrs, " ") + " -->"
}

// Numbered reports whether the item belongs to a numbered list.
func (it Item) Numbered() bool {
	c := strings.TrimLeft(it.first(), " \t")[0]
	return '0' <= c && c <= '9'
}

// Whole returns the item's first line with the id, if any.
func (it Item) Whole() string { return bullet.FindStringSubmatch(it.first())[4] }

// first returns the line on which the item begins, after a comment before it.
func (it Item) first() string {
	if isRemark(it.Raw[0]) {
		return it.Raw[1].Text
	}
	return it.Raw[0].Text
}

// Is reports whether the item can be a record with a mark: it has that mark, or
// none and a headline.
func (it Item) Is(mark string) bool { return it.Mark == mark || it.Mark == "" && it.Text != "" }
