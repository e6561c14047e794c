package layered

import (
	"cmp"
	"slices"
)

const (
	sweeps  = 48 // at most
	patient = 16 // sweeps without success before giving up
	// effort bounds the sweeps by the size of the graph, so that one with thousands
	// of boxes is drawn in about a second, if with more crossings.
	effort = 60_000
)

// order puts the nodes of each layer into an order with few crossings: sweeps in
// both directions put every node between its neighbors in the layer before, and
// the best order seen is kept.
func (d *drawing) order() {
	d.firstOrder()
	best, least := d.copyLayers(), d.crossings()
	most := min(sweeps, effort/(len(d.nodes)+1))
	for i, last := 0, 0; i < most && i-last < patient && least > 0; i++ {
		d.sweep(i)
		d.transpose(noLayer, i%4 == 3)
		if n := d.crossings(); n < least {
			best, least, last = d.copyLayers(), n, i
		}
	}
	d.layers = best
	d.polish(least)
}

// polish tries for every pair of neighbors whose edges cross what comes of
// swapping them, and keeps what is better. Swaps that only pay together with others
// are found here.
func (d *drawing) polish(least int) {
	tries := min(40, effort/(len(d.nodes)+1)-sweeps)
	for l := range d.layers {
		for i := 1; i < len(d.layers[l]) && least > 0 && tries > 0; i++ {
			layer := d.layers[l]
			if d.pairCrossings(layer[i-1], layer[i], d.positions()) == 0 {
				continue
			}
			tries--
			before := d.copyLayers()
			layer[i-1], layer[i] = layer[i], layer[i-1]
			d.transpose(l, false)
			if n := d.crossings(); n < least {
				least = n
			} else {
				d.layers = before
			}
		}
	}
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
// median of their places; the others stay where they are. Equals are mixed now and
// then, always in the same way, since any order of them may be the better one.
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
	slices.SortStableFunc(movable, func(a, b placed) int {
		if c := cmp.Compare(a.sum*b.count, b.sum*a.count); c != 0 || turn/4%2 == 0 {
			return c
		}
		return cmp.Compare(mix(a.node, turn), mix(b.node, turn))
	})
	for i, x := range movable {
		layer[slots[i]] = x.node
	}
}

// mix returns a number that has little to do with the node's.
func mix(node, turn int) uint32 { return uint32(node*31+turn) * 2654435761 }

// middle returns twice the median of the places of nodes.
func middle(list, pos []int) int {
	places := make([]int, len(list))
	for i, n := range list {
		places[i] = pos[n]
	}
	slices.Sort(places)
	return places[(len(places)-1)/2] + places[len(places)/2]
}

const noLayer = -1

// transpose swaps neighbors as long as that removes crossings, in all layers but
// one that is fixed. With equals set the first round also swaps where that makes no
// difference, so that later ones find what lies behind.
func (d *drawing) transpose(fixed int, equals bool) {
	pos := d.positions()
	for round := range 8 {
		better := false
		for l, layer := range d.layers {
			if l == fixed {
				continue
			}
			for i := 1; i < len(layer); i++ {
				a, b := layer[i-1], layer[i]
				gain := d.pairCrossings(a, b, pos) - d.pairCrossings(b, a, pos)
				if gain > 0 || gain == 0 && equals && round == 0 {
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
