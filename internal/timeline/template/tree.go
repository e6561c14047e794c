package template

import (
	"bytes"

	"github.com/hindcast/hindcast/internal/timeline/template/tally"
)

// widths is how many different chunks a tree keeps apart behind the same
// beginning, by the number of chunks before. Where there are more, what stands
// there is not the program's text but a name, free text, somebody's data. Text
// of v words at random has at most 4,096 leaves, whatever v is.
var widths = [...]int{256, 64, 16, 8, 4, 2, 2, 2, 2, 2, 2, 2}

// maxLeaves is when a tree gives up and keeps one leaf for all. This alone can
// depend on the order of the shapes: there may be more leaves on the way than in
// the end.
const maxLeaves = 20000

// tree counts records by shape, chunk by chunk. What it holds depends on the set
// of shapes alone, not on their order, as long as it does not give up: a node with too many branches has one
// branch that stands for all, and what is below is as if they had been one from
// the beginning.
type tree struct {
	root   node
	leaves int
	rest   *tally.Tally // of everything, once the tree gave up
}

// node is the shapes of a tree that begin with the same chunks.
type node struct {
	ends     *tally.Tally     // of the shape that ends here; nil when there is none
	branches map[string]*node // by the next chunk
	any      *node            // stands for all branches, which are nil then
}

// get returns the tally for a shape, a new one if need be.
func (t *tree) get(shape []byte) *tally.Tally {
	if t.rest != nil {
		return t.rest
	}
	n := &t.root
	for depth := 0; len(shape) > 0; depth++ {
		k := next(shape)
		n = t.branch(n, depth, shape[:k])
		if shape = shape[k:]; depth == len(widths) {
			break
		}
	}
	if n.ends != nil {
		return n.ends
	}
	n.ends = &tally.Tally{}
	t.leaves++
	if t.bound(); t.rest != nil {
		return t.rest
	}
	return n.ends
}

// bound gives up when there are too many leaves.
func (t *tree) bound() {
	if t.leaves > maxLeaves {
		rest := &tally.Tally{}
		t.root.each(nil, func(_ string, v *tally.Tally) { rest.Join(v) })
		*t = tree{rest: rest}
	}
}

// branch returns the branch of n, which has depth chunks before it, for a chunk.
func (t *tree) branch(n *node, depth int, chunk []byte) *node {
	if n.any != nil {
		return n.any
	}
	if b := n.branches[string(chunk)]; b != nil {
		return b
	}
	if depth == len(widths) || len(n.branches) == widths[depth] {
		t.collapse(n, depth)
		return n.any
	}
	if n.branches == nil {
		n.branches = map[string]*node{}
	}
	b := &node{}
	n.branches[string(chunk)] = b
	return b
}

// collapse makes one branch of all.
func (t *tree) collapse(n *node, depth int) {
	if n.any != nil {
		return
	}
	n.any = &node{}
	for _, b := range n.branches {
		t.unite(n.any, b, depth+1)
	}
	n.branches = nil
}

// unite adds what b holds, which is not used afterwards, to a.
func (t *tree) unite(a, b *node, depth int) {
	switch {
	case a.ends == nil:
		a.ends = b.ends
	case b.ends != nil:
		a.ends.Join(b.ends)
		t.leaves--
	}
	if a.any != nil || b.any != nil {
		t.collapse(a, depth)
		t.collapse(b, depth)
		t.unite(a.any, b.any, depth+1)
		return
	}
	for chunk, n := range b.branches {
		t.unite(t.branch(a, depth, []byte(chunk)), n, depth+1)
	}
}

// join adds all records of o, which is not used afterwards.
func (t *tree) join(o *tree) {
	if t.rest == nil && o.rest == nil {
		t.leaves += o.leaves
		t.unite(&t.root, &o.root, 0)
		t.bound()
		return
	}
	rest := &tally.Tally{}
	add := func(_ string, v *tally.Tally) { rest.Join(v) }
	t.each(add)
	o.each(add)
	*t = tree{rest: rest}
}

// all stands for every shape.
const all = string(rune(variable))

// each calls f for all shapes below n, with a variable for each chunk that is
// not kept.
func (n *node) each(before []byte, f func(shape string, v *tally.Tally)) {
	if n.ends != nil {
		f(string(bytes.TrimSuffix(before, []byte{' '})), n.ends)
	}
	for chunk, b := range n.branches {
		b.each(append(before[:len(before):len(before)], chunk...), f)
	}
	if n.any != nil {
		n.any.each(append(before[:len(before):len(before)], variable, ' '), f)
	}
}

// each calls f for all shapes.
func (t *tree) each(f func(shape string, v *tally.Tally)) {
	if t.rest != nil {
		f(all, t.rest)
		return
	}
	t.root.each(nil, f)
}

// find returns the shape under which records of the given shape are counted;
// ok is false when there are none.
func (t *tree) find(shape string) (name string, ok bool) {
	if t.rest != nil {
		return all, true
	}
	n := &t.root
	out := make([]byte, 0, len(shape))
	for depth := 0; len(shape) > 0 && depth <= len(widths); depth++ {
		k := next(shape)
		if n.any != nil {
			n = n.any
			out = append(out, variable, ' ')
		} else if n = n.branches[shape[:k]]; n != nil {
			out = append(out, shape[:k]...)
		} else {
			return "", false
		}
		shape = shape[k:]
	}
	return string(bytes.TrimSuffix(out, []byte{' '})), n.ends != nil
}
