// Package asof reads a post-mortem as of a moment: with what responders could
// know then, and without what is known today.
//
// [At] gives the [View] of a moment; [OfDecision] what could be known at a
// decision. Everything in a post-mortem that became known at some moment is an
// [Item], so that a page can move a slider over them without asking again; what
// is hidden at a moment follows from the items alone.
//
// When something could be known:
//   - an entry from its KnownAt on;
//   - a factor, an observation or a number from when the first entry that rests
//     on the same lines of evidence could be known; without such an entry it was
//     found out afterwards, and is hidden while the incident lasts and until the
//     last entry was known;
//   - a phase of the incident from the entry at its moment on, else from its
//     moment on.
package asof

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/hindcast/hindcast"
)

// Kind says what an [Item] is.
type Kind string

// The kinds of items.
const (
	Entry       Kind = "entry"
	Factor      Kind = "factor"
	Observation Kind = "observation"
	Phase       Kind = "phase"
	Number      Kind = "number" // of the impact
)

// Item is one thing of a post-mortem with the moments at which it happened and
// could be known. Times are in UTC.
type Item struct {
	Kind    Kind      `json:"kind"`
	ID      string    `json:"id"`                // of the record; "started_at" of a phase
	Title   string    `json:"title"`             // what it says
	At      time.Time `json:"at,omitzero"`       // zero for what has no moment, such as a factor
	KnownAt time.Time `json:"known_at,omitzero"` // zero when nobody can say: then it is known at no moment
	After   bool      `json:"after,omitempty"`   // found out afterwards: KnownAt is the end of all that is told
}

// KnownBy reports whether it could be known at t; see [hindcast.Entry.KnownBy].
func (i Item) KnownBy(t time.Time) bool { return hindcast.Entry{KnownAt: i.KnownAt}.KnownBy(t) }

// happened reports whether it had happened at t. A condition, which has no
// moment of its own, was there all along.
func (i Item) happened(t time.Time) bool { return !i.At.Truncate(time.Second).After(t) }

// Items returns what became known at some moment, in the order of KnownAt, then
// of the document.
func Items(p hindcast.Postmortem) []Item {
	var out []Item
	for _, e := range p.Timeline {
		out = append(out, Item{Kind: Entry, ID: e.ID, Title: e.Title, At: e.At.UTC(), KnownAt: e.KnownAt.UTC()})
	}
	k := newKnowing(p)
	for _, name := range hindcast.PhaseNames() {
		if at := *p.Incident.Moment(name); !at.IsZero() {
			out = append(out, Item{Kind: Phase, ID: name, Title: name, At: at.UTC(), KnownAt: k.phase(at)})
		}
	}
	for _, n := range numbers(p.Incident.Impact) {
		out = append(out, k.item(Number, n.id, n.name, n.evidence))
	}
	for _, x := range p.Factors {
		out = append(out, k.item(Factor, x.ID, x.Description, x.Evidence))
	}
	for _, o := range p.Observations {
		out = append(out, k.item(Observation, o.ID, o.Text, o.Evidence))
	}
	slices.SortStableFunc(out, func(a, b Item) int {
		return cmp.Or(cmp.Compare(order(a), order(b)), a.KnownAt.Compare(b.KnownAt))
	})
	return out
}

// order puts what nobody can date last.
func order(i Item) int {
	if i.KnownAt.IsZero() {
		return 1
	}
	return 0
}

// Stops returns the moments at which something became known, each once and
// rounded down to the second, in order: the steps of a slider.
func Stops(items []Item) []time.Time {
	var out []time.Time
	for _, i := range items {
		if !i.KnownAt.IsZero() {
			out = append(out, i.KnownAt.Truncate(time.Second))
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	return slices.CompactFunc(out, time.Time.Equal)
}

// View is a post-mortem as of a moment.
type View struct {
	At    time.Time `json:"at"`
	Known []Item    `json:"known"` // what responders could know, in the order of [Items]
	// Unknown had happened or was so, and nobody knew yet.
	Unknown []Item `json:"unknown"`
	// Later had not happened yet.
	Later []Item `json:"later"`
}

// At returns what could be known of p at a moment.
func At(p hindcast.Postmortem, t time.Time) View { return Of(Items(p), t) }

// Of is [At] for items that are at hand.
func Of(items []Item, t time.Time) View {
	v := View{At: t.UTC(), Known: []Item{}, Unknown: []Item{}, Later: []Item{}}
	for _, i := range items {
		switch {
		case i.KnownBy(t):
			v.Known = append(v.Known, i)
		case i.happened(t):
			v.Unknown = append(v.Unknown, i)
		default:
			v.Later = append(v.Later, i)
		}
	}
	return v
}

// Hidden is how many things a reader as of the moment does not see. Phases do not
// count: entries tell them.
func (v View) Hidden() int { return count(v.Unknown) + count(v.Later) }

func count(items []Item) int {
	n := 0
	for _, i := range items {
		if i.Kind != Phase {
			n++
		}
	}
	return n
}

// Only returns the view with items of some kinds alone, to count those that a
// page or a picture shows.
func (v View) Only(kinds ...Kind) View {
	of := func(i Item) bool { return slices.Contains(kinds, i.Kind) }
	return View{v.At, listed(keep(v.Known, of)), listed(keep(v.Unknown, of)), listed(keep(v.Later, of))}
}

// Knows reports whether an item could be known at the moment.
func (v View) Knows(kind Kind, id string) bool {
	return slices.ContainsFunc(v.Known, func(i Item) bool { return i.Kind == kind && i.ID == id })
}

// Summary says in a sentence how much is hidden: "14 things nobody knew yet:
// 6 had happened, 8 were still to come".
func (v View) Summary() string {
	switch happened, later := count(v.Unknown), count(v.Later); {
	case happened+later == 0:
		return "everything told here was known"
	case happened+later == 1 && happened == 1:
		return "1 thing nobody knew yet: it had happened"
	case happened+later == 1:
		return "1 thing nobody knew yet: it was still to come"
	case later == 0:
		return fmt.Sprintf("%d things nobody knew yet: all had happened", happened)
	case happened == 0:
		return fmt.Sprintf("%d things nobody knew yet: all were still to come", later)
	default:
		return fmt.Sprintf("%d things nobody knew yet: %d had happened, %d %s still to come", happened+later, happened, later, was(later))
	}
}

func was(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// Apply returns p without what nobody knew yet: entries, factors with the links
// between them, observations, phases and numbers of the impact. What decisions
// say was known or not names only entries that are left. Prose is written with
// hindsight and therefore left out, and so is what was decided afterwards, such
// as action items. p stays as it is.
func (v View) Apply(p hindcast.Postmortem) hindcast.Postmortem {
	out := hindcast.Postmortem{Incident: p.Incident, Status: p.Status, Owner: p.Owner, Evidence: p.Evidence, Problems: p.Problems, Clocks: p.Clocks}
	known := map[string]bool{}
	for _, i := range v.Known {
		known[string(i.Kind)+" "+i.ID] = true
	}
	has := func(k Kind, id string) bool { return known[string(k)+" "+id] }
	later := unsaid(p.Timeline, func(id string) bool { return has(Entry, id) })
	for _, e := range p.Timeline {
		if has(Entry, e.ID) {
			e.Detail = without(e.Detail, later, v.At)
			e.Until = until(e.Until, v.At)
			e.Decision = decisionWith(e.Decision, func(id string) bool { return has(Entry, id) })
			out.Timeline = append(out.Timeline, e)
		}
	}
	for _, x := range p.Factors {
		if has(Factor, x.ID) {
			x.LedTo = keep(x.LedTo, func(e hindcast.Edge) bool { return e.To == hindcast.Outcome || has(Factor, e.To) })
			out.Factors = append(out.Factors, x)
		}
	}
	out.Observations = keep(p.Observations, func(o hindcast.Observation) bool { return has(Observation, o.ID) })
	for _, name := range hindcast.PhaseNames() {
		if !has(Phase, name) {
			*out.Incident.Moment(name) = time.Time{}
		}
	}
	out.Incident.PhaseWhy = nil
	out.Incident.Impact = impactWith(p.Incident.Impact, func(id string) bool { return has(Number, id) })
	return out
}

// listed returns an empty list for nil, which JSON tells apart.
func listed(items []Item) []Item { return slices.Concat([]Item{}, items) }

// until hides an end that nobody had seen yet.
func until(end, t time.Time) time.Time {
	if end.After(t) {
		return time.Time{}
	}
	return end
}

// keep returns the elements that pass; nil when none does.
func keep[T any](list []T, ok func(T) bool) []T {
	var out []T
	for _, x := range list {
		if ok(x) {
			out = append(out, x)
		}
	}
	return out
}

// decisionWith returns a decision that names only entries that pass.
func decisionWith(d *hindcast.Decision, ok func(id string) bool) *hindcast.Decision {
	if d == nil {
		return nil
	}
	out := *d
	if len(d.Known) > 0 {
		out.Known = keep(d.Known, ok)
	}
	if len(d.NotKnown) > 0 {
		out.NotKnown = keep(d.NotKnown, ok)
	}
	return &out
}
