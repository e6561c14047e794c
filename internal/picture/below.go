package picture

import (
	"slices"

	"github.com/hindcast/hindcast/internal/picture/svg"
)

// below is what stands below a picture of causes: the strips and the legend.
type below struct {
	strips []strip
	key    key
}

// newBelow lays out what stands below y, and returns where the picture ends.
func newBelow(apart []Strip, used []Cause, y, width int) (below, int) {
	var b below
	for _, s := range apart {
		var next strip
		next, y = newStrip(s.Title, s.Causes, y, width)
		b.strips = append(b.strips, next)
		used = append(used, s.Causes...)
	}
	b.key, y = newKey(used, y, width)
	return b, y
}

func (b *below) draw(c *svg.Canvas, f Frame) {
	for i := range b.strips {
		b.strips[i].draw(c, f)
	}
	b.key.draw(c)
}

// key is the legend: what the signs stand for, below a picture.
type key struct {
	parts  []Part
	bare   bool     // something rests on no evidence
	places [][2]int // of each part and of that: left end and baseline
}

// newKey lays out the legend of the parts that are used, below y, and returns
// where the picture ends.
func newKey(used []Cause, y, width int) (key, int) {
	k := key{parts: usedParts(used), bare: slices.ContainsFunc(used, func(c Cause) bool { return c.Bare })}
	x, at := margin(width), y+20
	var words []string
	for _, p := range k.parts {
		words = append(words, string(p))
	}
	if k.bare {
		words = append(words, bareWords)
	}
	for _, s := range words {
		w := signWidth + widest([]string{s}, noteSize)
		if x+w > width-margin(width) && x > margin(width) {
			x, at = margin(width), at+18
		}
		k.places = append(k.places, [2]int{x, at})
		x += w + 22
	}
	return k, at + 14
}

func (k *key) draw(c *svg.Canvas) {
	for i, p := range k.parts {
		sign(c, p, k.places[i][0]+5, k.places[i][1]-4)
		line(c, k.places[i][0]+signWidth, k.places[i][1], "note soft", string(p))
	}
	if k.bare {
		at := k.places[len(k.parts)]
		bareSign(c, at[0]+1, at[1]-9)
		line(c, at[0]+signWidth, at[1], "note soft", bareWords)
	}
}

// bareWords say in the legend what the sign of a cause without evidence means.
const bareWords = "no evidence yet"

// usedParts returns the parts that have a sign, in their order.
func usedParts(list []Cause) []Part {
	have := map[Part]bool{}
	for _, x := range list {
		have[x.Part] = true
	}
	var out []Part
	for _, p := range [...]Part{PartRoot, PartContributing, PartMitigating, PartDetecting, PartRuledOut} {
		if have[p] {
			out = append(out, p)
		}
	}
	return out
}

// strip is a titled grid of boxes below a picture, for causes that are in no
// relation with the others.
type strip struct {
	title string
	x, y  int // left end of the title, and its baseline
	boxes []box
}

// newStrip lays out causes below y, as many in a row as fit, and returns where it
// ends.
func newStrip(title string, causes []Cause, y, width int) (strip, int) {
	s := strip{title: title, y: y + 16}
	if len(causes) == 0 {
		return s, y
	}
	const gap = 14
	s.x = margin(width)
	room := width - 2*s.x
	columns := max(1, (room+gap)/(220+gap))
	w := min((room-gap*(columns-1))/columns, 320)
	y += 28
	for i := 0; i < len(causes); i += columns {
		tallest := 0
		for k, x := range causes[i:min(i+columns, len(causes))] {
			b := newBox(x, w)
			b.x, b.y = s.x+k*(w+gap), y
			tallest = max(tallest, b.h)
			s.boxes = append(s.boxes, b)
		}
		y += tallest + gap
	}
	return s, y
}

func (s *strip) draw(c *svg.Canvas, f Frame) {
	if len(s.boxes) == 0 {
		return
	}
	line(c, s.x, s.y, "strong", s.title)
	for i := range s.boxes {
		s.boxes[i].draw(c, f)
	}
}
