package part

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/hindcast/hindcast"
)

// fields returns all kinds of parts in the order of the document.
func fields() []named { return allFields }

var allFields = []named{
	single("title", func(p *hindcast.Postmortem) *string { return &p.Incident.Title }),
	single("number", func(p *hindcast.Postmortem) *string { return &p.Incident.Number }),
	single("kind", func(p *hindcast.Postmortem) *hindcast.IncidentKind { return &p.Incident.Kind }),
	single("severity", func(p *hindcast.Postmortem) *int { return &p.Incident.Severity }),
	single("severity_name", func(p *hindcast.Postmortem) *string { return &p.Incident.SeverityName }),
	single("severity_changes", func(p *hindcast.Postmortem) *[]hindcast.SeverityChange { return &p.Incident.SeverityChanges }),
	single("services", func(p *hindcast.Postmortem) *[]string { return &p.Incident.Services }),
	single("detection", func(p *hindcast.Postmortem) *string { return &p.Incident.Detection }),
	single("participants", func(p *hindcast.Postmortem) *[]hindcast.Participant { return &p.Incident.Participants }),
	{name: "phases", field: phases{}},
	single("impact/users", func(p *hindcast.Postmortem) *hindcast.Number { return &p.Incident.Impact.Users }),
	list("impact/counts", func(p *hindcast.Postmortem) *[]hindcast.Measure { return &p.Incident.Impact.Counts }, measureID),
	list("impact/business", func(p *hindcast.Postmortem) *[]hindcast.Measure { return &p.Incident.Impact.Business }, measureID),
	list("impact/slos", func(p *hindcast.Postmortem) *[]hindcast.SLO { return &p.Incident.Impact.SLOs }, func(s *hindcast.SLO) *string { return &s.ID }),
	single("owner", func(p *hindcast.Postmortem) *string { return &p.Owner }),
	single("category", func(p *hindcast.Postmortem) *hindcast.Category { return &p.Category }),
	single("preamble", func(p *hindcast.Postmortem) *string { return &p.Preamble }),
	single("front_matter", func(p *hindcast.Postmortem) *string { return &p.FrontMatter }),
	{name: "sections", field: sections{}},
	{name: "timeline", field: timeline{}},
	list("accounts", func(p *hindcast.Postmortem) *[]hindcast.Account { return &p.Accounts }, func(a *hindcast.Account) *string { return &a.ID }),
	{name: "factors", field: factors{}},
	list("observations", func(p *hindcast.Postmortem) *[]hindcast.Observation { return &p.Observations }, func(o *hindcast.Observation) *string { return &o.ID }),
	list("actions", func(p *hindcast.Postmortem) *[]hindcast.ActionItem { return &p.Actions }, func(a *hindcast.ActionItem) *string { return &a.ID }),
	list("related", func(p *hindcast.Postmortem) *[]hindcast.RelatedIncident { return &p.Related }, func(r *hindcast.RelatedIncident) *string { return &r.ID }),
	single("evidence", func(p *hindcast.Postmortem) *[]hindcast.Evidence { return &p.Evidence }),
	single("clock_offsets", func(p *hindcast.Postmortem) *[]hindcast.ClockOffset { return &p.Clocks }),
	single("problems", func(p *hindcast.Postmortem) *[]hindcast.Problem { return &p.Problems }),
	single("status", func(p *hindcast.Postmortem) *hindcast.Status { return &p.Status }),
	single("history", func(p *hindcast.Postmortem) *[]hindcast.Transition { return &p.History }),
	single("attestations", func(p *hindcast.Postmortem) *[]hindcast.Attestation { return &p.Attestations }),
	single("waivers", func(p *hindcast.Postmortem) *[]hindcast.Waiver { return &p.Waivers }),
}

func measureID(m *hindcast.Measure) *string { return &m.ID }

// value is a part that there is once. The zero value counts as not there.
type value[T any] struct {
	name string
	at   func(*hindcast.Postmortem) *T
}

func single[T any](name string, at func(*hindcast.Postmortem) *T) named {
	return named{name: name, field: value[T]{name, at}, single: true}
}

func (v value[T]) get(p *hindcast.Postmortem, _ string) any {
	got := *v.at(p)
	if r := reflect.ValueOf(got); r.IsZero() || r.Kind() == reflect.Slice && r.Len() == 0 {
		return nil
	}
	return got
}

func (v value[T]) set(p *hindcast.Postmortem, _ string, raw json.RawMessage, _ *string) error {
	var next T
	if raw != nil {
		if err := decode(v.name, raw, &next); err != nil {
			return err
		}
	}
	*v.at(p) = next
	return nil
}

func (v value[T]) ids(*hindcast.Postmortem) []string { return []string{""} }

// Phase is the value of a part phases/NAME.
type Phase struct {
	At  time.Time `json:"at,omitzero"`
	Why string    `json:"why,omitempty"` // what decided it
}

// phases are the moments of the incident with their reasons.
type phases struct{}

func (phases) get(p *hindcast.Postmortem, id string) any {
	at := p.Incident.Moment(id)
	if at == nil || at.IsZero() && p.Incident.PhaseWhy[id] == "" {
		return nil
	}
	return Phase{*at, p.Incident.PhaseWhy[id]}
}

func (phases) set(p *hindcast.Postmortem, id string, raw json.RawMessage, _ *string) error {
	at := p.Incident.Moment(id)
	if at == nil {
		return hindcast.Errorf(hindcast.Invalid, "an incident has no phase %q", id)
	}
	var next Phase
	if raw != nil {
		if err := decode("phases/"+id, raw, &next); err != nil {
			return err
		}
	}
	*at = next.At.UTC()
	why := maps.Clone(p.Incident.PhaseWhy)
	delete(why, id)
	if next.Why != "" {
		if why == nil {
			why = map[string]string{}
		}
		why[id] = next.Why
	}
	if len(why) == 0 {
		why = nil
	}
	p.Incident.PhaseWhy = why
	return nil
}

func (phases) ids(*hindcast.Postmortem) []string { return hindcast.PhaseNames() }

// records is a list of records with ids.
type records[T any] struct {
	name string
	at   func(*hindcast.Postmortem) *[]T
	id   func(*T) *string
}

func list[T any](name string, at func(*hindcast.Postmortem) *[]T, id func(*T) *string) named {
	return named{name: name, field: records[T]{name, at, id}}
}

func (r records[T]) index(list []T, id string) int {
	return slices.IndexFunc(list, func(x T) bool { return *r.id(&x) == id })
}

func (r records[T]) get(p *hindcast.Postmortem, id string) any {
	list := *r.at(p)
	if i := r.index(list, id); i >= 0 {
		return list[i]
	}
	return nil
}

func (r records[T]) ids(p *hindcast.Postmortem) []string {
	var out []string
	for _, x := range *r.at(p) {
		out = append(out, *r.id(&x))
	}
	return out
}

func (r records[T]) set(p *hindcast.Postmortem, id string, raw json.RawMessage, after *string) error {
	list := slices.Clone(*r.at(p))
	i := r.index(list, id)
	if raw == nil {
		if i >= 0 {
			list = slices.Delete(list, i, i+1)
		}
		*r.at(p) = empty(list)
		return nil
	}
	var next T
	if err := decode(r.name+"/"+id, raw, &next); err != nil {
		return err
	}
	*r.id(&next) = id
	place := len(list)
	if i >= 0 {
		list = slices.Delete(list, i, i+1)
		place = i
	}
	if after != nil {
		place = 0
		if *after != "" {
			if place = r.index(list, *after) + 1; place == 0 {
				place = len(list)
			}
		}
	}
	*r.at(p) = slices.Insert(list, place, next)
	return nil
}

// empty returns nil for an empty list: both mean the same.
func empty[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}
