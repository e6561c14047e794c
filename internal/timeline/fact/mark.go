package fact

import (
	"time"

	"github.com/hindcast/hindcast"
)

// Mark returns what people marked a message as, for the post-mortem: "decision",
// "entry" by an emoji or a pin, or nothing.
func (f *Fact) Mark() string {
	out := ""
	for _, e := range f.Events {
		switch {
		case e.Kind != hindcast.Message:
		case e.Attrs["mark"] == "decision":
			return "decision"
		case e.Attrs["mark"] == "entry" || e.Attrs["pinned"] == "true":
			out = "entry"
		}
	}
	return out
}

// WrittenAbout returns when a message was written, in UTC, that tells of an earlier moment; zero
// for any other.
func (f *Fact) WrittenAbout() time.Time {
	t, err := time.Parse(time.RFC3339, f.First().Attrs["written"])
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
