package postmortem

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/web/form"
)

// Part is one part of the document where it stands: as it reads, or as its form
// when it is being edited. A part whose path ends in "new" is the invitation to
// add one. What is not there is nothing.
func Part(v *View, path string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if e := v.editing(path); e != nil && v.may(path) {
			f, err := form.Of(v.Post, v.Policy, path)
			if err != nil {
				return err
			}
			return formOf(v, f, e).Render(ctx, w)
		}
		if c := v.shown(path); c != nil {
			return c.Render(ctx, w)
		}
		return nil
	})
}

// shown returns a part as it reads, nil when it is not there.
func (v *View) shown(path string) templ.Component {
	list, id := path, ""
	if i := strings.LastIndexByte(path, '/'); i >= 0 && path != "impact/users" {
		list, id = path[:i], path[i+1:]
	}
	if id == "new" || strings.HasPrefix(id, "new-") {
		return adder(v, path)
	}
	switch list {
	case "title":
		return titleShown(v)
	case "phases":
		return phaseShown(v, id)
	case "impact/users":
		return usersShown(v)
	case "sections":
		return v.sectionShown(id)
	}
	if id == "" {
		return single(v, path)
	}
	return v.recordShown(list, id)
}

func (v *View) sectionShown(key string) templ.Component {
	for _, s := range v.sections() {
		if s.Key == key {
			return proseShown(v, s)
		}
	}
	return nil
}

// recordShown returns a record of a list.
func (v *View) recordShown(list, id string) templ.Component {
	p := v.Post
	switch list {
	case "timeline":
		return find(p.Timeline, func(e *hindcast.Entry) string { return e.ID }, id, func(e hindcast.Entry) templ.Component { return entryShown(v, e) })
	case "accounts":
		return find(p.Accounts, func(a *hindcast.Account) string { return a.ID }, id, func(a hindcast.Account) templ.Component { return accountShown(v, a) })
	case "factors":
		return find(p.Factors, func(f *hindcast.Factor) string { return f.ID }, id, func(f hindcast.Factor) templ.Component { return factorShown(v, f) })
	case "observations":
		return find(p.Observations, func(o *hindcast.Observation) string { return o.ID }, id, func(o hindcast.Observation) templ.Component { return observationShown(v, o) })
	case "actions":
		return find(p.Actions, func(a *hindcast.ActionItem) string { return a.ID }, id, func(a hindcast.ActionItem) templ.Component { return actionShown(v, a) })
	case "related":
		return find(p.Related, func(r *hindcast.RelatedIncident) string { return r.ID }, id, func(r hindcast.RelatedIncident) templ.Component { return relatedShown(v, r) })
	case "impact/counts", "impact/business":
		measures := p.Incident.Impact.Counts
		if list == "impact/business" {
			measures = p.Incident.Impact.Business
		}
		return find(measures, func(m *hindcast.Measure) string { return m.ID }, id, func(m hindcast.Measure) templ.Component { return measureShown(v, list+"/"+id, m) })
	case "impact/slos":
		return find(v.slos(), func(s *hindcast.SLO) string { return s.ID }, id, func(s hindcast.SLO) templ.Component { return sloShown(v, s) })
	}
	return nil
}

// find shows the record with an id.
func find[T any](list []T, key func(*T) string, id string, show func(T) templ.Component) templ.Component {
	for i := range list {
		if key(&list[i]) == id {
			return show(list[i])
		}
	}
	return nil
}

// wrapper is the element that a part's form stands in.
func wrapper(f *form.Form) string {
	switch list, _, _ := strings.Cut(f.Path, "/"); {
	case f.New:
		return "div"
	case list == "timeline":
		return "tr"
	case list == "factors", list == "observations", list == "actions", list == "related":
		return "li"
	}
	return "div"
}

func removable(path string) bool {
	return strings.Contains(path, "/") && !strings.HasPrefix(path, "sections/") && !strings.HasPrefix(path, "phases/") && path != "impact/users"
}

func doneWord(f *form.Form) string {
	if f.New {
		return "Add"
	}
	return "Save"
}

func leaveWord(f *form.Form) string {
	if f.New {
		return "Cancel"
	}
	return "Leave"
}

// addWords invite to add a record.
var addWords = map[string]string{
	"timeline/new": "Add an entry", "accounts/new": "Add what somebody remembers",
	"factors/new-root": "Add a cause", "factors/new-contributing": "Add a contributing factor",
	"observations/new-well": "Add what went well", "observations/new-poorly": "Add what went poorly, or where luck helped",
	"actions/new": "Add an action", "related/new": "Add a related incident",
	"impact/counts/new": "Add a count", "impact/business/new": "Add a business number", "impact/slos/new": "Add an objective",
}

// faultAt returns what is wrong with a field.
func faultAt(e *Edit, name string) string {
	for _, f := range e.Faults {
		if f.Path == name || strings.HasPrefix(f.Path, name+"[") || name != "value" && strings.HasPrefix(f.Path, name+".") {
			return told(f.Message)
		}
	}
	return ""
}

// unplaced returns the faults that belong to no field of the form, nor to the
// reason beside them.
func unplaced(f *form.Form, e *Edit) []string {
	var out []string
	for _, x := range e.Faults {
		if x.Path != "note" && !slices.ContainsFunc(f.Fields, func(field form.Field) bool { return faultAt(&Edit{Faults: []hindcast.Fault{x}}, field.Name) != "" }) {
			out = append(out, told(x.Message))
		}
	}
	return out
}

// told makes a sentence of a fault's message, which goes on from a field's name.
func told(message string) string {
	if message == "" {
		return ""
	}
	return "This " + message + "."
}
