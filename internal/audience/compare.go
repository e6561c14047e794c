package audience

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
)

// Seen is how much of a field an audience sees.
type Seen struct {
	Shown   int `json:"shown"`   // values
	Changed int `json:"changed"` // of those shown: not as they stand in the post-mortem
}

// Difference is what the audiences see of one field.
type Difference struct {
	Field string            `json:"field"` // type and field by its JSON name: "ActionItem.owner"
	Of    int               `json:"of"`    // values in the post-mortem
	By    map[Audience]Seen `json:"by"`
}

// Compare returns what each audience sees of a post-mortem, field by field in the
// order of the allow-list; fields that are on no list, and that nobody sees, come
// last. Fields without a value are left out.
func Compare(p hindcast.Postmortem) []Difference {
	whole := count(p)
	views := map[Audience]map[string][]string{}
	for _, a := range All() {
		views[a] = count(For(a, p).Postmortem)
	}
	var out []Difference
	for _, name := range order(whole) {
		d := Difference{Field: name, Of: len(whole[name]), By: map[Audience]Seen{}}
		for _, a := range All() {
			d.By[a] = seen(whole[name], views[a][name])
		}
		out = append(out, d)
	}
	return out
}

// order returns the names of fields as the allow-list has them, then the others.
func order(values map[string][]string) []string {
	var out []string
	for _, f := range fields {
		if len(values[f.name]) > 0 {
			out = append(out, f.name)
		}
	}
	var others []string
	for name := range values {
		if !slices.ContainsFunc(fields, func(f field) bool { return f.name == name }) {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	return append(out, others...)
}

// seen compares the values of a field with those that are shown.
func seen(whole, shown []string) Seen {
	left := map[string]int{}
	for _, v := range whole {
		left[v]++
	}
	s := Seen{Shown: len(shown)}
	for _, v := range shown {
		if left[v]--; left[v] < 0 {
			s.Changed++
		}
	}
	return s
}

// count returns the values of each field that has any.
func count(p hindcast.Postmortem) map[string][]string {
	out := map[string][]string{}
	walk(reflect.ValueOf(p), reflect.TypeFor[hindcast.Postmortem]().Name(), out)
	return out
}

// walk collects the values below a structure. Phases are fields of the incident,
// as in JSON; a number's are its own.
func walk(v reflect.Value, typ string, out map[string][]string) {
	for i := range v.NumField() {
		f, x := v.Type().Field(i), v.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && f.Type == reflect.TypeFor[hindcast.Phases]():
			walk(x, typ, out)
		case f.Anonymous:
			walk(x, f.Type.Name(), out)
		case name != "-":
			value(x, typ+"."+name, out)
		}
	}
}

// value collects what a field holds.
func value(x reflect.Value, name string, out map[string][]string) {
	switch {
	case x.Kind() == reflect.Slice:
		for i := range x.Len() {
			value(x.Index(i), name, out)
		}
	case x.Kind() == reflect.Map:
		for _, k := range x.MapKeys() {
			value(x.MapIndex(k), name, out)
		}
	case x.Kind() == reflect.Pointer && !x.IsNil():
		value(x.Elem(), name, out)
	case x.Kind() == reflect.Struct && !leaf(x.Type()):
		walk(x, x.Type().Name(), out)
	case !x.IsZero():
		out[name] = append(out[name], fmt.Sprint(x.Interface()))
	}
}
