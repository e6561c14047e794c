// Package impact computes what an incident did to service level objectives and
// which severity it had, and shows the formula behind every number.
package impact

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/hindcast/hindcast"
)

// Result is a computed number with the formula that gave it.
type Result struct {
	Value   float64
	Formula string // with the numbers put in: "100 % bad x 23 m / (30 d x 0.1 %) = 53.2 %"
}

// Budget returns the share of an objective's error budget that an incident
// consumed, in percent: bad is the share of requests or users that failed,
// percent, for length. The budget of a window is its length times what the
// target leaves; see "Implementing SLOs" in The Site Reliability Workbook.
// It reports false when target, window or length is not stated, or when a
// target of 100 leaves nothing to consume.
func Budget(s hindcast.SLO, bad float64, length time.Duration) (Result, bool) {
	left := 100 - s.Target
	if s.Target <= 0 || left <= 0 || s.WindowDays <= 0 || length <= 0 || !share(bad) {
		return Result{}, false
	}
	window := time.Duration(s.WindowDays) * 24 * time.Hour
	v := 100 * (bad / 100 * length.Seconds()) / (window.Seconds() * left / 100)
	return Result{v, fmt.Sprintf("%s %% failing x %s / (%d d x %s %% allowed) = %s %%",
		number(bad), hindcast.FormatDuration(length), s.WindowDays, number(left), number(v))}, true
}

// BurnRate returns how many times faster than sustainable the budget was
// consumed while bad percent failed: 1 consumes exactly the budget in a window.
func BurnRate(s hindcast.SLO, bad float64) (Result, bool) {
	left := 100 - s.Target
	if s.Target <= 0 || left <= 0 || !share(bad) {
		return Result{}, false
	}
	v := bad / left
	return Result{v, fmt.Sprintf("%s %% failing / %s %% allowed = %s x", number(bad), number(left), number(v))}, true
}

// share reports whether v is a percentage.
func share(v float64) bool { return v >= 0 && v <= 100 }

// number writes v with at most three digits that matter.
func number(v float64) string {
	if v == 0 {
		return "0"
	}
	digits := max(0, 2-int(math.Floor(math.Log10(math.Abs(v)))))
	f, err := strconv.ParseFloat(strconv.FormatFloat(v, 'f', digits, 64), 64)
	if err != nil {
		f = v
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// Complete fills the budget and the burn rate of objectives that state a target
// and a window and hold neither, from the share of users affected and the length
// of the incident. Numbers that somebody stated stay as they are.
func Complete(inc hindcast.Incident) []hindcast.SLO {
	out := make([]hindcast.SLO, len(inc.Impact.SLOs))
	copy(out, inc.Impact.SLOs)
	users := inc.Impact.Users.Value
	if users == nil {
		return out
	}
	var length time.Duration
	if !inc.StartedAt.IsZero() && !inc.ResolvedAt.IsZero() {
		length = inc.ResolvedAt.Sub(inc.StartedAt)
	}
	for i, s := range out {
		if r, ok := Budget(s, *users, length); ok && s.Budget.IsZero() {
			out[i].Budget = computed(r, "%")
		}
		if r, ok := BurnRate(s, *users); ok && s.BurnRate.IsZero() {
			out[i].BurnRate = computed(r, "x")
		}
	}
	return out
}

// computed is a number that follows from others.
func computed(r Result, unit string) hindcast.Number {
	v, err := strconv.ParseFloat(strconv.FormatFloat(r.Value, 'g', 6, 64), 64) // more digits would only look exact
	if err != nil {
		v = r.Value
	}
	return hindcast.Number{State: hindcast.Estimated, Value: &v, Unit: unit, How: r.Formula, By: "Hindcast, from the share of users affected"}
}

// Proposal is a severity that the numbers speak for.
type Proposal struct {
	Level  int
	Reason string
}

// Severity proposes a level from the share of users affected and the highest
// burn rate: all users is level 1, a significant share (5 % and more, or a
// budget burning 14.4 times too fast, which is 2 % of a 30-day budget in an
// hour) level 2, less level 3. It reports false when neither number is known.
func Severity(p hindcast.Policy, i hindcast.Impact) (Proposal, bool) {
	var burn float64
	known := false
	for _, s := range i.SLOs {
		if v := s.BurnRate.Value; v != nil {
			burn, known = max(burn, *v), true
		}
	}
	var out Proposal
	switch users := i.Users.Value; {
	case users == nil && !known:
		return Proposal{}, false
	case users != nil && *users >= 99:
		out = Proposal{1, fmt.Sprintf("%s %% of users were affected", number(*users))}
	case users != nil && *users >= 5:
		out = Proposal{2, fmt.Sprintf("%s %% of users were affected", number(*users))}
	case burn >= 14.4:
		out = Proposal{2, fmt.Sprintf("an error budget burned %s times faster than sustainable", number(burn))}
	case users != nil:
		out = Proposal{3, fmt.Sprintf("%s %% of users were affected", number(*users))}
	default:
		out = Proposal{3, fmt.Sprintf("an error budget burned %s times as fast as sustainable", number(burn))}
	}
	_, ok := p.Level(out.Level)
	return out, ok
}
