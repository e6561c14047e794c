package pdf

import (
	east "github.com/yuin/goldmark/extension/ast"
)

// manyColumns is from how many columns on a table lies on its side.
const manyColumns = 8

const (
	cellPad = 4.0
	minimum = 26.0 // width of a column
)

// grid is a table while it is written.
type grid struct {
	reader
	head    [][]span   // a cell each
	cells   [][][]span // by row and column
	widths  []float64
	size    float64
	leading float64
}

// table writes a table; on every page it goes on to, its header comes first.
func (r reader) table(n *east.Table) {
	g := grid{reader: r, size: 8.6}
	g.read(n)
	if len(g.head) == 0 {
		return
	}
	if len(g.head) >= manyColumns {
		g.size = 7.2
		if !r.wide {
			r.newPage(true)
		}
	}
	g.leading = g.size * 1.32
	g.layout()
	r.space(4)
	g.header()
	for _, row := range g.cells {
		g.row(row)
	}
	r.y += 10 // what follows stays on this page; the next section is upright again
}

// read collects the cells.
func (g *grid) read(n *east.Table) {
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		st := style{size: g.size, color: ink}
		if row.Kind() == east.KindTableHeader {
			st = style{size: g.size, color: soft, bold: true}
		}
		var cells [][]span
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			cells = append(cells, g.inline(c, st, ""))
		}
		if row.Kind() == east.KindTableHeader {
			g.head = cells
			continue
		}
		g.cells = append(g.cells, cells)
	}
}

// layout gives every column what it needs, and shares what is missing among those
// that need most.
func (g *grid) layout() {
	room := g.right - g.left
	need := make([]float64, len(g.head))
	for _, row := range append([][][]span{g.head}, g.cells...) {
		for i, c := range row {
			if i < len(need) {
				need[i] = max(need[i], g.natural(c)+2*cellPad+1)
			}
		}
	}
	g.widths = need
	for range 20 {
		total, most := 0.0, 0.0
		for _, w := range g.widths {
			total, most = total+w, max(most, w)
		}
		if total <= room || most <= minimum {
			break
		}
		g.trim(total-room, most)
	}
	total := 0.0
	for _, w := range g.widths {
		total += w
	}
	if total > room {
		for i := range g.widths {
			g.widths[i] *= room / total
		}
	}
}

// trim takes too much from the widest columns, down to the next narrower ones.
func (g *grid) trim(over, most float64) {
	next, n := minimum, 0
	for _, w := range g.widths {
		if w < most-0.5 {
			next = max(next, w)
		} else {
			n++
		}
	}
	cut := min(over/float64(n), most-next)
	for i, w := range g.widths {
		if w >= most-0.5 {
			g.widths[i] = w - max(cut, 1)
		}
	}
}

// natural is the width of a cell in one line.
func (g *grid) natural(c []span) float64 {
	w := 0.0
	for _, s := range c {
		s.size = g.sized(s.style)
		w += g.measure(g.chars.Plain(s.text), s.style)
	}
	return w
}

// sized is the size of a style within this table.
func (g *grid) sized(s style) float64 {
	if s.mono {
		return g.size * 0.88
	}
	return g.size
}

func (g *grid) header() {
	g.need(4 * g.leading)
	g.cellsOf(g.head, func() {})
	g.stroke(soft, g.left, g.y, g.right, g.y)
}

// row writes a row with a line below it.
func (g *grid) row(row [][]span) {
	g.cellsOf(row, g.header)
	g.stroke(rule, g.left, g.y, g.right, g.y)
}

// cellsOf writes the cells of a row side by side. A row that is higher than what
// is left of the page begins a new one; one that is higher than a page goes on.
func (g *grid) cellsOf(row [][]span, again func()) {
	var columns [][][]piece
	most := 0
	for i := range g.head {
		var lines [][]piece
		if i < len(row) {
			cell := append([]span(nil), row[i]...)
			for k := range cell {
				cell[k].size = g.sized(cell[k].style)
			}
			lines = g.lines(cell, g.widths[i]-2*cellPad)
		}
		columns, most = append(columns, lines), max(most, len(lines))
	}
	page := g.bottom() - marginTop - 4*g.leading
	if high := float64(most)*g.leading + 2*cellPad; g.y+min(high, page) > g.bottom() && g.y > marginTop {
		g.newPage(g.wide)
		again()
	}
	g.y += cellPad
	for n := range most {
		if g.y+g.leading > g.bottom() {
			g.newPage(g.wide)
			again()
			g.y += cellPad
		}
		x := g.left
		for i, lines := range columns {
			if n < len(lines) {
				g.line(lines[n], x+cellPad, g.y+g.leading*0.76)
			}
			x += g.widths[i]
		}
		g.y += g.leading
	}
	g.y += cellPad - 1
}
