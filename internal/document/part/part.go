// Package part addresses the values of a post-mortem by path, so that people can
// change different parts of one document at the same time, a stale change is
// noticed, and every change can be told, kept and taken back.
//
// A part is what somebody edits at once: the title, a section's prose, one
// entry, one factor. Its path is a name, or the name of a list and an id:
//
//	title   severity   services   phases/started_at   impact/users
//	sections/summary   timeline/e1   factors/f1   actions/a1
//
// Its value is JSON in the terms of the document format. A [Tag] identifies a
// value; a change names the tag that it was made from.
//
// All functions are pure and leave the documents given to them as they are.
package part

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"strings"

	"github.com/hindcast/hindcast"
)

// Tag identifies the value of a part: equal values have equal tags. The tag of a
// part that is not there is empty.
type Tag string

// Change is one change of a document: a new value for a part, or its removal.
type Change struct {
	Path string `json:"path"`
	// Base is the tag of the value from which the change was made. Nil makes the
	// change whatever stands there now; empty says that nothing stood there.
	Base *Tag `json:"base,omitempty"`
	// Value is the new value; absent or null removes the part.
	Value json.RawMessage `json:"value,omitempty"`
	// After is the id of the record after which a record stands from now on, empty
	// for the first place. Nil leaves a record in its place and puts a new one last.
	// Entries with a time stand in the order of time whatever After says.
	After *string `json:"after,omitempty"`
}

// removes reports whether the change takes the part away.
func (c Change) removes() bool { return len(c.Value) == 0 || string(c.Value) == "null" }

// Conflict is a change that was made from a value that has changed since.
type Conflict struct {
	Path   string          `json:"path"`
	Yours  json.RawMessage `json:"yours,omitempty"`  // absent: you removed it
	Theirs json.RawMessage `json:"theirs,omitempty"` // absent: somebody removed it
	Tag    Tag             `json:"tag"`              // of Theirs; name it as the base to decide for yours
}

// Conflicts is the error of changes that do not fit what stands there now. None
// of the changes given with them was made.
type Conflicts []Conflict

// Error names the parts.
func (c Conflicts) Error() string {
	var names []string
	for _, x := range c {
		names = append(names, x.Path)
	}
	return "changed since you read it: " + strings.Join(names, ", ") + "; compare both versions and decide"
}

// Unwrap returns the error that gives Conflicts their code.
func (c Conflicts) Unwrap() error { return hindcast.Errorf(hindcast.Conflict, "%s", c.Error()) }

// field is one kind of part.
type field interface {
	// get returns the value of the part with an id, nil when it is not there.
	get(p *hindcast.Postmortem, id string) any
	// set decodes and stores a value; nil raw removes it.
	set(p *hindcast.Postmortem, id string, raw json.RawMessage, after *string) error
	// ids returns the parts there are, in order; one empty id for a single value.
	ids(p *hindcast.Postmortem) []string
}

// named is a field under its name.
type named struct {
	name string
	field
	single bool // its path is its name alone
}

func (n named) path(id string) string {
	if n.single {
		return n.name
	}
	return n.name + "/" + id
}

// find returns the field that a path names, and the id.
func find(path string) (field, string, error) {
	for _, n := range fields() {
		if n.single {
			if path == n.name {
				return n.field, "", nil
			}
			continue
		}
		if id, ok := strings.CutPrefix(path, n.name+"/"); ok && id != "" {
			return n.field, id, nil
		}
	}
	return nil, "", hindcast.Errorf(hindcast.Invalid, "a post-mortem has no part %q", path)
}

// Get returns the value of a part, nil when it is not there. A path that no
// post-mortem can have is an error.
func Get(p *hindcast.Postmortem, path string) (json.RawMessage, error) {
	f, id, err := find(path)
	if err != nil {
		return nil, err
	}
	return encode(f.get(p, id)), nil
}

// TagOf returns the tag of a value.
func TagOf(value json.RawMessage) Tag {
	if len(value) == 0 || string(value) == "null" {
		return ""
	}
	sum := sha256.Sum256(value)
	return Tag(hex.EncodeToString(sum[:8]))
}

// Tags returns the tags of all parts that are there, by path.
func Tags(p *hindcast.Postmortem) map[string]Tag {
	out := map[string]Tag{}
	for _, n := range fields() {
		for _, id := range n.ids(p) {
			if v := n.get(p, id); v != nil {
				out[n.path(id)] = TagOf(encode(v))
			}
		}
	}
	return out
}

// Apply makes changes in order. It returns the changed document and the changes
// that take it back. When one does not fit, the error is [Conflicts] with all
// that do not; when one cannot be understood it is a [hindcast.Error] with code
// Invalid.
func Apply(p hindcast.Postmortem, changes []Change) (hindcast.Postmortem, []Change, error) {
	next := p
	var conflicts Conflicts
	for _, c := range changes {
		f, id, err := find(c.Path)
		if err != nil {
			return p, nil, err
		}
		theirs := encode(f.get(&next, id))
		if c.Base != nil && *c.Base != TagOf(theirs) && !same(theirs, c) {
			conflicts = append(conflicts, Conflict{Path: c.Path, Yours: c.Value, Theirs: theirs, Tag: TagOf(theirs)})
			continue
		}
		value := c.Value
		if c.removes() {
			value = nil
		}
		if err := f.set(&next, id, value, c.After); err != nil {
			return p, nil, err
		}
	}
	if conflicts != nil {
		return p, nil, conflicts
	}
	return next, Diff(&next, &p), nil
}

// same reports whether a change only says what stands there already.
func same(theirs json.RawMessage, c Change) bool {
	if c.removes() || theirs == nil {
		return c.removes() && theirs == nil
	}
	var a, b any
	return json.Unmarshal(theirs, &a) == nil && json.Unmarshal(c.Value, &b) == nil && reflect.DeepEqual(a, b)
}

// encode writes a value; nil for nil.
func encode(v any) json.RawMessage {
	if v == nil {
		return nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil // the vocabulary has nothing that JSON cannot hold but what validation refuses
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

// decode reads a value strictly.
func decode(path string, raw json.RawMessage, into any) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return hindcast.Errorf(hindcast.Invalid, "%s cannot be understood: %w", path, err)
	}
	return nil
}

// IDs returns the ids of the records of a list, such as "actions", in order;
// none for a name that is no list.
func IDs(p *hindcast.Postmortem, list string) []string {
	for _, n := range fields() {
		if n.name == list && !n.single {
			return n.ids(p)
		}
	}
	return nil
}
