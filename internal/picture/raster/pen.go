package raster

import (
	"fmt"
	"math"
	"slices"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gobolditalic"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"github.com/hindcast/hindcast/internal/picture/marks"
)

// pen makes shapes of marks.
type pen struct {
	scale  float64
	chars  *marks.Chars
	faces  [4]face // plain, bold, italic, both
	shapes []shape
}

func newPen(scale float64) (*pen, error) {
	p := &pen{scale: scale, chars: marks.NewChars()}
	for i, data := range [][]byte{goregular.TTF, gobold.TTF, goitalic.TTF, gobolditalic.TTF} {
		f, err := sfnt.Parse(data)
		if err != nil {
			return nil, fmt.Errorf("read a font: %w", err)
		}
		p.faces[i] = face{font: f, glyphs: map[rune]glyph{}}
	}
	return p, nil
}

// mark adds the shapes of a mark.
func (p *pen) mark(m marks.Mark) {
	if m.Shape == "text" {
		p.text(m)
		return
	}
	lines := p.flat(outline(m))
	if m.Fill != nil {
		areas := make([][]point, len(lines))
		for i, l := range lines {
			areas[i] = l.points
		}
		p.add(*m.Fill, m.Opacity, areas)
	}
	if m.Stroke != nil && m.StrokeWidth > 0 {
		p.add(*m.Stroke, m.Opacity, p.stroke(lines, m.Look))
	}
}

func (p *pen) add(c marks.Color, opacity float64, areas [][]point) {
	h := shape{color: solid(c, opacity), areas: areas}
	h.enclose()
	p.shapes = append(p.shapes, h)
}

// outline returns the form of a mark as a path.
func outline(m marks.Mark) []marks.Step {
	switch m.Shape {
	case "rect":
		return rounded(m.X, m.Y, m.W, m.H, min(m.Radius, m.W/2, m.H/2))
	case "circle":
		return rounded(m.X-m.W, m.Y-m.W, 2*m.W, 2*m.W, m.W)
	}
	return m.Path
}

// rounded returns a rectangle with round corners.
func rounded(x, y, w, h, r float64) []marks.Step {
	to := func(op byte, pts ...float64) marks.Step {
		s := marks.Step{Op: op}
		copy(s.Pts[:], pts)
		return s
	}
	if r <= 0 {
		return []marks.Step{to('M', x, y), to('L', x+w, y), to('L', x+w, y+h), to('L', x, y+h), to('Z')}
	}
	k := r * 0.4477 // from the corner to the handle of a quarter of a circle
	return []marks.Step{
		to('M', x+r, y), to('L', x+w-r, y), to('C', x+w-k, y, x+w, y+k, x+w, y+r),
		to('L', x+w, y+h-r), to('C', x+w, y+h-k, x+w-k, y+h, x+w-r, y+h),
		to('L', x+r, y+h), to('C', x+k, y+h, x, y+h-k, x, y+h-r),
		to('L', x, y+r), to('C', x, y+k, x+k, y, x+r, y), to('Z'),
	}
}

// polyline is a line through points, in pixels.
type polyline struct {
	points []point
	closed bool
}

// flat makes straight lines of a path.
func (p *pen) flat(path []marks.Step) []polyline {
	var out []polyline
	var l polyline
	flush := func() {
		if len(l.points) > 1 {
			out = append(out, l)
		}
		l = polyline{}
	}
	at := func(x, y float64) point { return point{x * p.scale, y * p.scale} }
	for _, s := range path {
		switch s.Op {
		case 'M':
			flush()
			l.points = append(l.points, at(s.Pts[0], s.Pts[1]))
		case 'L':
			l.points = append(l.points, at(s.Pts[0], s.Pts[1]))
		case 'C':
			if n := len(l.points); n > 0 {
				l.points = cubic(l.points, [4]point{l.points[n-1], at(s.Pts[0], s.Pts[1]), at(s.Pts[2], s.Pts[3]), at(s.Pts[4], s.Pts[5])})
			}
		case 'Z':
			l.closed = true
			if n := len(l.points); n > 1 && l.points[0] == l.points[n-1] {
				l.points = l.points[:n-1]
			}
			flush()
		}
	}
	flush()
	return out
}

// cubic adds the points of a curve after its first.
func cubic(list []point, c [4]point) []point {
	long := 0.0
	for i := range 3 {
		long += math.Hypot(c[i+1].x-c[i].x, c[i+1].y-c[i].y)
	}
	n := min(max(int(math.Ceil(1.2*math.Sqrt(long))), 3), 64)
	for i := 1; i <= n; i++ {
		t := float64(i) / float64(n)
		u := 1 - t
		a, b, d, e := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
		list = append(list, point{a*c[0].x + b*c[1].x + d*c[2].x + e*c[3].x, a*c[0].y + b*c[1].y + d*c[2].y + e*c[3].y})
	}
	return list
}

// face is a font with the glyphs that were used, at one pixel per em.
type face struct {
	font   *sfnt.Font
	buf    sfnt.Buffer
	glyphs map[rune]glyph
}

type glyph struct {
	path    []marks.Step
	advance float64
}

// textScale makes up for the Go fonts being wider than those pictures are laid out
// for.
const textScale = 0.94

// text adds a line of text, and the line through it when it is struck.
func (p *pen) text(m marks.Mark) {
	i := 0
	if m.Bold {
		i++
	}
	if m.Italic {
		i += 2
	}
	f, size := &p.faces[i], m.Size*textScale
	var line []glyph
	width := 0.0
	for _, r := range p.chars.Plain(m.Text) {
		g := f.glyph(r)
		line = append(line, g)
		width += g.advance * size
	}
	x := m.X
	switch m.Anchor {
	case "middle":
		x -= width / 2
	case "end":
		x -= width
	}
	if m.Fill == nil {
		return
	}
	var areas [][]point
	from := x
	for _, g := range line {
		for _, l := range p.flat(moved(g.path, x, m.Y, size)) {
			areas = append(areas, l.points)
		}
		x += g.advance * size
	}
	p.add(*m.Fill, m.Opacity, areas)
	if m.Struck {
		y, thick := m.Y-size*0.3, size/15
		p.add(*m.Fill, m.Opacity, [][]point{p.flat(rounded(from, y-thick/2, width, thick, 0))[0].points})
	}
}

// moved returns the path of a glyph with its origin at (x, y).
func moved(path []marks.Step, x, y, size float64) []marks.Step {
	out := slices.Clone(path)
	for i := range out {
		for k := 0; k < 6; k += 2 {
			out[i].Pts[k], out[i].Pts[k+1] = x+out[i].Pts[k]*size, y+out[i].Pts[k+1]*size
		}
	}
	return out
}

// glyph returns a glyph. What the font does not have has no width; characters are
// replaced by such that it has before.
func (f *face) glyph(r rune) glyph {
	if g, ok := f.glyphs[r]; ok {
		return g
	}
	var g glyph
	em := fixed.I(int(f.font.UnitsPerEm()))
	if i, err := f.font.GlyphIndex(&f.buf, r); err == nil && i != 0 {
		g.read(f, i, em)
	}
	f.glyphs[r] = g
	return g
}

// read takes the outline of a glyph.
func (g *glyph) read(f *face, i sfnt.GlyphIndex, em fixed.Int26_6) {
	segments, err := f.font.LoadGlyph(&f.buf, i, em, nil)
	if err != nil {
		return
	}
	at := func(p fixed.Point26_6) (x, y float64) { return float64(p.X) / float64(em), float64(p.Y) / float64(em) }
	x, y := 0.0, 0.0
	for _, s := range segments {
		step := marks.Step{}
		switch s.Op {
		case sfnt.SegmentOpMoveTo, sfnt.SegmentOpLineTo:
			step.Op = map[sfnt.SegmentOp]byte{sfnt.SegmentOpMoveTo: 'M', sfnt.SegmentOpLineTo: 'L'}[s.Op]
			x, y = at(s.Args[0])
			step.Pts[0], step.Pts[1] = x, y
		case sfnt.SegmentOpQuadTo:
			cx, cy := at(s.Args[0])
			ex, ey := at(s.Args[1])
			step = marks.Step{Op: 'C', Pts: [6]float64{x + (cx-x)*2/3, y + (cy-y)*2/3, ex + (cx-ex)*2/3, ey + (cy-ey)*2/3, ex, ey}}
			x, y = ex, ey
		case sfnt.SegmentOpCubeTo:
			step.Op = 'C'
			for k, p := range s.Args {
				step.Pts[2*k], step.Pts[2*k+1] = at(p)
			}
			x, y = step.Pts[4], step.Pts[5]
		}
		g.path = append(g.path, step)
	}
	if a, err := f.font.GlyphAdvance(&f.buf, i, em, font.HintingNone); err == nil {
		g.advance = float64(a) / float64(em)
	}
}
