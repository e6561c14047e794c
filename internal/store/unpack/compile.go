package unpack

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
	"time"
)

// reader reads one value into v. It returns false when the text or the type is
// none that this package knows.
type reader func(p *parser, v reflect.Value) bool

func unknown(*parser, reflect.Value) bool { return false }

// compile returns the reader of a type. Types that hold themselves are unknown.
func compile(t reflect.Type) reader {
	return compiler{}.compile(t)
}

// compiler knows the types that the one at hand is inside of.
type compiler []reflect.Type

func (c compiler) compile(t reflect.Type) reader {
	for _, outer := range c {
		if outer == t {
			return unknown
		}
	}
	c = append(c[:len(c):len(c)], t)
	pointer := reflect.PointerTo(t)
	switch {
	case t == reflect.TypeFor[time.Time]():
		return readTime
	case pointer.Implements(reflect.TypeFor[json.Unmarshaler]()):
		return unknown
	case pointer.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return readText
	}
	switch t.Kind() {
	case reflect.String:
		return readString
	case reflect.Bool:
		return readBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return readInt
	case reflect.Float64:
		return readFloat
	case reflect.Pointer:
		return c.pointer(t)
	case reflect.Slice:
		return c.slice(t)
	case reflect.Map:
		return c.mapping(t)
	case reflect.Struct:
		return c.structure(t)
	}
	return unknown
}

func (c compiler) pointer(t reflect.Type) reader {
	inner := c.compile(t.Elem())
	return func(p *parser, v reflect.Value) bool {
		if p.null() {
			return true
		}
		v.Set(reflect.New(t.Elem()))
		return inner(p, v.Elem())
	}
}

func (c compiler) slice(t reflect.Type) reader {
	if t.Elem().Kind() == reflect.Uint8 {
		return unknown // base64
	}
	inner := c.compile(t.Elem())
	return func(p *parser, v reflect.Value) bool {
		if p.null() {
			return true
		}
		if !p.is('[') {
			return false
		}
		v.Set(reflect.MakeSlice(t, 0, 0))
		for n := 0; !p.is(']'); n++ {
			if n > 0 && !p.is(',') {
				return false
			}
			if n == v.Cap() {
				v.Grow(more(n))
			}
			v.SetLen(n + 1)
			if !inner(p, v.Index(n)) {
				return false
			}
		}
		return true
	}
}

// more returns by how much a full list of n grows: many lists have one item, and
// one of forty is copied twice on the way.
func more(n int) int {
	switch n {
	case 0:
		return 1
	case 1:
		return 7
	}
	return 4 * n
}

// mapping knows maps of strings to strings.
func (c compiler) mapping(t reflect.Type) reader {
	if t.Key().Kind() != reflect.String || t.Elem().Kind() != reflect.String || t.Elem().NumMethod() > 0 {
		return unknown
	}
	return func(p *parser, v reflect.Value) bool {
		if p.null() {
			return true
		}
		if !p.is('{') {
			return false
		}
		v.Set(reflect.MakeMap(t))
		for n := 0; !p.is('}'); n++ {
			key, ok := p.member(n)
			if !ok {
				return false
			}
			value, ok := p.string()
			if !ok {
				return false
			}
			v.SetMapIndex(reflect.ValueOf(key).Convert(t.Key()), reflect.ValueOf(value).Convert(t.Elem()))
		}
		return true
	}
}

// field is a member of a JSON object and the field that it belongs to.
type field struct {
	name  string
	index []int // inside embedded structs
	read  reader
}

func (c compiler) structure(t reflect.Type) reader {
	fields, ok := c.fields(t)
	if !ok {
		return unknown
	}
	return func(p *parser, v reflect.Value) bool {
		if p.null() {
			return true
		}
		if !p.is('{') {
			return false
		}
		next := 0
		var seen uint64
		for n := 0; !p.is('}'); n++ {
			name, ok := p.member(n)
			if !ok {
				return false
			}
			i := find(fields, name, &next)
			if i < 0 || seen&(1<<i) != 0 { // a name in another case or a second time, which encoding/json takes
				return false
			}
			seen |= 1 << i
			f := &fields[i]
			inner := v.Field(f.index[0])
			for _, i := range f.index[1:] {
				inner = inner.Field(i)
			}
			if !f.read(p, inner) {
				return false
			}
		}
		return true
	}
}

// find returns the place of the field with a name; -1 when there is none.
// Members come in the order of the fields, so that it is nearly always the next
// one or one soon after.
func find(fields []field, name string, next *int) int {
	for range fields {
		if *next == len(fields) {
			*next = 0
		}
		i := *next
		*next++
		if fields[i].name == name {
			return i
		}
	}
	return -1
}

// fields returns the members of a struct, those of embedded structs among them;
// ok is false when two have the same name or an option is not known here.
func (c compiler) fields(t reflect.Type) (fields []field, ok bool) {
	seen := map[string]bool{}
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		if tag == "-" || !f.IsExported() {
			continue
		}
		if f.Anonymous && name == "" {
			inner, ok := c.embedded(f)
			if !ok {
				return nil, false
			}
			for _, x := range inner {
				x.index = append([]int{i}, x.index...)
				fields = append(fields, x)
			}
			continue
		}
		if name == "" {
			name = f.Name
		}
		if strings.Contains(options, "string") {
			return nil, false
		}
		fields = append(fields, field{name, []int{i}, c.compile(f.Type)})
	}
	for _, f := range fields {
		if seen[f.name] {
			return nil, false
		}
		seen[f.name] = true
	}
	return fields, len(fields) <= 64 // which the structure's reader has bits for
}

func (c compiler) embedded(f reflect.StructField) ([]field, bool) {
	if f.Type.Kind() != reflect.Struct {
		return nil, false
	}
	return c.fields(f.Type)
}
