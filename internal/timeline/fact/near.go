package fact

import (
	"slices"
	"time"

	"github.com/hindcast/hindcast"
)

// A chat export may hold months. When there are more messages than manyMessages,
// those farther than nearby from any page or alert are left aside.
const (
	manyMessages = 1500
	nearby       = 24 * time.Hour
)

// NearPages returns which events to read: all, but for messages far from any page or alert
// where there are very many.
func NearPages(events []hindcast.Event) func(hindcast.Event) bool {
	var pages []time.Time
	messages := 0
	for _, e := range events {
		switch e.Kind {
		case hindcast.Message:
			messages++
		case hindcast.PagerTriggered, hindcast.AlertFiring:
			pages = append(pages, e.At)
		}
	}
	return func(e hindcast.Event) bool {
		return e.Kind != hindcast.Message || messages <= manyMessages || len(pages) == 0 ||
			slices.ContainsFunc(pages, func(p time.Time) bool { return p.Sub(e.At).Abs() <= nearby })
	}
}
