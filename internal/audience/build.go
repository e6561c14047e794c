package audience

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/redact"
)

// builder copies what an audience sees.
type builder struct {
	audience Audience
	rows     map[string]sight
	mask     *mask
	clean    *redact.Redactor
	people   *people
	factors  map[string]string // ids of those shown, as the audience sees them
	entries  map[string]string
	count    map[string]int // ids given out, by type
	plans    map[reflect.Type][]step
	at       []place // of the value that is copied
	findings []Finding
}

// step is a field of a structure and how the audience sees it.
type step struct {
	field     int
	name      string // in JSON
	sight     sight
	anonymous bool
}

// place is a field by its JSON name, or an element by its index when it has none.
type place struct {
	name  string
	index int
}

func newBuilder(a Audience, p hindcast.Postmortem) *builder {
	b := &builder{audience: a, rows: a.rows(), clean: redact.New(), people: newPeople(p), count: map[string]int{}, plans: map[reflect.Type][]step{}}
	b.mask = newMask(a, p, b.people)
	b.factors, b.entries = map[string]string{hindcast.Outcome: hindcast.Outcome}, map[string]string{}
	for _, x := range p.Factors {
		if b.admit(reflect.ValueOf(&x).Elem()) {
			b.factors[x.ID] = b.id("Factor", x.ID)
		}
	}
	for _, e := range p.Timeline {
		b.entries[e.ID] = b.id("Entry", e.ID)
	}
	b.count = map[string]int{}
	return b
}

func (b *builder) postmortem(p hindcast.Postmortem) hindcast.Postmortem {
	var out hindcast.Postmortem
	p.Factors = b.shortened(p.Factors)
	b.fill(reflect.ValueOf(&out).Elem(), reflect.ValueOf(p))
	return out
}

// shortened returns factors of which those shown lead past the hidden ones: to what
// these led to. To lead to something holds over several steps.
func (b *builder) shortened(list []hindcast.Factor) []hindcast.Factor {
	if b.audience == Engineering {
		return list
	}
	next := map[string][]hindcast.Edge{}
	for _, x := range list {
		next[x.ID] = x.LedTo
	}
	out := slices.Clone(list)
	for i := range out {
		seen := map[string]bool{out[i].ID: true}
		out[i].LedTo = nil
		for open := slices.Clone(next[out[i].ID]); len(open) > 0; open = open[1:] {
			to := open[0].To
			switch {
			case seen[to]:
			case b.factors[to] != "":
				out[i].LedTo = append(out[i].LedTo, hindcast.Edge{To: to})
			default:
				open = append(open, next[to]...)
			}
			seen[to] = true
		}
	}
	return out
}

// id returns how the audience sees an id.
func (b *builder) id(typ, id string) string {
	if b.audience == Engineering || id == "" {
		return id
	}
	b.count[typ]++
	return strings.ToLower(typ[:1]) + strconv.Itoa(b.count[typ])
}

// admit reports whether an element of a list is shown, after it took out of the
// element what depends on more than the field itself.
func (b *builder) admit(v reflect.Value) bool {
	outside := b.audience != Engineering
	switch x := v.Addr().Interface().(type) {
	case *hindcast.Section:
		if !outside {
			return true
		}
		if t, ok := hindcast.TemplateOf(x.Kind); ok {
			x.Heading = t.Heading
		}
		if !slices.Contains(prose[b.audience], x.Kind) {
			x.Text = ""
		}
		return slices.Contains(sections[b.audience], x.Kind)
	case *hindcast.Factor:
		return !outside || x.Tag == hindcast.Root && x.RuledOutBy == ""
	case *hindcast.Edge:
		return b.factors[x.To] != ""
	case *hindcast.ActionItem:
		return b.audience != Customer || x.Status != hindcast.ActionDeclined
	case *hindcast.Measure:
		return b.audience != Customer || x.Known()
	case *hindcast.Actor:
		if x.Kind == hindcast.Person {
			x.Name = b.people.role(x.Name, responder)
		}
	}
	return true
}

// leaf reports whether a type is one value to the table, whatever it is made of.
func leaf(t reflect.Type) bool {
	return t == reflect.TypeFor[time.Time]() || t == reflect.TypeFor[hindcast.Date]()
}

// plan returns the fields of a structure that the audience sees.
func (b *builder) plan(t reflect.Type) []step {
	if list, ok := b.plans[t]; ok {
		return list
	}
	list := []step{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if s := b.rows[t.Name()+"."+name]; f.Anonymous || s != hidden {
			list = append(list, step{i, name, s, f.Anonymous})
		}
	}
	b.plans[t] = list
	return list
}

// fill copies the fields of a structure that the audience sees.
func (b *builder) fill(to, from reflect.Value) {
	t := from.Type()
	for _, s := range b.plan(t) {
		if s.anonymous {
			b.embedded(to.Field(s.field), from.Field(s.field), t)
			continue
		}
		b.within(place{name: s.name}, func() { b.take(to.Field(s.field), from.Field(s.field), s.sight, t.Name()) })
	}
}

// within copies what is at a place.
func (b *builder) within(at place, do func()) {
	b.at = append(b.at, at)
	do()
	b.at = b.at[:len(b.at)-1]
}

// path returns where the value that is copied stands: "actions[1].description".
func (b *builder) path() string {
	var out strings.Builder
	for i, p := range b.at {
		switch {
		case p.name == "":
			out.WriteString("[" + strconv.Itoa(p.index) + "]")
		case i > 0:
			out.WriteString("." + p.name)
		default:
			out.WriteString(p.name)
		}
	}
	return out.String()
}

// embedded copies an embedded structure: phases are listed as fields of the
// incident, a number by its own rows.
func (b *builder) embedded(to, from reflect.Value, outer reflect.Type) {
	if outer != reflect.TypeFor[hindcast.Incident]() {
		b.fill(to, from)
		return
	}
	for i := range from.NumField() {
		name, _, _ := strings.Cut(from.Type().Field(i).Tag.Get("json"), ",")
		if b.rows[outer.Name()+"."+name] != hidden {
			to.Field(i).Set(from.Field(i))
		}
	}
}

// take copies one field.
func (b *builder) take(to, from reflect.Value, s sight, typ string) {
	switch {
	case from.Kind() == reflect.Slice:
		b.list(to, from, s, typ)
	case from.Kind() == reflect.Map:
		b.texts(to, from)
	case from.Kind() == reflect.Pointer && s == inside:
		if !from.IsNil() {
			to.Set(reflect.New(from.Type().Elem()))
			b.fill(to.Elem(), from.Elem())
		}
	case from.Kind() == reflect.Struct && !leaf(from.Type()):
		value := copied(from)
		if s == inside && b.admit(value) {
			b.fill(to, value)
		}
	case from.Kind() == reflect.String:
		to.SetString(b.word(from.String(), s, typ))
	case s == asIs:
		to.Set(from)
	}
}

// copied returns a copy that can be changed.
func copied(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	return out
}

// list copies the elements of a list that the audience sees.
func (b *builder) list(to, from reflect.Value, s sight, typ string) {
	if from.IsNil() {
		return
	}
	out, n := reflect.MakeSlice(to.Type(), from.Len(), from.Len()), 0
	for i := range from.Len() {
		b.within(place{index: i}, func() {
			if b.element(out.Index(n), from.Index(i), s, typ) {
				n++
			}
		})
	}
	to.Set(out.Slice(0, n))
}

// element copies an element of a list; false, and to stays as it is, when the
// audience does not see it.
func (b *builder) element(to, from reflect.Value, s sight, typ string) bool {
	if to.Kind() != reflect.Struct {
		b.take(to, from, s, typ)
		return !to.IsZero()
	}
	value := copied(from)
	if s != inside || !b.admit(value) {
		return false
	}
	b.fill(to, value)
	return true
}

// texts copies texts by the name of a phase.
func (b *builder) texts(to, from reflect.Value) {
	for _, name := range hindcast.PhaseNames() {
		v := from.MapIndex(reflect.ValueOf(name))
		if !v.IsValid() {
			continue
		}
		if to.IsNil() {
			to.Set(reflect.MakeMap(to.Type()))
		}
		b.within(place{name: name}, func() {
			to.SetMapIndex(reflect.ValueOf(name), reflect.ValueOf(b.word(v.String(), text, "")))
		})
	}
}

// word returns a text as the audience sees it.
func (b *builder) word(v string, s sight, typ string) string {
	switch s {
	case ident:
		if id, ok := map[string]map[string]string{"Factor": b.factors, "Entry": b.entries}[typ]; ok {
			return id[v]
		}
		return b.id(typ, v)
	case factor:
		return b.factors[v]
	case entry:
		return b.entries[v]
	case role:
		v = b.people.role(v, participant)
	case team:
		v = teamOnly(v)
	case text: // masks take addresses apart, so those of mail are looked for before
		seen := b.scanned(v)
		masked := b.mask.text(seen)
		if masked == v && seen == v {
			return v // nothing was found in it, and nothing will be
		}
		v = masked
	}
	return b.scanned(v)
}

// scanned replaces what looks like a secret or personal data.
func (b *builder) scanned(v string) string {
	spans := b.clean.Leaks(v)
	for _, sp := range spans {
		b.findings = append(b.findings, Finding{b.path(), sp.Kind})
	}
	return redact.Without(v, spans)
}
