// Package sheet makes pages of stretches that are rendered once and shown to many,
// and of slots between them that are filled for each request.
//
// A stretch, a [Sheet], follows from what a key holds and from nothing else. It is
// compressed and kept in memory and, for what is published, in the store; to show
// the page only its slots are rendered. A [Keeper] does that.
package sheet

import (
	"bytes"
	"context"
	"crypto/rand"

	"github.com/a-h/templ"
)

// Slot is a place on a page for what does not follow from the document alone: from
// who looks, from who takes part, from other post-mortems, or from the time.
type Slot string

// Sheet is a stretch of a page that follows from the document alone, and the slot
// after it; the last has none.
type Sheet struct {
	HTML []byte
	Next Slot
}

// Mark stands in the place of slots on a page that is divided there. No text of a
// document holds it.
type Mark string

// Slot leaves a mark where a slot stands.
func (m Mark) Slot(s Slot) templ.Component { return templ.Raw(string(m) + string(s) + "\x00") }

// Divide renders a page and returns what stands between its slots. The page shows
// the mark's slots in place of its own.
func Divide(ctx context.Context, page func(Mark) templ.Component) ([]Sheet, error) {
	mark := Mark("\x00" + rand.Text())
	var b bytes.Buffer
	if err := page(mark).Render(ctx, &b); err != nil {
		return nil, err
	}
	var out []Sheet
	for rest := b.Bytes(); ; {
		before, after, found := bytes.Cut(rest, []byte(mark))
		if !found {
			return append(out, Sheet{HTML: before}), nil
		}
		slot, after, _ := bytes.Cut(after, []byte("\x00"))
		out = append(out, Sheet{before, Slot(slot)})
		rest = after
	}
}
