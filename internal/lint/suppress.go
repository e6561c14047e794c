package lint

import (
	"bytes"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/markdown"
)

// ignoreRule is the name under which findings about suppressions themselves are
// reported. It cannot be suppressed.
const ignoreRule = "lint-ignore"

const ignoreWhy = "A finding that is silenced without a reason will puzzle the next reader, and one that is silenced for nothing hides the next one."

// suppression silences rules for a part of the source.
type suppression struct {
	rules      []string
	start, end int // of the part
	comment    int // where the comment stands
	length     int
	used       bool
}

// quiet holds the suppressions of a document.
type quiet struct {
	list []suppression
}

// suppressions reads the comments of a document that silence rules,
//
//	<!-- lint-ignore RULE[, RULE]: reason -->
//
// and reports those without a reason or with a rule that does not exist.
func suppressions(d *document, rules []Rule) (*quiet, []hindcast.Finding) {
	q := &quiet{}
	var findings []hindcast.Finding
	for _, c := range d.md.Comments {
		body, ok := strings.CutPrefix(c.Text, "lint-ignore")
		if !ok || body != "" && !strings.ContainsAny(body[:1], " \t\n:") {
			continue
		}
		names, reason, _ := strings.Cut(body, ":")
		list := strings.FieldsFunc(names, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' })
		problem := ""
		switch unknown := slices.IndexFunc(list, func(n string) bool { return !exists(rules, n) }); {
		case strings.TrimSpace(reason) == askedReason:
			problem = "write why this is fine in place of the brackets"
		case len(list) == 0 || strings.TrimSpace(reason) == "":
			problem = "say which rule is to be silent, and why: <!-- lint-ignore RULE: reason -->"
		case unknown >= 0:
			problem = fmt.Sprintf("there is no rule %q; 'hindcast lint --rules' lists them", list[unknown])
		}
		if problem != "" {
			findings = append(findings, ignoreFinding(d, c.Start, c.End, hindcast.FindingWarning, problem))
			continue
		}
		start, end := d.reach(c.Start, c.End)
		q.list = append(q.list, suppression{rules: list, start: start, end: end, comment: c.Start, length: c.End - c.Start})
	}
	slices.SortStableFunc(q.list, func(a, b suppression) int { return a.start - b.start })
	return q, findings
}

func exists(rules []Rule, name string) bool {
	return slices.ContainsFunc(rules, func(r Rule) bool { return r.Name == name })
}

func ignoreFinding(d *document, start, end int, level hindcast.FindingLevel, message string) hindcast.Finding {
	return hindcast.Finding{Rule: ignoreRule, Level: level, Start: start, End: end, Text: string(d.source[start:end]), Message: message, Why: ignoreWhy, Suggestions: []string{}}
}

// reach returns the part of the source that a comment is about: the paragraph,
// list item or table row that holds it, else the one that follows.
func (d *document) reach(start, end int) (from, to int) {
	blocks := d.md.Blocks
	i := sort.Search(len(blocks), func(i int) bool { return blocks[i].End > start })
	switch {
	case i < len(blocks) && blocks[i].Start < end:
	case i > 0 && (!bytes.Contains(d.source[blocks[i-1].End:start], []byte("\n")) || d.within(&blocks[i-1], start)):
		i--
	case i == len(blocks):
		return end, end
	}
	first, last := i, i
	same := func(k int) bool {
		return blocks[i].List > 0 && blocks[k].List == blocks[i].List && blocks[k].Item == blocks[i].Item
	}
	for first > 0 && same(first-1) {
		first--
	}
	for last+1 < len(blocks) && same(last+1) {
		last++
	}
	return blocks[first].Start, blocks[last].End
}

// within reports whether the byte at stands on a line of its own below the text of
// an item, and is indented as that is.
func (d *document) within(b *markdown.Block, at int) bool {
	column := func(i int) int { return i - bytes.LastIndexByte(d.source[:i], '\n') - 1 }
	between := d.source[b.End:at]
	return b.Kind == markdown.Item && bytes.Count(between, []byte("\n")) == 1 && column(at) >= column(b.Start) && len(bytes.TrimLeft(between, " \t\r\n")) == 0
}

// mostIgnores is how many suppressions of one paragraph are looked at.
const mostIgnores = 64

// covers reports whether a rule is silent at a byte of the source. All comments
// that say so are of use: each field of a record may have its own.
func (q *quiet) covers(rule string, at int) bool {
	silent := false
	last := sort.Search(len(q.list), func(i int) bool { return q.list[i].start > at })
	for i := last - 1; i >= max(0, last-mostIgnores); i-- {
		if s := &q.list[i]; at < s.end && slices.Contains(s.rules, rule) {
			s.used, silent = true, true
		}
	}
	return silent
}

// unused returns a note for each suppression that silenced nothing.
func (q *quiet) unused(d *document) []hindcast.Finding {
	var out []hindcast.Finding
	for _, s := range q.list {
		if !s.used {
			out = append(out, ignoreFinding(d, s.comment, s.comment+s.length, hindcast.FindingNote, "this silences nothing here; take it out"))
		}
	}
	return out
}
