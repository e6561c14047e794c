// Package title words the entries of a timeline.
package title

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

const (
	maxTitle  = 140 // runes
	maxDetail = 600
)

// Context is what the words of an entry depend on beside its fact.
type Context struct {
	Kind    hindcast.EntryKind
	Deleted map[string]hindcast.Event // messages that were deleted, by their id
	Beside  []*fact.Fact              // the symptoms that began together with it
}

// Of makes the title of an entry from the source's words, and a detail of what the other
// sources add, each in one line.
func Of(f *fact.Fact, c Context) (title, detail string) {
	title = f.Title
	switch {
	case f.Class == fact.Said && f.Speech.Act == speech.Taken:
		title = "Acknowledged: " + title
	case f.Class == fact.Remembered:
		title = "From memory: " + title
	case f.Class == fact.Paged || f.Class == fact.Fired:
		if f.Number != "" && !strings.Contains(title, f.Number) {
			title += " (#" + f.Number + ")"
		}
	case f.Class == fact.Closed:
		title = closing(f)
	}
	if f.Count > 1 && c.Kind == hindcast.Symptom {
		title += fmt.Sprintf(" (%d times)", f.Count)
	}
	seen := append([]string{title}, f.Rewritten(c.Deleted, maxTitle)...)
	for _, w := range others(f, c.Beside) {
		if w = OneLine(w); w == "" || slices.ContainsFunc(seen, func(s string) bool { return strings.Contains(s, w) }) {
			continue
		}
		seen = append(seen, w)
	}
	return fact.Shorten(OneLine(title), maxTitle), fact.Shorten(strings.Join(seen[1:], " | "), maxDetail)
}

// closing words the end of a page by what the person said when closing it.
func closing(f *fact.Fact) string {
	for _, e := range f.Events {
		if e.Kind == hindcast.Message && e.Actor.Kind == hindcast.Person {
			return strings.TrimSuffix(f.Title, ".") + ": " + e.Title
		}
	}
	return f.Title
}

// others returns the words that the title does not use.
func others(f *fact.Fact, beside []*fact.Fact) []string {
	var out []string
	for _, e := range f.Events {
		if link := e.Attrs["compare"]; e.Kind == hindcast.Deploy && link != "" {
			out = append(out, "what changed: "+link)
			break
		}
	}
	for i, e := range f.Events {
		if i > 0 || e.Title != f.Title {
			out = append(out, e.Title)
		}
		if e.Kind != hindcast.Message {
			out = append(out, e.Text)
		}
		if len(out) > 12 {
			break
		}
	}
	if f.Sign != nil {
		out = append(out, f.Sign.Title)
	}
	for _, d := range f.Signs {
		out = append(out, d.Title)
	}
	for _, s := range beside {
		out = append(out, s.Title)
	}
	return out
}

// OneLine returns a text with a blank for every run of blanks and line breaks.
func OneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
