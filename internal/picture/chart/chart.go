package chart

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/picture"
	"github.com/hindcast/hindcast/internal/picture/svg"
	"github.com/hindcast/hindcast/internal/picture/timescale"
)

// Look says how charts are drawn. The zero Look is a narrow picture that stands
// alone.
type Look struct {
	Width int // at least 300; below 640 as for a phone
	// Within makes the picture a part of a page, which holds [picture.Style] and
	// [Style] itself. Every panel then carries its points for a script to read:
	// data-series is the id, data-x are positions as in viewBox, data-t the times
	// in milliseconds since the Unix epoch, each as the difference to the one
	// before, data-v the values and data-unit their unit.
	Within bool
	// AsOf draws only what was measured by then; zero draws all.
	AsOf time.Time
}

// Style is the look of charts, in addition to [picture.Style].
const Style = `.series{fill:none;stroke:var(--mark);stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}.spread{fill:var(--mark);opacity:.22}.shift{stroke:var(--ink);stroke-width:1;stroke-dasharray:4 3}.shifted{fill:var(--soft);opacity:.1}.flag{fill:var(--ink)}.now{stroke:var(--ink);stroke-width:1.5}
.metric{font-size:13px;font-weight:600}
`

// Measures in pixels.
const (
	right       = 24
	panelTop    = 38 // title and caption
	panelHeight = 78 // of the plot
	panelGap    = 16
	textSize    = 12
	smallSize   = 11
)

// drawing is a picture with its measures.
type drawing struct {
	w      *bufio.Writer
	tl     hindcast.Timeline
	series []Series
	look   Look
	width  float64
	left   float64 // of the plots
	scale  timescale.Scale
	legend []item  // phases
	marks  []mark  // what was done
	axis   float64 // baseline of the axis' labels
	height float64
}

// item is one word of the legend.
type item struct {
	class, text string
	x, y        float64
}

// mark is something that was done.
type mark struct {
	x     float64
	label string // empty when there is no room
	entry hindcast.Entry
}

// Draw draws series below one another on the time axis of a timeline. The same
// input gives the same bytes.
func Draw(w io.Writer, tl hindcast.Timeline, series []Series, look Look) error {
	d := &drawing{w: bufio.NewWriter(w), tl: tl, series: series, look: look, width: float64(max(look.Width, 300)), left: 96}
	if d.width < 640 {
		d.left = 46
	}
	var ok bool
	if d.scale, ok = newAxis(tl, series, d.left, d.width-d.edge()); !ok {
		return d.empty()
	}
	if !look.AsOf.IsZero() {
		for i, s := range series {
			if i == 0 {
				d.series = nil
			}
			d.series = append(d.series, s.Until(look.AsOf))
		}
	}
	d.layout()
	d.head("Metrics of the incident", d.describe())
	d.drawPhases()
	d.drawAxis()
	for i := range d.series {
		d.panel(i)
	}
	d.drawMarks()
	d.drawAsOf()
	d.printf("</svg>\n")
	return d.w.Flush()
}

func (d *drawing) edge() float64 {
	if d.width < 640 {
		return right / 2
	}
	return right
}

func (d *drawing) printf(format string, args ...any) { fmt.Fprintf(d.w, format, args...) }

func (d *drawing) text(x, y float64, class, anchor, s string) {
	d.printf(`<text x="%.1f" y="%.1f" class="%s" text-anchor="%s">%s</text>`+"\n", x, y, class, anchor, svg.Escape(s))
}

// head begins the picture. One that stands alone carries its style and says in
// words what it shows.
func (d *drawing) head(title, desc string) {
	d.printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f"`, d.width, d.height, d.width, d.height)
	if d.look.Within {
		d.printf(` role="group" aria-label="%s">`+"\n", svg.Escape(title))
		return
	}
	d.printf(` role="img" aria-labelledby="t d">`+"\n<title id=\"t\">%s</title>\n<desc id=\"d\">%s</desc>\n", svg.Escape(title), svg.Escape(desc))
	d.printf("<style>\n%s%s</style>\n", picture.Style, Style)
	d.printf(`<rect class="paper" width="%.0f" height="%.0f"/>`+"\n", d.width, d.height)
}

func (d *drawing) empty() error {
	d.height = 64
	d.head("Metrics of the incident", "There are no metrics.")
	d.text(24, 40, "soft", "start", "No metrics: the evidence holds none.")
	d.printf("</svg>\n")
	return d.w.Flush()
}

// layout places what stands above the panels.
func (d *drawing) layout() {
	x, y := d.left, 20.0
	for _, b := range picture.Bands(d.tl.Incident, d.look.AsOf) {
		text := b.Name + " " + hindcast.FormatDuration(b.To.Sub(b.From))
		w := 15 + svg.TextWidth(text, textSize)
		if x+w > d.width-d.edge() && x > d.left {
			x, y = d.left, y+18
		}
		d.legend = append(d.legend, item{fmt.Sprintf("p%d", b.Class), text, x, y})
		x += w + 20
	}
	d.placeMarks()
	d.axis = y + 50
	if len(d.marks) > 0 {
		d.axis += 18
	}
	d.height = d.axis + 12 + float64(len(d.series))*(panelTop+panelHeight+panelGap)
	if !d.look.AsOf.IsZero() {
		d.height += 20
	}
}

// bandTop is the upper edge of the phase band.
func (d *drawing) bandTop() float64 {
	if len(d.marks) > 0 {
		return d.axis - 54
	}
	return d.axis - 36
}

// placeMarks finds the changes that were made and what responders did, and writes
// beside as many as there is room for.
func (d *drawing) placeMarks() {
	for _, e := range d.tl.Entries {
		if e.Kind != hindcast.Change && e.Kind != hindcast.Action || !d.scale.Holds(e.At) || !d.look.AsOf.IsZero() && !e.KnownBy(d.look.AsOf) {
			continue
		}
		d.marks = append(d.marks, mark{x: d.scale.X(e.At), entry: e})
	}
	for i := range d.marks {
		m := &d.marks[i]
		end := d.width - d.edge()
		if i+1 < len(d.marks) {
			end = d.marks[i+1].x - 10
		}
		if room := end - m.x - 10; room > 60 {
			m.label = svg.Shorten(m.entry.Title, room, smallSize)
		}
	}
}

func (d *drawing) drawPhases() {
	for _, i := range d.legend {
		d.printf(`<rect class="%s" x="%.1f" y="%.1f" width="10" height="10"/>`+"\n", i.class, i.x, i.y-9)
		d.text(i.x+15, i.y, "soft", "start", i.text)
	}
	for _, b := range picture.Bands(d.tl.Incident, d.look.AsOf) {
		from, to := d.scale.X(b.From), d.scale.X(b.To)
		d.printf(`<rect class="p%d" x="%.1f" y="%.1f" width="%.1f" height="12"><title>%s, %s</title></rect>`+"\n",
			b.Class, from, d.bandTop(), max(to-from, 1.5), b.Name, svg.Escape(hindcast.FormatDuration(b.To.Sub(b.From))))
	}
}

// drawAxis writes the times; panels draw their lines.
func (d *drawing) drawAxis() {
	day, free := "", d.left-30
	for _, t := range d.scale.Ticks() {
		x := d.scale.X(t)
		label, as := t.UTC().Format("15:04"), "minute"
		if t.Second() != 0 {
			label, as = t.UTC().Format(time.TimeOnly), "clock"
		}
		if today := t.UTC().Format("2 Jan"); today != day {
			day, label, as = today, today+" "+label, "moment"
		}
		w := svg.TextWidth(label, smallSize)
		if x-w/2 < free || x+w/2 > d.width {
			continue
		}
		free = x + w/2 + 8
		data := ""
		if d.look.Within {
			data = fmt.Sprintf(` data-at="%s" data-as="%s"`, t.UTC().Format(time.RFC3339), as)
		}
		d.printf(`<text x="%.1f" y="%.1f" class="num" text-anchor="middle"%s>%s</text>`+"\n", x, d.axis, data, label)
	}
	d.printf(`<text x="8" y="%.1f" class="num" data-zone="">UTC</text>`+"\n", d.axis)
}

// plotTop is the upper edge of a panel's plot.
func (d *drawing) plotTop(n int) float64 {
	return d.axis + 12 + float64(n)*(panelTop+panelHeight+panelGap) + panelTop
}

// bottom is the lower edge of the last panel.
func (d *drawing) bottom() float64 {
	return d.axis + 12 + float64(len(d.series))*(panelTop+panelHeight+panelGap) - panelGap
}

// drawMarks draws what was done: a sign on top, and a line through the panels.
func (d *drawing) drawMarks() {
	y := d.axis - 26
	for _, m := range d.marks {
		title := svg.Escape(m.entry.At.UTC().Format(time.TimeOnly) + " " + string(m.entry.Kind) + ": " + m.entry.Title)
		open, end := `<g>`, "g"
		if d.look.Within {
			open, end = fmt.Sprintf(`<a href="#timeline/%s" data-at="%s">`, svg.Escape(m.entry.ID), m.entry.At.UTC().Format(time.RFC3339)), "a"
		}
		d.printf("%s<title>%s</title>\n", open, title)
		shape := "h5l-5 -9l-5 9z" // a change; what responders did is a square
		if m.entry.Kind == hindcast.Action {
			shape = "h4v-8h-8v8z"
		}
		d.printf(`<path class="mark" d="M%.1f %.1f%s"/>`+"\n", m.x, y+3, shape)
		for n := range d.series {
			top := d.plotTop(n)
			d.printf(`<line class="through" x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f"/>`+"\n", m.x, m.x, top, top+panelHeight)
		}
		if m.label != "" {
			d.text(m.x+9, y+3, "small", "start", m.label)
		}
		d.printf("</%s>\n", end)
	}
}

// drawAsOf draws where what is known ends.
func (d *drawing) drawAsOf() {
	if d.look.AsOf.IsZero() {
		return
	}
	x := d.scale.X(d.look.AsOf)
	d.printf(`<path class="now" d="M%.1f %.1fV%.1f"/>`+"\n", x, d.bandTop(), d.bottom()+6)
	label := "as of " + d.look.AsOf.UTC().Format(time.TimeOnly)
	anchor := "middle"
	if w := svg.TextWidth(label, textSize) / 2; x+w > d.width {
		anchor = "end"
	} else if x-w < 0 {
		anchor = "start"
	}
	d.text(x, d.bottom()+20, "label", anchor, label)
}

// describe says in words what the picture shows.
func (d *drawing) describe() string {
	var parts []string
	for _, s := range d.series {
		parts = append(parts, s.Describe())
	}
	for _, m := range d.marks {
		parts = append(parts, m.entry.At.UTC().Format(time.TimeOnly)+" "+string(m.entry.Kind)+": "+m.entry.Title)
	}
	for _, b := range picture.Bands(d.tl.Incident, d.look.AsOf) {
		parts = append(parts, fmt.Sprintf("%s from %s to %s", b.Name, b.From.UTC().Format(time.TimeOnly), b.To.UTC().Format(time.TimeOnly)))
	}
	return strings.Join(parts, "; ")
}

// Describe says in words what a series does: its first, lowest, highest and last
// value with their times, and its shifts.
func (s Series) Describe() string {
	if len(s.At) == 0 {
		return s.label() + ": no samples"
	}
	low, high := 0, 0
	for i := range s.At {
		l, h := s.span(i)
		if bestLow, _ := s.span(low); l < bestLow {
			low = i
		}
		if _, bestHigh := s.span(high); h > bestHigh {
			high = i
		}
	}
	l, _ := s.span(low)
	_, h := s.span(high)
	last := len(s.At) - 1
	out := fmt.Sprintf("%s: %s at %s, lowest %s at %s, highest %s at %s, %s at %s", s.label(),
		s.number(s.Value[0]), s.clock(0), s.number(l), s.clock(low), s.number(h), s.clock(high), s.number(s.Value[last]), s.clock(last))
	for _, x := range s.Shifts {
		out += "; " + x.Title + " at " + x.From.UTC().Format(time.TimeOnly)
	}
	return out
}

func (s Series) label() string {
	out := s.Name
	if len(s.Labels) > 0 {
		out += "{" + strings.Join(s.Labels, ", ") + "}"
	}
	if s.Service != "" {
		out += " of " + s.Service
	}
	return out
}

func (s Series) number(v float64) string { return strings.TrimSpace(Number(v) + " " + s.Unit) }

// clock writes when a sample was taken, with the day when the series is longer
// than one.
func (s Series) clock(i int) string {
	layout := time.TimeOnly
	if s.At[len(s.At)-1]-s.At[0] > (24 * time.Hour).Milliseconds() {
		layout = time.DateTime
	}
	return time.UnixMilli(s.At[i]).UTC().Format(layout)
}

// caption is what stands below the name: the service, the labels and what was
// detected.
func (s Series) caption() string {
	var parts []string
	if s.Service != "" {
		parts = append(parts, s.Service)
	}
	if len(s.Labels) > 0 {
		parts = append(parts, strings.Join(s.Labels, ", "))
	}
	for i, x := range s.Shifts {
		if i == 2 && len(s.Shifts) > 3 {
			parts = append(parts, fmt.Sprintf("%d more changes", len(s.Shifts)-2))
			break
		}
		parts = append(parts, x.Title+" at "+x.From.UTC().Format(time.TimeOnly))
	}
	return cmp.Or(strings.Join(parts, " · "), s.File)
}
