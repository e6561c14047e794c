package fact

import (
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
)

// Rewritten says in what words, of so many bytes at most, a message was changed in the
// chat after the evidence was taken that it was first read from, and that it was deleted
// there. deleted are the deletions of messages by their ids. What was read first is what
// people could read then.
func (f *Fact) Rewritten(deleted map[string]hindcast.Event, longest int) []string {
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
			out = append(out, hindcast.ChangedInChat(at, Shorten(strings.Join(strings.Fields(e.Text), " "), longest)))
		}
	}
	if e, ok := deleted[first.ID]; ok {
		out = append(out, hindcast.DeletedInChat(e.At))
	}
	return out
}

// editedAt returns when a message was edited, if it was.
func editedAt(e hindcast.Event) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339Nano, e.Attrs["edited"])
	return at, err == nil
}
