package layered

// rank gives every box its distance from the last layer: one more than the
// farthest box it leads to. Then boxes move toward those that lead to them where
// that shortens edges, and crowded layers pass boxes on.
func (d *drawing) rank() {
	from, to := d.neighbors()
	d.ranks = make([]int, len(d.Boxes))
	for _, i := range d.upstream(to) {
		if i != d.Last {
			d.ranks[i] = d.floor(to, i)
		}
	}
	d.tighten(from, to)
	d.spread(from)
}

// neighbors returns for every box those that lead to it and those it leads to.
func (d *drawing) neighbors() (from, to [][]int) {
	from, to = make([][]int, len(d.Boxes)), make([][]int, len(d.Boxes))
	for _, e := range d.edges {
		from[e.To] = append(from[e.To], e.From)
		to[e.From] = append(to[e.From], e.To)
	}
	return from, to
}

// upstream returns the boxes so that each comes after all it leads to.
func (d *drawing) upstream(to [][]int) []int {
	var out []int
	seen := make([]bool, len(d.Boxes))
	var visit func(i int)
	visit = func(i int) {
		seen[i] = true
		for _, n := range to[i] {
			if !seen[n] {
				visit(n)
			}
		}
		out = append(out, i)
	}
	for i := range d.Boxes {
		if !seen[i] {
			visit(i)
		}
	}
	return out
}

// floor is the lowest rank that a box can have.
func (d *drawing) floor(to [][]int, i int) int {
	r := 0
	if d.Last >= 0 {
		r = 1
	}
	for _, n := range to[i] {
		r = max(r, d.ranks[n]+1)
	}
	return r
}

// tighten moves boxes to which more edges lead than leave away from the last
// layer, as far as their edges allow.
func (d *drawing) tighten(from, to [][]int) {
	for range len(d.Boxes) {
		moved := false
		for i := range d.Boxes {
			if i == d.Last || len(from[i]) <= len(to[i]) {
				continue
			}
			r := d.ranks[from[i][0]] - 1
			for _, n := range from[i] {
				r = min(r, d.ranks[n]-1)
			}
			if r > d.ranks[i] {
				d.ranks[i], moved = r, true
			}
		}
		if !moved {
			return
		}
	}
}

// spread moves boxes to which nothing leads out of crowded layers, so that the
// drawing does not become a single long column.
func (d *drawing) spread(from [][]int) {
	limit := 6
	for limit*limit < len(d.Boxes)*2 {
		limit++
	}
	for r := 0; r <= len(d.Boxes); r++ {
		var free []int
		n := 0
		for i := range d.Boxes {
			if d.ranks[i] != r || i == d.Last {
				continue
			}
			if n++; len(from[i]) == 0 {
				free = append(free, i)
			}
		}
		for ; n > limit && len(free) > 0; n-- {
			d.ranks[free[len(free)-1]]++
			free = free[:len(free)-1]
		}
	}
}

// chain turns ranks into layers and gives every edge a node in each layer it
// passes. With labels, layers for them lie between those of the boxes.
func (d *drawing) chain() {
	highest := 0
	for _, r := range d.ranks {
		highest = max(highest, r)
	}
	labeled := make([]bool, highest+1) // whether an edge that leaves this rank has a label
	for _, e := range d.edges {
		labeled[d.ranks[e.From]] = labeled[d.ranks[e.From]] || e.Label.Along > 0
	}
	layerOf, between := make([]int, highest+1), make([]int, highest+1) // of a rank, and of the labels after it
	count := 0
	for r := highest; r >= 0; r-- {
		layerOf[r], between[r] = count, -1
		count++
		if labeled[r] && r > 0 {
			between[r] = count
			count++
		}
	}
	if len(d.Boxes) > 0 {
		d.layers = make([][]int, count)
	}
	for i, b := range d.Boxes {
		d.add(node{size: b, layer: layerOf[d.ranks[i]], box: true})
	}
	for _, e := range d.edges {
		d.chainEdge(e, layerOf[d.ranks[e.To]], between[d.ranks[e.From]])
	}
}

// mostPlaces is the number of places kept free for long edges. What comes after
// them passes behind boxes; no graph that people can read has as many.
const mostPlaces = 5000

func (d *drawing) add(n node) int {
	d.nodes = append(d.nodes, n)
	return len(d.nodes) - 1
}

// chainEdge adds the nodes of one edge, up to the layer in which it ends.
func (d *drawing) chainEdge(e Edge, end, labelAt int) {
	chain, label := []int{e.From}, -1
	for l := d.nodes[e.From].layer + 1; l < end; l++ {
		if len(d.nodes) > len(d.Boxes)+mostPlaces && l != labelAt {
			continue
		}
		n := node{layer: l}
		if l == labelAt {
			n.size = e.Label
		}
		i := d.add(n)
		if l == labelAt && e.Label.Along > 0 {
			label = i
		}
		chain = append(chain, i)
	}
	chain = append(chain, e.To)
	for i := 1; i < len(chain); i++ {
		a, b := chain[i-1], chain[i]
		d.nodes[a].to = append(d.nodes[a].to, b)
		d.nodes[b].from = append(d.nodes[b].from, a)
	}
	d.chains, d.labels = append(d.chains, chain), append(d.labels, label)
}
