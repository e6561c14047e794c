package collect

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// ids are the ids of a source's users that stand in a text for their names.
var ids = lazyregexp.New(`@[A-Z0-9]{5,20}\b`)

// name gives the persons of events their names, where a source tells them in a file
// beside its records, and says where they live in the attribute "tz".
func name(events []hindcast.Event, persons []record.Person) {
	if len(persons) == 0 {
		return
	}
	slices.SortFunc(persons, func(a, b record.Person) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.ID, b.ID), cmp.Compare(b.Zone, a.Zone), cmp.Compare(a.Name, b.Name)) // with a zone first
	})
	known := map[[2]string]record.Person{}
	for _, p := range persons {
		k := [2]string{p.Source, p.ID}
		if _, ok := known[k]; !ok {
			known[k] = p
		}
	}
	for i := range events {
		e := &events[i]
		source, _, _ := strings.Cut(e.ID, ":")
		mention := func(m string) string {
			if p, ok := known[[2]string{source, m[1:]}]; ok {
				return "@" + p.Name
			}
			return m
		}
		if strings.Contains(e.Text, "@") || strings.Contains(e.Title, "@") {
			e.Text, e.Title = ids.ReplaceAllStringFunc(e.Text, mention), ids.ReplaceAllStringFunc(e.Title, mention)
		}
		p, ok := known[[2]string{source, e.Attrs["user"]}]
		if !ok || e.Actor.Kind != hindcast.Person {
			continue
		}
		if e.Actor.Name == p.ID || e.Actor.Name == "" {
			e.Actor.Name = p.Name
		}
		if p.Zone != "" {
			e.Attrs["tz"] = p.Zone
		}
	}
}
