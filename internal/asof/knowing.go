package asof

import (
	"time"

	"github.com/hindcast/hindcast"
)

// knowing tells when what rests on evidence could be known.
type knowing struct {
	entries []hindcast.Entry
	files   map[string][]int // entries by the files they rest on
	end     time.Time        // when the last of all that is told was known
}

func newKnowing(p hindcast.Postmortem) *knowing {
	k := &knowing{entries: p.Timeline, files: map[string][]int{}}
	later := func(t time.Time) {
		if t.After(k.end) {
			k.end = t.UTC()
		}
	}
	for i, e := range p.Timeline {
		later(e.At)
		later(e.KnownAt)
		for _, r := range e.Evidence {
			k.files[r.File] = append(k.files[r.File], i)
		}
	}
	for _, name := range hindcast.PhaseNames() {
		later(*p.Incident.Moment(name))
	}
	if !k.end.IsZero() {
		k.end = k.end.Truncate(time.Second).Add(time.Second) // after it, by the second
	}
	return k
}

// item is something without a moment of its own that rests on evidence.
func (k *knowing) item(kind Kind, id, title string, evidence []hindcast.Ref) Item {
	out := Item{Kind: kind, ID: id, Title: title}
	if out.KnownAt = k.first(evidence); out.KnownAt.IsZero() {
		out.KnownAt, out.After = k.end, true
	}
	return out
}

// first returns when the first entry that rests on the same lines could be
// known; zero when there is none.
func (k *knowing) first(evidence []hindcast.Ref) time.Time {
	var out time.Time
	for _, r := range evidence {
		for _, i := range k.files[r.File] {
			e := k.entries[i]
			if !e.KnownAt.IsZero() && rests(e, r) && (out.IsZero() || e.KnownAt.Before(out)) {
				out = e.KnownAt.UTC()
			}
		}
	}
	return out
}

// rests reports whether an entry rests on the lines of a reference.
func rests(e hindcast.Entry, r hindcast.Ref) bool {
	for _, own := range e.Evidence {
		if own.File == r.File && own.Line <= max(r.EndLine, r.Line) && r.Line <= max(own.EndLine, own.Line) {
			return true
		}
	}
	return false
}

// near is how far an entry may lie from the phase that it decided.
const near = time.Second

// phase returns when the moment of a phase could be known: with the first known
// of the entries at that moment.
func (k *knowing) phase(at time.Time) time.Time {
	var out time.Time
	for _, e := range k.entries {
		if e.At.IsZero() || e.KnownAt.IsZero() || e.At.Sub(at).Abs() > near {
			continue
		}
		if out.IsZero() || e.KnownAt.Before(out) {
			out = e.KnownAt
		}
	}
	if out.IsZero() || out.Before(at) {
		out = at
	}
	return out.UTC()
}

// number is one number of the impact.
type number struct {
	id, name string
	evidence []hindcast.Ref
}

// The ids of numbers that have none of their own.
const (
	usersID    = "impact/users"
	budgetMark = "/budget"
	burnMark   = "/burn_rate"
)

// numbers returns the numbers of an impact that state something. Those of an
// objective have its id with "/budget" or "/burn_rate", the share of users
// "impact/users".
func numbers(i hindcast.Impact) []number {
	var out []number
	add := func(id, name string, n hindcast.Number) {
		if !n.IsZero() {
			out = append(out, number{id, name, n.Evidence})
		}
	}
	add(usersID, "users affected", i.Users)
	for _, list := range [][]hindcast.Measure{i.Counts, i.Business} {
		for _, m := range list {
			add(m.ID, m.Name, m.Number)
		}
	}
	for _, s := range i.SLOs {
		add(s.ID+budgetMark, s.Name+": budget consumed", s.Budget)
		add(s.ID+burnMark, s.Name+": burn rate", s.BurnRate)
	}
	return out
}

// impactWith returns an impact with only the numbers that pass. Objectives stay,
// since they were set before; whether they were violated goes with their budget.
func impactWith(i hindcast.Impact, ok func(id string) bool) hindcast.Impact {
	out := hindcast.Impact{}
	if ok(usersID) {
		out.Users = i.Users
	}
	pass := func(m hindcast.Measure) bool { return ok(m.ID) }
	out.Counts, out.Business = keep(i.Counts, pass), keep(i.Business, pass)
	for _, s := range i.SLOs {
		if !ok(s.ID + budgetMark) {
			s.Budget, s.Outcome, s.Detail = hindcast.Number{}, "", ""
		}
		if !ok(s.ID + burnMark) {
			s.BurnRate = hindcast.Number{}
		}
		out.SLOs = append(out.SLOs, s)
	}
	return out
}
