// Package progress counts how action items get done: the figures of the method as it
// defines them, and beside them those that also see what is still open.
//
//	f := progress.Count(actions, progress.Window{Today: today, Days: 90})
//	f.Plain.CompletionRate // 66.67
//	f.Time.Median          // with open items counted in
//
// It is pure. An action counts from the day on which it was agreed.
package progress

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/pattern/survival"
)

// Action is what is counted of an action item.
type Action struct {
	Incident int64 // number of the post-mortem
	ID       string
	Team     string
	Priority hindcast.Priority
	Status   hindcast.ActionStatus
	Opened   hindcast.Date // when it was agreed
	Assumed  bool          // nobody said so; the day is that on which the incident was over
	Closed   hindcast.Date // zero while it is open, or when nobody said it
	Due      hindcast.Date
	CameBack bool // verified, and what it answers happened again since
}

func (a Action) open() bool {
	return a.Status == hindcast.ActionOpen || a.Status == hindcast.ActionInProgress
}

// done reports whether it was carried out, shown to work or not.
func (a Action) done() bool {
	return a.Status == hindcast.ActionDone || a.Status == hindcast.ActionVerified
}

func (a Action) overdue(today hindcast.Date) bool {
	return a.open() && !a.Due.IsZero() && a.Due.Compare(today) < 0
}

// Window is which actions are counted: those agreed in the days before today. Zero
// days are all.
type Window struct {
	Today hindcast.Date
	Days  int
}

// Holds reports whether an action was agreed in the window: later than its first
// moment, which belongs to the time before.
func (w Window) Holds(day hindcast.Date) bool {
	return w.Days == 0 || day.Compare(w.From()) >= 0
}

// From returns the first day of the window; zero when it has none.
func (w Window) From() hindcast.Date {
	if w.Days == 0 {
		return hindcast.Date{}
	}
	return w.Today.Add(1 - w.Days)
}

// Plain are the three figures that the method asks to report, by its own formulas.
//
// The items are those that were created later than 90 days ago. Completed ones are
// those whose ticket is closed, whatever became of it; here that is done, verified or
// decided against. The completion rate is completed by all, in percent, rounded to
// two digits. Overdue are those due before today that are not closed. The average time
// to close is the mean over the closed ones alone.
type Plain struct {
	Total          int      `json:"total"`
	Closed         int      `json:"closed"`
	CompletionRate *float64 `json:"completion_rate"` // nil without items
	Overdue        int      `json:"overdue"`
	AverageDays    *float64 `json:"avg_time_to_close_days"` // nil when none is closed
	Untimed        int      `json:"untimed,omitempty"`      // closed on a day that nobody said, which are not in the mean
}

// plain counts the actions of a window, which are its items.
func plain(list []Action, today hindcast.Date) Plain {
	p := Plain{Total: len(list)}
	var days, timed int
	for _, a := range list {
		if a.open() {
			if a.overdue(today) {
				p.Overdue++
			}
			continue
		}
		p.Closed++
		if a.Closed.IsZero() {
			p.Untimed++
			continue
		}
		timed++
		days += between(a.Opened, a.Closed)
	}
	if p.Total > 0 {
		p.CompletionRate = rounded(float64(p.Closed) / float64(p.Total) * 100)
	}
	if timed > 0 {
		p.AverageDays = rounded(float64(days) / float64(timed))
	}
	return p
}

func rounded(x float64) *float64 {
	x = math.Round(x*100) / 100
	return &x
}

// between returns the days from one day to another, which is not before it.
func between(from, to hindcast.Date) int {
	return max(int(to.Time().Sub(from.Time()).Hours()/24), 0)
}

// Figures are all figures of a window.
type Figures struct {
	Plain Plain
	// What became of the same items.
	Open, Done, Verified, Declined int // Done are those not verified
	CameBack                       int // of the verified ones
	Assumed                        int // counted from a day that nobody said
	// Time is how long it takes until an item is carried out. Open ones count for as
	// long as they have been open, those decided against until then.
	Time       survival.Curve
	Weeks      []Week
	Teams      []Group // the most items first
	Priorities []Group // the most urgent first
	// OpenOverdue are all that are overdue, whenever they were agreed.
	OpenOverdue int
}

// Week is what happened in a week, of all actions.
type Week struct {
	Monday                   hindcast.Date
	Opened, Closed, Declined int // Closed are those carried out
}

// Group are the figures of the items of one team or one priority.
type Group struct {
	Name     string // empty for those without
	Plain    Plain
	Verified int
	CameBack int
	Time     survival.Curve
	Weeks    []Week // of all its actions, as in Figures
}

// Velocity returns how many actions a week were carried out in the last four whole
// weeks, as they lie between two days. It is 0 for fewer weeks.
func Velocity(list []Week) (perWeek float64, from, to hindcast.Date) {
	if len(list) <= wholeWeeks {
		return 0, from, to
	}
	n, whole := 0, list[len(list)-1-wholeWeeks:len(list)-1]
	for _, w := range whole {
		n += w.Closed
	}
	return float64(n) / wholeWeeks, whole[0].Monday, whole[wholeWeeks-1].Monday.Add(6)
}

// wholeWeeks is over how many weeks the velocity is a mean.
const wholeWeeks = 4

// carriedOut reports whether anything was carried out in some weeks.
func carriedOut(list []Week) bool {
	return slices.ContainsFunc(list, func(w Week) bool { return w.Closed > 0 })
}

// weeks is how many weeks the velocity is shown for, the present one among them.
const weeks = 13

// Count counts actions, in any order.
func Count(all []Action, w Window) Figures {
	var items []Action
	f := Figures{Weeks: velocity(all, w.Today)}
	for _, a := range all {
		if a.overdue(w.Today) {
			f.OpenOverdue++
		}
		if w.Holds(a.Opened) {
			items = append(items, a)
		}
	}
	f.Plain, f.Time = plain(items, w.Today), timeToClose(items, w.Today)
	for _, a := range items {
		switch {
		case a.open():
			f.Open++
		case a.Status == hindcast.ActionDone:
			f.Done++
		case a.Status == hindcast.ActionVerified:
			f.Verified++
		default:
			f.Declined++
		}
		if a.CameBack {
			f.CameBack++
		}
		if a.Assumed {
			f.Assumed++
		}
	}
	f.Teams = groups(all, w, func(a Action) string { return a.Team })
	slices.SortStableFunc(f.Teams, func(a, b Group) int { return cmp.Compare(b.Plain.Total, a.Plain.Total) })
	f.Priorities = groups(all, w, func(a Action) string { return string(a.Priority) })
	slices.SortStableFunc(f.Priorities, func(a, b Group) int { return cmp.Compare(urgency(a.Name), urgency(b.Name)) })
	return f
}

func urgency(name string) int {
	list := hindcast.Priorities()
	if i := slices.IndexFunc(list, func(p hindcast.PriorityInfo) bool { return string(p.Priority) == name }); i >= 0 {
		return i
	}
	return len(list)
}

// timeToClose estimates how long it takes until actions are carried out.
func timeToClose(list []Action, today hindcast.Date) survival.Curve {
	var cases []survival.Case
	for _, a := range list {
		switch {
		case a.open():
			cases = append(cases, survival.Case{Days: between(a.Opened, today)})
		case !a.Closed.IsZero():
			cases = append(cases, survival.Case{Days: between(a.Opened, a.Closed), Over: a.done()})
		}
	}
	return survival.Estimate(cases)
}

// groups counts the items of each name, in any case of its letters, by name. One
// without items is there when something of it was carried out in the last weeks.
func groups(list []Action, w Window, name func(Action) string) []Group {
	of, shown := map[string][]Action{}, map[string]string{}
	for _, a := range list {
		key := strings.ToLower(name(a))
		of[key] = append(of[key], a)
		if s := shown[key]; s == "" || name(a) < s {
			shown[key] = name(a)
		}
	}
	var out []Group
	for key, all := range of {
		items := slices.DeleteFunc(slices.Clone(all), func(a Action) bool { return !w.Holds(a.Opened) })
		g := Group{Name: shown[key], Plain: plain(items, w.Today), Time: timeToClose(items, w.Today), Weeks: velocity(all, w.Today)}
		if len(items) == 0 && !carriedOut(g.Weeks) {
			continue
		}
		for _, a := range items {
			if a.Status == hindcast.ActionVerified {
				g.Verified++
			}
			if a.CameBack {
				g.CameBack++
			}
		}
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b Group) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// velocity counts what was agreed and carried out in each of the last weeks.
func velocity(all []Action, today hindcast.Date) []Week {
	first := Monday(today).Add(-7 * (weeks - 1))
	out := make([]Week, weeks)
	for i := range out {
		out[i].Monday = first.Add(7 * i)
	}
	at := func(day hindcast.Date) *Week {
		if day.Compare(first) < 0 || day.Compare(first.Add(7*weeks)) >= 0 {
			return &Week{}
		}
		return &out[between(first, day)/7]
	}
	for _, a := range all {
		at(a.Opened).Opened++
		switch {
		case a.Closed.IsZero():
		case a.done():
			at(a.Closed).Closed++
		case !a.open():
			at(a.Closed).Declined++
		}
	}
	return out
}

// Monday returns the first day of the week of a day.
func Monday(d hindcast.Date) hindcast.Date { return d.Add(-(int(d.Time().Weekday()) + 6) % 7) }
