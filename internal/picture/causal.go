package picture

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/hindcast/hindcast/internal/picture/layered"
	"github.com/hindcast/hindcast/internal/picture/svg"
)

// CausalGraph is causes with what they led to.
type CausalGraph struct {
	Title   string
	Desc    string // what the picture shows, in words
	Outcome Cause
	Causes  []Cause
	Links   []Link
	Apart   []Strip // causes outside the graph
}

// Link says that a cause contributed to another, by their ids; an empty To is the
// outcome.
type Link struct {
	From, To string
	How      string
	RuledOut bool // it did not hold
}

// Strip is a titled list of causes that stand apart.
type Strip struct {
	Title  string
	Causes []Cause
}

// manyCauses is the number from which the sentences of links are left to the text
// alternatives, so that the whole stays legible.
const manyCauses = 24

// Causal draws causes in layers that lead to the outcome: from left to right, or
// upward where that needs less width. On a narrow frame they stand in a list below
// the outcome, with the edges beside them. Edges never pass through boxes.
func Causal(w io.Writer, g CausalGraph, f Frame) error {
	c := svg.NewCanvas(w)
	if f.narrow() {
		return drawCausalList(c, g, f)
	}
	d := newCausal(g, f)
	begin(c, f, g.Title, g.Desc, d.width, d.height)
	for i := range g.Links {
		d.drawLink(c, i)
	}
	for i := range d.boxes {
		d.boxes[i].draw(c, f)
	}
	d.below.draw(c, f)
	return end(c)
}

// causal is a causal graph with everything in its place.
type causal struct {
	g             CausalGraph
	boxes         []box // the outcome first
	labels        [][]string
	routes        [][]layered.Point // in the picture
	places        []layered.Point   // of labels
	upward        bool
	width, height int
	below         below
}

func newCausal(g CausalGraph, f Frame) *causal {
	d := &causal{g: g}
	plan := layered.Arrange(d.measure())
	right := *d
	right.take(plan.Place(layered.Spacing{Layers: 46, Boxes: 14, Lines: 12}, false), false)
	up := *d
	up.take(plan.Place(layered.Spacing{Layers: 44, Boxes: 22, Lines: 14}, true), true)
	best := &right
	if room := max(f.Width, 480); up.width < right.width && (right.width > room || up.height < right.height) {
		best = &up
	}
	best.width = max(best.width, min(f.Width, 480))
	best.below, best.height = newBelow(g.Apart, g.Causes, best.height, best.width)
	return best
}

// ends returns for every link the numbers of what it joins: 0 is the outcome, 1
// the first cause. They are -1 for a link of what is not there.
func (g *CausalGraph) ends() [][2]int {
	index := map[string]int{"": 0}
	for i, x := range g.Causes {
		index[x.ID] = i + 1
	}
	var out [][2]int
	for _, l := range g.Links {
		from, known := index[l.From]
		to, ends := index[l.To]
		if !known || !ends {
			from, to = -1, -1
		}
		out = append(out, [2]int{from, to})
	}
	return out
}

// measure wraps all text and returns the graph of boxes, for a flow to the right.
func (d *causal) measure() layered.Graph {
	const width = 200
	d.boxes = append(d.boxes, newBox(d.g.Outcome, width))
	for _, x := range d.g.Causes {
		d.boxes = append(d.boxes, newBox(x, width))
	}
	ends := d.g.ends()
	out := layered.Graph{Last: 0}
	for _, b := range d.boxes {
		out.Boxes = append(out.Boxes, layered.Size{Along: b.w, Across: b.h})
	}
	for i, l := range d.g.Links {
		e := layered.Edge{From: ends[i][0], To: ends[i][1]}
		var lines []string
		if l.How != "" && len(d.g.Causes) <= manyCauses {
			lines = wrap(l.How, 120, noteSize)
			w, h := labelSize(lines)
			e.Label = layered.Size{Along: w, Across: h}
		}
		d.labels = append(d.labels, lines)
		out.Edges = append(out.Edges, e)
	}
	return out
}

func labelSize(lines []string) (w, h int) { return widest(lines, noteSize) + 12, len(lines)*14 + 6 }

// take moves a drawing into the picture: along is to the right, or upward.
func (d *causal) take(p layered.Drawing, upward bool) {
	d.upward, d.boxes = upward, slices.Clone(d.boxes)
	d.width, d.height = p.Size.Along+2*edge, p.Size.Across+2*edge
	if d.upward {
		d.width, d.height = p.Size.Across+2*edge, p.Size.Along+2*edge
	}
	turn := func(q layered.Point) layered.Point {
		if d.upward {
			return layered.Point{Along: edge + q.Across, Across: d.height - edge - q.Along}
		}
		return layered.Point{Along: edge + q.Along, Across: edge + q.Across}
	}
	for i, q := range p.Boxes {
		at := turn(q)
		d.boxes[i].x, d.boxes[i].y = at.Along-d.boxes[i].w/2, at.Across-d.boxes[i].h/2
	}
	for i, route := range p.Routes {
		var pts []layered.Point
		for _, q := range route {
			pts = append(pts, turn(q))
		}
		d.routes = append(d.routes, pts)
		d.places = append(d.places, turn(p.Labels[i]))
	}
}

// drawLink draws an edge with its arrowhead and, when there is room for it, its
// sentence.
func (d *causal) drawLink(c *svg.Canvas, i int) {
	pts := d.routes[i]
	if len(pts) < 2 {
		return
	}
	l := d.g.Links[i]
	c.Printf("<g><title>%s</title>\n", svg.Escape(d.g.sentence(l)))
	class := "link"
	if l.RuledOut {
		class = "link ruled"
	}
	c.Printf(`<path class="%s" d="%s"/>`+"\n", class, d.curve(pts))
	last, before := pts[len(pts)-1], pts[len(pts)-2]
	dx, dy := sgn(last.Along-before.Along), 0
	if d.upward {
		dx, dy = 0, sgn(last.Across-before.Across)
	}
	c.Printf("%s\n", tip(d.g.part(l.From), last.Along, last.Across, dx, dy))
	if lines := d.labels[i]; lines != nil {
		at := d.places[i]
		w, h := labelSize(lines)
		c.Printf(`<rect class="paper" x="%d" y="%d" width="%d" height="%d"/>`+"\n", at.Along-w/2, at.Across-h/2, w, h)
		for k, s := range lines {
			c.Printf(`<text x="%d" y="%d" class="note how" text-anchor="middle">%s</text>`+"\n", at.Along, at.Across-h/2+14+k*14, svg.Escape(s))
		}
	}
	c.Printf("</g>\n")
}

// curve returns the path of an edge: straight through layers, curved between
// them.
func (d *causal) curve(pts []layered.Point) string {
	s := fmt.Sprintf("M%d %d", pts[0].Along, pts[0].Across)
	for i := 1; i < len(pts); i++ {
		a, b := pts[i-1], pts[i]
		switch {
		case i%2 == 0 || a.Across == b.Across || a.Along == b.Along:
			s += fmt.Sprintf("L%d %d", b.Along, b.Across)
		case d.upward:
			m := (a.Across + b.Across) / 2
			s += fmt.Sprintf("C%d %d %d %d %d %d", a.Along, m, b.Along, m, b.Along, b.Across)
		default:
			m := (a.Along + b.Along) / 2
			s += fmt.Sprintf("C%d %d %d %d %d %d", m, a.Across, m, b.Across, b.Along, b.Across)
		}
	}
	return s
}

// sentence says a link in words.
func (g *CausalGraph) sentence(l Link) string {
	s := g.name(l.From) + " " + g.part(l.From).Did() + " " + g.name(l.To)
	if l.RuledOut {
		s = "Ruled out that " + s
	}
	if l.How != "" {
		s += ": " + l.How
	}
	return s
}

func (g *CausalGraph) name(id string) string {
	for _, x := range g.Causes {
		if x.ID == id {
			return strings.TrimSpace(x.Label + " " + x.Text)
		}
	}
	return g.Outcome.Text
}

// part returns the part that a cause played.
func (g *CausalGraph) part(id string) Part {
	for _, x := range g.Causes {
		if x.ID == id {
			return x.Part
		}
	}
	return ""
}

func sgn(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}
