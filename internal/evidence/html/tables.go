package html

import (
	"bytes"
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/chat"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/evidence/table"
)

const (
	// sampled is how many rows of a table, and sampledBytes how much of their text, tell
	// what it is.
	sampled      = 60
	sampledBytes = 256 << 10
	// deepest is how many tables within each other are read, and widest how many columns.
	deepest = 8
	widest  = 64
	// tallest is how many rows a cell may span.
	tallest = 10_000
	// briefly is how long a cell is whose line breaks say nothing, in bytes.
	briefly = 64
	// maxAbove is how much of the text above a table is kept, in bytes.
	maxAbove = 1 << 10
)

// tables finds the tables of a page. Where tables stand in each other, as in mails, each
// is read for itself.
type tables struct {
	found func(*grid) // is called with each table as soon as enough of it is known
	open  []*grid     // the tables that are open, the innermost last
	over  int         // tables that are open in the innermost, deeper than is read
	above []byte      // the last of the text outside of tables
}

// grid is one table while it is read.
type grid struct {
	header []string
	rows   []row // until it is settled
	size   int   // bytes of rows
	above  string

	settled bool
	write   func(hindcast.Ref, []string) // takes the rows; nil when nothing is to be read of it
	done    func()

	part  part
	cells []string
	own   int  // cells that stand in the row itself
	in    bool // a row is open
	ref   hindcast.Ref
	cols  int     // that the open cell spans
	tall  int     // rows that it spans
	spans []*span // cells of rows above that reach into this one, by column
}

type row struct {
	ref   hindcast.Ref
	cells []string
}

// span is a cell that reaches into rows below its own.
type span struct {
	text string
	left int
}

// take takes a tag or a text.
func (ts *tables) take(t *token) {
	begins, ends := t.kind == html.StartTagToken, t.kind == html.EndTagToken
	switch {
	case t.name == "table" && begins:
		if len(ts.open) == deepest {
			ts.over++
			return
		}
		ts.open = append(ts.open, &grid{above: string(ts.above[max(0, len(ts.above)-maxAbove):])})
	case t.name == "table" && ends:
		if ts.over > 0 {
			ts.over--
		} else if len(ts.open) > 0 {
			ts.pop(t)
		}
	case ts.over > 0:
	case len(ts.open) > 0:
		ts.open[len(ts.open)-1].take(t, ts.found)
	case t.kind == html.TextToken:
		ts.outside(t.raw[:min(len(t.raw), maxAbove)])
	}
}

// outside keeps the last of what stands outside of tables.
func (ts *tables) outside(text []byte) {
	if text = bytes.TrimSpace(text); len(text) == 0 {
		return
	}
	if len(ts.above) > 8*maxAbove {
		ts.above = append(ts.above[:0], ts.above[len(ts.above)-maxAbove:]...)
	}
	ts.above = append(append(ts.above, '\n'), text...)
}

// pop ends the innermost table.
func (ts *tables) pop(t *token) {
	last := len(ts.open) - 1
	g := ts.open[last]
	ts.open = ts.open[:last]
	if t != nil {
		g.ref.EndLine = t.ref.Line
	}
	g.end(ts.found)
}

// end ends the tables that the page does not.
func (ts *tables) end() {
	for len(ts.open) > 0 {
		ts.pop(nil)
	}
}

// take takes a tag or a text of the table.
func (g *grid) take(t *token, found func(*grid)) {
	if g.settled && g.write == nil {
		return
	}
	cell := t.name == "td" || t.name == "th"
	switch {
	case t.name == "tr" && t.kind != html.TextToken:
		g.endRow(t, found)
		if t.kind == html.StartTagToken {
			g.in, g.ref = true, t.ref
		}
	case (t.name == "tbody" || t.name == "thead" || t.name == "tfoot") && t.kind != html.TextToken:
		g.endRow(t, found)
	case cell && t.kind == html.StartTagToken:
		g.endCell(t)
		if !g.in {
			g.in, g.ref = true, t.ref
		}
		g.cols, g.tall = spanOf(t, "colspan", widest), spanOf(t, "rowspan", tallest)
		g.part.begin(t, false)
	case cell:
		g.endCell(t)
	case g.part.open():
		g.part.add(t)
	case t.name == "" && len(g.header) == 0 && len(g.above) < 2*maxAbove: // the caption
		g.above += "\n" + strings.TrimSpace(string(t.raw[:min(len(t.raw), maxAbove)]))
	}
}

// spanOf is how many columns or rows a cell spans.
func spanOf(t *token, key string, most int) int {
	n, err := strconv.Atoi(t.attrs[key])
	if err != nil {
		return 1
	}
	return min(max(n, 1), most)
}

// endCell ends the cell that is open.
func (g *grid) endCell(t *token) {
	if !g.part.open() {
		return
	}
	text := strings.TrimSpace(g.part.text())
	if len(text) <= briefly { // a date above its clock
		text = strings.Join(strings.Fields(text), " ")
	}
	g.ref.EndLine = t.ref.Line
	g.own++
	g.reach()
	for i := range g.cols {
		if len(g.cells) == widest {
			return
		}
		if g.tall > 1 {
			for len(g.spans) <= len(g.cells) {
				g.spans = append(g.spans, nil)
			}
			g.spans[len(g.cells)] = &span{text, g.tall - 1}
		}
		if i > 0 {
			text = ""
		}
		g.cells = append(g.cells, text)
	}
}

// reach adds cells of rows above that reach into this one where the next cell would stand.
func (g *grid) reach() {
	for i := len(g.cells); i < len(g.spans) && i < widest; i++ {
		s := g.spans[i]
		if s == nil {
			return
		}
		g.cells = append(g.cells, s.text)
		if s.left--; s.left == 0 {
			g.spans[i] = nil
		}
	}
}

// endRow ends the row that is open.
func (g *grid) endRow(t *token, found func(*grid)) {
	g.endCell(t)
	if !g.in {
		return
	}
	heading := g.own == 1 && g.cols > 1 && g.cols >= len(g.header)
	g.in, g.own = false, 0
	g.reach()
	cells := g.cells
	g.cells = nil
	if len(cells) == 0 || heading {
		return
	}
	if g.header == nil {
		g.header = cells
		return
	}
	for len(cells) < len(g.header) { // cells that are left out at the end are empty
		cells = append(cells, "")
	}
	if g.settled {
		g.write(g.ref, cells)
		return
	}
	g.rows = append(g.rows, row{g.ref, cells})
	for _, c := range cells {
		g.size += len(c)
	}
	if len(g.rows) == sampled || g.size > sampledBytes {
		g.settle(found)
	}
}

// settle asks what to do with the rows, and passes on those that are known.
func (g *grid) settle(found func(*grid)) {
	g.settled = true
	if found(g); g.write != nil {
		for _, r := range g.rows {
			g.write(r.ref, r.cells)
		}
	}
	g.rows = nil
}

// end ends the table.
func (g *grid) end(found func(*grid)) {
	if !g.settled || g.write != nil {
		g.endRow(&token{ref: hindcast.Ref{Line: max(g.ref.EndLine, g.ref.Line)}}, found)
	}
	if !g.settled {
		g.settle(found)
	}
	if g.done != nil {
		g.done()
	}
}

// full returns the rows that are as long as the header.
func (g *grid) full() [][]string {
	var out [][]string
	for _, r := range g.rows {
		if len(r.cells) == len(g.header) {
			out = append(out, r.cells)
		}
	}
	return out
}

// kinds are what the tables in the head of a page are: conversations, or tables with times.
type kinds struct{ messages, times, yearless bool }

func (p *parser) kinds(h record.Head) (k kinds) {
	if !isPage(h.Bytes) || !bytes.Contains(bytes.ToLower(h.Bytes), []byte("<t")) {
		return k
	}
	ts := &tables{found: func(g *grid) {
		if _, ok := chat.Talking(g.header, g.full()); ok {
			k.messages = true
		} else if s, ok := p.grids.Settle(table.Grid{Header: g.header, Rows: g.full(), Above: g.above}, h.Name); ok {
			k.times, k.yearless = true, k.yearless || s.Yearless()
		}
	}}
	_, _ = read(h.Name, bytes.NewReader(h.Bytes), ts.take) // the head may be cut anywhere
	ts.end()
	return k
}

// recognizeTables returns a Recognize function for pages with a conversation in a table,
// or with other tables of which a column is of times.
func (p *parser) recognizeTables(messages bool) func(record.Head) int {
	return func(h record.Head) int {
		switch k := p.kinds(h); {
		case messages && k.messages:
			return 72
		case !messages && k.times:
			return 50
		}
		return 0
	}
}

func (p *parser) yearless(h record.Head) bool { return p.kinds(h).yearless }

// tables reads the tables of a page.
func (p *parser) tables(f *record.File, r io.Reader, sink record.Sink) error {
	ts := &tables{found: func(g *grid) { p.settle(g, f, sink) }}
	problem, err := read(f.Name, r, ts.take)
	ts.end()
	if problem != nil {
		sink.Problem(*problem)
	}
	return err
}

// settle decides how the rows of a table are written.
func (p *parser) settle(g *grid, f *record.File, sink record.Sink) {
	rows := g.full()
	if c, ok := chat.Talking(g.header, rows); ok {
		var times []string
		for _, r := range rows {
			times = append(times, c.Said(r).At)
		}
		talk := p.talks.Open(f, times, sink)
		zone := stamp.HeadZone(g.above)
		g.write = func(ref hindcast.Ref, cells []string) {
			if slices.Equal(cells, g.header) { // the header again
				return
			}
			s := c.Said(cells)
			s.Zone = cmp.Or(s.Zone, zone)
			talk.Say(ref, s)
		}
		return
	}
	if s, ok := p.grids.Settle(table.Grid{Header: g.header, Rows: rows, Above: g.above}, f.Name); ok {
		g.write, g.done = p.grids.Read(f, s, sink)
	}
}
