package fact

import (
	"slices"

	"github.com/hindcast/hindcast"
)

// WithoutDeleted takes out of events those that tell that a message was deleted, by
// the id of the message; of several the first.
func WithoutDeleted(events []hindcast.Event) (rest []hindcast.Event, deleted map[string]hindcast.Event) {
	of := func(e hindcast.Event) bool { return e.Kind == hindcast.MessageDeleted }
	if !slices.ContainsFunc(events, of) {
		return events, nil
	}
	deleted = map[string]hindcast.Event{}
	for _, e := range events {
		if !of(e) {
			rest = append(rest, e)
		} else if first, ok := deleted[e.ID]; !ok || e.At.Before(first.At) {
			deleted[e.ID] = e
		}
	}
	return rest, deleted
}
