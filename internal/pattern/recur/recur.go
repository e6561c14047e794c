// Package recur finds what was agreed after earlier incidents that were like one of
// now: the actions that should have prevented it, are still waiting, or were said to
// have worked.
//
//	for _, e := range recur.Echoes(recur.Of(num, pm), past, today) {
//		fmt.Println(e.Num, e.Action.Description, e.State)
//	}
//
// Incidents are alike when they share the sign of a factor, its category and the gap
// that it shows, and a service and their primary category as well, as far as both
// say it. It is pure.
package recur

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
)

// Factor is a factor of an incident as others may share it.
type Factor struct{ ID, Sign, Said string }

// Parts returns the category and the gap of its sign.
func (f Factor) Parts() (hindcast.Category, hindcast.Gap) {
	category, gap, _ := strings.Cut(f.Sign, "/")
	return hindcast.Category(category), hindcast.Gap(gap)
}

// Incident is what of an incident is compared.
type Incident struct {
	Num      int64
	Title    string
	Began    time.Time // zero when nobody knows
	Services []string
	Category hindcast.Category // the primary one
	Factors  []Factor
}

// Of returns what is compared of a post-mortem.
func Of(num int64, p *hindcast.Postmortem) Incident {
	inc := Incident{Num: num, Title: p.Incident.Title, Began: p.Incident.StartedAt, Services: p.Incident.Services, Category: p.Category}
	if inc.Began.IsZero() {
		inc.Began = p.Incident.DetectedAt
	}
	for _, f := range p.Factors {
		if sign := f.Sign(); sign != "" {
			inc.Factors = append(inc.Factors, Factor{f.ID, sign, f.Description})
		}
	}
	return inc
}

// Past is an earlier incident with its actions.
type Past struct {
	Incident
	Actions []hindcast.ActionItem
}

// State is how an action stood when the later incident began.
type State string

// The states, the one that says most first.
const (
	CameBack   State = "came-back"  // it was verified, and what it answers happened again
	Overdue    State = "overdue"    // it still waits, past its day
	Waiting    State = "open"       // it still waits
	TooLate    State = "too-late"   // it was carried out only after this began
	Unverified State = "unverified" // it was carried out, and nobody showed that it works
	Declined   State = "wont-do"    // it was decided against
)

var states = []State{CameBack, Overdue, Waiting, TooLate, Unverified, Declined}

// Pair is a factor that two incidents share.
type Pair struct{ Here, There Factor }

// Echo is an action that was agreed after an earlier incident that was like this one.
type Echo struct {
	Num      int64 // of the earlier incident
	Title    string
	Began    time.Time
	Action   hindcast.ActionItem
	State    State
	Shared   []Pair
	Services []string // that both affected, as the earlier one spells them
	Category bool     // both have the same primary category
}

// Whole reports whether factor, service and primary category are shared. Otherwise
// one of the last two is not said yet.
func (e Echo) Whole() bool { return len(e.Services) > 0 && e.Category }

// Echoes returns the actions that earlier incidents like now led to, those that say
// most first. Ones that began no earlier are left out.
func Echoes(now Incident, past []Past, today hindcast.Date) []Echo {
	var out []Echo
	for _, p := range past {
		if p.Num == now.Num || !earlier(p.Began, now.Began) {
			continue
		}
		e, alike := compare(now, p.Incident)
		if !alike {
			continue
		}
		for _, a := range p.Actions {
			if e.Shared = answered(a, shared(now.Factors, p.Factors)); len(e.Shared) > 0 {
				e.Action, e.State = a, stateOf(a, now.Began, today)
				out = append(out, e)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Echo) int {
		return cmp.Or(slices.Index(states, a.State)-slices.Index(states, b.State), b.Began.Compare(a.Began), cmp.Compare(b.Num, a.Num))
	})
	return out
}

// earlier reports whether a moment lies before another, as far as both are known.
func earlier(t, than time.Time) bool { return t.IsZero() || than.IsZero() || t.Before(than) }

// compare holds services and primary categories of two incidents against each other.
// They are alike when neither differs and at least one is shared.
func compare(now, past Incident) (Echo, bool) {
	e := Echo{Num: past.Num, Title: past.Title, Began: past.Began}
	for _, s := range past.Services {
		if slices.ContainsFunc(now.Services, func(x string) bool { return strings.EqualFold(x, s) }) {
			e.Services = append(e.Services, s)
		}
	}
	e.Category = now.Category != "" && now.Category == past.Category
	differ := len(e.Services) == 0 && len(now.Services) > 0 && len(past.Services) > 0 ||
		now.Category != "" && past.Category != "" && !e.Category
	return e, !differ && (e.Category || len(e.Services) > 0)
}

// shared returns the factors of the same sign, one pair for each of there.
func shared(here, there []Factor) []Pair {
	var out []Pair
	for _, t := range there {
		if i := slices.IndexFunc(here, func(h Factor) bool { return h.Sign == t.Sign }); i >= 0 {
			out = append(out, Pair{here[i], t})
		}
	}
	return out
}

// answered returns the pairs whose earlier factor an action answers. One that names
// no factor answers the incident as a whole.
func answered(a hindcast.ActionItem, pairs []Pair) []Pair {
	if len(a.Factors) == 0 {
		return pairs
	}
	return slices.DeleteFunc(slices.Clone(pairs), func(p Pair) bool { return !slices.Contains(a.Factors, p.There.ID) })
}

// stateOf returns how an action stood when something began.
func stateOf(a hindcast.ActionItem, began time.Time, today hindcast.Date) State {
	switch {
	case a.Status == hindcast.ActionDeclined:
		return Declined
	case a.Overdue(today):
		return Overdue
	case a.Open():
		return Waiting
	case !began.IsZero() && a.Closed.Compare(hindcast.DateOf(began)) > 0:
		return TooLate
	case a.Status == hindcast.ActionVerified && !a.VerifiedAfter(hindcast.DateOf(began)):
		return CameBack
	}
	return Unverified
}

// Lapse is a verified action, and an incident after which it did not hold.
type Lapse struct {
	Num    int64 // of the post-mortem of the action
	ID     string
	Later  int64
	Title  string // of the later incident
	Began  time.Time
	Shared []Pair
}

// Lapses returns for verified actions the first incident since then that was like the
// one that they answer, with everything shared.
func Lapses(past []Past, later []Incident) []Lapse {
	bySign := map[string][]int{}
	for i, inc := range later {
		for _, f := range inc.Factors {
			bySign[f.Sign] = append(bySign[f.Sign], i)
		}
	}
	var out []Lapse
	for _, p := range past {
		tried := map[int]bool{}
		first := map[string]Lapse{}
		for _, f := range p.Factors {
			for _, i := range bySign[f.Sign] {
				if !tried[i] {
					tried[i] = true
					lapse(first, p, later[i])
				}
			}
		}
		for _, a := range p.Actions {
			if l, ok := first[a.ID]; ok {
				out = append(out, l)
			}
		}
	}
	return out
}

// lapse keeps for each verified action the first incident after which it did not hold.
func lapse(first map[string]Lapse, p Past, now Incident) {
	for _, e := range Echoes(now, []Past{p}, hindcast.Date{}) {
		if e.State != CameBack || !e.Whole() || now.Began.IsZero() {
			continue
		}
		if l, ok := first[e.Action.ID]; !ok || now.Began.Before(l.Began) {
			first[e.Action.ID] = Lapse{p.Num, e.Action.ID, now.Num, now.Title, now.Began, e.Shared}
		}
	}
}
