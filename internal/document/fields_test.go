package document

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hindcast/hindcast"
)

// TestRandomDocumentsSetEveryField expects that the documents of the tests above give
// every field of the vocabulary a value: one that none of them sets is not shown to
// survive Markdown and JSON.
func TestRandomDocumentsSetEveryField(t *testing.T) {
	all, set := map[string]bool{}, map[string]bool{}
	fieldsOf(reflect.TypeFor[hindcast.Postmortem](), "", all)
	for seed := range uint64(rounds) {
		p := (&generator{Rand: rand.New(rand.NewPCG(seed, 1))}).postmortem()
		markSet(reflect.ValueOf(p), "", set)
	}
	var missing []string
	for name := range all {
		if !set[name] {
			missing = append(missing, name)
		}
	}
	slices.Sort(missing)
	if len(missing) > 0 {
		t.Errorf("no random document has\n%s", strings.Join(missing, "\n"))
	}
}

// whole reports whether a type is a value of its own, with no fields to look into.
func whole(t reflect.Type) bool {
	return t.PkgPath() == "time" || t == reflect.TypeFor[hindcast.Date]()
}

// fieldsOf adds the names of all fields in a type: "timeline.decision.options".
func fieldsOf(t reflect.Type, name string, out map[string]bool) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		fieldsOf(t.Elem(), name, out)
	case reflect.Map:
		out[name] = true
	case reflect.Struct:
		if whole(t) {
			return
		}
		for i := range t.NumField() {
			f := t.Field(i)
			if f.Tag.Get("json") == "-" {
				continue // known while evidence is read, and in no document
			}
			if f.Anonymous {
				fieldsOf(f.Type, name, out)
				continue
			}
			inner := strings.TrimPrefix(name+"."+f.Name, ".")
			out[inner] = true
			fieldsOf(f.Type, inner, out)
		}
	}
}

// markSet adds the names of the fields of a value that are not zero.
func markSet(v reflect.Value, name string, out map[string]bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			markSet(v.Elem(), name, out)
		}
	case reflect.Slice:
		for i := range v.Len() {
			markSet(v.Index(i), name, out)
		}
	case reflect.Struct:
		if whole(v.Type()) {
			return
		}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.Anonymous {
				markSet(v.Field(i), name, out)
				continue
			}
			inner := strings.TrimPrefix(name+"."+f.Name, ".")
			if !v.Field(i).IsZero() {
				out[inner] = true
			}
			markSet(v.Field(i), inner, out)
		}
	}
}
