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
// entry says that responders could not know then.
type leak struct{}

func newLeak(Rule, word.Lists) checker { return leak{} }

func (leak) check(d *document) []hit {
	titles := map[string]string{}
	for _, e := range d.context.Timeline {
		titles[e.ID] = e.Title
	}
	var out []hit
	n := 0
	for _, e := range d.context.Timeline {
		if e.Decision == nil || len(e.Decision.NotKnown) == 0 {
			continue
		}
		if n++; n > mostDecisions {
			break
		}
		out = append(out, leaksOf(d, e, titles)...)
	}
	return out
}

// mostDecisions is how many decisions of a document are looked at, and how many
// entries that each could not know.
const mostDecisions = 100

// leaksOf looks for what was not known wherever a decision is told.
func leaksOf(d *document, e hindcast.Entry, titles map[string]string) []hit {
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
		out = append(out, leaks(d, p, e, titles)...)
	}
	return out
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
func leaks(d *document, at *passage, e hindcast.Entry, titles map[string]string) []hit {
	var out []hit
	for i := range d.passages {
		p := &d.passages[i]
		if p.block != at.block && !(at.block.List > 0 && p.block.List == at.block.List && p.block.Item == at.block.Item) {
			continue
		}
		for _, id := range e.Decision.NotKnown[:min(len(e.Decision.NotKnown), mostDecisions)] {
			if w := content(titles[id]); len(w) > 1 && mostly(p.Text[p.Start():p.End()], w) {
				h := p.hitAt(0, len(p.Tokens)-1)
				h.message = "this decision is told with what became known only later: " + titles[id]
				out = append(out, h)
			}
		}
	}
	return out
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
