package part

import (
	"reflect"

	"github.com/hindcast/hindcast"
)

// Diff returns the changes that make b of a, without bases, in the order of the
// document; none when both say the same.
func Diff(a, b *hindcast.Postmortem) []Change {
	var out []Change
	for _, n := range fields() {
		out = append(out, diff(n, a, b)...)
	}
	return out
}

// diff compares the parts of one field: removals first, so that a place is free
// before something else takes it, then what is new or differs, in b's order.
func diff(n named, a, b *hindcast.Postmortem) []Change {
	var out []Change
	before, after := n.ids(a), n.ids(b)
	there := map[string]bool{}
	for _, id := range after {
		there[id] = true
	}
	var kept []string // of before, in its order
	for _, id := range before {
		if !there[id] && n.get(a, id) != nil {
			out = append(out, Change{Path: n.path(id)})
			continue
		}
		kept = append(kept, id)
	}
	moves := reordered(kept, after)
	for i, id := range after {
		was, is := n.get(a, id), n.get(b, id)
		if reflect.DeepEqual(was, is) && !moves {
			continue
		}
		c := Change{Path: n.path(id), Value: encode(is)}
		if !n.single && (was == nil || moves) {
			previous := ""
			if i > 0 {
				previous = after[i-1]
			}
			c.After = &previous
		}
		out = append(out, c)
	}
	return out
}

// reordered reports whether the kept ids have another order in after.
func reordered(kept, after []string) bool {
	at := map[string]int{}
	for i, id := range after {
		at[id] = i
	}
	for i := 1; i < len(kept); i++ {
		if at[kept[i]] < at[kept[i-1]] {
			return true
		}
	}
	return false
}
