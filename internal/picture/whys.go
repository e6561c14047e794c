package picture

import (
	"io"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast/internal/picture/svg"
)

// WhyTree is the incident with the answers to why it happened.
type WhyTree struct {
	Title   string
	Desc    string
	Outcome Cause
	Levels  []WhyLevel // the question and the goal of each level, from the first
	Whys    []Why
	Apart   []Strip
}

// WhyLevel heads a level of the tree.
type WhyLevel struct{ Question, Goal string }

// Why is an answer with the answers below it.
type Why struct {
	Cause
	Again bool // it stands elsewhere in the tree, with the answers below it
	Whys  []Why
}

// Whys draws a tree of whys from left to right, a column for each level with its
// question and its goal; on a narrow frame an indented list.
func Whys(w io.Writer, t WhyTree, f Frame) error {
	c := svg.NewCanvas(w)
	d := newWhys(t, f)
	begin(c, f, t.Title, t.Desc, d.width, d.height)
	d.drawHeads(c)
	c.Printf(`<path class="link" d="%s"/>`+"\n", strings.Join(d.links, "")) // as one, so that they lie on each other unseen
	for i := range d.boxes {
		d.boxes[i].draw(c, f)
	}
	d.below.draw(c, f)
	return end(c)
}

// whys is a tree of whys with everything in its place.
type whys struct {
	tree          WhyTree
	boxes         []box
	links         []string
	heads         []head
	columnGap     int
	boxWidth      int
	headHeight    int
	width, height int
	below         below
}

// head is what stands above a column.
type head struct {
	x, y, w        int
	name           string
	question, goal []string
}

func newWhys(t WhyTree, f Frame) *whys {
	d := &whys{tree: t, columnGap: 40}
	if f.narrow() {
		d.indent(f)
	} else {
		d.columns(f)
	}
	var used []Cause
	for _, b := range d.boxes {
		used = append(used, b.Cause)
	}
	d.below, d.height = newBelow(t.Apart, used, d.height, d.width)
	return d
}

// depth is the number of levels of answers.
func depth(list []Why) int {
	n := 0
	for _, y := range list {
		n = max(n, 1+depth(y.Whys))
	}
	return n
}

// columns lays the tree out from left to right.
func (d *whys) columns(f Frame) {
	n := depth(d.tree.Whys) + 1
	const least = 172 // of a box
	if 2*edge+n*least+(n-1)*d.columnGap > f.Width {
		d.columnGap = 24
	}
	room := max(f.Width, 640) - 2*edge - (n-1)*d.columnGap
	d.boxWidth = min(max(room/n, least), 250)
	d.width = max(2*edge+n*d.boxWidth+(n-1)*d.columnGap, min(f.Width, 640))
	for level := 0; level < n; level++ {
		d.addHead(level)
	}
	root := d.measure(Why{Cause: d.tree.Outcome, Whys: d.tree.Whys})
	top, bottom := edge+d.headHeight+24, 0
	for _, o := range root.outline {
		bottom = max(bottom, o.bottom)
	}
	d.place(root, 0, top)
	d.height = top + bottom + edge
}

// addHead wraps the head of a column.
func (d *whys) addHead(level int) {
	h := head{x: d.columnX(level), y: edge, w: d.boxWidth, name: "What happened"}
	if level > 0 {
		h.name = "Why " + strconv.Itoa(level)
	}
	if level > 0 && level <= len(d.tree.Levels) {
		h.question = wrap(d.tree.Levels[level-1].Question, d.boxWidth-4, 12)
		h.goal = wrap(d.tree.Levels[level-1].Goal, d.boxWidth-4, noteSize)
	}
	d.heads = append(d.heads, h)
	d.headHeight = max(d.headHeight, 20+len(h.question)*16+4+len(h.goal)*noteLine)
}

func (d *whys) columnX(level int) int { return edge + level*(d.boxWidth+d.columnGap) }

const (
	siblings = 18 // between answers to the same question
	joint    = 22 // below the top of a box: where links end
)

// answer is a node of the tree. Places are counted from the top of its box.
type answer struct {
	box
	answers []answer
	tops    []int    // of the answers
	outline []extent // by level, its own first
}

// extent is the room that a tree takes on one level, and that its links take
// between this level and the next; wires is false when there are none.
type extent struct {
	top, bottom        int
	wires              bool
	firstWire, endWire int
}

// boxOf returns the box of an answer.
func (d *whys) boxOf(y Why, width int) box {
	b := newBox(y.Cause, width)
	b.soft = y.Again
	return b
}

// measure lays out an answer and those below it: each as high up as the ones
// before it allow, the first at the height of the answer itself, so that the
// first chain is a straight line and others hang below it.
func (d *whys) measure(y Why) answer {
	a := answer{box: d.boxOf(y, d.boxWidth)}
	a.outline = []extent{{bottom: a.h}}
	var below []extent
	for _, z := range y.Whys {
		next := d.measure(z)
		top := lowest(below, next.outline)
		a.answers, a.tops = append(a.answers, next), append(a.tops, top)
		below = join(below, next.outline, top)
	}
	if n := len(a.tops); n > 0 {
		a.outline[0].wires, a.outline[0].firstWire, a.outline[0].endWire = true, joint, a.tops[n-1]+joint
	}
	a.outline = append(a.outline, below...)
	return a
}

// lowest returns how far down a tree must stand to keep clear of what stands
// above it.
func lowest(above, tree []extent) int {
	top := 0
	for i := range min(len(above), len(tree)) {
		top = max(top, above[i].bottom+siblings-tree[i].top)
		if above[i].wires && tree[i].wires {
			top = max(top, above[i].endWire+10-tree[i].firstWire)
		}
	}
	return top
}

// join adds a tree that stands at top to what stands above it.
func join(above, tree []extent, top int) []extent {
	for i, e := range tree {
		e.top, e.bottom, e.firstWire, e.endWire = e.top+top, e.bottom+top, e.firstWire+top, e.endWire+top
		if i == len(above) {
			above = append(above, e)
			continue
		}
		a := &above[i]
		a.bottom = max(a.bottom, e.bottom)
		if e.wires {
			if !a.wires {
				a.firstWire = e.firstWire
			}
			a.wires, a.endWire = true, e.endWire
		}
	}
	return above
}

// place gives an answer and those below it their places in the picture.
func (d *whys) place(a answer, level, top int) {
	b := a.box
	b.x, b.y = d.columnX(level), top
	d.boxes = append(d.boxes, b)
	for i, z := range a.answers {
		next := top + a.tops[i]
		d.links = append(d.links, elbow(b.x+b.w, top+joint, d.columnX(level+1), next+joint))
		d.place(z, level+1, next)
	}
}
