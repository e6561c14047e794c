package syntax

import (
	"strconv"
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// Form says what a line is before anything is known about where it stands.
type Form uint8

// The forms of a line.
const (
	Plain    Form = iota
	Heading       // Level and Title are set
	Verbatim      // in a code fence, a comment or a prose block: never structure
	Marker        // begins or ends a prose block
	Rule          // underlines the heading on the line before
)

// Line is one line of Markdown.
type Line struct {
	N     int // from 1
	Text  string
	Form  Form
	Level int    // of a heading, from 1
	Title string // of a heading, without its marks
}

// Empty reports whether the line is blank and outside any block.
func (l Line) Empty() bool { return l.Form == Plain && Blank(l.Text) }

var (
	underline   = lazyregexp.New(`^ {0,3}(=+|-{2,})[ \t\r]*$`)
	fence       = lazyregexp.New("^ {0,3}(`{3,}|~{3,})[^`]*$")
	proseMarker = lazyregexp.New(`^<!-- prose( \d+)? -->$`)
)

// Scanner tells structure from what only looks like it.
type Scanner struct {
	// IsHeading says whether a text that is underlined is a heading. Headings
	// with # in front always are.
	IsHeading func(title string) bool
	// Unclosed is called, when set, for each block that is never closed; it is
	// read as if it did not begin.
	Unclosed func(line int, what string)
}

// blocks finds where blocks end, in one pass over a text.
type blocks struct {
	texts        []string
	proseEnds    map[string]int  // last line of each text that closes a prose block
	commentEnd   int             // last line on which a comment is closed
	neverClosing map[string]bool // fences that no later line closes
}

// Scan reads lines; first is the number of the first.
func (s Scanner) Scan(texts []string, first int) []Line {
	b := blocks{texts: texts, proseEnds: map[string]int{}, commentEnd: -1, neverClosing: map[string]bool{}}
	lines := make([]Line, len(texts))
	for i, t := range texts {
		lines[i] = Line{N: first + i, Text: t}
		if strings.HasPrefix(t, "<!-- /prose") {
			b.proseEnds[t] = i
		}
		if strings.Contains(t, "-->") {
			b.commentEnd = i
		}
	}
	for i := 0; i < len(lines); i++ {
		end, what := b.end(i)
		switch {
		case end > i:
			for k := i; k <= end; k++ {
				lines[k].Form = Verbatim
			}
			if what == proseBlock {
				lines[i].Form, lines[end].Form = Marker, Marker
			}
			i = end
		case end == i:
			s.heading(lines, i)
		case s.Unclosed != nil:
			s.Unclosed(lines[i].N, what)
		}
	}
	return lines
}

const proseBlock = "prose block"

// end returns the last line of the block that begins on line i: i itself when
// none begins there, -1 when it is never closed.
func (b *blocks) end(i int) (end int, what string) {
	t := b.texts[i]
	if m := proseMarker.FindStringSubmatch(t); m != nil {
		closing := proseClose(m[1])
		return b.find(i, b.proseEnds[closing] > i, func(t string) bool { return t == closing }), proseBlock
	}
	if m := fence.FindStringSubmatch(t); m != nil {
		end := b.find(i, !b.neverClosing[m[1]], func(t string) bool { return closesFence(t, m[1]) })
		b.neverClosing[m[1]] = end < 0
		return end, "code fence"
	}
	if u := strings.TrimLeft(t, " "); len(t)-len(u) <= 3 && strings.HasPrefix(u, "<!--") && !strings.Contains(u, "-->") {
		return b.find(i, b.commentEnd > i, func(t string) bool { return strings.Contains(t, "-->") }), "comment"
	}
	return i, ""
}

// find returns the first line after i that closes a block; -1 when none does,
// which there says beforehand where it is known.
func (b *blocks) find(i int, there bool, closes func(string) bool) int {
	for k := i + 1; there && k < len(b.texts); k++ {
		if closes(b.texts[k]) {
			return k
		}
	}
	return -1
}

func closesFence(t, opening string) bool {
	t = strings.TrimRight(t, " \t\r")
	body := strings.TrimLeft(t, " ")
	return len(t)-len(body) <= 3 && len(body) >= len(opening) && strings.Trim(body, opening[:1]) == ""
}

// heading marks line i when it is a heading or underlines one.
func (s Scanner) heading(lines []Line, i int) {
	if level, title := ReadHeading(lines[i].Text); level > 0 {
		lines[i].Form, lines[i].Level, lines[i].Title = Heading, level, title
		return
	}
	if i == 0 || lines[i-1].Form != Plain || i > 1 && lines[i-2].Form == Plain && !Blank(lines[i-2].Text) {
		return
	}
	title := strings.Trim(lines[i-1].Text, " \t\r")
	m := underline.FindStringSubmatch(lines[i].Text)
	if m == nil || title == "" || s.IsHeading == nil || !s.IsHeading(title) {
		return
	}
	lines[i].Form = Rule
	lines[i-1].Form, lines[i-1].Title, lines[i-1].Level = Heading, title, 2
	if m[1][0] == '=' {
		lines[i-1].Level = 1
	}
}

// ReadHeading reads "## Title ##"; level 0 when t is no heading.
func ReadHeading(t string) (level int, title string) {
	body := strings.TrimLeft(t, " ")
	rest := strings.TrimLeft(body, "#")
	level = len(body) - len(rest)
	if len(t)-len(body) > 3 || level == 0 || level > 6 || rest != "" && rest[0] != ' ' && rest[0] != '\t' {
		return 0, ""
	}
	title = strings.Trim(rest, " \t\r")
	if open := strings.TrimRight(title, "#"); open == "" || strings.HasSuffix(open, " ") {
		title = strings.TrimRight(open, " \t")
	}
	return level, title
}

// WriteProse writes free text so that nothing in it is taken for structure: as
// it is when reads says that it reads back, else between markers that a reader
// does not see.
func WriteProse(text string, reads func(string) bool) string {
	if reads(text) {
		return text
	}
	for n := 1; ; n++ {
		tag := ""
		if n > 1 {
			tag = " " + strconv.Itoa(n)
		}
		if !strings.Contains("\n"+text+"\n", "\n"+proseClose(tag)+"\n") {
			return proseOpen(tag) + "\n" + text + "\n" + proseClose(tag)
		}
	}
}

func proseOpen(tag string) string  { return "<!-- prose" + tag + " -->" }
func proseClose(tag string) string { return "<!-- /prose" + tag + " -->" }

// ReadProse joins runs of free text, each without the blank lines around it and
// without markers.
func ReadProse(runs ...[]Line) string {
	var out []string
	for _, lines := range runs {
		for len(lines) > 0 && lines[0].Empty() {
			lines = lines[1:]
		}
		for n := len(lines); n > 0 && lines[n-1].Empty(); n = len(lines) {
			lines = lines[:n-1]
		}
		var texts []string
		for _, l := range lines {
			if l.Form != Marker {
				texts = append(texts, l.Text)
			}
		}
		if len(texts) > 0 {
			out = append(out, strings.Join(texts, "\n"))
		}
	}
	return strings.Join(out, "\n\n")
}
