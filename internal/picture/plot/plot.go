// Package plot draws counts per week as bars, and shares that go down as steps. Every
// bar and every step may lead somewhere: to the list that it counts.
//
//	err := plot.Bars(w, plot.BarChart{Title: "Per week", Names: ..., Groups: ...}, plot.Look{Width: 800})
//
// Axes begin at zero, what is drawn is named beside it, and each mark has its words.
// The same input gives the same bytes.
package plot

import (
	"bufio"
	"fmt"
	"io"
	"math"

	"github.com/hindcast/hindcast/internal/picture"
	"github.com/hindcast/hindcast/internal/picture/svg"
)

// Look says how a chart is drawn.
type Look struct {
	Width  int  // at least 280
	Within bool // a part of a page, which holds [picture.Style] and [Style]
}

// Style is the look of charts, in addition to [picture.Style].
const Style = `.bar1{fill:var(--mark)}.bar2{fill:var(--paper);stroke:var(--mark);stroke-width:1.5}.bar3{fill:var(--soft)}.curve{fill:none;stroke:var(--mark);stroke-width:2}.limits{fill:var(--mark);opacity:.16}.half{stroke:var(--soft);stroke-width:1;stroke-dasharray:4 3}.dot{fill:var(--mark)}.left{stroke:var(--mark);stroke-width:1.5}a .hit{fill:transparent}a:hover .hit,a:focus .hit{fill:var(--mark);opacity:.12}
`

const (
	top    = 40
	bottom = 36
	left   = 44
	right  = 16
	plotH  = 170
)

// drawing is a chart while it is drawn.
type drawing struct {
	w             *bufio.Writer
	look          Look
	width, height float64
}

func newDrawing(w io.Writer, look Look) *drawing {
	return &drawing{w: bufio.NewWriter(w), look: look, width: float64(max(look.Width, 280)), height: top + plotH + bottom}
}

func (d *drawing) printf(format string, args ...any) { fmt.Fprintf(d.w, format, args...) }

func (d *drawing) text(x, y float64, class, anchor, s string) {
	d.printf(`<text x="%.1f" y="%.1f" class="%s" text-anchor="%s">%s</text>`+"\n", x, y, class, anchor, svg.Escape(s))
}

// head begins the picture. One that stands alone carries its style.
func (d *drawing) head(title, desc string) {
	d.printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f"`, d.width, d.height, d.width, d.height)
	if d.look.Within {
		d.printf(` role="group" aria-label="%s">`+"\n", svg.Escape(title+". "+desc))
		return
	}
	d.printf(` role="img" aria-labelledby="t d">`+"\n<title id=\"t\">%s</title>\n<desc id=\"d\">%s</desc>\n<style>\n%s%s</style>\n", svg.Escape(title), svg.Escape(desc), picture.Style, Style)
	d.printf(`<rect class="paper" width="%.0f" height="%.0f"/>`+"\n", d.width, d.height)
}

func (d *drawing) end() error {
	d.printf("</svg>\n")
	return d.w.Flush()
}

// link begins what leads to an address, and end ends it. Pictures that stand alone lead
// nowhere.
func (d *drawing) link(to, words string) (end string) {
	if to == "" || !d.look.Within {
		d.printf("<g><title>%s</title>\n", svg.Escape(words))
		return "</g>\n"
	}
	d.printf(`<a href="%s" aria-label="%s"><title>%s</title>`+"\n", svg.Escape(to), svg.Escape(words), svg.Escape(words))
	return "</a>\n"
}

// y returns where a share of the greatest value lies.
func (d *drawing) y(share float64) float64 { return top + plotH*(1-share) }

// Group is what is drawn of one name of a [BarChart]: one bar for each series.
type Group struct {
	Name   string // below the bars
	Values []int
	Words  []string // what each bar says
	Links  []string // where each bar leads; empty leads nowhere
}

// BarChart are counts, in groups of bars beside one another.
type BarChart struct {
	Title, Desc string
	Series      []string // at most three
	Groups      []Group
}

// Bars draws counts as bars from zero.
func Bars(w io.Writer, c BarChart, look Look) error {
	d := newDrawing(w, look)
	d.head(c.Title, c.Desc)
	d.legend(c.Series)
	most := 1
	for _, g := range c.Groups {
		for _, n := range g.Values {
			most = max(most, n)
		}
	}
	step := nice(most)
	ceiling := (most + step - 1) / step * step
	for n := 0; n <= ceiling; n += step {
		y := d.y(float64(n) / float64(ceiling))
		d.printf(`<line class="grid" x1="%d" x2="%.1f" y1="%.1f" y2="%.1f"/>`+"\n", left, d.width-right, y, y)
		d.text(left-8, y+4, "num", "end", fmt.Sprint(n))
	}
	room := (d.width - left - right) / float64(max(len(c.Groups), 1))
	every := int(math.Ceil(46 / room)) // as many names as there is room for
	for i, g := range c.Groups {
		x := left + room*float64(i)
		d.group(g, x, room, ceiling)
		if (len(c.Groups)-1-i)%every == 0 {
			d.text(x+room/2, top+plotH+18, "num", "middle", g.Name)
		}
	}
	return d.end()
}

func (d *drawing) legend(series []string) {
	x := float64(left)
	for i, name := range series {
		d.printf(`<rect class="bar%d" x="%.1f" y="12" width="10" height="10"/>`+"\n", i+1, x)
		d.text(x+15, 21, "soft", "start", name)
		x += 32 + svg.TextWidth(name, 12)
	}
}

// group draws the bars of one name.
func (d *drawing) group(g Group, x, room float64, ceiling int) {
	pad := room * 0.14
	wide := (room - 2*pad) / float64(max(len(g.Values), 1))
	for i, n := range g.Values {
		end := d.link(g.Links[i], g.Words[i])
		at := x + pad + wide*float64(i)
		d.printf(`<rect class="hit" x="%.1f" y="%d" width="%.1f" height="%d"/>`+"\n", at, top, wide, plotH)
		if n > 0 {
			y := d.y(float64(n) / float64(ceiling))
			d.printf(`<rect class="bar%d" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`+"\n", i+1, at+wide*0.06, y, wide*0.88, top+plotH-y)
		}
		d.printf("%s", end)
	}
}

// nice returns a step that divides an axis up to n into at most five parts.
func nice(n int) int {
	for unit := 1; ; unit *= 10 {
		for _, m := range []int{1, 2, 5} {
			if s := m * unit; n <= 5*s {
				return s
			}
		}
	}
}
