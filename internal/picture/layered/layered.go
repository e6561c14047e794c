// Package layered places the boxes of a directed graph in layers, so that edges
// run one way, rarely cross, never pass through a box and have room for a label.
//
// It is the method of Sugiyama: layers by longest path, places along long edges
// kept free, crossings reduced by sweeps over neighboring layers, positions by
// least squares. Everything is counted in whole pixels and every tie is broken by
// the order of the input, so the same graph gives the same drawing on every
// machine.
//
// Flow runs along one axis; "across" is the other. The caller decides whether
// along means to the right or downward.
package layered

import (
	"cmp"
	"slices"
)

// Size is the extent of a box.
type Size struct{ Along, Across int }

// Edge leads from one box to another, given by their indices. A label with a
// size gets a place of its own on the edge, near where it begins.
type Edge struct {
	From, To int
	Label    Size
}

// Graph is what is to be placed. Edges that lead back are drawn all the same,
// against the flow; edges from or to boxes that do not exist are left out, and so
// are edges from a box to itself.
type Graph struct {
	Boxes []Size
	Edges []Edge
	// Last is the box to which all lead: it gets the last layer for itself. It is
	// -1 when there is none.
	Last int
}

// Spacing is the least room between things.
type Spacing struct {
	Layers int // between layers, more when edges between them are steep
	Boxes  int // between neighbors in a layer
	Lines  int // between an edge and its neighbors in a layer
}

// Point is a place in the drawing.
type Point struct{ Along, Across int }

// Drawing is the result. Places are centers, in the order of the input.
type Drawing struct {
	Size   Size
	Boxes  []Point
	Labels []Point // of edges without a label: no meaning
	// Routes has for every edge the points at which it leaves and enters layers,
	// from box to box: straight within a layer, between the points 0 and 1, 2 and
	// 3 and so on a curve from layer to layer. It is nil for an edge left out.
	Routes [][]Point
}

// Plan is a graph whose boxes have their layers and their order.
type Plan struct{ d *drawing }

// Arrange finds layers and an order with few crossings.
func Arrange(g Graph) Plan {
	d := newDrawing(g)
	d.rank()
	d.chain()
	d.order()
	return Plan{d}
}

// Place gives everything its place. With turned set, along and across change
// places in the sizes of boxes and labels, so that one plan can be drawn in either
// direction.
func (p Plan) Place(s Spacing, turned bool) Drawing {
	d := *p.d
	d.space, d.nodes = s, slices.Clone(d.nodes)
	if turned {
		for i, n := range d.nodes {
			d.nodes[i].size = Size{n.size.Across, n.size.Along}
		}
	}
	d.settle()
	return d.result()
}

// node is a box, or the place of an edge or of its label in a layer that the edge
// passes.
type node struct {
	size   Size
	layer  int
	across int // center
	box    bool
	from   []int // neighbors in the layer before
	to     []int // neighbors in the layer after
}

// drawing is a graph while it is placed.
type drawing struct {
	Graph
	space  Spacing
	edges  []Edge // those that count, all with the flow
	back   []bool // of edges: turned around
	kept   []int  // of edges: index in Graph.Edges
	ranks  []int  // of boxes: distance from the last layer
	nodes  []node // boxes first
	chains [][]int
	labels []int   // of edges: the node of the label, or -1
	layers [][]int // nodes in their order
}

func newDrawing(g Graph) *drawing {
	d := &drawing{Graph: g}
	n := len(g.Boxes)
	out := make([][]int, n)
	for i, e := range g.Edges {
		if e.From < 0 || e.To < 0 || e.From >= n || e.To >= n || e.From == e.To {
			continue
		}
		back := e.From == g.Last
		if back {
			e.From, e.To = e.To, e.From
		}
		out[e.From] = append(out[e.From], len(d.edges))
		d.edges, d.kept, d.back = append(d.edges, e), append(d.kept, i), append(d.back, back)
	}
	d.breakCircles(out)
	return d
}

// breakCircles turns around the edges that lead back, found by depth-first search
// in the order of the boxes.
func (d *drawing) breakCircles(out [][]int) {
	const unseen, onPath, done = 0, 1, 2
	state := make([]int, len(d.Boxes))
	var visit func(i int)
	visit = func(i int) {
		state[i] = onPath
		for _, e := range out[i] {
			to := d.edges[e].To
			if state[to] == onPath {
				d.edges[e].From, d.edges[e].To, d.back[e] = to, i, !d.back[e]
			} else if state[to] == unseen {
				visit(to)
			}
		}
		state[i] = done
	}
	for i := range d.Boxes {
		if state[i] == unseen {
			visit(i)
		}
	}
}

// result turns places in layers into the drawing.
func (d *drawing) result() Drawing {
	at, width := d.alongs()
	lowest, highest := 0, 0
	for i, n := range d.nodes {
		top, bottom := n.across-n.size.Across/2, n.across+(n.size.Across+1)/2
		if i == 0 {
			lowest, highest = top, bottom
		}
		lowest, highest = min(lowest, top), max(highest, bottom)
	}
	out := Drawing{Size: Size{0, highest - lowest}, Labels: make([]Point, len(d.Graph.Edges)), Routes: make([][]Point, len(d.Graph.Edges))}
	if last := len(at) - 1; last >= 0 {
		out.Size.Along = at[last] + width[last]
	}
	for i := range d.nodes {
		d.nodes[i].across -= lowest
	}
	center := func(i int) Point {
		n := d.nodes[i]
		return Point{at[n.layer] + width[n.layer]/2, n.across}
	}
	for i := range d.Boxes {
		out.Boxes = append(out.Boxes, center(i))
	}
	leave, arrive := d.landings()
	for e, chain := range d.chains {
		pts := d.route(chain, at, width)
		pts[0].Across += leave[e]
		pts[len(pts)-1].Across += arrive[e]
		if d.back[e] {
			slices.Reverse(pts)
		}
		out.Routes[d.kept[e]] = pts
		if d.labels[e] >= 0 {
			out.Labels[d.kept[e]] = center(d.labels[e])
		}
	}
	return out
}

// route returns the points of an edge, with the flow, from middle to middle.
func (d *drawing) route(chain, at, width []int) []Point {
	var pts []Point
	for i, n := range chain {
		layer, across := d.nodes[n].layer, d.nodes[n].across
		before, after := at[layer], at[layer]+width[layer]
		if d.nodes[n].box {
			before = at[layer] + (width[layer]-d.nodes[n].size.Along)/2
			after = before + d.nodes[n].size.Along
		}
		if i > 0 {
			pts = append(pts, Point{before, across})
		}
		if i < len(chain)-1 {
			pts = append(pts, Point{after, across})
		}
	}
	return pts
}

// Room on the side of a box: how far apart edges meet it where there is enough of
// it, and how far from its corners they stay.
const (
	besideEdge = 14
	corner     = 10
)

// landings returns for every edge how far from the middle of their sides it leaves
// its first box and arrives at its last: edges that share a side stand apart on
// it, in the order of their neighbors, so that they do not cross there.
func (d *drawing) landings() (leave, arrive []int) {
	out, in := make([][]int, len(d.Boxes)), make([][]int, len(d.Boxes))
	for e, c := range d.chains {
		first, last := c[0], c[len(c)-1]
		out[first], in[last] = append(out[first], e), append(in[last], e)
	}
	leave, arrive = make([]int, len(d.chains)), make([]int, len(d.chains))
	for b := range d.Boxes {
		d.setApart(b, out[b], leave, func(c []int) int { return c[1] })
		d.setApart(b, in[b], arrive, func(c []int) int { return c[len(c)-2] })
	}
	return leave, arrive
}

// setApart moves apart the edges that share a side of a box. next returns the
// neighbor of the box on the chain of an edge.
func (d *drawing) setApart(box int, edges, offset []int, next func(chain []int) int) {
	gaps := len(edges) - 1
	if gaps < 1 {
		return
	}
	slices.SortStableFunc(edges, func(a, b int) int {
		return cmp.Compare(d.nodes[next(d.chains[a])].across, d.nodes[next(d.chains[b])].across)
	})
	span := max(min(d.nodes[box].size.Across-2*corner, gaps*besideEdge), 0)
	for i, e := range edges {
		offset[e] = floorDiv((2*i-gaps)*span, 2*gaps)
	}
}

// alongs returns where each layer begins and how wide it is.
func (d *drawing) alongs() (at, width []int) {
	x := 0
	for l, layer := range d.layers {
		w := 0
		for _, n := range layer {
			w = max(w, d.nodes[n].size.Along)
		}
		at, width = append(at, x), append(width, w)
		x += w + d.gap(l)
	}
	return at, width
}

// gap is the room after a layer: more where edges climb far, less between an edge
// and its own label.
func (d *drawing) gap(l int) int {
	steepest, labels := 0, true
	for _, n := range d.layers[l] {
		labels = labels && !d.nodes[n].box
		for _, to := range d.nodes[n].to {
			steepest = max(steepest, abs(d.nodes[n].across-d.nodes[to].across))
		}
	}
	if l+1 < len(d.layers) && !labels {
		labels = !slices.ContainsFunc(d.layers[l+1], func(n int) bool { return d.nodes[n].box })
	}
	base := d.space.Layers
	if labels {
		base = base * 3 / 4
	}
	return base + min(steepest/7, base*3/2)
}

func abs(n int) int { return max(n, -n) }
