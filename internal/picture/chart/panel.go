package chart

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/picture/svg"
)

// panel draws one series.
func (d *drawing) panel(n int) {
	s := d.series[n]
	top := d.plotTop(n) - panelTop
	first := d.scale.Segments[0].From
	last := d.scale.Segments[len(d.scale.Segments)-1].To
	s = s.Thin(first, last, max(int(d.width-d.left-d.edge()), 60))
	y := d.yScale(s, top+panelTop)
	d.open(s)
	d.text(d.titleX(), top+13, "metric", "start", svg.Shorten(s.Name, d.width-d.titleX()-8, 14))
	d.text(d.titleX(), top+29, "small soft", "start", svg.Shorten(s.caption(), d.width-d.titleX()-8, smallSize))
	d.printf(`<rect class="bg" x="%.1f" y="%.1f" width="%.1f" height="%d"/>`+"\n", d.left, y.top, d.width-d.edge()-d.left, panelHeight)
	d.drawShifts(s, y)
	d.drawTicks(s, y)
	if len(s.At) == 0 {
		d.text(d.left+8, (y.top+y.bottom)/2+4, "small soft", "start", "no samples in this time")
	}
	stretches := runs(s)
	for _, r := range stretches {
		d.drawSpread(s, y, r)
	}
	d.drawLine(s, y, stretches)
	d.printf("</g>\n")
}

// titleX is where a panel's name begins: above the plot, or on a phone at the
// edge.
func (d *drawing) titleX() float64 {
	if d.width < 640 {
		return 8
	}
	return d.left
}

// open begins a panel's group. Within a page it carries its points.
func (d *drawing) open(s Series) {
	if !d.look.Within {
		d.printf("<g>\n")
		return
	}
	d.printf(`<g role="img" aria-label="%s" data-series="%s" data-unit="%s" data-x="`, svg.Escape(s.Describe()), svg.Escape(s.ID), svg.Escape(s.Unit))
	for i, at := range s.At {
		d.printf("%s%.1f", space(i), d.scale.X(time.UnixMilli(at)))
	}
	d.printf(`" data-t="`)
	for i, at := range s.At {
		if i > 0 {
			at -= s.At[i-1]
		}
		d.printf("%s%d", space(i), at)
	}
	d.printf(`" data-v="`)
	for i, v := range s.Value {
		d.printf("%s%s", space(i), strconv.FormatFloat(significant(v), 'g', -1, 64))
	}
	d.printf("\">\n")
}

func space(i int) string {
	if i == 0 {
		return ""
	}
	return " "
}

// yScale fits the samples of a series that are drawn.
func (d *drawing) yScale(s Series, top float64) yScale {
	lo, hi := math.Inf(1), math.Inf(-1)
	for i := range s.At {
		l, h := s.span(i)
		lo, hi = min(lo, l), max(hi, h)
	}
	return newYScale(lo, hi, top, top+panelHeight)
}

// drawTicks draws the lines of times and values, and writes the values at the
// left.
func (d *drawing) drawTicks(s Series, y yScale) {
	for _, t := range d.scale.Ticks() {
		x := d.scale.X(t)
		d.printf(`<line class="grid" x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f"/>`+"\n", x, x, y.top, y.bottom)
	}
	ticks := y.ticks()
	for i, v := range ticks {
		at := y.at(v)
		d.printf(`<line class="grid" x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f"/>`+"\n", d.left, d.width-d.edge(), at, at)
		label := Number(v)
		if i == len(ticks)-1 && s.Unit != "" && d.width >= 640 {
			label = s.number(v)
		}
		d.text(d.left-6, at+4, "num", "end", label)
	}
	if s.Unit != "" && d.width < 640 {
		d.text(d.left+3, y.top+11, "num", "start", s.Unit)
	}
}

// drawShifts draws where a detector found another level, from its beginning to
// its end: a field, a line at the beginning and a flag that points the way.
func (d *drawing) drawShifts(s Series, y yScale) {
	for _, x := range s.Shifts {
		if x.To.Before(d.scale.Segments[0].From) {
			continue
		}
		from, to := d.scale.X(x.From), d.scale.X(x.To)
		d.printf(`<rect class="shifted" x="%.1f" y="%.1f" width="%.1f" height="%d"/>`+"\n", from, y.top, max(to-from, 1), panelHeight)
		if !d.scale.Holds(x.From) {
			continue // it began before what is shown
		}
		d.printf(`<line class="shift" x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f"/>`+"\n", from, from, y.top, y.bottom)
		if x.Bad {
			d.printf(`<path class="flag" d="M%.1f %.1fl7 4l-7 4z"><title>%s</title></path>`+"\n", from, y.top, svg.Escape(x.Title))
		}
	}
}

// run is a stretch of samples without a gap: from a to before b.
type run struct{ a, b int }

// runs divides a series where samples are missing: after more than three times
// the usual distance.
func runs(s Series) []run {
	if len(s.At) == 0 {
		return nil
	}
	var steps []int64
	for i := 1; i < len(s.At); i++ {
		steps = append(steps, s.At[i]-s.At[i-1])
	}
	slices.Sort(steps)
	usual := int64(math.MaxInt64)
	if len(steps) > 0 {
		usual = 3 * steps[len(steps)/2]
	}
	var out []run
	open := 0
	for i := 1; i < len(s.At); i++ {
		if s.At[i]-s.At[i-1] > usual {
			out = append(out, run{open, i})
			open = i
		}
	}
	return append(out, run{open, len(s.At)})
}

// drawSpread draws from the lowest to the highest sample around each point.
func (d *drawing) drawSpread(s Series, y yScale, r run) {
	if s.Low == nil || r.b-r.a < 2 {
		return
	}
	var b strings.Builder
	for i := r.a; i < r.b; i++ {
		point(&b, d.scale.X(time.UnixMilli(s.At[i])), y.at(s.High[i]), i == r.a)
	}
	for i := r.b - 1; i >= r.a; i-- {
		point(&b, d.scale.X(time.UnixMilli(s.At[i])), y.at(s.Low[i]), false)
	}
	d.printf(`<path class="spread" d="%sZ"/>`+"\n", b.String())
}

// drawLine draws the values. A sample alone is a dot.
func (d *drawing) drawLine(s Series, y yScale, stretches []run) {
	var b strings.Builder
	for _, r := range stretches {
		for i := r.a; i < r.b; i++ {
			point(&b, d.scale.X(time.UnixMilli(s.At[i])), y.at(s.Value[i]), i == r.a)
		}
		if r.b-r.a == 1 {
			b.WriteString("h.01")
		}
	}
	if b.Len() > 0 {
		d.printf(`<path class="series" d="%s"/>`+"\n", b.String())
	}
}

// point appends a point to a path, with a tenth of a pixel.
func point(b *strings.Builder, x, y float64, first bool) {
	command := byte('L')
	if first {
		command = 'M'
	}
	b.WriteByte(command)
	b.WriteString(strconv.FormatFloat(x, 'f', 1, 64))
	b.WriteByte(' ')
	b.WriteString(strconv.FormatFloat(y, 'f', 1, 64))
}
