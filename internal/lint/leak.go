package lint

import (
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/section"
	"github.com/hindcast/hindcast/internal/lint/sentence"
	"github.com/hindcast/hindcast/internal/lint/word"
)

// leak finds decisions that are told with what became known only later: the
// sentence that tells a decision, or one in the same paragraph, says what an
// entry says that responders could not know then, or the decision cites such an
// entry as known.
type leak struct{}

func newLeak(Rule, word.Lists) checker { return leak{} }

func (leak) check(d *document) []hit {
	entries := map[string]hindcast.Entry{}
	for _, e := range d.context.Timeline {
		entries[e.ID] = e
	}
	var out []hit
	n := 0
	for _, e := range d.context.Timeline {
		if e.Decision == nil {
			continue
		}
		early := tooEarly(e, entries)
		if len(early) == 0 && len(e.Decision.NotKnown) == 0 {
			continue
		}
		if n++; n > mostDecisions {
			break
		}
		out = append(out, leaksOf(d, e, early, entries)...)
	}
	return out
}

// mostDecisions is how many decisions of a document are looked at, and how many
// entries that each could not know.
const mostDecisions = 100

// tooEarly returns the entries that a decision cites as known although they
// became known after it.
func tooEarly(e hindcast.Entry, entries map[string]hindcast.Entry) []hindcast.Entry {
	var out []hindcast.Entry
	for _, id := range e.Decision.Known[:min(len(e.Decision.Known), mostDecisions)] {
		if x, ok := entries[id]; ok && !x.KnownAt.IsZero() && !e.At.IsZero() && !x.KnownBy(e.At) {
			out = append(out, x)
		}
	}
	return out
}

// leaksOf looks for what was not known wherever a decision is told. early are the
// entries that it cites and could not know.
func leaksOf(d *document, e hindcast.Entry, early []hindcast.Entry, entries map[string]hindcast.Entry) []hit {
	title, question := content(e.Title), content(e.Decision.Question)
	told := map[[3]int]bool{} // lists with their items, other blocks by where they begin
	var out []hit
	for i := range d.passages {
		p := &d.passages[i]
		at := [3]int{p.block.List, p.block.Item, 0}
		if p.block.List == 0 {
			at[2] = p.block.Start
		}
		if told[at] || afterwards(p.section) || !mostly(p.block.Text, title) && (len(question) < 2 || !mostly(p.block.Text, question)) {
			continue
		}
		told[at] = true
		out = append(out, leaks(d, p, e, entries)...)
		out = append(out, cited(d, p, early)...)
	}
	return out
}

// cited finds where the record of a decision cites entries as known that became
// known later.
func cited(d *document, at *passage, early []hindcast.Entry) []hit {
	if at.block.List == 0 {
		return nil
	}
	var out []hit
	blocks, field := d.md.Blocks, ""
	for i := range blocks {
		b := &blocks[i]
		if b.List != at.block.List || b.Item != at.block.Item || b.Level < 2 {
			continue
		}
		if b.Level == 2 {
			field, _, _ = strings.Cut(b.Text, ":")
		}
		if !strings.EqualFold(field, "Known then") {
			continue
		}
		end := len(d.source)
		if i+1 < len(blocks) {
			end = blocks[i+1].Start
		}
		for _, x := range early {
			if d.names(x.ID, b.Start, end) {
				out = append(out, hit{start: b.Start, end: b.End, section: at.section,
					message: "this became known only at " + x.KnownAt.Format("15:04:05") + ", after the decision: " + x.Title})
			}
		}
	}
	return out
}

// names reports whether a comment between two bytes of the source gives the id of
// an entry.
func (d *document) names(id string, start, end int) bool {
	for _, c := range d.md.Comments {
		if c.Start >= start && c.Start < end && (c.Text == "e:"+id || strings.HasPrefix(c.Text, "e:"+id+" ")) {
			return true
		}
	}
	return false
}

// afterwards reports whether a section says what is known now.
func afterwards(kind hindcast.SectionKind) bool {
	switch kind {
	case hindcast.SectionRootCauses, hindcast.SectionContributing, hindcast.SectionWentWell, hindcast.SectionWentPoorly, hindcast.SectionActions, section.Lessons:
		return true
	}
	return false
}

// leaks looks for what was not known in the block of a decision.
func leaks(d *document, at *passage, e hindcast.Entry, entries map[string]hindcast.Entry) []hit {
	var out []hit
	for i := range d.passages {
		p := &d.passages[i]
		if p.block != at.block && !(at.block.List > 0 && p.block.List == at.block.List && p.block.Item == at.block.Item) {
			continue
		}
		for _, id := range e.Decision.NotKnown[:min(len(e.Decision.NotKnown), mostDecisions)] {
			if title := entries[id].Title; says(p.Text[p.Start():p.End()], title) {
				h := p.hitAt(0, len(p.Tokens)-1)
				h.message = "this decision is told with what became known only later: " + title
				out = append(out, h)
			}
		}
	}
	return out
}

// says reports whether a text says what a title says, or what stands before its
// colon, as the message of a program does.
func says(text, title string) bool {
	if w := content(title); len(w) > 1 && mostly(text, w) {
		return true
	}
	head, _, ok := strings.Cut(title, ": ")
	w := content(head)
	return ok && len(w) > 2 && mostly(text, w)
}

// content returns the words of a title that mean something.
func content(title string) []string {
	var out []string
	for _, s := range sentence.Split(title) {
		for _, t := range s.Tokens {
			if len(t.Norm) > 3 && t.Kind != sentence.Mark {
				out = append(out, t.Norm)
			}
		}
	}
	return out
}

// mostly reports whether a text has two thirds of the words.
func mostly(text string, words []string) bool {
	lower, n := strings.ToLower(text), 0
	for _, w := range words {
		if strings.Contains(lower, w) {
			n++
		}
	}
	return len(words) > 0 && 3*n >= 2*len(words)
}
