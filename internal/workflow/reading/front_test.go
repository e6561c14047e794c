package reading

import (
	"testing"
	"time"
)

// TestFactsTellPublicationsApart changes one thing at a time of what readers have.
func TestFactsTellPublicationsApart(t *testing.T) {
	facts := func(change func(*Front)) string {
		f := &Front{Num: 12, N: 2, Last: 2, Revision: 7, At: time.Unix(1, 0), Today: true, ID: "id", version: 3, changed: time.Unix(2, 0)}
		change(f)
		return f.Facts()
	}
	want := facts(func(*Front) {})
	for name, change := range map[string]func(*Front){
		"number": func(f *Front) { f.Num++ }, "publication": func(f *Front) { f.N++ }, "last": func(f *Front) { f.Last++ }, "revision": func(f *Front) { f.Revision++ },
		"time": func(f *Front) { f.At = time.Unix(1, 1000) }, "revised": func(f *Front) { f.Revised = true }, "today": func(f *Front) { f.Today = false }, "id": func(f *Front) { f.ID = "other" },
		"version": func(f *Front) { f.version++ }, "change": func(f *Front) { f.changed = time.Unix(3, 0) },
	} {
		if facts(change) == want {
			t.Errorf("another %s leaves the facts as they are", name)
		}
	}
	if got := facts(func(f *Front) { f.Part = "lead" }); got != want {
		t.Errorf("who takes part changes the facts to %s, and they are told apart by the variant", got)
	}
	old := func(version int64) string {
		return facts(func(f *Front) { f.Today, f.version = false, version })
	}
	if old(3) != old(4) {
		t.Error("what does not show the document's present changes with the document")
	}
}
