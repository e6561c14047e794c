package layered

// settle gives every node its place across: as near to its neighbors as the order
// and the room of its layer allow, long edges straight before all else.
func (d *drawing) settle() {
	for _, layer := range d.layers {
		at := 0
		for i, n := range layer {
			if i > 0 {
				at += d.apart(layer[i-1], n)
			}
			d.nodes[n].across = at
		}
		for _, n := range layer {
			d.nodes[n].across -= at / 2
		}
	}
	for i := range 12 {
		d.pass(i%2 == 0, true, false)
		d.pass(i%2 == 1, false, true)
	}
	for i := range 4 {
		d.pass(i%2 == 0, true, true)
	}
	d.straighten()
}

// straighten takes the small bends out of long edges: as many places of an edge
// as can lie on one line do, on that of where it begins if that is free.
func (d *drawing) straighten() {
	pos := d.positions()
	for _, chain := range d.chains {
		wish := d.nodes[chain[0]].across
		for i := 1; i < len(chain)-1; {
			lo, hi := d.slack(chain[i], pos)
			end := i + 1
			for ; end < len(chain)-1; end++ {
				a, b := d.slack(chain[end], pos)
				if max(lo, a) > min(hi, b) {
					break
				}
				lo, hi = max(lo, a), min(hi, b)
			}
			if end == len(chain)-1 && (wish < lo || wish > hi) {
				wish = d.nodes[chain[end]].across
			}
			wish = min(max(wish, lo), hi)
			for ; i < end; i++ {
				d.nodes[chain[i]].across = wish
			}
		}
	}
}

// slack returns between where a node can lie without moving its neighbors.
func (d *drawing) slack(n int, pos []int) (lo, hi int) {
	layer := d.layers[d.nodes[n].layer]
	const far = 1 << 30
	lo, hi = -far, far
	if p := pos[n]; p > 0 {
		lo = d.nodes[layer[p-1]].across + d.apart(layer[p-1], n)
	}
	if p := pos[n]; p+1 < len(layer) {
		hi = d.nodes[layer[p+1]].across - d.apart(n, layer[p+1])
	}
	return lo, hi
}

// pass goes through the layers once and places each by its neighbors before it,
// after it, or both.
func (d *drawing) pass(forward, before, after bool) {
	for i := range d.layers {
		l := i
		if !forward {
			l = len(d.layers) - 1 - i
		}
		d.placeLayer(d.layers[l], before, after)
	}
}

// apart is the least distance between the centers of two neighbors.
func (d *drawing) apart(a, b int) int {
	room := d.space.Boxes
	switch x, y := d.nodes[a], d.nodes[b]; {
	case x.size.Across == 0 && y.size.Across == 0:
		room = d.space.Lines
	case x.size.Across == 0 || y.size.Across == 0:
		room = (d.space.Lines + d.space.Boxes) / 2
	}
	return (d.nodes[a].size.Across+1)/2 + room + (d.nodes[b].size.Across+1)/2
}

// pull is how strongly two neighbors want to lie side by side. Most of all the
// places of an edge, then an edge and where it begins: it turns where it ends.
func (d *drawing) pull(before, after int) int {
	switch x, y := d.nodes[before].box, d.nodes[after].box; {
	case !x && !y:
		return 8
	case x && !y:
		return 6
	}
	return 1
}

// block is a run of nodes that touch: they move together.
type block struct {
	sum, weight int // of wishes for where its first node stands
	count       int
}

func (b block) at() int { return floorDiv(b.sum, b.weight) }

// placeLayer finds the places nearest to what the nodes wish that keep their
// order and distance: a regression by pooling neighbors that would be too near.
func (d *drawing) placeLayer(layer []int, before, after bool) {
	offsets := make([]int, len(layer)) // of each node when all touch
	var blocks []block
	for i, n := range layer {
		if i > 0 {
			offsets[i] = offsets[i-1] + d.apart(layer[i-1], n)
		}
		wish, weight := d.wish(n, before, after)
		blocks = append(blocks, block{(wish - offsets[i]*weight), weight, 1})
		for k := len(blocks) - 1; k > 0 && blocks[k-1].at() >= blocks[k].at(); k-- {
			a, b := blocks[k-1], blocks[k]
			blocks = append(blocks[:k-1], block{a.sum + b.sum, a.weight + b.weight, a.count + b.count})
		}
	}
	i := 0
	for _, b := range blocks {
		at := b.at()
		for range b.count {
			d.nodes[layer[i]].across = at + offsets[i]
			i++
		}
	}
}

// wish returns the weighted sum of the places where a node wants to be, and the
// weight. Without neighbors it wants to stay.
func (d *drawing) wish(n int, before, after bool) (sum, weight int) {
	add := func(o, pull int) {
		sum, weight = sum+16*pull*d.nodes[o].across, weight+16*pull
	}
	if before {
		for _, o := range d.nodes[n].from {
			add(o, d.pull(o, n))
		}
	}
	if after {
		for _, o := range d.nodes[n].to {
			add(o, d.pull(n, o))
		}
	}
	if weight == 0 {
		return d.nodes[n].across, 1
	}
	return sum, weight
}

// floorDiv divides and rounds down, whatever the sign.
func floorDiv(a, b int) int {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}
