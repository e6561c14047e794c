package picture

import (
	"io"
	"math"

	"github.com/hindcast/hindcast/internal/picture/svg"
)

// Fish is the diagram of Ishikawa: the incident is its head, each bone a kind of
// cause.
type Fish struct {
	Title string
	Desc  string
	Head  Cause
	Bones []FishBone
	Apart []Strip
}

// FishBone is one bone with its causes; an empty one shows its question.
type FishBone struct {
	ID       string
	Name     string
	Question string
	Causes   []Cause
	// Depth says of each cause whether it stands on the bone, 0, or below one of those
	// before it, as a twig; nil when all stand on the bone.
	Depth []int
}

// Fishbone draws the head at the right, the spine, and the bones in pairs with
// level text. On a narrow frame the spine runs downward.
func Fishbone(w io.Writer, x Fish, f Frame) error {
	c := svg.NewCanvas(w)
	d := newFish(x, f)
	begin(c, f, x.Title, x.Desc, d.width, d.height)
	c.Printf(`<path class="spine" d="%s"/>`+"\n", d.spine)
	for _, b := range d.bones {
		c.Printf(`<path class="bone" d="M%d %dL%d %d"/>`+"\n", b.x0, b.y0, b.x1, b.y1)
		b.drawName(c, f)
		for _, t := range b.twigs {
			c.Printf(`<path class="twig" d="M%d %dL%d %d"/>`+"\n", t[0], t[1], t[2], t[3])
		}
		for i := range b.ribs {
			b.ribs[i].draw(c, f)
		}
	}
	d.head.draw(c, f)
	d.below.draw(c, f)
	return end(c)
}

// fish is the diagram with everything in its place.
type fish struct {
	Fish
	head          box
	spine         string
	bones         []bone
	width, height int
	below         below
}

// bone runs from its name at (x0, y0) to the spine at (x1, y1).
type bone struct {
	id, name       string
	x0, y0, x1, y1 int
	nameX, nameY   int // center of the name
	ask            []string
	askX, askY     int
	ribs           []rib
	twigs          [][4]int // lines that join twigs to what they stand below, from and to
}

// rib is a level line with the text of a cause above it.
type rib struct {
	box
	toX   int // where the line meets the bone, or the twig of what it stands below
	depth int
}

// The measures of the diagram.
const (
	nameHeight = 26
	ribGap     = 12
	ribsAside  = 5 // more ribs than these stand on both sides of their bones
	twigStep   = 16
	maxTwig    = 4 // a cause that stands deeper is drawn as deep as this
)

func newFish(x Fish, f Frame) *fish {
	d := &fish{Fish: x}
	if f.narrow() {
		d.downward(f)
	} else {
		d.rightward(f)
	}
	var used []Cause
	for _, b := range x.Bones {
		used = append(used, b.Causes...)
	}
	d.below, d.height = newBelow(x.Apart, used, d.height, d.width)
	return d
}

// depth is how deep a cause of the bone stands.
func (b *FishBone) depth(i int) int {
	if i >= len(b.Depth) {
		return 0
	}
	return min(b.Depth[i], maxTwig)
}

// newRib wraps a cause into a rib: a box without an outline. A twig is shorter, the
// deeper it stands.
func newRib(c Cause, width, depth int) rib {
	width -= depth * twigStep
	r := rib{box: newBox(c, width), depth: depth}
	r.lines = wrap(c.Text, width-8, bodySize)
	r.h = len(r.head)*noteLine + len(r.lines)*bodyLine + 8
	r.feet = nil
	for _, f := range c.Feet {
		lines := wrap(f.Text, width-8-signWidth, noteSize)
		r.feet = append(r.feet, lines)
		r.h += 2 + len(lines)*noteLine
	}
	return r
}

// half is the bones above or below the spine while they are laid out.
type half struct {
	bones    []FishBone
	ribs     [][]rib
	sides    [][]int // of each rib: 0 at the left of its bone, 1 at the right
	twoSided bool
	height   int
}

// rightward lays the diagram out with the head at the right.
func (d *fish) rightward(f Frame) {
	n := (len(d.Bones) + 1) / 2
	twoSided := false
	for _, b := range d.Bones {
		twoSided = twoSided || len(b.Causes) > ribsAside
	}
	d.head = newBox(d.Head, 176)
	width := max(f.Width, 760)
	room := (width - 2*edge - d.head.w - 30) / max(n, 1) // of a column
	ribWidth := min(max(room-150, 190), 330)
	if twoSided {
		ribWidth = max((room-170)/2, 205)
	}
	halves := [2]half{{bones: d.Bones[:n], twoSided: twoSided}, {bones: d.Bones[n:], twoSided: twoSided}}
	for i := range halves {
		halves[i].measure(ribWidth)
	}
	even := max(halves[0].height, halves[1].height)
	for i := range halves {
		if halves[i].height*8 > even*5 { // alike enough to be made the same
			halves[i].height = even
		}
	}
	d.assemble(halves, n, ribWidth)
}

// measure wraps the causes and finds how high the longest bone must be. Where both
// sides of a bone are used, a cause with its twigs stands on the side that has more
// room.
func (h *half) measure(width int) {
	h.height = 130
	for _, b := range h.bones {
		var ribs []rib
		var sides []int
		var used [2]int
		side := 0
		for i, x := range b.Causes {
			r := newRib(x, width, b.depth(i))
			if r.depth == 0 && h.twoSided {
				side = 0
				if used[1] < used[0] {
					side = 1
				}
			}
			used[side] += r.h + ribGap
			ribs, sides = append(ribs, r), append(sides, side)
		}
		h.ribs, h.sides = append(h.ribs, ribs), append(h.sides, sides)
		h.height = max(h.height, max(used[0], used[1])+30)
	}
}

// assemble puts the halves, the spine and the head together.
func (d *fish) assemble(halves [2]half, columns, ribWidth int) {
	sides, most := 1, 110
	if halves[0].twoSided {
		sides, most = 2, 190
	}
	tallest := max(halves[0].height, halves[1].height)
	slant := min(tallest*2/5, most)
	column := slant + sides*(ribWidth+16) + 24
	spine := edge + nameHeight + halves[0].height
	left := edge
	for i, h := range halves {
		for k := range h.bones {
			joint := left + k*column + ribWidth + 16 + slant + 8
			d.bones = append(d.bones, h.assemble(k, joint, spine, slant*h.height/tallest, ribWidth, i == 0))
		}
	}
	headX := left + columns*column + 10
	d.head.x, d.head.y = headX, spine-d.head.h/2
	d.spine = "M" + itoa(left) + " " + itoa(spine) + "H" + itoa(headX)
	d.width = headX + d.head.w + edge
	d.height = spine + max(halves[1].height+nameHeight, d.head.h/2) + edge
	if len(halves[1].bones) == 0 {
		d.height = spine + d.head.h/2 + edge
	}
	if top := spine - d.head.h/2; top < edge {
		d.shift(edge - top)
	}
}

// shift moves all of it down.
func (d *fish) shift(by int) {
	for i := range d.bones {
		b := &d.bones[i]
		b.y0, b.y1, b.nameY, b.askY = b.y0+by, b.y1+by, b.nameY+by, b.askY+by
		for k := range b.ribs {
			b.ribs[k].y += by
		}
		for k := range b.twigs {
			b.twigs[k][1] += by
			b.twigs[k][3] += by
		}
	}
	spine := d.bones[0].y1
	d.head.y += by
	d.spine = "M" + itoa(edge) + " " + itoa(spine) + "H" + itoa(d.head.x)
	d.height += by
}

// assemble places one bone, above or below the spine. Its ribs share out its
// length.
func (h *half) assemble(k, joint, spine, slant, ribWidth int, above bool) bone {
	b := bone{id: h.bones[k].ID, name: h.bones[k].Name, x1: joint, y1: spine, x0: joint - slant, y0: spine - h.height}
	top := b.y0
	b.nameY = b.y0 - nameHeight/2
	if !above {
		b.y0 = spine + h.height
		b.nameY = b.y0 + nameHeight/2
		top = spine
	}
	b.nameX = b.x0
	at := func(y int) int { // where the bone is at a height
		return b.x0 + (b.x1-b.x0)*(y-b.y0)/(b.y1-b.y0)
	}
	b.ask = wrap(h.bones[k].Question, min(ribWidth, 250), noteSize)
	middle := (b.y0+b.y1)/2 - len(b.ask)*noteLine/2
	b.askY = middle + 11
	b.askX = min(at(middle), at(middle+len(b.ask)*noteLine)) - 14 - widest(b.ask, noteSize)
	for side := range 2 {
		b.addRibs(h.on(k, side), side == 1, top, h.height, above, at)
	}
	return b
}

// on returns the ribs of a bone that stand on a side.
func (h *half) on(k, side int) []rib {
	var out []rib
	for i, r := range h.ribs[k] {
		if h.sides[k][i] == side {
			out = append(out, r)
		}
	}
	return out
}

// addRibs places the ribs of one side from the top of a bone on; what is left of its
// height is shared out between those that stand on it. at is where the bone is at a
// height.
func (b *bone) addRibs(list []rib, right bool, top, height int, above bool, at func(y int) int) {
	free, parts := height-14, 1
	for _, r := range list {
		free -= r.h + ribGap
		if r.depth == 0 {
			parts++
		}
	}
	spare, y := max(free, 0)/parts, top+4
	if !above {
		y = top + 12
	}
	out := -1 // away from the bone
	if right {
		out = 1
	}
	var line [maxTwig + 2]int // height of the last rib of each depth
	for _, r := range list {
		if r.depth == 0 {
			y += spare
		}
		low := y + r.h
		r.y, r.toX = y, at(low)+out*r.depth*twigStep
		if right {
			r.x = max(at(y), at(low)) + 8 + r.depth*twigStep
		} else {
			r.x = min(at(y), at(low)) - 8 - r.depth*twigStep - r.w
		}
		if r.depth > 0 {
			from := line[r.depth-1]
			b.twigs = append(b.twigs, [4]int{at(from) + out*r.depth*twigStep, from, r.toX, low})
		}
		line[r.depth] = low
		b.ribs = append(b.ribs, r)
		y = low + ribGap
	}
}

// drawName writes the name of the bone on a plate at its end, and what to ask
// while it is empty. Where people work on the picture they lead to what can be
// added.
func (b *bone) drawName(c *svg.Canvas, f Frame) {
	if href := f.href("bone-" + b.id); href != "" {
		end := f.open(c, "bone-"+b.id, href)
		c.Printf("<title>%s: add a factor</title>\n", svg.Escape(b.name))
		defer c.Printf("%s", end)
	}
	w := int(math.Ceil(svg.TextWidth(b.name, 14)*1.08)) + 26 // it is set in bold
	c.Printf(`<rect class="cause" x="%d" y="%d" width="%d" height="%d" rx="3"/>`+"\n", b.nameX-w/2, b.nameY-nameHeight/2, w, nameHeight)
	c.Printf(`<text x="%d" y="%d" class="name" text-anchor="middle">%s</text>`+"\n", b.nameX, b.nameY+5, svg.Escape(b.name))
	if len(b.ribs) > 0 {
		return
	}
	hit(c, f, b.askX, b.askY-11, widest(b.ask, noteSize), len(b.ask)*noteLine)
	for i, l := range b.ask {
		line(c, b.askX, b.askY+i*noteLine, "note ask", l)
	}
}

// draw writes the rib: its text above a level line that meets the bone.
func (r *rib) draw(c *svg.Canvas, f Frame) {
	group(c, f, r.Cause, func() {
		hit(c, f, r.x, r.y, r.w, r.h)
		y := r.drawHeadline(c, r.x, r.y, r.x+r.w-8)
		for _, l := range r.lines {
			line(c, r.x, y+13, "body", l)
			y += bodyLine
		}
		for i, lines := range r.feet {
			y += 2
			footSign(c, r.Feet[i].Sign, r.x+5, y+8)
			for _, l := range lines {
				line(c, r.x+signWidth, y+12, "note soft", l)
				y += noteLine
			}
		}
		from := r.x
		if r.toX < r.x {
			from = r.x + r.w
		}
		class := "rib"
		if r.Part == PartRoot {
			class = "rib rootrib"
		}
		c.Printf(`<path class="%s" d="M%d %dH%d"/>`+"\n", class, from, r.y+r.h, r.toX)
	})
}
