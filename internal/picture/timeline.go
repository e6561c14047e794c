package picture

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/picture/svg"
	"github.com/hindcast/hindcast/internal/picture/timescale"
)

// Timeline draws the phases and entries of a timeline as a picture that stands
// alone, with a lane for each kind of actor; see [DrawTimeline].
func Timeline(w io.Writer, tl hindcast.Timeline, width int) error {
	return DrawTimeline(w, tl, Look{Width: width})
}

// Look says how a timeline is drawn. The zero Look is a narrow picture that
// stands alone.
type Look struct {
	Width     int  // at least 480
	ByService bool // a lane for each service, else for each kind of actor
	// Within makes the picture a part of a page, which holds [Style] itself: every
	// mark is a link to the page's element with the id "timeline/" and the entry's.
	Within bool
	// AsOf draws only what could be known by then, and says what is left out; zero
	// draws all. The timeline holds all entries, which keep the axis and the lanes
	// where they are, but only the phases that were known.
	AsOf time.Time
	Note string // with AsOf: what is left out, in words
}

// DrawTimeline draws the phases and entries of a timeline: a band of phases on
// top, a time axis in UTC, and lanes with a mark and a label for each entry that
// has a time. Changes are drawn through all lanes.
func DrawTimeline(w io.Writer, tl hindcast.Timeline, look Look) error {
	c := svg.NewCanvas(w)
	tl.Entries = slices.DeleteFunc(slices.Clone(tl.Entries), func(e hindcast.Entry) bool { return e.At.IsZero() })
	d := layout(tl, look)
	d.head(c)
	if len(tl.Entries) == 0 {
		c.Text(24, 40, "soft", "start", "No entries: the evidence shows no incident.")
		c.Printf("</svg>\n")
		return c.Flush()
	}
	d.drawPhases(c)
	d.drawLanes(c)
	d.drawAxis(c)
	d.drawAsOf(c)
	d.drawMarks(c)
	d.drawLegend(c)
	c.Printf("</svg>\n")
	return c.Flush()
}

// head begins the picture. One that stands alone carries its style and says in
// words what it shows; within a page the table beside it does.
func (d *drawing) head(c *svg.Canvas) {
	c.Printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f"`, d.width, d.height, d.width, d.height)
	if d.look.Within {
		c.Printf(` role="group" aria-label="Timeline of the incident as a picture; the table below says the same">` + "\n")
		return
	}
	c.Printf(` role="img" aria-labelledby="t d">` + "\n")
	c.Printf("<title id=\"t\">Timeline of the incident%s</title>\n<desc id=\"d\">%s</desc>\n", svg.Escape(d.moment(" ")), svg.Escape(d.describe()))
	c.Printf("<style>\n%s</style>\n", Style)
	c.Printf(`<rect class="paper" width="%.0f" height="%.0f"/>`+"\n", d.width, d.height)
}

// describe says in words what the picture shows.
func (d *drawing) describe() string {
	var parts []string
	for _, b := range d.bands() {
		parts = append(parts, fmt.Sprintf("%s from %s to %s", b.name, clock(b.from), clock(b.to)))
	}
	for _, e := range d.tl.Entries {
		if d.look.shows(e) {
			parts = append(parts, fmt.Sprintf("%s %s: %s", clock(e.At), e.Kind, e.Title))
		}
	}
	if d.look.Note != "" {
		parts = append(parts, d.look.Note)
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

// shows reports whether an entry is drawn.
func (l Look) shows(e hindcast.Entry) bool { return l.AsOf.IsZero() || e.KnownBy(l.AsOf) }

// moment names the moment as of which the picture is drawn, after a separator.
func (d *drawing) moment(sep string) string {
	if d.look.AsOf.IsZero() {
		return ""
	}
	return sep + "as of " + clock(d.look.AsOf)
}

func (d *drawing) bands() []band { return bandsAsOf(d.tl.Incident, d.look.AsOf) }

// bandsAsOf returns the phases that are drawn: as of a moment the last known one
// goes on to it.
func bandsAsOf(p hindcast.Phases, at time.Time) []band {
	if at.IsZero() {
		return bands(p)
	}
	for _, name := range hindcast.PhaseNames() {
		if m := p.Moment(name); m.After(at) {
			*m = time.Time{}
		}
	}
	if p.DetectedAt.IsZero() {
		return nil // nobody knew that there was an incident
	}
	if p.ResolvedAt.IsZero() {
		p.ResolvedAt = at
	}
	return bands(p)
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

// lane is one row of the picture's table, of one kind of actor or one service.
type lane struct {
	name  string
	y     float64
	rows  []float64 // where each row of labels is free again
	marks []mark
}

// mark is one entry with its place.
type mark struct {
	entry  hindcast.Entry
	within bool // of a page
	x      float64
	row    int
	label  string
	toLeft bool
}

type drawing struct {
	look          Look
	width, height float64
	tl            hindcast.Timeline
	scale         timescale.Scale
	lanes         []lane
	top, bottom   float64 // of the lanes
	legend        float64
	kinds         []kindSign // of the legend
}

const (
	gutter    = 96
	right     = 24
	rowHeight = 22
	fontSize  = 12
)

// layout places everything.
func layout(tl hindcast.Timeline, look Look) *drawing {
	width := float64(max(look.Width, 480))
	d := &drawing{look: look, width: width, tl: tl, top: 78, height: 64}
	if len(tl.Entries) == 0 {
		return d
	}
	d.scale = timescale.New(moments(tl), gutter, width-right)
	for _, name := range laneNames(tl.Entries, look.ByService) {
		l := lane{name: name}
		for _, e := range tl.Entries {
			if laneOf(e, look.ByService) == name {
				l.place(e, d.scale.X(e.At), width)
			}
		}
		l.lengthen(width)
		d.lanes = append(d.lanes, l)
	}
	y := d.top
	for i := range d.lanes {
		d.lanes[i].y = y
		y += float64(len(d.lanes[i].rows))*rowHeight + 10
	}
	d.bottom, d.legend, d.height = y, y+24, y+44
	if !look.AsOf.IsZero() {
		d.legend, d.height = y+44, y+64
	}
	d.layLegend()
	return d
}

// noService is the lane of what is said of no service.
const noService = "no service"

// laneOf names the lane of an entry.
func laneOf(e hindcast.Entry, byService bool) string {
	if byService {
		return cmp.Or(e.Service, noService)
	}
	switch e.Actor.Kind {
	case hindcast.Person:
		return "people"
	case "":
		return string(hindcast.System)
	}
	return string(e.Actor.Kind)
}

// laneNames returns the lanes from the top: kinds of actors from people to what
// lies outside, services as they first appear, what has none last.
func laneNames(entries []hindcast.Entry, byService bool) []string {
	var used []string
	for _, e := range entries {
		if n := laneOf(e, byService); !slices.Contains(used, n) {
			used = append(used, n)
		}
	}
	order := []string{"people", string(hindcast.Automation), string(hindcast.System), string(hindcast.External)}
	if byService {
		order = []string{noService}
	}
	slices.SortStableFunc(used, func(a, b string) int { return slices.Index(order, a) - slices.Index(order, b) })
	return used
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
	label := svg.Shorten(e.Title, min(430, width*0.42), fontSize)
	m := mark{entry: e, x: x, label: label, toLeft: x+14+svg.TextWidth(label, fontSize) > width-4}
	begin, end := m.ends()
	for m.row < len(l.rows) && l.rows[m.row] > begin {
		m.row++
	}
	if m.row == len(l.rows) {
		l.rows = append(l.rows, 0)
	}
	l.rows[m.row] = end + 10
	l.marks = append(l.marks, m)
}

// ends returns where a mark and its label begin and end.
func (m *mark) ends() (begin, end float64) {
	w := svg.TextWidth(m.label, fontSize)
	if m.toLeft {
		return m.x - 14 - w, m.x + 8
	}
	return m.x - 8, m.x + 14 + w
}

// lengthen gives labels that were shortened the room that is left in their rows.
func (l *lane) lengthen(width float64) {
	for i := range l.marks {
		m := &l.marks[i]
		if m.label == m.entry.Title {
			continue
		}
		from, to := float64(gutter), width-4
		for k := range l.marks {
			if o := &l.marks[k]; k != i && o.row == m.row {
				if begin, end := o.ends(); o.x < m.x || o.x == m.x && k < i {
					from = max(from, end+10)
				} else {
					to = min(to, begin-10)
				}
			}
		}
		room := to - m.x - 14
		if m.toLeft {
			room = m.x - 14 - from
		}
		if longer := svg.Shorten(m.entry.Title, room, fontSize); room > 0 && len(longer) > len(m.label) {
			m.label = longer
		}
	}
}

func (d *drawing) drawPhases(c *svg.Canvas) {
	x, gap, notes := d.phaseNotes()
	for i, b := range d.bands() {
		from, to := d.scale.X(b.from), d.scale.X(b.to)
		c.Printf(`<rect class="p%d" x="%.1f" y="34" width="%.1f" height="18"><title>%s, %s</title></rect>`+"\n", b.class, from, max(to-from, 1.5), b.name, svg.Escape(hindcast.FormatDuration(b.to.Sub(b.from))))
		if label := b.name; to-from > svg.TextWidth(label, 11)+10 {
			c.Printf(`<text x="%.1f" y="47" class="small on%d" text-anchor="middle">%s</text>`+"\n", (from+to)/2, b.class, label)
		}
		c.Printf(`<rect class="p%d" x="%.1f" y="11" width="10" height="10"/>`+"\n", b.class, x)
		c.Text(x+15, 20, "soft", "start", notes[i])
		x += 15 + svg.TextWidth(notes[i], fontSize) + gap
	}
}

// phaseNotes returns what stands above the phases, where it begins, and the room
// between two: names with durations, or names alone where that is too wide.
func (d *drawing) phaseNotes() (x, gap float64, notes []string) {
	x, gap = gutter, 22
	end := x
	for _, b := range d.bands() {
		note := b.name + " " + hindcast.FormatDuration(b.to.Sub(b.from))
		notes = append(notes, note)
		end += 15 + svg.TextWidth(note, fontSize) + gap
	}
	if end-gap <= d.width {
		return x, gap, notes
	}
	for i, b := range d.bands() {
		notes[i] = b.name
	}
	return 8, 14, notes
}

func (d *drawing) drawAxis(c *svg.Canvas) {
	day := ""
	free := 0.0
	for _, t := range d.scale.Ticks() {
		x := d.scale.X(t)
		c.Printf(`<line class="grid" x1="%.1f" x2="%.1f" y1="56" y2="%.1f"/>`+"\n", x, x, d.bottom)
		label := t.UTC().Format("15:04")
		if t.Second() != 0 {
			label = clock(t)
		}
		if today := t.UTC().Format("2 Jan"); today != day {
			day, label = today, today+" "+label
		}
		if w := svg.TextWidth(label, fontSize); x-w/2 > free {
			d.drawTick(c, x, t, label)
			free = x + w/2 + 6
		}
	}
	c.Printf(`<text x="8" y="70" class="num" data-zone="">UTC</text>` + "\n")
	for i := 1; i < len(d.scale.Segments); i++ {
		a, b := d.scale.Segments[i-1], d.scale.Segments[i]
		x := (a.X1 + b.X0) / 2
		c.Printf(`<path class="gap" d="M%.1f 56V%.1fM%.1f 56V%.1f"/>`+"\n", x-3, d.bottom, x+3, d.bottom)
		c.Text(x, 50, "num", "middle", hindcast.FormatDuration(b.From.Sub(a.To)))
	}
}

// drawTick writes the time at a tick. A page's script can put it into the
// reader's zone.
func (d *drawing) drawTick(c *svg.Canvas, x float64, t time.Time, label string) {
	if !d.look.Within {
		c.Text(x, 70, "num", "middle", label)
		return
	}
	as := "minute"
	switch {
	case strings.Contains(label, " "):
		as = "moment"
	case t.Second() != 0:
		as = "clock"
	}
	c.Printf(`<text x="%.1f" y="70" class="num" text-anchor="middle" data-at="%s" data-as="%s">%s</text>`+"\n", x, t.UTC().Format(time.RFC3339), as, svg.Escape(label))
}

// drawLanes draws what lies behind the marks.
func (d *drawing) drawLanes(c *svg.Canvas) {
	for i, l := range d.lanes {
		if i%2 == 0 {
			c.Printf(`<rect class="bg" x="0" y="%.1f" width="%.0f" height="%.1f"/>`+"\n", l.y, d.width, float64(len(l.rows))*rowHeight+10)
		}
		if slices.ContainsFunc(l.marks, func(m mark) bool { return d.look.shows(m.entry) }) {
			c.Text(8, l.y+19, "lane", "start", svg.Shorten(l.name, gutter-14, 11))
		}
	}
}

// drawMarks draws the changes through all lanes, then every entry.
func (d *drawing) drawMarks(c *svg.Canvas) {
	for _, l := range d.lanes {
		for _, m := range l.marks {
			if m.entry.Kind == hindcast.Change && d.look.shows(m.entry) {
				c.Printf(`<line class="through" x1="%.1f" x2="%.1f" y1="56" y2="%.1f"/>`+"\n", m.x, m.x, d.bottom)
			}
		}
	}
	for _, l := range d.lanes {
		for _, m := range l.marks {
			m.within = d.look.Within
			if d.look.shows(m.entry) {
				m.draw(c, l.y+15+float64(m.row)*rowHeight)
			}
		}
	}
}

func (m mark) draw(c *svg.Canvas, y float64) {
	element, attrs := "g", `tabindex="0"`
	if m.within {
		element, attrs = "a", fmt.Sprintf(`href="#timeline/%s"`, svg.Escape(m.entry.ID))
	}
	c.Printf(`<%s %s data-entry="%s"><title>%s %s, %s: %s</title>`, element, attrs, svg.Escape(m.entry.ID), clock(m.entry.At), m.entry.Kind, svg.Escape(m.entry.Actor.Name), svg.Escape(m.entry.Title))
	c.Printf("%s\n", shape(m.entry.Kind, m.x, y))
	if m.toLeft {
		c.Text(m.x-12, y+4, "label", "end", m.label)
	} else {
		c.Text(m.x+12, y+4, "label", "start", m.label)
	}
	c.Printf("</%s>\n", element)
}

// drawAsOf draws where the known ends: a line at the moment, and what is still
// to come as an empty field that says what is left out.
func (d *drawing) drawAsOf(c *svg.Canvas) {
	if d.look.AsOf.IsZero() {
		return
	}
	x := d.scale.X(d.look.AsOf)
	c.Printf(`<rect class="bg" opacity=".6" x="%.1f" y="56" width="%.1f" height="%.1f"/>`+"\n", x, max(d.width-right-x, 0), d.bottom-56)
	c.Printf(`<path class="mark" d="M%.1f 53V%.1f"/>`+"\n", x, d.bottom+2)
	label := strings.TrimSpace(d.moment("") + ": " + d.look.Note)
	label = strings.TrimSuffix(label, ":")
	anchor, at := "start", x+4
	if w := svg.TextWidth(label, fontSize); x+4+w > d.width-right {
		anchor, at = "end", max(x-4, min(w+8, d.width-8))
	}
	c.Text(at, d.bottom+14, "label", anchor, label)
}

// Glyph returns the mark of a kind as a small picture of its own, for rows and
// legends of a page that holds [Style].
func Glyph(k hindcast.EntryKind) string {
	if g, ok := glyphs[k]; ok {
		return g
	}
	return glyph(k)
}

// glyphs are those of the kinds that there are, since a page has hundreds.
var glyphs = func() map[hindcast.EntryKind]string {
	out := map[hindcast.EntryKind]string{}
	for _, k := range kinds {
		out[k] = glyph(k)
	}
	return out
}()

func glyph(k hindcast.EntryKind) string {
	return `<svg class="glyph" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">` + shape(k, 8, 8) + `</svg>`
}
