package picture

import (
	"fmt"
	"strconv"

	"github.com/hindcast/hindcast/internal/picture/svg"
)

// indent lays the tree out as an indented list, for a narrow frame.
func (d *whys) indent(f Frame) {
	d.width = max(f.Width, 300)
	y := edge / 2
	outcome := newBox(d.tree.Outcome, d.width-edge)
	outcome.x, outcome.y = edge/2, y
	d.boxes = append(d.boxes, outcome)
	y += outcome.h + 12
	y = d.indentBelow(d.tree.Whys, 1, outcome.x, outcome.y+outcome.h, y)
	d.height = y + 6
}

// step is how far a level is indented; a deep tree is indented less.
func (d *whys) step() int { return max(8, min(18, (d.width-240)/max(depth(d.tree.Whys), 1))) }

// indentBelow places answers below one another from y on and returns where they
// end. from is the foot of the box that they answer, at x.
func (d *whys) indentBelow(list []Why, level, x, from, y int) int {
	for _, a := range list {
		left := edge/2 + min(level*d.step(), d.width-220) // however deep, there is room for words
		w := d.width - edge/2 - left
		h := head{x: left + 2, y: y - 2, w: w, name: "Why " + strconv.Itoa(level)}
		if level <= len(d.tree.Levels) {
			h.question = wrap(d.tree.Levels[level-1].Question, w-60, noteSize)
		}
		d.heads = append(d.heads, h)
		y += 5 + max(1, len(h.question))*noteLine
		b := d.boxOf(a, w)
		b.x, b.y = left, y
		d.boxes = append(d.boxes, b)
		stem := x + d.step()/2
		d.links = append(d.links, fmt.Sprintf("M%d %dV%dH%d", stem, from, y+16, left))
		y += b.h + 12
		y = d.indentBelow(a.Whys, level+1, left, b.y+b.h, y)
	}
	return y
}

// elbow returns the path between two columns: straight, around two gentle
// corners, straight.
func elbow(x0, y0, x1, y1 int) string {
	if y0 == y1 {
		return fmt.Sprintf("M%d %dH%d", x0, y0, x1)
	}
	m, r := (x0+x1)/2, min(8, max(y1-y0, y0-y1)/2)
	s := sgn(y1 - y0)
	return fmt.Sprintf("M%d %dH%dQ%d %d %d %dV%dQ%d %d %d %dH%d", x0, y0, m-r, m, y0, m, y0+s*r, y1-s*r, m, y1, m+r, y1, x1)
}

// drawHeads writes the head of each column, or of each answer of a list.
func (d *whys) drawHeads(c *svg.Canvas) {
	for _, h := range d.heads {
		y := h.y + 12
		line(c, h.x, y, "strong", h.name)
		if d.headHeight == 0 { // a list: beside each other
			for i, q := range h.question {
				line(c, h.x+50, y+i*noteLine, "note soft", q)
			}
			continue
		}
		for _, q := range h.question {
			y += 16
			line(c, h.x, y, "small", q)
		}
		y += 4
		for _, g := range h.goal {
			y += noteLine
			line(c, h.x, y, "note soft", g)
		}
		c.Printf(`<path class="grid" d="M%d %dH%d"/>`+"\n", h.x, h.y+d.headHeight+6, h.x+h.w)
	}
}
