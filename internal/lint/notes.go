package lint

import (
	"bytes"
	"sort"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/markdown"
)

// Notes places comments in a document, beside what findings are about.
type Notes struct {
	source []byte
	blocks []markdown.Block
}

// NewNotes returns the places for comments in a source, whose findings are
// those of Document.
func NewNotes(source []byte) *Notes {
	return &Notes{source: source, blocks: markdown.Parse(source).Blocks}
}

// Ignore returns the change that begins to silence a finding: the comment that
// suppresses its rule there, with brackets where the writer has to say why. The
// finding stays until that is said. It is false where no comment would help.
func (n *Notes) Ignore(f hindcast.Finding) (hindcast.Edit, bool) {
	if f.Rule == ignoreRule {
		return hindcast.Edit{}, false
	}
	return n.Beside(f, "lint-ignore "+f.Rule+": "+askedReason)
}

// askedReason stands where the reason of a suppression is still to be written.
const askedReason = "[why is this fine?]"

// Beside returns the change that puts a comment beside a finding: on the line
// before its paragraph or heading, or at the end of its list item or table cell.
// It is false for a finding that stands in none of them.
func (n *Notes) Beside(f hindcast.Finding, text string) (hindcast.Edit, bool) {
	i, ok := n.holding(f)
	if !ok {
		return hindcast.Edit{}, false
	}
	text = "<!-- " + harmless(text) + " -->"
	b := &n.blocks[i]
	switch b.Kind {
	case markdown.Item:
		at := n.lineEnd(b.End)
		return hindcast.Edit{Start: at, End: at, Text: " " + text}, true
	case markdown.Cell, markdown.Header:
		at := n.cellEnd(b.End)
		return hindcast.Edit{Start: at, End: at, Text: " " + strings.ReplaceAll(text, "|", `\|`)}, true
	}
	at := bytes.LastIndexByte(n.source[:b.Start], '\n') + 1
	indent := n.source[at:b.Start]
	indent = indent[:len(indent)-len(bytes.TrimLeft(indent, " "))]
	return hindcast.Edit{Start: at, End: at, Text: string(indent) + text + "\n"}, true
}

// holding returns the block that a finding begins in.
func (n *Notes) holding(f hindcast.Finding) (int, bool) {
	i := sort.Search(len(n.blocks), func(i int) bool { return n.blocks[i].End > f.Start })
	return i, i < len(n.blocks) && n.blocks[i].Start <= f.Start
}

// Complete returns the change that adds the fields that an action lacks below
// it, with brackets for their values. It is false for other findings, for actions
// that stand in no list, and where one of the fields stands already, unanswered.
func (n *Notes) Complete(f hindcast.Finding) (hindcast.Edit, bool) {
	i, ok := n.holding(f)
	if f.Rule != incompleteRule || len(f.Suggestions) == 0 || !ok || n.blocks[i].Kind != markdown.Item {
		return hindcast.Edit{}, false
	}
	fields := strings.Split(strings.TrimPrefix(f.Suggestions[0], addFields), fieldSeparator)
	for k := i; k < len(n.blocks) && n.blocks[k].List == n.blocks[i].List && n.blocks[k].Item == n.blocks[i].Item; k++ {
		for _, x := range fields {
			label, _, _ := strings.Cut(x, ":")
			if strings.Contains(strings.ToLower(n.blocks[k].Text), strings.ToLower(label)+":") {
				return hindcast.Edit{}, false
			}
		}
	}
	b := &n.blocks[i]
	line, rest, _ := bytes.Cut(n.source[b.End:], []byte("\n"))
	bare := bytes.TrimSuffix(line, []byte("\r"))
	indent, at := n.below(b, rest), b.End+len(bare)
	var text strings.Builder
	for _, x := range fields {
		text.WriteString(string(line[len(bare):]) + "\n" + indent + "- " + x)
	}
	return hindcast.Edit{Start: at, End: at, Text: text.String()}, true
}

// nested is the beginning of an item in a list below another.
var nested = lazyregexp.New(`^([ \t]+)[-*+][ \t]`)

// below returns what the items of a list below an item are indented with: as
// those there are, else as the text of the item.
func (n *Notes) below(b *markdown.Block, rest []byte) string {
	start := bytes.LastIndexByte(n.source[:b.Start], '\n') + 1
	marker := listMarker.Find(n.source[start:b.Start])
	if m := nested.FindSubmatch(rest); m != nil && len(m[1]) >= len(marker) {
		return string(m[1])
	}
	return strings.Repeat(" ", len(marker))
}

// listMarker is what stands before the text of an item.
var listMarker = lazyregexp.New(`^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]`)

// harmless returns text that can stand in a comment within a paragraph.
func harmless(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	return strings.NewReplacer("--", "- -", "`", "'").Replace(text)
}

// identity is the mark at the end of a line by which the document format knows
// an item; it stays last.
var identity = lazyregexp.New(`<!-- [a-z]:(?:"(?:[^"\\]|\\.)*"|[^\s"]+)(?: [a-z0-9=.+-]+)* -->$`)

// lineEnd returns the end of the text of the line that holds the byte at.
func (n *Notes) lineEnd(at int) int {
	line, _, _ := bytes.Cut(n.source[at:], []byte("\n"))
	line = bytes.TrimRight(line, " \t\r")
	if mark := identity.FindIndex(line); mark != nil {
		line = line[:mark[0]]
	}
	return len(bytes.TrimRight(n.source[:at+len(line)], " \t\r"))
}

// cellEnd returns the end of the text of the cell that holds the byte at.
func (n *Notes) cellEnd(at int) int {
	end := at
	for end < len(n.source) && n.source[end] != '\n' && n.source[end] != '|' {
		if n.source[end] == '\\' {
			end++
		}
		end++
	}
	return at + len(bytes.TrimRight(n.source[at:min(end, len(n.source))], " \t\r"))
}
