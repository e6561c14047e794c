package pdf

import (
	"encoding/xml"
	"io"
	"regexp"
	"strings"

	"github.com/hindcast/hindcast/internal/picture"
)

// drawing is a picture of ours as its marks, in the order in which they are drawn.
type drawing struct {
	width, height float64
	marks         []mark
}

// mark is one form or line of text.
type mark struct {
	look
	shape  string // rect, path, circle, text
	x, y   float64
	w, h   float64 // of a rectangle; w is the radius of a circle
	radius float64
	path   []step
	text   string
	anchor string
	href   string
}

// step is one step of a path, with points that are absolute.
type step struct {
	op  byte // M, L, C or Z
	pts [6]float64
}

// maxMarks bounds what is drawn of a picture.
const maxMarks = 50_000

// parseDrawing reads a picture that our picture package drew. Elements that it
// does not write are left out.
func parseDrawing(svg string) (drawing, error) {
	p := parser{sheet: newSheet(picture.Style)}
	dec := xml.NewDecoder(strings.NewReader(svg))
	dec.Strict = false
	for len(p.out.marks) < maxMarks {
		t, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return drawing{}, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			p.start(t)
		case xml.EndElement:
			p.end()
		case xml.CharData:
			if n := len(p.open); n > 0 && p.open[n-1].name == "text" {
				p.text.Write(t)
			}
		}
	}
	return p.out, nil
}

// element is an element that is open.
type element struct {
	name, href string
	attrs      map[string]string
}

type parser struct {
	sheet sheet
	out   drawing
	open  []element
	text  strings.Builder
}

func (p *parser) start(t xml.StartElement) {
	e := element{name: t.Name.Local, attrs: map[string]string{}}
	if n := len(p.open); n > 0 {
		e.href = p.open[n-1].href
	}
	for _, a := range t.Attr {
		e.attrs[a.Name.Local] = a.Value
	}
	if e.name == "a" {
		e.href = e.attrs["href"]
	}
	if e.name == "text" {
		p.text.Reset()
	}
	p.open = append(p.open, e)
}

// end draws what has been read.
func (p *parser) end() {
	n := len(p.open)
	if n == 0 {
		return
	}
	e := p.open[n-1]
	p.open = p.open[:n-1]
	get := func(name string) float64 { return number(e.attrs[name], 0) }
	m := mark{look: p.sheet.look(e.name, strings.Fields(e.attrs["class"]), e.attrs), shape: e.name, href: e.href}
	switch e.name {
	case "svg":
		p.out.width, p.out.height = get("width"), get("height")
		return
	case "rect":
		m.x, m.y, m.w, m.h, m.radius = get("x"), get("y"), get("width"), get("height"), get("rx")
	case "circle":
		m.x, m.y, m.w = get("cx"), get("cy"), get("r")
	case "line":
		m.shape, m.fill = "path", nil
		m.path = []step{{'M', [6]float64{get("x1"), get("y1")}}, {'L', [6]float64{get("x2"), get("y2")}}}
	case "polygon":
		m.shape, m.path = "path", polygon(e.attrs["points"])
	case "path":
		m.path = steps(e.attrs["d"])
	case "text":
		m.x, m.y, m.anchor, m.text = get("x"), get("y"), e.attrs["text-anchor"], p.text.String()
	default:
		return
	}
	p.out.marks = append(p.out.marks, m)
}

var pathToken = regexp.MustCompile(`[A-Za-df-z]|-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?`)

// polygon returns the closed path through points.
func polygon(points string) []step {
	var out []step
	nums := pathToken.FindAllString(points, -1)
	for i := 0; i+1 < len(nums); i += 2 {
		op := byte('L')
		if i == 0 {
			op = 'M'
		}
		out = append(out, step{op, [6]float64{number(nums[i], 0), number(nums[i+1], 0)}})
	}
	return append(out, step{op: 'Z'})
}

// steps reads a path of straight lines and curves, up to what it does not know.
func steps(d string) []step {
	var out []step
	tokens := pathToken.FindAllString(d, -1)
	x, y, startX, startY := 0.0, 0.0, 0.0, 0.0
	op := byte(0)
	for i := 0; i < len(tokens); {
		if c := tokens[i][0]; c >= 'A' && c <= 'z' {
			op = c
			i++
			if op == 'Z' || op == 'z' {
				out = append(out, step{op: 'Z'})
				x, y, op = startX, startY, 0
			}
			continue
		}
		n := map[byte]int{'M': 2, 'm': 2, 'L': 2, 'l': 2, 'H': 1, 'h': 1, 'V': 1, 'v': 1, 'C': 6, 'c': 6, 'Q': 4, 'q': 4}[op]
		if n == 0 || i+n > len(tokens) {
			return out
		}
		var a [6]float64
		for k := range n {
			a[k] = number(tokens[i+k], 0)
		}
		i += n
		s := absolute(op, a, x, y)
		last := 0
		if s.op == 'C' {
			last = 4
		}
		x, y = s.pts[last], s.pts[last+1]
		if s.op == 'M' {
			startX, startY = x, y
			op -= 1 // further points are lines: L follows on M, l on m
		}
		out = append(out, s)
	}
	return out
}

// absolute makes a step of one command, from where the path is.
func absolute(op byte, a [6]float64, x, y float64) step {
	relative := op >= 'a'
	switch op &^ 0x20 {
	case 'H':
		a[1] = y
		if relative {
			a[0] += x
		}
		return step{'L', a}
	case 'V':
		a[0], a[1] = x, a[0]
		if relative {
			a[1] += y
		}
		return step{'L', a}
	}
	if relative {
		for k := 0; k < 6; k += 2 {
			a[k], a[k+1] = a[k]+x, a[k+1]+y
		}
	}
	if op&^0x20 == 'Q' { // a quadratic curve as a cubic one
		cx, cy, ex, ey := a[0], a[1], a[2], a[3]
		a = [6]float64{x + (cx-x)*2/3, y + (cy-y)*2/3, ex + (cx-ex)*2/3, ey + (cy-ey)*2/3, ex, ey}
		return step{'C', a}
	}
	if op&^0x20 != 'C' {
		a = [6]float64{a[0], a[1]}
	}
	return step{op &^ 0x20, a}
}
