package postmortem

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/picture"
)

// pictureWidth is the width of the picture that fits the page.
const pictureWidth = 728

// query is what a look is called in an address.
func (l Look) query() string {
	lanes := "actor"
	if l.ByService {
		lanes = "service"
	}
	return fmt.Sprintf("lanes=%s&zoom=%d", lanes, max(l.Zoom, 1))
}

// Picture draws the timeline of a post-mortem for its page.
func Picture(v *View) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		return picture.DrawTimeline(w, Drawn(v.Post), picture.Look{Width: pictureWidth * max(v.Look.Zoom, 1), ByService: v.Look.ByService, Within: true})
	})
}

// Drawn returns the timeline of a post-mortem as pictures draw it.
func Drawn(p *hindcast.Postmortem) hindcast.Timeline {
	return hindcast.Timeline{Incident: p.Incident.Phases, Entries: p.Timeline}
}

// known writes when an entry could be known, for scripts.
func known(e hindcast.Entry) string {
	if t := e.KnownAt; !t.IsZero() {
		return t.UTC().Format(time.RFC3339)
	}
	if e.At.IsZero() {
		return ""
	}
	return e.At.UTC().Format(time.RFC3339)
}
