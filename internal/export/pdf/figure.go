package pdf

import (
	"github.com/hindcast/hindcast/internal/export"
	"github.com/hindcast/hindcast/internal/picture/marks"
)

const (
	full    = 0.75 // points of a pixel: a picture is drawn no larger
	legible = 0.56 // nor smaller, where another form or a wider page helps
)

// figure draws a picture below its caption: upright when it is legible so, else on
// a page that lies on its side, else in its narrow form; over several pages when
// it is higher than one.
func (r reader) figure(p export.Picture) {
	d, scale, turned := r.form(p)
	switch {
	case scale == 0: // a picture of somebody else; the text says what it shows
	case turned:
		r.newPage(true)
		r.caption(p.Caption, 0)
		r.draw(d, r.left, r.y, scale, 0, d.Height)
		r.lone = true
	default:
		r.caption(p.Caption, r.firstPart(d, scale))
		r.sliced(d, scale)
		r.y += 12
	}
}

// form chooses the form of a picture that is legible, and its scale.
func (r reader) form(p export.Picture) (d marks.Drawing, scale float64, turned bool) {
	d, err := marks.Parse(p.SVG, marks.Light)
	if err != nil || d.Width <= 0 || d.Height <= 0 {
		return d, 0, false
	}
	room, lying := r.width-2*marginSide, r.height-2*marginSide
	scale = min(room/d.Width, full)
	if scale >= legible {
		return d, scale, false
	}
	if s := min(lying/d.Width, full); s >= legible && d.Height*s <= r.width-marginTop-marginBottom-30 {
		return d, s, true
	}
	if n, err := marks.Parse(p.Narrow, marks.Light); err == nil && n.Width > 0 && n.Height > 0 && n.Width < d.Width {
		return n, min(room/n.Width, full), false
	}
	return d, scale, false
}

// firstPart is how high the part of a picture is that stays with its caption:
// all of it when a page holds it and not much else would fit beside.
func (r reader) firstPart(d marks.Drawing, scale float64) float64 {
	if h := d.Height * scale; h <= (r.height-marginTop-marginBottom)*0.6 {
		return h
	}
	return 200
}

// firstOf is how high what stays with the heading of a section is.
func (r reader) firstOf(list []export.Picture) float64 {
	if len(list) == 0 {
		return 0
	}
	d, scale, turned := r.form(list[0])
	if turned || scale == 0 {
		return 0
	}
	return r.firstPart(d, scale) + 24
}

// caption writes what a picture is, together with the beginning of it.
func (r reader) caption(s string, with float64) {
	r.space(4)
	r.need(with + 24)
	r.flow([]span{{text: s, style: style{size: small, color: soft}}}, r.left, r.right, 12)
	r.y += 4
}

// sliced draws a picture on as many pages as it needs, cut where nothing is
// written.
func (r reader) sliced(d marks.Drawing, scale float64) {
	r.need(40)
	for from := 0.0; from < d.Height; {
		left := (r.bottom() - r.y) / scale
		to := d.Height
		if from+left < d.Height {
			if whole := (r.bottom() - marginTop) / scale; from == 0 && d.Height <= whole && r.y > marginTop+40 {
				r.newPage(false)
				continue
			}
			to = cut(d, from, from+left)
		}
		r.draw(d, r.left, r.y, scale, from, to)
		r.y += (to - from) * scale
		if from = to; from < d.Height {
			r.newPage(false)
		}
	}
}

// cut returns where a picture is cut at most at to: above what would be cut
// through.
func cut(d marks.Drawing, from, to float64) float64 {
	at := to
	for range 40 {
		top := at
		for _, m := range d.Marks {
			if a, b, ok := extent(m, d); ok && a < at && b > at {
				top = min(top, a)
			}
		}
		if top == at {
			return at
		}
		if top <= from+(to-from)/3 {
			return to // something is higher than what can be kept together
		}
		at = top
	}
	return to
}

// extent is what of a mark must not be cut: text and boxes.
func extent(m marks.Mark, d marks.Drawing) (top, bottom float64, ok bool) {
	switch m.Shape {
	case "text":
		return m.Y - m.Size, m.Y + m.Size*1.2, true // a line above a box stays with it
	case "circle":
		return m.Y - m.W - 1, m.Y + m.W + 1, true
	case "rect":
		return m.Y - 5, m.Y + m.H + 5, m.H > 30 && m.H < 400 && m.W < d.Width*0.97
	}
	return 0, 0, false
}

// draw draws the part of a picture between two heights at (x, y).
func (r reader) draw(d marks.Drawing, x, y, scale, from, to float64) {
	r.f.ClipRect(x-1, y-1, d.Width*scale+2, (to-from)*scale+2, false)
	px := func(v float64) float64 { return x + v*scale }
	py := func(v float64) float64 { return y + (v-from)*scale }
	for _, m := range d.Marks {
		if m.Opacity < 1 {
			r.f.SetAlpha(max(m.Opacity, 0), "Normal")
		}
		switch m.Shape {
		case "text":
			if m.Y >= from-2*m.Size && m.Y <= to+2*m.Size {
				r.drawText(m, px(m.X), py(m.Y), scale)
			}
		case "rect":
			r.drawForm(m, scale, func(mode string) {
				if m.Radius > 0 {
					r.f.RoundedRect(px(m.X), py(m.Y), m.W*scale, m.H*scale, min(m.Radius, m.W/2, m.H/2)*scale, "1234", mode)
					return
				}
				r.f.Rect(px(m.X), py(m.Y), m.W*scale, m.H*scale, mode)
			})
		case "circle":
			r.drawForm(m, scale, func(mode string) { r.f.Circle(px(m.X), py(m.Y), m.W*scale, mode) })
		case "path":
			r.drawForm(m, scale, func(mode string) { r.drawPath(m.Path, px, py, mode) })
		}
		if m.Opacity < 1 {
			r.f.SetAlpha(1, "Normal")
		}
	}
	r.f.ClipEnd()
	r.areas(d, px, py, from, to, scale)
}

// areas makes the boxes and labels of a picture lead to their records.
func (r reader) areas(d marks.Drawing, px, py func(float64) float64, from, to, scale float64) {
	for _, m := range d.Marks {
		if m.Href == "" || m.Y < from || m.Y > to {
			continue
		}
		switch m.Shape {
		case "rect":
			r.linked(m.Href, px(m.X), py(m.Y), m.W*scale, m.H*scale)
		case "text":
			w := r.measure(r.chars.Plain(m.Text), style{size: m.Size * scale})
			left := px(m.X)
			if m.Anchor == "end" {
				left -= w
			}
			r.linked(m.Href, left, py(m.Y)-m.Size*scale, w, m.Size*scale*1.3)
		}
	}
}

// drawForm fills and strokes a form as its look says.
func (r reader) drawForm(m marks.Mark, scale float64, draw func(mode string)) {
	mode := ""
	if m.Stroke != nil {
		mode = "D"
		r.f.SetDrawColor(m.Stroke.R, m.Stroke.G, m.Stroke.B)
		r.f.SetLineWidth(m.StrokeWidth * scale)
		r.f.SetDashPattern(scaled(m.Dash, scale), 0)
		if m.Round {
			r.f.SetLineCapStyle("round")
		}
	}
	if m.Fill != nil {
		mode += "F"
		r.f.SetFillColor(m.Fill.R, m.Fill.G, m.Fill.B)
	}
	if mode == "" {
		return
	}
	draw(mode)
	if m.Stroke != nil {
		r.f.SetDashPattern(nil, 0)
		r.f.SetLineCapStyle("butt")
	}
}

func scaled(dash []float64, scale float64) []float64 {
	var out []float64
	for _, d := range dash {
		out = append(out, max(d*scale, 0.1))
	}
	return out
}

func (r reader) drawPath(path []marks.Step, px, py func(float64) float64, mode string) {
	if len(path) < 2 || path[0].Op != 'M' {
		return
	}
	for _, s := range path {
		p := s.Pts
		switch s.Op {
		case 'M':
			r.f.MoveTo(px(p[0]), py(p[1]))
		case 'L':
			r.f.LineTo(px(p[0]), py(p[1]))
		case 'C':
			r.f.CurveBezierCubicTo(px(p[0]), py(p[1]), px(p[2]), py(p[3]), px(p[4]), py(p[5]))
		case 'Z':
			r.f.ClosePath()
		}
	}
	r.f.DrawPath(mode)
}

// drawText writes a line of a picture. Pictures estimate the widths of text; what
// the font makes wider is written a little smaller.
func (r reader) drawText(m marks.Mark, x, y, scale float64) {
	st := style{size: m.Size * scale * textScale, color: ink, bold: m.Bold, italic: m.Italic, struck: m.Struck}
	if m.Fill != nil {
		st.color = color{m.Fill.R, m.Fill.G, m.Fill.B}
	}
	text := r.chars.Plain(m.Text)
	w := r.measure(text, st)
	switch m.Anchor {
	case "middle":
		x -= w / 2
	case "end":
		x -= w
	}
	r.put(x, y, text, st)
}

// textScale makes up for the Go fonts being wider than those pictures are laid
// out for.
const textScale = 0.94
