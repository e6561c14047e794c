package part

import (
	"encoding/json"
	"slices"

	"github.com/hindcast/hindcast"
)

// timeline are the entries, in the order of their times.
type timeline struct{}

var entries = records[hindcast.Entry]{"timeline",
	func(p *hindcast.Postmortem) *[]hindcast.Entry { return &p.Timeline },
	func(e *hindcast.Entry) *string { return &e.ID }}

func (timeline) get(p *hindcast.Postmortem, id string) any { return entries.get(p, id) }
func (timeline) ids(p *hindcast.Postmortem) []string       { return entries.ids(p) }

// set keeps entries with a time in order. Removing an entry removes it from what
// decisions say was known.
func (timeline) set(p *hindcast.Postmortem, id string, raw json.RawMessage, after *string) error {
	if err := entries.set(p, id, raw, after); err != nil {
		return err
	}
	if raw == nil {
		forgetEntry(p, id)
		return nil
	}
	i := entries.index(p.Timeline, id)
	p.Timeline = inTime(p.Timeline, i)
	return nil
}

// inTime moves the entry at i among its neighbors until no entry with a time
// stands before an earlier one.
func inTime(list []hindcast.Entry, i int) []hindcast.Entry {
	e := list[i]
	if e.At.IsZero() {
		return list
	}
	rest := slices.Delete(slices.Clone(list), i, i+1)
	lo, hi := 0, len(rest) // the places that the times of the others allow
	for k, o := range rest {
		if o.At.IsZero() {
			continue
		}
		if o.At.Before(e.At) {
			lo = k + 1
		}
		if o.At.After(e.At) && hi == len(rest) {
			hi = k
		}
	}
	return slices.Insert(rest, min(max(i, lo), max(hi, lo)), e)
}

func forgetEntry(p *hindcast.Postmortem, id string) {
	is := func(s string) bool { return s == id }
	for i, e := range p.Timeline {
		if e.Prefer != nil && e.Prefer.Entry == id {
			p.Timeline[i].Prefer = nil
		}
		d := e.Decision
		if d == nil || !slices.ContainsFunc(d.Known, is) && !slices.ContainsFunc(d.NotKnown, is) {
			continue
		}
		next := *d
		next.Known = empty(slices.DeleteFunc(slices.Clone(d.Known), is))
		next.NotKnown = empty(slices.DeleteFunc(slices.Clone(d.NotKnown), is))
		p.Timeline[i].Decision = &next
	}
}

// factors are the causes and contributing factors.
type factors struct{}

var causes = records[hindcast.Factor]{"factors",
	func(p *hindcast.Postmortem) *[]hindcast.Factor { return &p.Factors },
	func(f *hindcast.Factor) *string { return &f.ID }}

func (factors) get(p *hindcast.Postmortem, id string) any { return causes.get(p, id) }
func (factors) ids(p *hindcast.Postmortem) []string       { return causes.ids(p) }

// set removes with a factor the edges to it and the answers of actions.
func (factors) set(p *hindcast.Postmortem, id string, raw json.RawMessage, after *string) error {
	if err := causes.set(p, id, raw, after); err != nil || raw != nil {
		return err
	}
	for i, f := range p.Factors {
		to := func(e hindcast.Edge) bool { return e.To == id }
		if slices.ContainsFunc(f.LedTo, to) {
			p.Factors[i].LedTo = empty(slices.DeleteFunc(slices.Clone(f.LedTo), to))
		}
	}
	actions := slices.Clone(p.Actions)
	for i, a := range actions {
		if slices.Contains(a.Factors, id) {
			actions[i].Factors = empty(slices.DeleteFunc(slices.Clone(a.Factors), func(s string) bool { return s == id }))
		}
	}
	p.Actions = actions
	return nil
}
