package template

import "github.com/hindcast/hindcast/internal/timeline/template/tally"

// maxShapes is how many shapes a table keeps apart before it uses a tree.
const maxShapes = 5000

// table counts records by shape, in bounded memory. Whether it is crowded
// depends on the set of shapes alone.
type table struct {
	limit  int
	shapes map[string]*tally.Tally // nil when crowded
	tree   *tree                   // for a table that is crowded
}

func newTable(limit int) *table { return &table{limit: limit, shapes: map[string]*tally.Tally{}} }

// get returns the tally for a shape, a new one if need be.
func (t *table) get(shape []byte) *tally.Tally {
	if v := t.shapes[string(shape)]; v != nil {
		return v
	}
	if t.tree != nil {
		return t.tree.get(shape)
	}
	if len(t.shapes) == t.limit {
		t.crowd()
		return t.tree.get(shape)
	}
	v := &tally.Tally{}
	t.shapes[string(shape)] = v
	return v
}

// crowd moves all shapes to a tree.
func (t *table) crowd() {
	if t.tree != nil {
		return
	}
	t.tree = &tree{}
	for shape, v := range t.shapes {
		t.tree.get([]byte(shape)).Join(v)
	}
	t.shapes = nil
}

// join adds all records of o, which is not used afterwards.
func (t *table) join(o *table) {
	if o.tree != nil {
		t.crowd()
		t.tree.join(o.tree)
		return
	}
	for shape, v := range o.shapes {
		t.get([]byte(shape)).Join(v)
	}
}

// each calls f for all shapes and what is counted under them.
func (t *table) each(f func(shape string, v *tally.Tally)) {
	if t.tree != nil {
		t.tree.each(f)
	}
	for shape, v := range t.shapes {
		f(shape, v)
	}
}

// find returns the shape under which records of the given shape are counted;
// ok is false when there are none.
func (t *table) find(shape string) (name string, ok bool) {
	if t.tree != nil {
		return t.tree.find(shape)
	}
	_, ok = t.shapes[shape]
	return shape, ok
}
