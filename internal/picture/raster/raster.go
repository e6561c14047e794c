// Package raster draws our pictures in pixels, for slides, mail and chat that show
// no SVG. It needs no other program, no font of the machine and no network: text is
// set in the Go fonts, and a character that they lack stands as a box.
//
// The same picture gives the same bytes. It is drawn strip by strip while it is
// written, so that a large one takes no more memory than a small one.
package raster

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/vector"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/picture/marks"
)

// Options say how a picture is drawn.
type Options struct {
	Theme marks.Theme
	Scale float64 // pixels of a pixel of the picture
	Clear bool    // without its ground, to be laid on another
}

// The scales that there are, and the one to take when nothing is said.
const (
	LeastScale, MostScale = 0.5, 8.0
	DefaultScale          = 2.0
)

// What programs that show pictures can be expected to bear.
const (
	mostSide   = 30_000
	mostPixels = 80_000_000
)

// tile is the side of what is drawn at once. Up to this size the rasterizer counts in
// whole numbers, which is the same on every machine.
const tile = 512

// PNG writes a picture of ours as PNG. It returns how many characters its fonts lack,
// and a [hindcast.Error] when it would be too large.
func PNG(w io.Writer, svg string, o Options) (lacking int, err error) {
	d, err := marks.Parse(svg, o.Theme)
	if err != nil {
		return 0, fmt.Errorf("draw a picture in pixels: %w", err)
	}
	if !(o.Scale >= LeastScale && o.Scale <= MostScale) {
		return 0, hindcast.Errorf(hindcast.Invalid, "scale %g: choose one between %g and %g", o.Scale, LeastScale, MostScale)
	}
	width, height := int(math.Ceil(d.Width*o.Scale)), int(math.Ceil(d.Height*o.Scale))
	switch {
	case width <= 0 || height <= 0:
		return 0, fmt.Errorf("draw a picture in pixels: it has no size")
	case width > mostSide || height > mostSide || width*height > mostPixels:
		return 0, hindcast.Errorf(hindcast.Invalid, "the picture would be %d by %d pixels, and most programs show no more than %d million; choose a smaller scale, a narrower picture, SVG or PDF",
			width, height, mostPixels/1_000_000)
	}
	s, err := newSheet(d, o, width, height)
	if err != nil {
		return 0, err
	}
	if err := png.Encode(w, s); err != nil {
		return 0, fmt.Errorf("write a picture in pixels: %w", err)
	}
	return s.lacking, nil
}

// sheet is a picture of which one strip is there in pixels. It must be read from the
// top, as the encoder does.
type sheet struct {
	width, height int
	ground        color.RGBA
	shapes        []shape
	lacking       int
	z             vector.Rasterizer
	strip         *image.RGBA
	top           int // of the strip, -1 before the first
	last          color.RGBA
	lastValue     color.Color // last as a value, which most pixels share
}

func newSheet(d marks.Drawing, o Options, width, height int) (*sheet, error) {
	s := &sheet{width: width, height: height, top: -1, lastValue: color.RGBA{}}
	s.strip = image.NewRGBA(image.Rect(0, 0, width, min(tile, height)))
	if !o.Clear {
		s.ground = solid(o.Theme.Paper(), 1)
	}
	p, err := newPen(o.Scale)
	if err != nil {
		return nil, err
	}
	for _, m := range d.WithoutGround() {
		p.mark(m)
	}
	s.shapes, s.lacking = p.shapes, p.chars.Lacking()
	return s, nil
}

// solid returns a color of ours, premultiplied.
func solid(c marks.Color, opacity float64) color.RGBA {
	a := min(max(opacity, 0), 1)
	part := func(v int) uint8 { return uint8(math.Round(float64(v) * a)) }
	return color.RGBA{part(c.R), part(c.G), part(c.B), part(255)}
}

// ColorModel, Bounds, At and Opaque make it an image.
func (s *sheet) ColorModel() color.Model { return color.RGBAModel }

// Bounds returns its size.
func (s *sheet) Bounds() image.Rectangle { return image.Rect(0, 0, s.width, s.height) }

// Opaque reports whether it stands on a ground.
func (s *sheet) Opaque() bool { return s.ground.A == 255 }

// At returns a pixel, and draws its strip when it is the first of one.
func (s *sheet) At(x, y int) color.Color {
	if top := y - y%tile; top != s.top {
		s.draw(top)
	}
	if c := s.strip.RGBAAt(x, y-s.top); c != s.last {
		s.last, s.lastValue = c, c
	}
	return s.lastValue
}

// draw draws the strip that begins at a height.
func (s *sheet) draw(top int) {
	s.top = top
	draw.Draw(s.strip, s.strip.Bounds(), image.NewUniform(s.ground), image.Point{}, draw.Src)
	for left := 0; left < s.width; left += tile {
		at := image.Rect(left, top, min(left+tile, s.width), min(top+tile, s.height))
		for i := range s.shapes {
			s.shapes[i].draw(&s.z, s.strip, at, top)
		}
	}
}

// shape is areas of one color, closed, in pixels.
type shape struct {
	color color.RGBA
	areas [][]point
	box   image.Rectangle
}

type point struct{ x, y float64 }

// enclose finds where the shape is.
func (h *shape) enclose() {
	least, most := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, a := range h.areas {
		for _, p := range a {
			least, most = point{min(least.x, p.x), min(least.y, p.y)}, point{max(most.x, p.x), max(most.y, p.y)}
		}
	}
	if least.x <= most.x {
		h.box = image.Rect(int(math.Floor(least.x)), int(math.Floor(least.y)), int(math.Ceil(most.x)), int(math.Ceil(most.y)))
	}
}

// draw draws what of the shape is in a tile onto a strip that begins at top.
func (h *shape) draw(z *vector.Rasterizer, strip *image.RGBA, at image.Rectangle, top int) {
	at = at.Intersect(h.box)
	if at.Empty() {
		return
	}
	z.Reset(at.Dx(), at.Dy())
	for _, a := range h.areas {
		if len(a) < 3 {
			continue
		}
		last := a[len(a)-1]
		for _, p := range a {
			line(z, last, p, at)
			last = p
		}
	}
	z.Draw(strip, at.Sub(image.Pt(0, top)), image.NewUniform(h.color), image.Point{})
}

// line gives the rasterizer the part of a line that is at the heights of a tile. What
// is beside the tile it bears itself.
func line(z *vector.Rasterizer, a, b point, at image.Rectangle) {
	x, y, end := float64(at.Min.X), float64(at.Min.Y), float64(at.Dy())
	a, b = point{a.x - x, a.y - y}, point{b.x - x, b.y - y}
	if a.y == b.y || max(a.y, b.y) <= 0 || min(a.y, b.y) >= end {
		return
	}
	cut := func(p point) point {
		if p.y >= 0 && p.y <= end {
			return p
		}
		to := min(max(p.y, 0), end)
		return point{a.x + (b.x-a.x)*((to-a.y)/(b.y-a.y)), to}
	}
	a, b = cut(a), cut(b)
	z.MoveTo(grid(a.x), grid(a.y))
	z.LineTo(grid(b.x), grid(b.y))
}

// grid rounds to where the rasterizer counts in whole numbers.
func grid(v float64) float32 { return float32(math.Round(v*64) / 64) }
