package layered

import (
	"cmp"
	"slices"
)

const (
	sweeps  = 24 // at most
	patient = 9  // sweeps without success before giving up
)

// order puts the nodes of each layer into an order with few crossings: sweeps in
// both directions put every node between its neighbors in the layer before, and
// the best order seen is kept.
func (d *drawing) order() {
	d.firstOrder()
	best, least := d.copyLayers(), d.crossings()
	for i, last := 0, 0; i < sweeps && i-last < patient && least > 0; i++ {
		d.sweep(i)
		d.transpose()
		if n := d.crossings(); n < least {
			best, least, last = d.copyLayers(), n, i
		}
	}
	d.layers = best
}

func (d *drawing) copyLayers() [][]int {
	out := make([][]int, len(d.layers))
	for i, l := range d.layers {
		out[i] = slices.Clone(l)
	}
	return out
}

// firstOrder places the nodes as a depth-first search against the flow meets
// them, which keeps what belongs together side by side.
func (d *drawing) firstOrder() {
	seen := make([]bool, len(d.nodes))
	var visit func(i int)
	visit = func(i int) {
		seen[i] = true
		d.layers[d.nodes[i].layer] = append(d.layers[d.nodes[i].layer], i)
		for _, n := range d.nodes[i].from {
			if !seen[n] {
				visit(n)
			}
		}
	}
	if d.Last >= 0 {
		visit(d.Last)
	}
	for i := range d.nodes {
		if !seen[i] && len(d.nodes[i].to) == 0 {
			visit(i)
		}
	}
}

// positions returns the place of each node in its layer.
func (d *drawing) positions() []int {
	out := make([]int, len(d.nodes))
	for _, layer := range d.layers {
		for p, n := range layer {
			out[n] = p
		}
	}
	return out
}

// sweep orders each layer by its neighbors in the one before it, against and with
// the flow by turns.
func (d *drawing) sweep(turn int) {
	pos := d.positions()
	for i := range d.layers {
		l := i
		neighbors := func(n int) []int { return d.nodes[n].from }
		if turn%2 == 0 {
			l = len(d.layers) - 1 - i
			neighbors = func(n int) []int { return d.nodes[n].to }
		}
		d.sortLayer(d.layers[l], pos, neighbors, turn)
		for p, n := range d.layers[l] {
			pos[n] = p
		}
	}
}

// sortLayer orders the nodes that have neighbors by the mean or, by turns, the
// median of their places; the others stay where they are. Equals change sides
// now and then, since either order may be the better one.
func (d *drawing) sortLayer(layer, pos []int, neighbors func(int) []int, turn int) {
	type placed struct{ node, sum, count int }
	var movable []placed
	var slots []int
	for p, n := range layer {
		list := neighbors(n)
		if len(list) == 0 {
			continue
		}
		x := placed{node: n, count: len(list)}
		for _, o := range list {
			x.sum += pos[o]
		}
		if turn/2%2 == 1 {
			x.sum, x.count = middle(list, pos), 2
		}
		movable, slots = append(movable, x), append(slots, p)
	}
	if turn/4%2 == 1 {
		slices.Reverse(movable)
	}
	slices.SortStableFunc(movable, func(a, b placed) int { return cmp.Compare(a.sum*b.count, b.sum*a.count) })
	for i, x := range movable {
		layer[slots[i]] = x.node
	}
}

// middle returns twice the median of the places of nodes.
func middle(list, pos []int) int {
	places := make([]int, len(list))
	for i, n := range list {
		places[i] = pos[n]
	}
	slices.Sort(places)
	return places[(len(places)-1)/2] + places[len(places)/2]
}

// transpose swaps neighbors as long as that removes crossings.
func (d *drawing) transpose() {
	pos := d.positions()
	for range 8 {
		better := false
		for _, layer := range d.layers {
			for i := 1; i < len(layer); i++ {
				a, b := layer[i-1], layer[i]
				if d.pairCrossings(a, b, pos) > d.pairCrossings(b, a, pos) {
					layer[i-1], layer[i] = b, a
					pos[a], pos[b] = i, i-1
					better = true
				}
			}
		}
		if !better {
			return
		}
	}
}

// pairCrossings counts the crossings between the edges of two nodes of a layer
// when a stands before b.
func (d *drawing) pairCrossings(a, b int, pos []int) int {
	count := 0
	for _, sides := range [2][2][]int{{d.nodes[a].from, d.nodes[b].from}, {d.nodes[a].to, d.nodes[b].to}} {
		for _, x := range sides[0] {
			for _, y := range sides[1] {
				if pos[x] > pos[y] {
					count++
				}
			}
		}
	}
	return count
}

// crossings counts the crossings between all layers.
func (d *drawing) crossings() int {
	pos := d.positions()
	total := 0
	for _, layer := range d.layers {
		var ends []int // of the edges in the order of their beginnings
		for _, n := range layer {
			from := len(ends)
			for _, to := range d.nodes[n].to {
				ends = append(ends, pos[to])
			}
			slices.Sort(ends[from:])
		}
		total += inversions(ends)
	}
	return total
}

// inversions counts the pairs that stand in the wrong order, by insertion into a
// sorted list.
func inversions(list []int) int {
	count := 0
	sorted := make([]int, 0, len(list))
	for _, x := range list {
		i, _ := slices.BinarySearch(sorted, x+1) // after its equals
		count += len(sorted) - i
		sorted = slices.Insert(sorted, i, x)
	}
	return count
}
