package account

import (
	"net/http"
	"slices"
	"strings"
)

// unsent returns the form that a request of somebody sent who was signed out meanwhile,
// to be sent after signing in; nil when there is none. It keeps what people write in
// post-mortems only: forms of settings and accounts can hold credentials.
func unsent(r *http.Request) *Kept {
	if !strings.HasPrefix(r.URL.Path, "/p/") {
		return nil
	}
	k := &Kept{To: r.URL.RequestURI()}
	for name, values := range r.PostForm {
		k.add(name, values)
	}
	return k.sorted()
}

// keptAgain returns the form that came along with a sign-in; nil when none did.
func keptAgain(r *http.Request) *Kept {
	k := &Kept{To: local(r.PostForm.Get("to"))}
	for name, values := range r.PostForm {
		if name, ok := strings.CutPrefix(name, KeptPrefix); ok {
			k.add(name, values)
		}
	}
	return k.sorted()
}

func (k *Kept) add(name string, values []string) {
	for _, v := range values {
		k.Fields = append(k.Fields, Field{Name: name, Value: v})
	}
}

// sorted returns the form with its fields by name; nil when it has none.
func (k *Kept) sorted() *Kept {
	if k.Fields == nil {
		return nil
	}
	slices.SortStableFunc(k.Fields, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	return k
}
