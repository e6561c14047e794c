package gate

import (
	"bytes"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/section"
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

var placeholder = regexp.MustCompile(`(?i)^(?:\W*|\W*(?:tbd|tba|todo|n/a|none|fill (?:this|me) in|to be (?:determined|added|written|completed))\W*|\[[^\]]*\]|<[^>]*>|_[^_]*\?_|\.{3}|…)$`)

// longestBlank is how long a text can be that says nothing.
const longestBlank = 200

func blank(s string) bool {
	return len(s) <= longestBlank && placeholder.MatchString(strings.TrimSpace(s))
}

// raw returns the source of some sections, with the code and the pictures that
// blocks leave out.
func (f *foreign) raw(kinds ...hindcast.SectionKind) []byte {
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
	return out
}

// row is one line of a timeline.
type row struct {
	start, end int      // bytes of the source
	text       []string // its first part, and what follows
	proof      string   // what stands in the column for evidence
}

// moment is a time, a day, or a time since the beginning.
const (
	month  = `(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*`
	moment = `(?:\d{1,2}[:h.]\d{2}(?::\d{2})?|\d{1,2} ?[ap]\.?m\b` +
		`|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?\b|` + month + `\.? \d{1,2}|\d{1,2}(?:st|nd|rd|th)? (?:of )?` + month +
		`|day \d+|t ?[+-] ?\d+|~?\d+ ?(?:min|minutes|h|hours|s|seconds)\b)`
)

var (
	anyMoment = regexp.MustCompile(`(?i)` + moment)
	leads     = regexp.MustCompile(`(?i)^[^\pL\pN]{0,6}(?:(?:on|at|around|approx(?:imately)?|about|circa|ca|from|by|mon|tue|wed|thu|fri|sat|sun)[a-z]*[., ]+){0,2}[^\pL\pN]{0,4}` + moment)
	dateLine  = regexp.MustCompile(`(?i)^[^\pL\pN]*` + moment + `(?:st|nd|rd|th)?(?:[ ,]+\d{4})?[^\pL\pN]*(?:(?:all )?times?\b[^\n]{0,40}|utc|gmt)?[^\pL\pN]*$`)
	clock     = regexp.MustCompile(`(?i)^[^\pL\pN]{0,6}(?:\d{4}-\d{2}-\d{2}[T ]+)?\d{1,2}[:h]\d{2}`)
)

// onlyDates reports whether a row names the day of those that follow, or the zone
// of their times, and nothing else.
func (r row) onlyDates() bool { return len(r.text) == 1 && dateLine.MatchString(r.text[0]) }

// rows returns the lines of the timeline: whatever begins with a time, with what
// follows until the next. Where nothing begins with one, what names a time
// anywhere counts.
func (f *foreign) rows() []row {
	blocks := f.section(hindcast.SectionTimeline)
	if out := slices.DeleteFunc(begun(blocks, leads), row.onlyDates); len(out) > 0 {
		return out
	}
	if out := begun(blocks, anyMoment); len(out) > 0 {
		return out
	}
	if out := begun(joinCells(f.md.Blocks, nil), clock); len(out) >= 3 {
		return out
	}
	return nil
}

// section returns the blocks of a section, the cells of a row as one.
func (f *foreign) section(kind hindcast.SectionKind) []row {
	return joinCells(f.md.Blocks, func(i int) bool { return f.kinds[i] == kind })
}

// proofColumn matches the heading of a column for evidence.
var proofColumn = regexp.MustCompile(`(?i)\b(?:evidence|proofs?|sources?|data|links?|references?|logs?|screenshots?|metrics?|graphs?)\b`)

func joinCells(blocks []markdown.Block, keep func(int) bool) []row {
	var out []row
	last := -1              // block of the last row
	proof := [2]int{-1, -1} // a table and its column for evidence
	for i := range blocks {
		b := &blocks[i]
		if b.Kind == markdown.Header && proofColumn.MatchString(b.Text) {
			proof = [2]int{b.List, b.Col}
		}
		if keep != nil && !keep(i) || b.Kind == markdown.Header {
			continue
		}
		if b.Kind == markdown.Cell && b.Col > 0 && proof == [2]int{b.List, b.Col} && len(out) > 0 {
			if r := &out[len(out)-1]; !blank(b.Text) {
				r.proof, r.end = b.Text, b.End
			}
			continue
		}
		if last >= 0 && b.Kind == markdown.Cell && blocks[last].Kind == markdown.Cell && blocks[last].List == b.List && blocks[last].Item == b.Item {
			r := &out[len(out)-1]
			r.text, r.end = append(r.text, b.Text), b.End
		} else {
			out = append(out, byLines(b)...)
		}
		last = i
	}
	return out
}

// byLines returns a block as one row, or as one for each of its lines when more
// than one begins with a time.
func byLines(b *markdown.Block) []row {
	var out []row
	at, timed := 0, 0
	for line := range strings.Lines(b.Text) {
		start, end := b.Span(at, at+len(strings.TrimRight(line, "\n")))
		out = append(out, row{start: start, end: max(start, end), text: []string{strings.TrimRight(line, "\n")}})
		if at += len(line); clock.MatchString(line) {
			timed++
		}
	}
	if timed < 2 {
		return []row{{start: b.Start, end: b.End, text: []string{b.Text}}}
	}
	return out
}

// firstCells is how many cells of a row may hold its time.
const firstCells = 3

// begun joins rows to those that begin as a pattern says.
func begun(rows []row, begins *regexp.Regexp) []row {
	var out []row
	for _, r := range rows {
		switch {
		case slices.ContainsFunc(r.text[:min(len(r.text), firstCells)], begins.MatchString):
			out = append(out, r)
		case len(out) > 0:
			last := &out[len(out)-1]
			last.text, last.end = append(last.text, r.text...), max(last.end, r.end)
		}
	}
	return out
}

// lines returns the whole lines on which a row stands.
func (f *foreign) lines(r row) []byte {
	start := bytes.LastIndexByte(f.source[:r.start], '\n') + 1
	if i := bytes.IndexByte(f.source[r.end:], '\n'); i >= 0 {
		return f.source[start : r.end+i]
	}
	return f.source[start:]
}

// linked reports whether a part of the source leads to evidence or shows it.
func linked(source []byte) bool {
	for _, mark := range []string{"](", "http://", "https://", "![", "<img", "```", "`"} {
		if bytes.Contains(source, []byte(mark)) {
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
