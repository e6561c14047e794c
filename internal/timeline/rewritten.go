package timeline

import (
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
)

// rewritten says in what words a message was changed in the chat after the evidence
// was taken that the entry rests on, and that it was deleted there. What was read
// first stays the entry's title: it is what people could read then.
func (b *builder) rewritten(f *fact.Fact) []string {
	var out []string
	first := f.First()
	if first.Kind != hindcast.Message || first.ID == "" {
		return nil
	}
	before, later := first.Text, slices.Clone(f.Events[1:])
	slices.SortStableFunc(later, func(x, y hindcast.Event) int { return strings.Compare(x.Attrs["edited"], y.Attrs["edited"]) })
	for _, e := range later {
		at, ok := editedAt(e)
		if ok && e.ID == first.ID && e.Text != before {
			before = e.Text
			out = append(out, hindcast.ChangedInChat(at, fact.Shorten(oneLine(e.Text), maxTitle)))
		}
	}
	if e, ok := b.deleted[first.ID]; ok {
		out = append(out, hindcast.DeletedInChat(e.At))
	}
	return out
}

// editedAt returns when a message was edited, if it was.
func editedAt(e hindcast.Event) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339Nano, e.Attrs["edited"])
	return at, err == nil
}
