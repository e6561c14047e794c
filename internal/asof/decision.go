package asof

import (
	"slices"
	"time"

	"github.com/hindcast/hindcast"
)

// Moment is a decision with what could be known when it was made.
type Moment struct {
	ID       string    `json:"id"` // of the entry
	Question string    `json:"question"`
	At       time.Time `json:"at"`
	// Known and NotKnown are the entries that could be known by then, and those
	// that had happened and became known only later: what [Propose] proposes.
	Known    []string `json:"known"`
	NotKnown []string `json:"not_known"`
	// Hindsight are entries that the decision says were known, and that became
	// known only later.
	Hindsight []string `json:"hindsight"`
	View      View     `json:"view"`
}

// Decisions returns the entries of p with a decision, as of their own moments,
// in the order of the timeline. One without a time is left out.
func Decisions(p hindcast.Postmortem) []Moment {
	items := Items(p)
	var out []Moment
	for _, e := range p.Timeline {
		if e.Decision != nil && !e.At.IsZero() {
			out = append(out, momentOf(p, items, e))
		}
	}
	return out
}

// OfDecision returns the decision of the entry with an id as of its own moment;
// false when there is none or it has no time.
func OfDecision(p hindcast.Postmortem, id string) (Moment, bool) {
	i := slices.IndexFunc(p.Timeline, func(e hindcast.Entry) bool { return e.ID == id && !e.At.IsZero() })
	if i < 0 {
		return Moment{}, false
	}
	return momentOf(p, Items(p), p.Timeline[i]), true
}

func momentOf(p hindcast.Postmortem, items []Item, e hindcast.Entry) Moment {
	m := Moment{ID: e.ID, At: e.At.UTC(), Hindsight: []string{}, View: Of(items, e.At)}
	m.Known, m.NotKnown = Propose(p.Timeline, e)
	if e.Decision == nil {
		return m
	}
	m.Question = e.Decision.Question
	for _, o := range p.Timeline {
		if slices.Contains(e.Decision.Known, o.ID) && !o.KnownBy(e.At) {
			m.Hindsight = append(m.Hindsight, o.ID)
		}
	}
	return m
}

// Propose returns the entries that whoever made a decision could know, and
// those that had happened by then and became known only later. Proposed are the
// key entries; people add the others that mattered.
func Propose(timeline []hindcast.Entry, decision hindcast.Entry) (known, notKnown []string) {
	known, notKnown = []string{}, []string{}
	for _, o := range timeline {
		switch {
		case !o.Key || o.ID == decision.ID || o.At.IsZero() || o.At.After(decision.At):
		case o.KnownBy(decision.At):
			known = append(known, o.ID)
		default:
			notKnown = append(notKnown, o.ID)
		}
	}
	return known, notKnown
}
