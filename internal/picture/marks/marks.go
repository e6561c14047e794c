// Package marks reads the pictures that we draw as SVG back as a list of marks, for
// what cannot draw SVG: paper and pixels. It knows what the packages of pictures
// write, and no more.
package marks

import (
	"encoding/xml"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/hindcast/hindcast/internal/picture"
)

// Drawing is a picture of ours as its marks, in the order in which they are drawn.
type Drawing struct {
	Title, Desc   string // what it is, and what it shows in words
	Width, Height float64
	Marks         []Mark
}

// WithoutGround returns the marks without the area that lies below all of them.
func (d Drawing) WithoutGround() []Mark {
	return slices.DeleteFunc(slices.Clone(d.Marks), func(m Mark) bool {
		return m.Shape == "rect" && m.X == 0 && m.Y == 0 && m.W == d.Width && m.H == d.Height
	})
}

// Mark is one form or line of text.
type Mark struct {
	Look
	Shape  string // rect, path, circle, text
	X, Y   float64
	W, H   float64 // of a rectangle; W is the radius of a circle
	Radius float64
	Path   []Step
	Text   string
	Anchor string
	Href   string
}

// Step is one step of a path, with points that are absolute.
type Step struct {
	Op  byte // M, L, C or Z
	Pts [6]float64
}

// maxMarks bounds what is drawn of a picture.
const maxMarks = 50_000

// Parse reads a picture as it looks in a theme. It has the look of the style within
// it, else of [picture.Style]. Elements that we do not write are left out.
func Parse(svg string, theme Theme) (Drawing, error) {
	p := parser{theme: theme, sheet: newSheet(picture.Style, theme)}
	dec := xml.NewDecoder(strings.NewReader(svg))
	dec.Strict = false
	for len(p.out.Marks) < maxMarks {
		t, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return Drawing{}, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			p.start(t)
		case xml.EndElement:
			p.end()
		case xml.CharData:
			if n := len(p.open); n > 0 && said(p.open[n-1].name) {
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
	theme Theme
	sheet sheet
	out   Drawing
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
	if said(e.name) {
		p.text.Reset()
	}
	if e.name == "svg" && len(p.open) == 0 {
		p.out.Width, p.out.Height = number(e.attrs["width"], 0), number(e.attrs["height"], 0)
	}
	p.open = append(p.open, e)
}

// said reports whether the text within an element counts.
func said(element string) bool {
	return element == "text" || element == "style" || element == "title" || element == "desc"
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
	m := Mark{Look: p.sheet.look(e.name, strings.Fields(e.attrs["class"]), e.attrs), Shape: e.name, Href: e.href}
	switch e.name {
	case "svg":
		return
	case "title", "desc":
		if n == 2 { // of the picture, not of something in it
			*map[string]*string{"title": &p.out.Title, "desc": &p.out.Desc}[e.name] = p.text.String()
		}
		return
	case "style":
		p.sheet = newSheet(p.text.String(), p.theme)
		return
	case "rect":
		m.X, m.Y, m.W, m.H, m.Radius = get("x"), get("y"), get("width"), get("height"), get("rx")
	case "circle":
		m.X, m.Y, m.W = get("cx"), get("cy"), get("r")
	case "line":
		m.Shape, m.Fill = "path", nil
		m.Path = []Step{{'M', [6]float64{get("x1"), get("y1")}}, {'L', [6]float64{get("x2"), get("y2")}}}
	case "polygon":
		m.Shape, m.Path = "path", polygon(e.attrs["points"])
	case "path":
		m.Path = steps(e.attrs["d"])
	case "text":
		m.X, m.Y, m.Anchor, m.Text = get("x"), get("y"), e.attrs["text-anchor"], p.text.String()
	default:
		return
	}
	p.out.Marks = append(p.out.Marks, m)
}

var pathToken = regexp.MustCompile(`[A-Za-df-z]|-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?`)

// polygon returns the closed path through points.
func polygon(points string) []Step {
	var out []Step
	nums := pathToken.FindAllString(points, -1)
	for i := 0; i+1 < len(nums); i += 2 {
		op := byte('L')
		if i == 0 {
			op = 'M'
		}
		out = append(out, Step{op, [6]float64{number(nums[i], 0), number(nums[i+1], 0)}})
	}
	return append(out, Step{Op: 'Z'})
}

// steps reads a path of straight lines and curves, up to what it does not know.
func steps(d string) []Step {
	var out []Step
	tokens := pathToken.FindAllString(d, -1)
	x, y, startX, startY := 0.0, 0.0, 0.0, 0.0
	op := byte(0)
	for i := 0; i < len(tokens); {
		if c := tokens[i][0]; c >= 'A' && c <= 'z' {
			op = c
			i++
			if op == 'Z' || op == 'z' {
				out = append(out, Step{Op: 'Z'})
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
		if s.Op == 'C' {
			last = 4
		}
		x, y = s.Pts[last], s.Pts[last+1]
		if s.Op == 'M' {
			startX, startY = x, y
			op -= 1 // further points are lines: L follows on M, l on m
		}
		out = append(out, s)
	}
	return out
}

// absolute makes a step of one command, from where the path is.
func absolute(op byte, a [6]float64, x, y float64) Step {
	relative := op >= 'a'
	switch op &^ 0x20 {
	case 'H':
		a[1] = y
		if relative {
			a[0] += x
		}
		return Step{'L', a}
	case 'V':
		a[0], a[1] = x, a[0]
		if relative {
			a[1] += y
		}
		return Step{'L', a}
	}
	if relative {
		for k := 0; k < 6; k += 2 {
			a[k], a[k+1] = a[k]+x, a[k+1]+y
		}
	}
	if op&^0x20 == 'Q' { // a quadratic curve as a cubic one
		cx, cy, ex, ey := a[0], a[1], a[2], a[3]
		a = [6]float64{x + (cx-x)*2/3, y + (cy-y)*2/3, ex + (cx-ex)*2/3, ey + (cy-ey)*2/3, ex, ey}
		return Step{'C', a}
	}
	if op&^0x20 != 'C' {
		a = [6]float64{a[0], a[1]}
	}
	return Step{op &^ 0x20, a}
}
