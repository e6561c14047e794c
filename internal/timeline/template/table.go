package template

import (
	"slices"
	"strings"
)

// limits is how many shapes a table keeps apart that agree in what is rough
// about them, in their beginning, and in all. Where there are more, what is
// logged has no fixed shape: free text, SQL, somebody's data. They become one.
type limits [depth]int

const depth = 3

// usual keeps a table below some 30 MB.
var usual = limits{500, 4000, 32000}

// table holds a tally for each shape, in bounded memory. Which shapes become
// one depends on the set of shapes alone, not on their order or on which table
// saw them first: the weight of a node, the number of shapes below it with each
// node below counted up to its own limit plus one, can only grow, and a node
// whose weight exceeds its limit becomes one shape for good.
type table struct {
	limits  limits
	tallies map[string]*tally
	nodes   map[string]*node // by level and name
	crowded bool             // some node is full
}

// node is all shapes that agree at one level.
type node struct {
	name   string // the shape that stands for all of them
	level  int
	parent *node // nil for the highest
	weight int
	full   bool
	below  []*node  // of the level below
	shapes []string // at the lowest level
}

func newTable(l limits) *table {
	return &table{limits: l, tallies: map[string]*tally{}, nodes: map[string]*node{}}
}

// get returns the tally of a shape, a new one if need be.
func (t *table) get(shape []byte) *tally {
	if v := t.tallies[string(shape)]; v != nil {
		return v
	}
	return t.insert(string(shape))
}

// find returns the shape under which records of the given shape are counted;
// ok is false when there are none.
func (t *table) find(shape string) (name string, ok bool) {
	if _, ok := t.tallies[shape]; ok || !t.crowded {
		return shape, ok
	}
	return t.fullAbove(0, shape)
}

// fullAbove returns the name of the full node that holds a shape, at a level or
// above it. There is at most one.
func (t *table) fullAbove(level int, shape string) (name string, ok bool) {
	for ; level < depth; level++ {
		shape = outline(level, shape)
		if n := t.nodes[key(level, shape)]; n != nil && n.full {
			return shape, true
		}
	}
	return "", false
}

func (t *table) insert(shape string) *tally {
	if t.crowded {
		if name, ok := t.find(shape); ok {
			return t.tallies[name]
		}
	}
	n := t.node(0, shape)
	v := &tally{}
	t.tallies[shape] = v
	n.shapes = append(n.shapes, shape)
	if top := t.weigh(n, 1); top != nil {
		return t.tallies[top.name]
	}
	return v
}

// node returns the node of a shape at a level, and makes it and those above it
// if need be.
func (t *table) node(level int, shape string) *node {
	name := outline(level, shape)
	k := key(level, name)
	if n := t.nodes[k]; n != nil {
		return n
	}
	n := &node{name: name, level: level}
	t.nodes[k] = n
	if level+1 < depth {
		n.parent = t.node(level+1, name)
		n.parent.below = append(n.parent.below, n)
	}
	return n
}

func key(level int, name string) string { return string(rune('0'+level)) + name }

// weigh adds to the weight of n and of those above it and returns the highest
// that became full, or nil.
func (t *table) weigh(n *node, more int) (top *node) {
	for ; n != nil && more > 0; n = n.parent {
		limit := t.limits[n.level]
		more = min(more, limit+1-n.weight)
		if n.weight += more; n.weight > limit && !n.full {
			t.fill(n)
			top = n
		}
	}
	return top
}

// fill makes one shape of all below n.
func (t *table) fill(n *node) {
	t.crowded, n.full = true, true
	all := &tally{}
	t.empty(n, all)
	t.tallies[n.name] = all
}

// empty moves the tallies of all shapes below n to all.
func (t *table) empty(n *node, all *tally) {
	for _, s := range n.shapes {
		all.join(t.tallies[s])
		delete(t.tallies, s)
	}
	for _, b := range n.below {
		if b.full {
			all.join(t.tallies[b.name])
			delete(t.tallies, b.name)
		}
		t.empty(b, all)
		delete(t.nodes, key(b.level, b.name))
	}
	n.shapes, n.below = nil, nil
}

// join adds all records of o, which is not used afterwards.
func (t *table) join(o *table) {
	for _, n := range o.nodes {
		if !n.full {
			continue
		}
		name, ok := t.fullAbove(n.level, n.name)
		if !ok {
			name = t.weigh(t.node(n.level, n.name), t.limits[n.level]+1).name
		}
		t.tallies[name].join(o.tallies[n.name])
		delete(o.tallies, n.name)
	}
	for shape, v := range o.tallies {
		t.get([]byte(shape)).join(v)
	}
}

// shapes returns all shapes in ascending order.
func (t *table) shapes() []string {
	out := make([]string, 0, len(t.tallies))
	for s := range t.tallies {
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

// outline returns what a level keeps of the level below, or of a shape: the
// chunks of letters alone, the first of those, nothing.
func outline(level int, shape string) string {
	switch level {
	case 0:
		return rough(shape)
	case 1:
		return head(shape)
	}
	return string(rune(variable))
}

// rough puts a variable for every chunk that holds a digit or a variable.
func rough(shape string) string {
	var b strings.Builder
	for _, c := range chunks(shape) {
		if strings.ContainsAny(c, "0123456789\x01\x02") {
			end := len(strings.TrimRight(c, " ,"))
			c = string(rune(variable)) + c[end:]
		}
		b.WriteString(c)
	}
	return b.String()
}

// headChunks is how many chunks of a shape are its beginning.
const headChunks = 3

func head(shape string) string {
	cs := chunks(shape)
	if len(cs) <= headChunks {
		return shape
	}
	return strings.Join(cs[:headChunks], "") + string(rune(variable))
}

// chunks cuts a shape after each blank and after each comma inside a word; the
// path of a request also before each slash.
func chunks(shape string) []string {
	route := shape != "" && shape[0] >= class && shape[0] < ' '
	out := make([]string, 0, strings.Count(shape, " ")+1)
	from := 0
	for i := 1; i < len(shape); i++ {
		if before := shape[i-1]; before == ' ' || before == ',' && shape[i] != ' ' || route && shape[i] == '/' {
			out = append(out, shape[from:i])
			from = i
		}
	}
	return append(out, shape[from:])
}
