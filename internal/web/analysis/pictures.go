package analysis

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"sync"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast/internal/picture"
)

// wide is the width of a picture that nobody asked for in another.
const wide = 1200

// drawings keep the pictures that were drawn last. The zero value is ready.
type drawings struct {
	mu   sync.Mutex
	list map[string][]byte
}

// maxDrawings is how many are kept.
const maxDrawings = 64

// get returns the picture of a view, to be worked on within a page or to stand
// alone.
func (d *drawings) get(v *View, within bool) ([]byte, error) {
	key := fmt.Sprint(v.key, " ", v.Shown, " ", v.Width, " ", within, v.since())
	d.mu.Lock()
	data, ok := d.list[key]
	d.mu.Unlock()
	if ok {
		return data, nil
	}
	var b bytes.Buffer
	if err := v.draw(&b, within); err != nil {
		return nil, fmt.Errorf("draw the %s of #%d: %w", v.Shown, v.Num, err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.list == nil || len(d.list) >= maxDrawings {
		d.list = map[string][]byte{}
	}
	d.list[key] = b.Bytes()
	return b.Bytes(), nil
}

// draw draws the picture of a view.
func (v *View) draw(w io.Writer, within bool) error {
	f := picture.Frame{Width: v.Width}
	if within {
		f.Within, f.Chosen = true, v.At
		f.To = fmt.Sprintf("/p/%d/analysis?view=%s&at=", v.Num, v.Shown)
	}
	switch v.Shown {
	case fishbone:
		return v.Graph.DrawFishbone(w, f)
	case causal:
		return v.Graph.DrawCausal(w, f)
	}
	return v.Graph.DrawWhys(w, v.judge, f)
}

// stage is the picture of a view to work on, or the table.
func (v View) stage(h *Handlers) templ.Component {
	if v.Shown == table {
		return Table(&v)
	}
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		data, err := h.drawn.get(&v, true)
		if err != nil {
			return err
		}
		_, err = w.Write(data)
		return err
	})
}

// drawn is the picture of a view on its page.
func drawn(v *View) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error { return v.draw(w, true) })
}
