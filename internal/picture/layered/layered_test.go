package layered

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var space = Spacing{Layers: 50, Boxes: 14, Lines: 10}

// random returns a graph of n boxes in which edges lead to boxes with a lower
// index, mostly; some lead back, some nowhere.
func random(seed uint64, n int) Graph {
	r := rand.New(rand.NewPCG(seed, 1))
	g := Graph{Last: 0}
	for range n {
		g.Boxes = append(g.Boxes, Size{Along: 200, Across: 40 + 16*r.IntN(4)})
	}
	for i := 1; i < n; i++ {
		for range 1 + r.IntN(2) {
			e := Edge{From: i, To: r.IntN(i)}
			if r.IntN(3) == 0 {
				e.Label = Size{Along: 110, Across: 14 * (1 + r.IntN(3))}
			}
			if r.IntN(30) == 0 {
				e.From, e.To = e.To, e.From
			}
			g.Edges = append(g.Edges, e)
		}
	}
	if r.IntN(4) == 0 {
		g.Edges = append(g.Edges, Edge{From: n + 3, To: 0}, Edge{From: n / 2, To: n / 2})
	}
	return g
}

// area is the place of a box or a label.
type area struct {
	name                     string
	label                    int // of edge label-1
	left, top, right, bottom int
}

func areaOf(name string, p Point, s Size) area {
	return area{name, 0, p.Along - s.Along/2, p.Across - s.Across/2, p.Along - s.Along/2 + s.Along, p.Across - s.Across/2 + s.Across}
}

func (a area) overlaps(b area) bool {
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

func areas(g Graph, d Drawing) []area {
	var out []area
	for i, p := range d.Boxes {
		out = append(out, areaOf(fmt.Sprintf("box %d", i), p, g.Boxes[i]))
	}
	for i, e := range g.Edges {
		if e.Label.Along > 0 && d.Routes[i] != nil {
			a := areaOf(fmt.Sprintf("label of edge %d", i), d.Labels[i], e.Label)
			a.label = i + 1
			out = append(out, a)
		}
	}
	return out
}

func TestRandomGraphsAreSameTwiceWithoutOverlap(t *testing.T) {
	for seed := range uint64(1000) {
		n := 1 + int(seed%32)
		if seed%100 == 0 {
			n = 60
		}
		g := random(seed, n)
		d := Arrange(g).Place(space, false)
		if !reflect.DeepEqual(d, Arrange(g).Place(space, false)) {
			t.Fatalf("seed %d: two drawings of the same graph differ", seed)
		}
		all := areas(g, d)
		for i, a := range all {
			if a.left < 0 || a.top < 0 || a.right > d.Size.Along || a.bottom > d.Size.Across+1 {
				t.Fatalf("seed %d: %s lies outside the drawing: %+v in %+v", seed, a.name, a, d.Size)
			}
			for _, b := range all[:i] {
				if a.overlaps(b) {
					t.Fatalf("seed %d: %s overlaps %s: %+v %+v", seed, a.name, b.name, a, b)
				}
			}
		}
		checkRoutes(t, seed, g, d, all)
		checkEnds(t, seed, g, d)
		checkTurned(t, seed, g)
	}
}

// checkRoutes checks that no edge passes through a box that it does not join or
// through the label of another.
func checkRoutes(t *testing.T, seed uint64, g Graph, d Drawing, all []area) {
	t.Helper()
	for i, pts := range d.Routes {
		e := g.Edges[i]
		for k := 1; k+1 < len(pts); k += 2 { // the straight parts, within layers
			line := area{"", 0, min(pts[k].Along, pts[k+1].Along), pts[k].Across, max(pts[k].Along, pts[k+1].Along) + 1, pts[k].Across + 1}
			for _, a := range all {
				if a.overlaps(line) && a.label-1 != i {
					t.Fatalf("seed %d: edge %d from %d to %d passes through %s", seed, i, e.From, e.To, a.name)
				}
			}
		}
	}
}

// checkEnds checks that edges meet a box on its side, and that those that share a
// side meet it in places of their own where it is long enough.
func checkEnds(t *testing.T, seed uint64, g Graph, d Drawing) {
	t.Helper()
	type side struct{ box, along int }
	ends := map[side][]int{}
	for i, pts := range d.Routes {
		if pts == nil {
			continue
		}
		for box, p := range map[int]Point{g.Edges[i].From: pts[0], g.Edges[i].To: pts[len(pts)-1]} {
			if off := abs(p.Across - d.Boxes[box].Across); 2*off > g.Boxes[box].Across {
				t.Fatalf("seed %d: edge %d misses box %d by %d pixels", seed, i, box, off)
			}
			at := side{box, p.Along}
			ends[at] = append(ends[at], p.Across)
		}
	}
	for at, list := range ends {
		slices.Sort(list)
		for i := 1; i < len(list); i++ {
			if room := (g.Boxes[at.box].Across - 2*corner) / (len(list) - 1); list[i]-list[i-1] < min(room, besideEdge) {
				t.Fatalf("seed %d: edges meet box %d at %v, though there is room for %d between them", seed, at.box, list, room)
			}
		}
	}
}

// checkTurned checks that a plan drawn the other way is that of the turned graph.
func checkTurned(t *testing.T, seed uint64, g Graph) {
	t.Helper()
	if seed%20 != 0 {
		return
	}
	turned := Graph{Last: g.Last}
	for _, b := range g.Boxes {
		turned.Boxes = append(turned.Boxes, Size{b.Across, b.Along})
	}
	for _, e := range g.Edges {
		e.Label = Size{e.Label.Across, e.Label.Along}
		turned.Edges = append(turned.Edges, e)
	}
	if diff := cmp.Diff(Arrange(g).Place(space, true), Arrange(turned).Place(space, false)); diff != "" {
		t.Errorf("seed %d: turned and turned before differ:\n%s", seed, diff)
	}
}

func TestPlace(t *testing.T) {
	box := Size{Along: 100, Across: 40}
	tests := []struct {
		name  string
		g     Graph
		along []int // of the boxes' centers, in layers from the last
		cross int
	}{
		{"nothing", Graph{Last: -1}, nil, 0},
		{"one box", Graph{Boxes: []Size{box}, Last: 0}, []int{0}, 0},
		{"chain", Graph{Boxes: []Size{box, box, box}, Edges: []Edge{{From: 1, To: 0}, {From: 2, To: 1}}, Last: 0}, []int{0, 1, 2}, 0},
		{"circle", Graph{Boxes: []Size{box, box}, Edges: []Edge{{From: 0, To: 1}, {From: 1, To: 0}}, Last: -1}, []int{1, 0}, 0},
		{"box that leads nowhere keeps out of the last layer", Graph{Boxes: []Size{box, box}, Last: 0}, []int{0, 1}, 0},
		{"edges that cross in the order of the input", Graph{Boxes: []Size{box, box, box, box, box},
			Edges: []Edge{{From: 1, To: 0}, {From: 2, To: 0}, {From: 3, To: 2}, {From: 4, To: 1}}, Last: 0}, []int{0, 1, 1, 2, 2}, 0},
		{"a box that leads far keeps its way free", Graph{Boxes: []Size{box, box, box}, Edges: []Edge{{From: 1, To: 0}, {From: 2, To: 1}, {From: 2, To: 0}}, Last: 0}, []int{0, 1, 2}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDrawing(tt.g)
			d.rank()
			if diff := cmp.Diff(d.ranks, append([]int{}, tt.along...)); diff != "" {
				t.Errorf("ranks (got before want):\n%s", diff)
			}
			d.chain()
			d.order()
			if got := d.crossings(); got != tt.cross {
				t.Errorf("%d crossings, want %d", got, tt.cross)
			}
		})
	}
}

func TestHugeGraphsEnd(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second")
	}
	g := random(1, 1500)
	for i := range 1500 {
		g.Edges = append(g.Edges, Edge{From: 1499 - i/3, To: i / 3, Label: Size{100, 20}})
	}
	d := Arrange(g).Place(space, false)
	all := areas(Graph{Boxes: g.Boxes}, d)
	for i, a := range all {
		for _, b := range all[:i] {
			if a.overlaps(b) {
				t.Fatalf("%s overlaps %s", a.name, b.name)
			}
		}
	}
}

func TestCrossingsAreRemoved(t *testing.T) {
	before, after := 0, 0
	for seed := range uint64(100) {
		d := newDrawing(random(seed, 40))
		d.rank()
		d.chain()
		copied := *d
		copied.firstOrder()
		before += copied.crossings()
		d.layers = make([][]int, len(d.layers))
		d.order()
		after += d.crossings()
	}
	if after*2 > before {
		t.Errorf("%d crossings of %d are left; sweeps should remove more than half", after, before)
	}
	t.Logf("%d crossings before, %d after", before, after)
}

func TestInversions(t *testing.T) {
	for _, tt := range []struct {
		list []int
		want int
	}{{nil, 0}, {[]int{1, 2, 3}, 0}, {[]int{3, 2, 1}, 3}, {[]int{2, 2, 1, 1}, 4}, {[]int{0, 5, 1, 5, 0}, 4}} {
		if got := inversions(tt.list); got != tt.want {
			t.Errorf("inversions(%v) = %d, want %d", tt.list, got, tt.want)
		}
	}
}

func BenchmarkPlace60(b *testing.B) {
	g := random(7, 60)
	for b.Loop() {
		Arrange(g).Place(space, false)
	}
}
