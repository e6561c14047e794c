package keyrank

import (
	"math"

	"github.com/hindcast/hindcast/internal/timeline/logit"
)

// How much examples count that are not plain.
const (
	second = 0.3 // tells of an event of which another has the record
	excuse = 0.1 // tells of what may be told without harm; as not needed
	crowd  = 10  // candidates of an incident from which each counts less
	model  = 3   // is of the samples, which show what the others were written after
)

// samples is the name of the set of the samples.
const samples = "samples"

// Examples returns the candidates of an incident as examples: needed is what tells
// of an event that nothing shows which is shown anyway.
func (in *Incident) Examples() []logit.Example {
	taken := in.serve(func(r *Row) bool { return r.Candidate == nil })
	owned := map[int]bool{}
	n := 0.0
	for _, r := range in.Rows {
		if r.Candidate == nil {
			continue
		}
		n++
		for _, t := range r.Tells {
			owned[t.Event] = owned[t.Event] || t.Own
		}
	}
	var out []logit.Example
	for _, r := range in.Rows {
		if r.Candidate == nil {
			continue
		}
		e := logit.Example{Features: r.Candidate.Features}
		for _, t := range r.Tells {
			switch {
			case taken[t.Event] != nil:
			case t.Own || !owned[t.Event]:
				e.Is, e.Weight = true, 1
			default:
				e.Is, e.Weight = true, max(e.Weight, second)
			}
		}
		switch {
		case e.Is:
		case len(r.May) > 0:
			e.Weight = excuse
		default:
			e.Weight = 1
		}
		e.Weight *= math.Sqrt(crowd / n)
		if in.Set == samples {
			e.Weight *= model
		}
		out = append(out, e)
	}
	return out
}

// serve gives each event an entry of its own among those that are on, as many as
// can be (maximum matching).
func (in *Incident) serve(on func(*Row) bool) map[int]*Row {
	owner := map[int]*Row{}
	var find func(r *Row, seen map[int]bool) bool
	find = func(r *Row, seen map[int]bool) bool {
		for _, t := range r.Tells {
			if seen[t.Event] {
				continue
			}
			seen[t.Event] = true
			if o := owner[t.Event]; o == nil || find(o, seen) {
				owner[t.Event] = r
				return true
			}
		}
		return false
	}
	for _, r := range in.Rows {
		if on(r) {
			find(r, map[int]bool{})
		}
	}
	return owner
}

// Figures are how good a choice of entries is.
type Figures struct{ Recall, Precision, F1 float64 }

// Score returns how good the entries are that are on: events that have an entry, of
// all events, and of these and the entries that tell of nothing.
func (in *Incident) Score(on func(*Row) bool) Figures {
	owner := in.serve(on)
	used := map[*Row]bool{}
	for _, r := range owner {
		used[r] = true
	}
	excused := map[int]bool{}
	wrong := 0
	for _, r := range in.Rows {
		if on(r) && !used[r] && !r.excused(excused) {
			wrong++
		}
	}
	f := Figures{Recall: float64(len(owner)) / float64(max(1, in.Events)), Precision: float64(len(owner)) / float64(max(1, len(owner)+wrong))}
	if sum := f.Recall + f.Precision; sum > 0 {
		f.F1 = 2 * f.Recall * f.Precision / sum
	}
	return f
}

// excused reports whether a row tells of what may be told, and is the first to.
func (r *Row) excused(already map[int]bool) bool {
	for _, k := range r.May {
		if !already[k] {
			already[k] = true
			return true
		}
	}
	return false
}

// Apply weighs the candidates of an incident by a model and chooses among them.
func (in *Incident) Apply(m logit.Model) {
	var list []*Candidate
	shown := 0
	for _, r := range in.Rows {
		if r.Candidate == nil {
			shown++
			continue
		}
		r.Candidate.Chance = m.Chance(r.Candidate.Features)
		list = append(list, r.Candidate)
	}
	Pick(list, shown)
}
