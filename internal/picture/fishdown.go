package picture

import "strconv"

// downward lays the diagram out for a narrow frame: the head on top, the spine
// down the left side, the bones below one another.
func (d *fish) downward(f Frame) {
	d.width = max(f.Width, 300)
	const left = edge / 2
	d.head = newBox(d.Head, d.width-2*left)
	d.head.x, d.head.y = left, left
	spine := left + 10
	y := d.head.y + d.head.h + 8
	for _, b := range d.Bones {
		y = d.addDown(b, spine, y)
	}
	last := d.bones[len(d.bones)-1]
	d.spine = "M" + itoa(spine) + " " + itoa(d.head.y+d.head.h) + "V" + itoa(last.y1)
	d.height = y + 6
}

// addDown places one bone from y on and returns where it ends.
func (d *fish) addDown(b FishBone, spine, y int) int {
	out := bone{id: b.ID, name: b.Name, x1: spine, y1: y, x0: spine + 30, y0: y + 16}
	w := widest([]string{b.Name}, 14*1.08) + 26
	out.nameX, out.nameY = out.x0+w/2, out.y0+8
	x := spine + 30
	y = out.nameY + nameHeight/2 + 8
	width := d.width - x - edge/2
	if len(b.Causes) == 0 {
		out.ask = wrap(b.Question, width, noteSize)
		out.askX, out.askY = x, y+9
		y += len(out.ask)*noteLine + 8
	}
	var line [maxTwig + 1]int // height of the last rib of each depth
	for i, c := range b.Causes {
		r := newRib(c, width, b.depth(i))
		in := r.depth * twigStep
		r.x, r.y, r.toX = x+in, y, x+width
		if r.depth > 0 {
			at := r.x - twigStep/2
			out.twigs = append(out.twigs, [4]int{at, line[r.depth-1], at, y + r.h}, [4]int{at, y + r.h, r.x, y + r.h})
		}
		line[r.depth] = y + r.h
		out.ribs = append(out.ribs, r)
		y += r.h + 10
	}
	d.bones = append(d.bones, out)
	return y + 4
}

func itoa(n int) string { return strconv.Itoa(n) }
