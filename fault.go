package hindcast

import (
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing in a value that breaks a rule of the vocabulary. Validation
// returns all faults at once. A missing answer is no fault: an unfinished
// post-mortem is valid.
type Fault struct {
	Path    string `json:"path"`    // the field by its JSON names: "actions[1].due"; empty for the value itself
	Message string `json:"message"` // what is wrong and what to do
}

// String returns the fault as PATH: MESSAGE.
func (f Fault) String() string {
	if f.Path == "" {
		return f.Message
	}
	return f.Path + ": " + f.Message
}

// faults collects faults under a path.
type faults struct {
	path string
	list *[]Fault
}

func newFaults() faults { return faults{list: new([]Fault)} }

// at returns the collector for a field or an element: at("actions", 1).at("due").
func (f faults) at(name string, index ...int) faults {
	if f.path != "" {
		name = f.path + "." + name
	}
	f.path = name
	for _, i := range index {
		f = f.index(i)
	}
	return f
}

func (f faults) index(i int) faults {
	f.path = fmt.Sprintf("%s[%d]", f.path, i)
	return f
}

func (f faults) add(format string, args ...any) {
	*f.list = append(*f.list, Fault{f.path, fmt.Sprintf(format, args...)})
}

// require reports message when ok is false.
func (f faults) require(ok bool, format string, args ...any) {
	if !ok {
		f.add(format, args...)
	}
}

// word reports a value that is not among the words known for it.
func word[T ~string](f faults, got T, known ...T) {
	if slices.Contains(known, got) {
		return
	}
	names := make([]string, 0, len(known))
	for _, k := range known {
		if k != "" {
			names = append(names, string(k))
		}
	}
	f.add("%q is not known here; use one of: %s", string(got), strings.Join(names, ", "))
}

// ids reports identifiers that are missing or used twice.
type ids struct {
	seen map[string]bool
}

func (s *ids) add(f faults, id string) {
	f = f.at("id")
	switch {
	case id == "":
		f.add("has no id; give it one that nothing else of its kind has")
	case s.seen[id]:
		f.add("id %q is used twice; give one of them another", id)
	}
	if s.seen == nil {
		s.seen = map[string]bool{}
	}
	s.seen[id] = true
}
