package postmortem

import (
	"reflect"
	"slices"
	"testing"
	"time"
)

// onSheets are the fields of a View that sheets may show. What is in them has to
// be in the key of a kept page, see kept.Service.KeyOf: it follows from the version
// of the document, from who looks and what they may change, or from the policy.
var onSheets = []string{"Num", "Version", "Post", "Policy", "Private", "Required", "Why", "DraftDue", "PublishDue", "Changed", "MayWrite", "MayFollow", "Withheld", "Look", "Prose"}

// inSlots are those that only slots may show, or pages that are not kept.
var inSlots = []string{"People", "Asked", "Backlinks", "Echoes", "MayManage", "MayJoin", "MayComment", "Checks", "Edit", "Saved", "Moment"}

// TestEveryFieldIsOnSheetsOrInSlots stops who adds a field to the page: say here
// where it is shown. One that changes while the document does not (names, what
// waits for the viewer, what others wrote, anything that is relative to now) is
// for slots only; on a sheet it would be shown as it was when the page was made.
func TestEveryFieldIsOnSheetsOrInSlots(t *testing.T) {
	full := &View{}
	v := reflect.ValueOf(full).Elem()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() {
			continue
		}
		if slices.Contains(onSheets, f.Name) == slices.Contains(inSlots, f.Name) {
			t.Errorf("field %s of View: say in this test whether it is on sheets or in slots", f.Name)
		}
		set(v.Field(i))
	}
	paper := reflect.ValueOf(full.paper()).Elem()
	for _, name := range onSheets {
		if paper.FieldByName(name).IsZero() {
			t.Errorf("paper leaves %s out, which sheets show", name)
		}
	}
	for _, name := range inSlots {
		if !paper.FieldByName(name).IsZero() {
			t.Errorf("paper has %s, which only slots may show", name)
		}
	}
}

// set gives a value of any type one that is not its zero value.
func set(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.String:
		v.SetString("x")
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
	case reflect.Func:
		v.Set(reflect.ValueOf(func(s string) string { return s }))
	case reflect.Struct:
		if v.Type().String() == "time.Time" {
			v.Set(reflect.ValueOf(someday))
			return
		}
		set(v.Field(v.NumField() - 1))
		if v.IsZero() {
			set(v.Field(0))
		}
	}
}

var someday = time.Date(2024, 3, 15, 10, 0, 0, 0, time.UTC)
