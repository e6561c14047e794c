package picture

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
)

// Timeline draws the phases and entries of a timeline: a band of phases on top,
// a time axis in UTC, and a lane for each kind of actor, with a mark and a label
// for each entry. Changes are drawn through all lanes. width is at least 480.
func Timeline(w io.Writer, tl hindcast.Timeline, width int) error {
	c := newCanvas(w)
	d := layout(tl, float64(max(width, 480)))
	c.printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img" aria-labelledby="t d">`+"\n", d.width, d.height, d.width, d.height)
	c.printf("<title id=\"t\">Timeline of the incident</title>\n<desc id=\"d\">%s</desc>\n", escape(describe(tl)))
	c.printf("%s", style)
	c.printf(`<rect class="paper" width="%.0f" height="%.0f"/>`+"\n", d.width, d.height)
	if len(tl.Entries) == 0 {
		c.text(24, 40, "soft", "start", "No entries: the evidence shows no incident.")
		c.printf("</svg>\n")
		return c.w.Flush()
	}
	d.drawPhases(c)
	d.drawLanes(c)
	d.drawAxis(c)
	d.drawMarks(c)
	d.drawLegend(c)
	c.printf("</svg>\n")
	return c.w.Flush()
}

// describe says in words what the picture shows.
func describe(tl hindcast.Timeline) string {
	var parts []string
	for _, b := range bands(tl.Incident) {
		parts = append(parts, fmt.Sprintf("%s from %s to %s", b.name, clock(b.from), clock(b.to)))
	}
	for _, e := range tl.Entries {
		parts = append(parts, fmt.Sprintf("%s %s: %s", clock(e.At), e.Kind, e.Title))
	}
	return strings.Join(parts, "; ")
}

func clock(t time.Time) string { return t.UTC().Format("15:04:05") }

// band is one phase with its beginning and end.
type band struct {
	name     string
	class    int // 1 to 4, of the palette
	from, to time.Time
}

// bands returns the phases whose beginning and end are known. A phase ends where
// the next known one begins.
func bands(p hindcast.Phases) []band {
	moments := []band{
		{"undetected", 1, p.StartedAt, time.Time{}}, {"detected", 2, p.DetectedAt, time.Time{}},
		{"worked on", 3, p.AcknowledgedAt, time.Time{}}, {"mitigated", 4, p.MitigatedAt, time.Time{}},
		{"resolved", 0, p.ResolvedAt, time.Time{}},
	}
	var out []band
	for _, m := range moments {
		if m.from.IsZero() {
			continue
		}
		if n := len(out); n > 0 {
			out[n-1].to = m.from
		}
		out = append(out, m)
	}
	if len(out) == 0 {
		return nil
	}
	return out[:len(out)-1] // the last has no end
}

// lane is one row of the picture's table, of one kind of actor.
type lane struct {
	name  string
	kind  hindcast.ActorKind
	y     float64
	rows  []float64 // where each row of labels is free again
	marks []mark
}

// mark is one entry with its place.
type mark struct {
	entry  hindcast.Entry
	x      float64
	row    int
	label  string
	toLeft bool
}

type drawing struct {
	width, height float64
	tl            hindcast.Timeline
	scale         scale
	lanes         []lane
	top, bottom   float64 // of the lanes
	legend        float64
}

const (
	gutter    = 96
	right     = 24
	rowHeight = 22
	fontSize  = 12
)

// layout places everything.
func layout(tl hindcast.Timeline, width float64) *drawing {
	d := &drawing{width: width, tl: tl, top: 78, height: 64}
	if len(tl.Entries) == 0 {
		return d
	}
	d.scale = newScale(moments(tl), gutter, width-right)
	for _, l := range [...]lane{
		{name: "people", kind: hindcast.Person}, {name: "automation", kind: hindcast.Automation},
		{name: "system", kind: hindcast.System}, {name: "external", kind: hindcast.External},
	} {
		for _, e := range tl.Entries {
			if e.Actor.Kind == l.kind || e.Actor.Kind == "" && l.kind == hindcast.System {
				l.place(e, d.scale.x(e.At), width)
			}
		}
		if len(l.marks) > 0 {
			d.lanes = append(d.lanes, l)
		}
	}
	y := d.top
	for i := range d.lanes {
		d.lanes[i].y = y
		y += float64(len(d.lanes[i].rows))*rowHeight + 10
	}
	d.bottom, d.legend, d.height = y, y+24, y+44
	return d
}

func moments(tl hindcast.Timeline) []time.Time {
	var out []time.Time
	for _, e := range tl.Entries {
		out = append(out, e.At)
	}
	for _, b := range bands(tl.Incident) {
		out = append(out, b.from, b.to)
	}
	return out
}

// place puts an entry into the first row where its label overlaps no other.
func (l *lane) place(e hindcast.Entry, x, width float64) {
	label := shorten(e.Title, min(430, width*0.42), fontSize)
	w := textWidth(label, fontSize)
	m := mark{entry: e, x: x, label: label, toLeft: x+14+w > width-4}
	begin, end := x-8, x+14+w
	if m.toLeft {
		begin, end = x-14-w, x+8
	}
	for m.row < len(l.rows) && l.rows[m.row] > begin {
		m.row++
	}
	if m.row == len(l.rows) {
		l.rows = append(l.rows, 0)
	}
	l.rows[m.row] = end + 10
	l.marks = append(l.marks, m)
}

func (d *drawing) drawPhases(c *canvas) {
	x := float64(gutter)
	for _, b := range bands(d.tl.Incident) {
		from, to := d.scale.x(b.from), d.scale.x(b.to)
		c.printf(`<rect class="p%d" x="%.1f" y="34" width="%.1f" height="18"><title>%s, %s</title></rect>`+"\n", b.class, from, max(to-from, 1.5), b.name, escape(hindcast.FormatDuration(b.to.Sub(b.from))))
		if label := b.name; to-from > textWidth(label, 11)+10 {
			c.printf(`<text x="%.1f" y="47" class="on%d" text-anchor="middle" style="font-size:11px">%s</text>`+"\n", (from+to)/2, b.class, label)
		}
		c.printf(`<rect class="p%d" x="%.1f" y="11" width="10" height="10"/>`+"\n", b.class, x)
		note := b.name + " " + hindcast.FormatDuration(b.to.Sub(b.from))
		c.text(x+15, 20, "soft", "start", note)
		x += 15 + textWidth(note, fontSize) + 22
	}
}

func (d *drawing) drawAxis(c *canvas) {
	day := ""
	free := 0.0
	for _, t := range d.scale.ticks() {
		x := d.scale.x(t)
		c.printf(`<line class="grid" x1="%.1f" x2="%.1f" y1="56" y2="%.1f"/>`+"\n", x, x, d.bottom)
		label := t.UTC().Format("15:04")
		if t.Second() != 0 {
			label = clock(t)
		}
		if today := t.UTC().Format("2 Jan"); today != day {
			day, label = today, today+" "+label
		}
		if w := textWidth(label, fontSize); x-w/2 > free {
			c.text(x, 70, "num", "middle", label)
			free = x + w/2 + 6
		}
	}
	c.text(8, 70, "num", "start", "UTC")
	for i := 1; i < len(d.scale.segments); i++ {
		a, b := d.scale.segments[i-1], d.scale.segments[i]
		x := (a.x1 + b.x0) / 2
		c.printf(`<path class="gap" d="M%.1f 56V%.1fM%.1f 56V%.1f"/>`+"\n", x-3, d.bottom, x+3, d.bottom)
		c.text(x, 50, "num", "middle", hindcast.FormatDuration(b.from.Sub(a.to)))
	}
}

// drawLanes draws what lies behind the marks.
func (d *drawing) drawLanes(c *canvas) {
	for i, l := range d.lanes {
		if i%2 == 0 {
			c.printf(`<rect class="bg" x="0" y="%.1f" width="%.0f" height="%.1f"/>`+"\n", l.y, d.width, float64(len(l.rows))*rowHeight+10)
		}
		c.text(8, l.y+19, "lane", "start", l.name)
	}
}

// drawMarks draws the changes through all lanes, then every entry.
func (d *drawing) drawMarks(c *canvas) {
	for _, l := range d.lanes {
		for _, m := range l.marks {
			if m.entry.Kind == hindcast.Change {
				c.printf(`<line class="through" x1="%.1f" x2="%.1f" y1="56" y2="%.1f"/>`+"\n", m.x, m.x, d.bottom)
			}
		}
	}
	for _, l := range d.lanes {
		for _, m := range l.marks {
			m.draw(c, l.y+15+float64(m.row)*rowHeight)
		}
	}
}

func (m mark) draw(c *canvas, y float64) {
	c.printf(`<g tabindex="0" data-entry="%s"><title>%s %s, %s: %s</title>`, escape(m.entry.ID), clock(m.entry.At), m.entry.Kind, escape(m.entry.Actor.Name), escape(m.entry.Title))
	c.printf("%s\n", shape(m.entry.Kind, m.x, y))
	if m.toLeft {
		c.text(m.x-12, y+4, "label", "end", m.label)
	} else {
		c.text(m.x+12, y+4, "label", "start", m.label)
	}
	c.printf("</g>\n")
}

func (d *drawing) drawLegend(c *canvas) {
	used := map[hindcast.EntryKind]bool{}
	for _, e := range d.tl.Entries {
		used[e.Kind] = true
	}
	x, y := float64(gutter), d.legend
	for _, k := range kinds {
		if !used[k] {
			continue
		}
		if w := 14 + textWidth(string(k), fontSize) + 18; x+w > d.width-right {
			break
		}
		c.printf("%s\n", shape(k, x, y-4))
		c.text(x+12, y, "soft", "start", string(k))
		x += 14 + textWidth(string(k), fontSize) + 18
	}
}

// kinds in the order of the legend.
var kinds = [...]hindcast.EntryKind{
	hindcast.Change, hindcast.Symptom, hindcast.Alert, hindcast.Acknowledge, hindcast.Observed, hindcast.Decided, hindcast.Action,
	hindcast.Mitigation, hindcast.Recovery, hindcast.Communication, hindcast.ExternalEvent,
}

// shape returns the mark of a kind, centered at (x, y). Every kind has a form of
// its own, so that none depends on color.
func shape(k hindcast.EntryKind, x, y float64) string {
	poly := func(class string, pts ...float64) string {
		var b strings.Builder
		for i := 0; i < len(pts); i += 2 {
			fmt.Fprintf(&b, "%.1f,%.1f ", x+pts[i], y+pts[i+1])
		}
		return fmt.Sprintf(`<polygon class="%s" points="%s"/>`, class, strings.TrimSpace(b.String()))
	}
	switch k {
	case hindcast.Change:
		return poly("mark", 0, -6, 6, 5, -6, 5)
	case hindcast.Alert:
		return fmt.Sprintf(`<circle class="mark" cx="%.1f" cy="%.1f" r="5"/>`, x, y)
	case hindcast.Acknowledge:
		return fmt.Sprintf(`<circle class="mark open" cx="%.1f" cy="%.1f" r="5"/><circle class="mark" cx="%.1f" cy="%.1f" r="1.2"/>`, x, y, x, y)
	case hindcast.Observed:
		return fmt.Sprintf(`<circle class="mark open" cx="%.1f" cy="%.1f" r="4.5"/>`, x, y)
	case hindcast.Decided:
		return poly("mark", 0, -6, 6, 0, 0, 6, -6, 0)
	case hindcast.Action:
		return poly("mark", -5, -5, 5, -5, 5, 5, -5, 5)
	case hindcast.Mitigation:
		return poly("mark", -6, -5, 6, -5, 0, 6)
	case hindcast.Recovery:
		return poly("mark open", -6, -5, 6, -5, 0, 6)
	case hindcast.Communication:
		return poly("mark open", -6, -4, 6, -4, 6, 3, 0, 3, -3, 6, -3, 3, -6, 3)
	case hindcast.ExternalEvent:
		return poly("mark open", -6, 0, -3, -5, 3, -5, 6, 0, 3, 5, -3, 5)
	}
	return fmt.Sprintf(`<path class="mark" d="M%.1f %.1fl9 9m0 -9l-9 9" fill="none"/>`, x-4.5, y-4.5)
}
