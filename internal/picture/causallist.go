package picture

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hindcast/hindcast/internal/picture/svg"
)

// causalList is a causal graph as a list: every cause below all that it led to,
// and beside the list a lane for each effect to which its causes are joined.
type causalList struct {
	g             CausalGraph
	ends          [][2]int
	order         []int // numbers of boxes from the top
	boxes         []box
	lanes         []rail
	width, height int
	below         below
}

// rail is the lane of one effect, from its box down to its last cause.
type rail struct {
	effect      int
	top, bottom int // places in the order
	column      int // 0 is nearest to the boxes
}

func drawCausalList(c *svg.Canvas, g CausalGraph, f Frame) error {
	d := newCausalList(g, f)
	begin(c, f, g.Title, g.Desc, d.width, d.height)
	d.drawLanes(c)
	for _, i := range d.order {
		d.boxes[i].draw(c, f)
	}
	d.below.draw(c, f)
	return end(c)
}

func newCausalList(g CausalGraph, f Frame) *causalList {
	d := &causalList{g: g, ends: g.ends(), width: max(f.Width, 300)}
	d.sort()
	columns := d.assign()
	left := edge/2 + 10 + columns*d.step()
	y := edge / 2
	d.boxes = make([]box, len(g.Causes)+1)
	for _, i := range d.order {
		b := newBox(d.cause(i), d.width-edge/2-left)
		b.h = max(b.h, 52) // two links meet its side
		b.x, b.y = left, y
		y += b.h + 14
		d.boxes[i] = b
	}
	d.below, d.height = newBelow(g.Apart, g.Causes, y, d.width)
	return d
}

// cause returns a cause with the sentences of its links.
func (d *causalList) cause(i int) Cause {
	if i == 0 {
		return d.g.Outcome
	}
	c := d.g.Causes[i-1]
	c.Feet = slices.Clone(c.Feet)
	for k, l := range d.g.Links {
		if d.ends[k][0] == i && l.How != "" {
			c.Feet = append(c.Feet, Foot{Sign: SignHow, Text: l.How})
		}
	}
	return c
}

// sort orders the boxes: the outcome first, each cause after all its effects, as
// soon after the last of them as it can.
func (d *causalList) sort() {
	n := len(d.g.Causes) + 1
	open := make([]int, n) // effects that are not placed yet
	causes := make([][]int, n)
	for _, e := range d.ends {
		if e[0] > 0 && e[0] != e[1] {
			open[e[0]]++
			causes[e[1]] = append(causes[e[1]], e[0])
		}
	}
	placed := make([]bool, n)
	var visit func(i int)
	visit = func(i int) {
		placed[i] = true
		d.order = append(d.order, i)
		for _, k := range causes[i] {
			open[k]--
		}
		for _, k := range causes[i] {
			if open[k] == 0 && !placed[k] {
				visit(k)
			}
		}
	}
	visit(0)
	for i := range n { // what does not lead to the outcome, or leads in a circle
		if !placed[i] && open[i] == 0 {
			visit(i)
		}
	}
	for i := range n {
		if !placed[i] {
			visit(i)
		}
	}
}

// assign gives every effect its lane, short ones nearest to the boxes, and returns
// the number of columns.
func (d *causalList) assign() int {
	at := make([]int, len(d.order))
	for p, i := range d.order {
		at[i] = p
	}
	lanes := map[int]*rail{}
	var list []*rail
	for _, e := range d.ends {
		if e[0] < 0 || e[0] == e[1] {
			continue
		}
		l := lanes[e[1]]
		if l == nil {
			l = &rail{effect: e[1], top: at[e[1]], bottom: at[e[1]]}
			lanes[e[1]], list = l, append(list, l)
		}
		l.top, l.bottom = min(l.top, at[e[0]]), max(l.bottom, at[e[0]])
	}
	slices.SortStableFunc(list, func(a, b *rail) int {
		return cmp.Or(cmp.Compare(a.bottom-a.top, b.bottom-b.top), cmp.Compare(a.top, b.top))
	})
	columns := 0
	var taken [][]*rail
	for _, l := range list {
		for l.column < len(taken) && slices.ContainsFunc(taken[l.column], func(o *rail) bool { return o.top <= l.bottom && l.top <= o.bottom }) {
			l.column++
		}
		if l.column == len(taken) {
			taken = append(taken, nil)
		}
		taken[l.column] = append(taken[l.column], l)
		columns = max(columns, l.column+1)
		d.lanes = append(d.lanes, *l)
	}
	return columns
}

// step is the distance between lanes.
func (d *causalList) step() int {
	columns := 1
	for _, l := range d.lanes {
		columns = max(columns, l.column+1)
	}
	return min(max((d.width/3)/columns, 4), 12)
}

// drawLanes draws every lane: from its causes, up beside the list, to its effect.
func (d *causalList) drawLanes(c *svg.Canvas) {
	for _, l := range d.lanes {
		to := d.boxes[l.effect]
		x, y := to.x-10-(l.column+1)*d.step()+d.step()/2, to.y+to.h-16
		var paths, sentences []string
		marks := ""
		for k, e := range d.ends {
			if e[1] != l.effect || e[0] == e[1] || e[0] < 0 {
				continue
			}
			from := d.boxes[e[0]]
			paths = append(paths, hook(from.x, from.y+20, x, y, to.x))
			if p := from.Part; p.Did() != PartRoot.Did() {
				marks += tip(p, from.x, from.y+20, 1, 0)
			}
			sentences = append(sentences, d.g.sentence(d.g.Links[k]))
		}
		c.Printf("<g><title>%s</title>\n", svg.Escape(strings.Join(sentences, "; ")))
		c.Printf(`<path class="link" d="%s"/><path class="tip" d="%s"/>%s</g>`+"\n", strings.Join(paths, ""), arrow(to.x, y, 1, 0), marks)
	}
}

// hook returns the path from (x0, y0) left to x, along it to y1, and right to x1.
func hook(x0, y0, x, y1, x1 int) string {
	r := 5 * sgn(y1-y0)
	return fmt.Sprintf("M%d %dH%dQ%d %d %d %dV%dQ%d %d %d %dH%d", x0, y0, x+5, x, y0, x, y0+r, y1-r, x, y1, x+5, y1, x1)
}
