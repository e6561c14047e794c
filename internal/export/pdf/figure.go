package pdf

import (
	"github.com/hindcast/hindcast/internal/export"
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
		r.draw(d, r.left, r.y, scale, 0, d.height)
		r.lone = true
	default:
		r.caption(p.Caption, r.firstPart(d, scale))
		r.sliced(d, scale)
		r.y += 12
	}
}

// form chooses the form of a picture that is legible, and its scale.
func (r reader) form(p export.Picture) (d drawing, scale float64, turned bool) {
	d, err := parseDrawing(p.SVG)
	if err != nil || d.width <= 0 || d.height <= 0 {
		return d, 0, false
	}
	room, lying := r.width-2*marginSide, r.height-2*marginSide
	scale = min(room/d.width, full)
	if scale >= legible {
		return d, scale, false
	}
	if s := min(lying/d.width, full); s >= legible && d.height*s <= r.width-marginTop-marginBottom-30 {
		return d, s, true
	}
	if n, err := parseDrawing(p.Narrow); err == nil && n.width > 0 && n.height > 0 && n.width < d.width {
		return n, min(room/n.width, full), false
	}
	return d, scale, false
}

// firstPart is how high the part of a picture is that stays with its caption:
// all of it when a page holds it and not much else would fit beside.
func (r reader) firstPart(d drawing, scale float64) float64 {
	if h := d.height * scale; h <= (r.height-marginTop-marginBottom)*0.6 {
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
func (r reader) sliced(d drawing, scale float64) {
	r.need(40)
	for from := 0.0; from < d.height; {
		left := (r.bottom() - r.y) / scale
		to := d.height
		if from+left < d.height {
			if whole := (r.bottom() - marginTop) / scale; from == 0 && d.height <= whole && r.y > marginTop+40 {
				r.newPage(false)
				continue
			}
			to = d.cut(from, from+left)
		}
		r.draw(d, r.left, r.y, scale, from, to)
		r.y += (to - from) * scale
		if from = to; from < d.height {
			r.newPage(false)
		}
	}
}

// cut returns where a picture is cut at most at to: above what would be cut
// through.
func (d drawing) cut(from, to float64) float64 {
	at := to
	for range 40 {
		top := at
		for _, m := range d.marks {
			if a, b, ok := m.extent(d); ok && a < at && b > at {
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
func (m mark) extent(d drawing) (top, bottom float64, ok bool) {
	switch m.shape {
	case "text":
		return m.y - m.size, m.y + m.size*1.2, true // a line above a box stays with it
	case "circle":
		return m.y - m.w - 1, m.y + m.w + 1, true
	case "rect":
		return m.y - 5, m.y + m.h + 5, m.h > 30 && m.h < 400 && m.w < d.width*0.97
	}
	return 0, 0, false
}

// draw draws the part of a picture between two heights at (x, y).
func (r reader) draw(d drawing, x, y, scale, from, to float64) {
	r.f.ClipRect(x-1, y-1, d.width*scale+2, (to-from)*scale+2, false)
	px := func(v float64) float64 { return x + v*scale }
	py := func(v float64) float64 { return y + (v-from)*scale }
	for _, m := range d.marks {
		if m.opacity < 1 {
			r.f.SetAlpha(max(m.opacity, 0), "Normal")
		}
		switch m.shape {
		case "text":
			if m.y >= from-2*m.size && m.y <= to+2*m.size {
				r.drawText(m, px(m.x), py(m.y), scale)
			}
		case "rect":
			r.drawForm(m, scale, func(mode string) {
				if m.radius > 0 {
					r.f.RoundedRect(px(m.x), py(m.y), m.w*scale, m.h*scale, min(m.radius, m.w/2, m.h/2)*scale, "1234", mode)
					return
				}
				r.f.Rect(px(m.x), py(m.y), m.w*scale, m.h*scale, mode)
			})
		case "circle":
			r.drawForm(m, scale, func(mode string) { r.f.Circle(px(m.x), py(m.y), m.w*scale, mode) })
		case "path":
			r.drawForm(m, scale, func(mode string) { r.drawPath(m.path, px, py, mode) })
		}
		if m.opacity < 1 {
			r.f.SetAlpha(1, "Normal")
		}
	}
	r.f.ClipEnd()
	r.areas(d, px, py, from, to, scale)
}

// areas makes the boxes and labels of a picture lead to their records.
func (r reader) areas(d drawing, px, py func(float64) float64, from, to, scale float64) {
	for _, m := range d.marks {
		if m.href == "" || m.y < from || m.y > to {
			continue
		}
		switch m.shape {
		case "rect":
			r.linked(m.href, px(m.x), py(m.y), m.w*scale, m.h*scale)
		case "text":
			w := r.measure(r.chars.plain(m.text), style{size: m.size * scale})
			left := px(m.x)
			if m.anchor == "end" {
				left -= w
			}
			r.linked(m.href, left, py(m.y)-m.size*scale, w, m.size*scale*1.3)
		}
	}
}

// drawForm fills and strokes a form as its look says.
func (r reader) drawForm(m mark, scale float64, draw func(mode string)) {
	mode := ""
	if m.stroke != nil {
		mode = "D"
		r.f.SetDrawColor(m.stroke.r, m.stroke.g, m.stroke.b)
		r.f.SetLineWidth(m.look.width * scale)
		r.f.SetDashPattern(scaled(m.dash, scale), 0)
		if m.round {
			r.f.SetLineCapStyle("round")
		}
	}
	if m.fill != nil {
		mode += "F"
		r.f.SetFillColor(m.fill.r, m.fill.g, m.fill.b)
	}
	if mode == "" {
		return
	}
	draw(mode)
	if m.stroke != nil {
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

func (r reader) drawPath(path []step, px, py func(float64) float64, mode string) {
	if len(path) < 2 || path[0].op != 'M' {
		return
	}
	for _, s := range path {
		p := s.pts
		switch s.op {
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
func (r reader) drawText(m mark, x, y, scale float64) {
	st := style{size: m.size * scale * textScale, color: ink, bold: m.bold, italic: m.italic, struck: m.struck}
	if m.fill != nil {
		st.color = *m.fill
	}
	text := r.chars.plain(m.text)
	w := r.measure(text, st)
	switch m.anchor {
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
