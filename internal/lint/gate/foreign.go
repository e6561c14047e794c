package gate

import (
	"slices"
	"sort"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/section"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/lint/action"
	"github.com/hindcast/hindcast/internal/lint/outline"
	"github.com/hindcast/hindcast/internal/markdown"
)

// foreign is a document from another template: its blocks, each with the section
// in which it stands.
type foreign struct {
	source   []byte
	md       *markdown.Document
	kinds    []hindcast.SectionKind // of the blocks
	heads    []bool                 // the block is a heading
	says     []bool                 // the block says something: no heading, no column's name, nothing left to be filled in
	headings []outline.Heading
}

func readForeign(source []byte) *foreign {
	f := &foreign{source: source, md: markdown.Parse(source)}
	var walk outline.Walk
	for i := range f.md.Blocks {
		b := &f.md.Blocks[i]
		h, ok := outline.HeadingOf(b)
		if ok {
			f.headings = append(f.headings, h)
		}
		f.kinds, f.heads = append(f.kinds, walk.Of(b)), append(f.heads, ok)
		f.says = append(f.says, !ok && b.Kind != markdown.Header && !blank(b.Text))
	}
	return f
}

// at returns the section in which a byte stands.
func (f *foreign) at(offset int) hindcast.SectionKind {
	i := sort.Search(len(f.md.Blocks), func(i int) bool { return f.md.Blocks[i].End > offset })
	if i == len(f.kinds) {
		return ""
	}
	return f.kinds[i]
}

// heading returns the first byte of the heading that names one of some sections,
// or of the first block that a label puts there; -1 when there is none.
func (f *foreign) heading(kinds ...hindcast.SectionKind) int {
	for _, h := range f.headings {
		if slices.Contains(kinds, h.Kind) {
			return h.Start
		}
	}
	for i, kind := range f.kinds {
		if slices.Contains(kinds, kind) {
			return f.md.Blocks[i].Start
		}
	}
	return -1
}

// tells reports whether one of some sections says something, itself or in
// sections below it.
func (f *foreign) tells(kinds ...hindcast.SectionKind) bool {
	level, next := 0, 0 // of the heading that the block stands below, 0 for none; the next of the headings
	for i, says := range f.says {
		if f.heads[i] {
			h := f.headings[next]
			next++
			if named := slices.Contains(kinds, h.Kind); level > 0 && h.Level <= level || named && level == 0 {
				level = 0
				if named {
					level = h.Level
				}
			}
		}
		if says && (level > 0 || slices.Contains(kinds, f.kinds[i])) {
			return true
		}
	}
	return false
}

var placeholder = lazyregexp.New(`(?i)^(?:\W*|\W*(?:tbd|tba|todo|n/a|none|fill (?:this|me) in|to be (?:determined|added|written|completed))\W*|\[[^\]]*\]|<[^>]*>|_[^_]*\?_|\.{3}|…)$`)

// longestBlank is how long a text can be that says nothing.
const longestBlank = 200

func blank(s string) bool {
	return len(s) <= longestBlank && placeholder.MatchString(strings.TrimSpace(s))
}

// raw returns the source of some sections, with the code and the pictures that
// blocks leave out.
func (f *foreign) raw(kinds ...hindcast.SectionKind) string {
	var out []byte
	for i := range f.md.Blocks {
		if !slices.Contains(kinds, f.kinds[i]) {
			continue
		}
		end := len(f.source)
		if i+1 < len(f.md.Blocks) {
			end = f.md.Blocks[i+1].Start
		}
		if start := f.md.Blocks[i].Start; start < end {
			out = append(out, f.source[start:end]...)
		}
	}
	return string(out)
}

// row is one line of a timeline.
type row struct {
	line  int    // where it begins
	text  string // what it says, without its evidence
	proof bool   // it names its evidence in a column or a field for that
}

// moment is a time, a day, or a time since the beginning.
const (
	month  = `(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*`
	moment = `(?:\d{1,2}[:h.]\d{2}(?::\d{2})?|\d{1,2} ?[ap]\.?m\b` +
		`|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?\b|` + month + `\.? \d{1,2}|\d{1,2}(?:st|nd|rd|th)? (?:of )?` + month +
		`|day \d+|t ?[+-] ?\d+|~?\d+ ?(?:min|minutes|h|hours|s|seconds)\b)`
)

var (
	anyMoment = lazyregexp.New(`(?i)` + moment)
	// proofLine matches what an entry keeps of a column for evidence.
	proofLine = lazyregexp.New(`(?im)^[^\n:]*\b(?:evidence|proofs?|sources?|data|links?|references?|logs?|screenshots?|metrics?|graphs?)\b[^\n:]*:[ \t]*\S[^\n]*`)
)

// rows returns the entries of the timeline. Where none has a time, the paragraphs
// of its section that name one anywhere count.
func (p *page) rows() []row {
	var out []row
	timed := false
	for i := range p.pm.Timeline {
		e := &p.pm.Timeline[i]
		timed = timed || !e.At.IsZero() || anyMoment.MatchString(e.Title)
		told := proofLine.ReplaceAllString(e.Detail, "")
		out = append(out, row{p.parsed.Line(path("timeline", i, "")), e.Title + "\n" + told, len(e.Evidence) > 0 || told != e.Detail})
	}
	if timed {
		return out
	}
	out = nil
	f := p.outline
	for i := range f.md.Blocks {
		if b := &f.md.Blocks[i]; f.kinds[i] == hindcast.SectionTimeline && !f.heads[i] && anyMoment.MatchString(b.Text) {
			out = append(out, row{line: p.line(b.Start), text: string(f.source[b.Start:b.End])})
		}
	}
	return out
}

// linked reports whether a part of the source leads to evidence or shows it.
func linked(source string) bool {
	for _, mark := range []string{"](", "http://", "https://", "![", "<img", "```", "`"} {
		if strings.Contains(source, mark) {
			return true
		}
	}
	return false
}

// actions returns the actions that describe something.
func (f *foreign) actions() []action.Item {
	return slices.DeleteFunc(action.Read(f.md, "", false), func(a action.Item) bool { return a.Titles() || blank(a.Text) })
}

// retold are the sections in which a document tells what happened.
var retold = []hindcast.SectionKind{hindcast.SectionSummary, section.Background, section.Detection, section.Resolution}
