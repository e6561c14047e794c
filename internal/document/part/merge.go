package part

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/hindcast/hindcast"
)

// Kept is a part in which a person's word stands against what came with next.
type Kept struct {
	Path     string
	Vanished bool // next no longer has the part that a person had changed
	Removed  bool // a person removed the part, which next still has or changed
}

// Merge brings the differences from base to next into current: base is what a
// machine wrote before, current what people made of it, next what the machine
// writes now. What people changed stays, field by field; what they left alone
// follows next. Kept names the parts in which both differ.
func Merge(base, current, next hindcast.Postmortem) (hindcast.Postmortem, []Kept, error) {
	merged := current
	var kept []Kept
	for _, c := range Diff(&base, &next) {
		f, id, err := find(c.Path)
		if err != nil {
			return current, nil, err
		}
		was, is := encode(f.get(&base, id)), encode(f.get(&merged, id))
		value := c.Value
		switch untouched := TagOf(was) == TagOf(is); {
		case untouched:
		case is == nil: // a person removed it
			kept = append(kept, Kept{Path: c.Path, Removed: true})
			continue
		case c.removes():
			kept = append(kept, Kept{Path: c.Path, Vanished: true})
			continue
		case was == nil: // a person brought it, whole: what it leaves out was left out
			if TagOf(is) != TagOf(c.Value) {
				kept = append(kept, Kept{Path: c.Path})
			}
			continue
		default:
			value = mergeFields(was, is, c.Value)
			if TagOf(value) != TagOf(c.Value) {
				kept = append(kept, Kept{Path: c.Path})
			}
		}
		after := c.After
		if is != nil {
			after = nil // a record that is there keeps its place
		}
		if err := f.set(&merged, id, value, after); err != nil {
			return current, nil, err
		}
	}
	return merged, kept, nil
}

// mergeFields returns theirs with the fields in which mine differs from base. A
// value without fields is mine.
func mergeFields(base, mine, theirs json.RawMessage) json.RawMessage {
	var b, m, t map[string]json.RawMessage
	if json.Unmarshal(mine, &m) != nil || json.Unmarshal(theirs, &t) != nil || m == nil || t == nil {
		return mine
	}
	if base != nil && json.Unmarshal(base, &b) != nil {
		return mine
	}
	keys := slices.Concat(slices.Collect(maps.Keys(b)), slices.Collect(maps.Keys(m)), slices.Collect(maps.Keys(t)))
	for _, k := range keys {
		if string(b[k]) == string(m[k]) {
			continue
		}
		if m[k] == nil {
			delete(t, k)
		} else {
			t[k] = m[k]
		}
	}
	return encode(t)
}
