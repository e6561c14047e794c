package picture

import (
	"fmt"
	"math"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/hindcast/hindcast/internal/picture/svg"
)

// Part is the part a cause played. Pictures mark it by the form of the box, a
// sign and the word itself.
type Part string

// The parts. An empty part has no mark.
const (
	PartIncident     Part = "incident"
	PartRoot         Part = "root"
	PartContributing Part = "contributing"
	PartMitigating   Part = "mitigating"
	PartDetecting    Part = "detecting"
	PartRuledOut     Part = "ruled out"
)

// Did says in words what something of the part did to what it is linked to.
func (p Part) Did() string {
	switch p {
	case PartMitigating:
		return "lessened"
	case PartDetecting:
		return "brought to light"
	}
	return "led to"
}

// Cause is a cause or a condition as pictures show it. Its text is wrapped and
// never cut.
type Cause struct {
	ID    string // of the factor; empty for the incident
	Label string // what people call it when they point at it: "F7"
	Bare  bool   // it rests on no evidence
	Text  string
	Part  Part
	Note  string // what stands beside the part, such as the category
	Feet  []Foot // lines below the text
	Alt   string // all of it in words, with what the picture leaves out
}

// Foot is a line below the text of a cause.
type Foot struct {
	Sign Sign
	Text string
}

// Sign is the mark before a foot.
type Sign string

// The signs.
const (
	SignHow    Sign = "how"    // the sentence of a link
	SignAction Sign = "action" // what will change it
	SignAsk    Sign = "ask"    // what is still to be asked
	SignOut    Sign = "out"    // what ruled it out
)

// Frame says how a picture of causes is drawn.
type Frame struct {
	Width int // about how wide it may be; more when the causes need more room
	// Within makes the picture a part of a page, which holds [Style] itself: every
	// cause is a link to the page's element with the id "factors/" and the cause's.
	Within bool
	// To makes a picture within a page one to work on: causes, the outcome and bones
	// are links to this address followed by the id of the cause, "incident", or
	// "bone-" and the id of the bone.
	To string
	// Chosen is what is marked as chosen, as it stands after To in addresses.
	Chosen string
}

// outcomeID is what links call the outcome.
const outcomeID = "incident"

// href returns where a cause, the outcome or a bone leads, empty when nowhere.
func (f Frame) href(id string) string {
	switch {
	case !f.Within:
		return ""
	case f.To != "":
		return f.To + url.PathEscape(id)
	case id == outcomeID || strings.HasPrefix(id, "bone-"):
		return ""
	}
	return "#factors/" + id
}

// open writes the beginning of what leads somewhere, and returns its end.
func (f Frame) open(c *svg.Canvas, id, href string) string {
	c.Printf(`<a href="%s" data-factor="%s"`, svg.Escape(href), svg.Escape(id))
	if f.To != "" && f.Chosen == id {
		c.Printf(` class="chosen" aria-current="true"`)
	}
	c.Printf(">")
	return "</a>\n"
}

// narrow reports whether the frame is that of a phone.
func (f Frame) narrow() bool { return f.Width < 640 }

// The measures of text in boxes, in pixels.
const (
	bodySize, bodyLine = 13, 17
	noteSize, noteLine = 11, 15
	padX, padY         = 12, 9
	signWidth          = 15
	edge               = 24 // around a picture
)

// box is a cause with its place and its text in lines.
type box struct {
	Cause
	x, y, w, h int
	head       []string // the small lines above the text
	lines      []string
	feet       [][]string
	soft       bool // drawn as a reference to another box
}

// newBox wraps a cause into a box of a width.
func newBox(c Cause, width int) box {
	b := box{Cause: c, w: width, h: 2 * padY}
	b.head = headline(c, width-2*padX)
	text := width - 2*padX
	if c.Part == PartIncident {
		text = text * 9 / 10 // it is set in bold
	}
	b.lines = wrap(c.Text, text, bodySize)
	b.h += len(b.head)*noteLine + len(b.lines)*bodyLine
	for _, f := range c.Feet {
		lines := wrap(f.Text, width-2*padX-signWidth, noteSize)
		b.feet = append(b.feet, lines)
		b.h += 5 + len(lines)*noteLine
	}
	return b
}

// headline returns the small lines above the text: the part, and what stands
// beside it.
func headline(c Cause, width int) []string {
	part := string(c.Part)
	if c.Part == PartIncident {
		part = ""
	}
	width -= labelRoom(c)
	if c.Bare {
		width -= bareWidth
	}
	both := strings.Trim(part+" · "+c.Note, " ·")
	if hasSign(c.Part) {
		width -= signWidth
	}
	if lines := wrap(both, width, noteSize); len(lines) < 2 || part == "" || c.Note == "" {
		if len(lines) == 0 && (c.Label != "" || c.Bare) {
			return []string{""}
		}
		return lines
	}
	return append([]string{part}, wrap(c.Note, width, noteSize)...)
}

// labelRoom is how much of the first line the label takes.
func labelRoom(c Cause) int {
	if c.Label == "" {
		return 0
	}
	return int(math.Ceil(svg.TextWidth(c.Label, noteSize)*1.08)) + 7 // it is set in bold
}

// bareWidth is how much of the first line the sign of what rests on no evidence takes.
const bareWidth = 14

func hasSign(p Part) bool { return p != "" && p != PartIncident }

// wrap breaks text into lines of at most width pixels; a word that is longer
// than a line is broken.
func wrap(text string, width int, size float64) []string {
	most := float64(width) * 0.96 // the reader's font may be wider than ours
	var lines []string
	line, used := "", 0.0
	flush := func() {
		if line != "" {
			lines = append(lines, line)
		}
		line, used = "", 0
	}
	for _, word := range strings.Fields(text) {
		w := svg.TextWidth(word, size)
		if line != "" && used+svg.TextWidth(" ", size)+w > most {
			flush()
		}
		for w > most {
			head := headOf(word, most, size)
			lines = append(lines, word[:head])
			word = word[head:]
			w = svg.TextWidth(word, size)
		}
		if line != "" {
			line, used = line+" ", used+svg.TextWidth(" ", size)
		}
		line, used = line+word, used+w
	}
	flush()
	return unwidowed(lines, most, size)
}

// unwidowed gives a last line of a few characters the word before it.
func unwidowed(lines []string, most, size float64) []string {
	n := len(lines)
	if n < 2 || utf8.RuneCountInString(lines[n-1]) > 3 {
		return lines
	}
	i := strings.LastIndexByte(lines[n-2], ' ')
	if i < 0 || svg.TextWidth(lines[n-2][i+1:]+" "+lines[n-1], size) > most {
		return lines
	}
	lines[n-1] = lines[n-2][i+1:] + " " + lines[n-1]
	lines[n-2] = lines[n-2][:i]
	return lines
}

// headOf returns how many bytes of a word fit into a line, at least one
// character; it prefers to break after a mark.
func headOf(word string, most, size float64) int {
	w, fits, mark := 0.0, 0, 0
	for fits < len(word) {
		r, n := utf8.DecodeRuneInString(word[fits:])
		if w += svg.RuneWidth(r) * size; w > most && fits > 0 {
			break
		}
		fits += n
		if strings.ContainsRune("-_/.:,=", r) {
			mark = fits
		}
	}
	if mark > fits/2 {
		return mark
	}
	return fits
}

// widest returns the width of the widest line, rounded up.
func widest(lines []string, size float64) int {
	w := 0.0
	for _, l := range lines {
		w = max(w, svg.TextWidth(l, size))
	}
	return int(math.Ceil(w))
}

// begin writes the head of a picture: one that stands alone carries its style and
// says in words what it shows.
func begin(c *svg.Canvas, f Frame, title, desc string, width, height int) {
	c.Printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d"`, width, height, width, height)
	if f.Within {
		c.Printf(` role="group" aria-label="%s">`+"\n", svg.Escape(title))
		return
	}
	c.Printf(` role="img" aria-labelledby="t d">` + "\n")
	c.Printf("<title id=\"t\">%s</title>\n<desc id=\"d\">%s</desc>\n<style>\n%s</style>\n", svg.Escape(title), svg.Escape(desc), Style)
	c.Printf(`<rect class="paper" width="%d" height="%d"/>`+"\n", width, height)
}

// end writes what follows all else.
func end(c *svg.Canvas) error {
	c.Printf("</svg>\n")
	return c.Flush()
}

// hit makes all of a rectangle lead where the texts in it lead.
func hit(c *svg.Canvas, f Frame, x, y, w, h int) {
	if f.Within {
		c.Printf(`<rect x="%d" y="%d" width="%d" height="%d" fill="none" pointer-events="all"/>`+"\n", x, y, w, h)
	}
}

// group writes a cause's marks as one thing with a text alternative: a link
// within a page, else something that can be focused.
func group(c *svg.Canvas, f Frame, x Cause, draw func()) {
	id, end := x.ID, "</g>\n"
	if x.Part == PartIncident {
		id = outcomeID
	}
	switch href := f.href(id); {
	case href != "":
		end = f.open(c, id, href)
	case x.ID != "":
		c.Printf(`<g tabindex="0" data-factor="%s">`, svg.Escape(x.ID))
	default:
		c.Printf(`<g>`)
	}
	c.Printf("<title>%s</title>\n", svg.Escape(strings.TrimSpace(x.Label+" "+x.Text)))
	if x.Alt != "" {
		c.Printf("<desc>%s</desc>\n", svg.Escape(x.Alt))
	}
	draw()
	c.Printf("%s", end)
}

// draw draws the box at its place.
func (b *box) draw(c *svg.Canvas, f Frame) {
	group(c, f, b.Cause, func() {
		b.outline(c)
		x, y := b.x+padX, b.y+padY
		y = b.drawHeadline(c, x, y, b.x+b.w-padX)
		class := "body"
		switch {
		case b.Part == PartIncident:
			class = "body strong inverse"
		case b.Part == PartRuledOut:
			class = "body soft struck"
		case b.soft:
			class = "body soft"
		}
		for _, l := range b.lines {
			line(c, x, y+13, class, l)
			y += bodyLine
		}
		for i, lines := range b.feet {
			y += 5
			footSign(c, b.Feet[i].Sign, x+5, y+7)
			for _, l := range lines {
				line(c, x+signWidth, y+11, "note "+string(b.Feet[i].Sign), l)
				y += noteLine
			}
		}
	})
}

// drawHeadline writes the small lines between x and right, from y on, and returns where
// they end.
func (b *box) drawHeadline(c *svg.Canvas, x, y, right int) int {
	if b.Label != "" {
		line(c, x, y+11, "note strong", b.Label)
		x += labelRoom(b.Cause)
	}
	if b.Bare {
		bareSign(c, right-9, y+2)
	}
	if hasSign(b.Part) {
		sign(c, b.Part, x+5, y+7)
		x += signWidth
	}
	for _, l := range b.head {
		if l == "" {
			y += noteLine
			continue
		}
		line(c, x, y+11, "note soft", l)
		y += noteLine
	}
	return y
}

// outline draws the form of the box, which depends on the part.
func (b *box) outline(c *svg.Canvas) {
	class, radius := "cause", 3
	switch b.Part {
	case PartIncident:
		class = "cause outcome"
	case PartRoot:
		class = "cause root"
	case PartMitigating, PartDetecting:
		radius = 16
	case PartRuledOut:
		class = "cause ruled gone"
	}
	if b.soft {
		class = "cause ruled"
	}
	c.Printf(`<rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="%d"/>`+"\n", class, b.x, b.y, b.w, b.h, radius)
	if b.Part == PartRoot && !b.soft {
		c.Printf(`<rect class="rootbar" x="%d" y="%d" width="5" height="%d"/>`+"\n", b.x, b.y, b.h)
	}
}

// line writes a line of text from its left end.
func line(c *svg.Canvas, x, y int, class, s string) {
	c.Printf(`<text x="%d" y="%d" class="%s">%s</text>`+"\n", x, y, class, svg.Escape(s))
}

// sign draws the mark of a part, centered: each has a form of its own.
func sign(c *svg.Canvas, p Part, x, y int) {
	ring := func(class string) { c.Printf(`<circle class="%s" cx="%d" cy="%d" r="4.5"/>`, class, x, y) }
	switch p {
	case PartRoot:
		ring("sign")
		c.Printf(`<circle class="signfill" cx="%d" cy="%d" r="2.4"/>`, x, y)
	case PartContributing:
		ring("sign")
		c.Printf(`<path class="sign" d="M%d %dh5M%d.5 %d.5v5"/>`, x-2, y, x, y-3)
	case PartMitigating:
		ring("sign")
		c.Printf(`<path class="sign" d="M%d %dh5"/>`, x-2, y)
	case PartDetecting:
		c.Printf(`<circle class="sign" cx="%d" cy="%d" r="3.4"/><path class="sign" d="M%d %dl3 3"/>`, x-1, y-1, x+2, y+2)
	case PartRuledOut:
		c.Printf(`<path class="sign" d="M%d %dl7 7m0 -7l-7 7"/>`, x-3, y-3)
	}
	c.Printf("\n")
}

// footSign draws the mark before a foot.
func footSign(c *svg.Canvas, s Sign, x, y int) {
	switch s {
	case SignHow:
		c.Printf(`<path class="sign" d="M%d %dh8m-3 -3l3 3l-3 3"/>`+"\n", x-4, y)
	case SignAction:
		c.Printf(`<rect class="signfill" x="%d" y="%d" width="7" height="7"/>`+"\n", x-4, y-4)
	case SignOut:
		c.Printf(`<path class="sign" d="M%d %dl7 7m0 -7l-7 7"/>`+"\n", x-4, y-4)
	case SignAsk:
		c.Printf(`<rect class="sign" x="%d" y="%d" width="7" height="7"/>`+"\n", x-4, y-4)
	}
}

// bareSign draws the mark of what rests on no evidence, an empty sheet that is struck,
// with its upper left corner at (x, y).
func bareSign(c *svg.Canvas, x, y int) {
	c.Printf(`<path class="sign bare" d="M%d %dh5l3 3v7h-8zM%d %dl12 -9"/>`+"\n", x, y, x-2, y+9)
}

// margin is the room at the sides of a picture, less on a phone.
func margin(width int) int {
	if width < 640 {
		return edge / 2
	}
	return edge
}

// arrow returns the path of an arrowhead whose tip is at (x, y) and that points
// along (dx, dy), one of which is 0.
func arrow(x, y, dx, dy int) string {
	return fmt.Sprintf("M%d %dL%d %dL%d %dZ", x, y, x-7*dx-4*dy, y-7*dy-4*dx, x-7*dx+4*dy, y-7*dy+4*dx)
}

// tip draws the end of a link at (x, y) that goes along (dx, dy): an arrowhead, a
// bar where something lessened what it is linked to, a ring where it brought that to
// light.
func tip(p Part, x, y, dx, dy int) string {
	switch p {
	case PartMitigating:
		x, y = x-5*dx, y-5*dy
		return fmt.Sprintf(`<path class="link bar" d="M%d %dL%d %d"/>`, x-6*dy, y-6*dx, x+6*dy, y+6*dx)
	case PartDetecting:
		return fmt.Sprintf(`<circle class="cause" cx="%d" cy="%d" r="4"/>`, x-4*dx, y-4*dy)
	}
	return fmt.Sprintf(`<path class="tip" d="%s"/>`, arrow(x, y, dx, dy))
}

// causeStyle is the look of pictures of causes.
const causeStyle = `.body{font-size:13px}.note{font-size:11px}.strong{font-weight:600}.struck{text-decoration:line-through}.name{font-size:14px;font-weight:600}.ask,.how{font-style:italic}.how,.ask{fill:var(--soft)}
.cause{fill:var(--paper);stroke:var(--soft);stroke-width:1}.root{stroke:var(--mark);stroke-width:2}.rootbar{fill:var(--mark)}.ruled{stroke-dasharray:4 3}.gone{fill:var(--lane)}.bare{stroke:var(--soft);stroke-width:1}.outcome{fill:var(--ink);stroke:var(--ink)}.inverse{fill:var(--paper)}
.sign{fill:none;stroke:var(--ink);stroke-width:1.3}.signfill{fill:var(--ink)}.link{fill:none;stroke:var(--soft);stroke-width:1.4}.bar{stroke-width:2.4}.tip{fill:var(--soft)}.spine{fill:none;stroke:var(--ink);stroke-width:3;stroke-linecap:round}.bone{fill:none;stroke:var(--ink);stroke-width:1.8;stroke-linecap:round}.rib{stroke:var(--soft);stroke-width:1}.rootrib{stroke:var(--mark);stroke-width:2}.twig{fill:none;stroke:var(--soft);stroke-width:1}
a:focus-visible .cause,g:focus-visible .cause,.chosen .cause{stroke:var(--mark);stroke-width:3}.chosen .rib,a:focus-visible .rib{stroke:var(--mark);stroke-width:3}.chosen .ask{fill:var(--mark)}
`
