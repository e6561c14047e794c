package export

import (
	"fmt"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/syntax"
)

// Learned is what there is to learn from a post-mortem, in the words of the document.
type Learned struct {
	Roots  []hindcast.Factor      // without which it would not have happened
	Helped []string               // what went well, and what made it shorter
	Harder []hindcast.Observation // what went poorly, and luck
	Done   []hindcast.ActionItem
}

// mostLearned is how much of each kind is shown first.
const mostLearned = 5

// Learn picks what there is to learn first. Nothing in it is made up: every line is
// a record of the document.
func Learn(p *hindcast.Postmortem) Learned {
	var l Learned
	for _, f := range p.Factors {
		switch {
		case f.RuledOutBy != "":
		case f.Tag == hindcast.Root:
			l.Roots = append(l.Roots, f)
		case f.Tag == hindcast.Mitigating || f.Tag == hindcast.Detecting:
			l.Helped = append(l.Helped, f.Description)
		}
	}
	for _, o := range p.Observations {
		if o.Kind == hindcast.WentWell {
			l.Helped = append(l.Helped, o.Text)
		} else {
			l.Harder = append(l.Harder, o)
		}
	}
	for _, a := range p.Actions {
		if a.Status != hindcast.ActionDeclined {
			l.Done = append(l.Done, a)
		}
	}
	l.Roots, l.Helped, l.Harder = first(l.Roots), first(l.Helped), first(l.Harder)
	return l
}

func first[T any](list []T) []T { return list[:min(len(list), mostLearned)] }

// Any reports whether there is anything.
func (l Learned) Any() bool { return len(l.Roots)+len(l.Helped)+len(l.Harder)+len(l.Done) > 0 }

// LearnTitle is the heading of what there is to learn.
const LearnTitle = "What to learn from this"

// markdown writes what there is to learn as a section.
func (l Learned) markdown() string {
	var b strings.Builder
	b.WriteString("\n## " + LearnTitle + "\n")
	list(&b, "Without this it would not have happened", l.Roots, func(f hindcast.Factor) string { return f.Description })
	list(&b, "What helped", l.Helped, func(s string) string { return s })
	list(&b, "What made it harder", l.Harder, func(o hindcast.Observation) string {
		if o.Kind == hindcast.Luck {
			return o.Text + " (luck: next time it may not be there)"
		}
		return o.Text
	})
	list(&b, "What is done about it", l.Done, func(a hindcast.ActionItem) string { return a.Description })
	return b.String()
}

func list[T any](b *strings.Builder, title string, items []T, text func(T) string) {
	if len(items) == 0 {
		return
	}
	fmt.Fprintf(b, "\n### %s\n\n", title)
	for _, x := range items {
		fmt.Fprintf(b, "- %s\n", syntax.WriteInline(strings.Join(strings.Fields(text(x)), " ")))
	}
}

// withLessons returns the text of a published post-mortem with what there is to
// learn before its first section. What is done alone has a section of its own: there
// is no more for who sees no causes.
func withLessons(text []byte, p *hindcast.Postmortem) []byte {
	l := Learn(p)
	if p.Status != hindcast.StatusPublished || len(l.Roots)+len(l.Helped)+len(l.Harder) == 0 {
		return text
	}
	at := strings.Index(string(text), "\n## ")
	if at < 0 {
		at = len(text)
	}
	return []byte(string(text[:at]) + l.markdown() + string(text[at:]))
}
