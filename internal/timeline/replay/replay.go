package replay

import (
	"cmp"
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// Firing is one time that a rule fires for one series, or for the messages.
type Firing struct {
	Subject string    `json:"subject"`    // the series, or the text that was counted
	Pending time.Time `json:"pending_at"` // since when the condition held
	At      time.Time `json:"at"`         // when it fired: the first evaluation at least For later
	Until   time.Time `json:"until"`      // when the condition no longer held, or the samples end
	Value   float64   `json:"value"`      // when it fired
	During  bool      `json:"during"`     // it overlaps the incident
}

// Result is what a rule would have done.
type Result struct {
	Rule    string   `json:"rule"`
	Watched []string `json:"watched"` // series or templates that it looks at
	// From and To are what was evaluated.
	From    time.Time `json:"from,omitzero"`
	To      time.Time `json:"to,omitzero"`
	Firings []Firing  `json:"firings"` // by At, then Subject
	// First is when it first fired in the incident; zero when it did not. One that
	// fired before and still did when the incident began counts: it was a warning.
	First time.Time `json:"first_at,omitzero"`
	// EarlierS is detection less First in seconds: below zero it would have fired
	// later than people noticed. nil when it did not fire or detection is unknown.
	EarlierS *int64 `json:"earlier_s,omitempty"`
	// False counts the times it fired outside the incident; firings of several
	// series that overlap are one.
	False int `json:"false_alarms"`
	// OutsideS is how long it was evaluated outside the incident, in seconds, and
	// FalsePerDay is False / OutsideS x 86,400; nil when that is under an hour,
	// which tells nothing.
	OutsideS    int64    `json:"outside_s"`
	FalsePerDay *float64 `json:"false_per_day,omitempty"`
}

// Run replays a rule over evidence. It reports what it watched: nothing when
// the evidence has no such series or messages.
func Run(r Rule, set signal.Set, p hindcast.Phases) Result {
	out := Result{Rule: r.String(), Watched: []string{}, Firings: []Firing{}}
	var spans []span
	for _, t := range r.tracks(set) {
		out.Watched = append(out.Watched, t.names...)
		spans = append(spans, span{t.points[0].at, t.points[len(t.points)-1].at})
		out.Firings = append(out.Firings, r.fire(t)...)
	}
	slices.Sort(out.Watched)
	out.Watched = slices.Compact(out.Watched)
	slices.SortFunc(out.Firings, func(a, b Firing) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Subject, b.Subject))
	})
	if len(spans) == 0 {
		return out
	}
	watched := join(spans)
	out.From, out.To = moment(watched[0].from), moment(watched[len(watched)-1].to)
	out.judge(p, watched)
	return out
}

// judge sets what follows from the incident's phases.
func (r *Result) judge(p hindcast.Phases, watched []span) {
	var alone []span
	incident, known := incidentOf(p)
	for i := range r.Firings {
		f := &r.Firings[i]
		s := span{f.At.UnixNano(), f.Until.UnixNano()}
		if f.During = known && s.overlaps(incident); !f.During {
			alone = append(alone, s)
		} else if r.First.IsZero() {
			r.First = f.At
		}
	}
	if r.False = len(join(alone)); len(alone) == 0 {
		r.False = 0
	}
	var outside int64
	for _, s := range watched {
		outside += s.to - s.from
		if known {
			outside -= s.common(incident)
		}
	}
	r.OutsideS = outside / int64(time.Second)
	if outside >= int64(time.Hour) {
		perDay := float64(r.False) / (float64(outside) / float64(24*time.Hour))
		r.FalsePerDay = &perDay
	}
	if !r.First.IsZero() && !p.DetectedAt.IsZero() {
		s := int64(p.DetectedAt.Sub(r.First).Round(time.Second) / time.Second)
		r.EarlierS = &s
	}
}

// incidentOf returns the time of an incident: from its start, or when it was
// detected, to its end; without an end all that follows.
func incidentOf(p hindcast.Phases) (span, bool) {
	from := p.StartedAt
	if from.IsZero() {
		from = p.DetectedAt
	}
	if from.IsZero() {
		return span{}, false
	}
	to := p.ResolvedAt
	if to.IsZero() {
		return span{from.UnixNano(), 1<<63 - 1}, true
	}
	return span{from.UnixNano(), to.UnixNano()}, true
}

// Alert returns the rule with its result as an action item keeps it.
func (r Result) Alert() hindcast.AlertRule {
	return hindcast.AlertRule{Rule: r.Rule, Replay: &hindcast.Replay{FirstAt: r.First, EarlierS: r.EarlierS, FalseAlarms: r.False, OutsideS: r.OutsideS}}
}

// Verdict says in a sentence what the rule would have done.
func (r Result) Verdict() string {
	if len(r.Watched) == 0 {
		return "nothing in the evidence matches it"
	}
	return r.Alert().Replay.Verdict()
}

func moment(ns int64) time.Time { return time.Unix(0, ns).UTC() }

// lookback is after how long without a sample a series no longer has a value, as
// in Prometheus.
const lookback = int64(5 * time.Minute)

// stale returns when a track has no value any more: after the look-back, or twice
// the usual distance of its samples where an export is coarser than that.
func stale(t track) int64 {
	var steps []int64
	for i := 1; i < len(t.points); i++ {
		steps = append(steps, t.points[i].at-t.points[i-1].at)
	}
	if len(steps) == 0 {
		return lookback
	}
	slices.Sort(steps)
	return max(lookback, 2*steps[len(steps)/2])
}

// fire evaluates a rule at every point of a track. It is pending from the first
// point at which the condition holds, fires at the first point at least For later
// until which it held without a break, and ends at the first point at which it
// does not hold, or when the track goes stale.
func (r Rule) fire(t track) []Firing {
	var out []Firing
	var now *Firing // pending or firing
	fired, stale := false, stale(t)
	end := func(at int64) {
		if fired {
			now.Until = moment(at)
			out = append(out, *now)
		}
		now, fired = nil, false
	}
	for i, p := range t.points {
		if i > 0 && now != nil && p.at-t.points[i-1].at > stale {
			end(t.points[i-1].at + stale)
		}
		if !r.holds(p.value) {
			if now != nil {
				end(p.at)
			}
			continue
		}
		if now == nil {
			now = &Firing{Subject: t.subject, Pending: moment(p.at)}
		}
		if !fired && p.at-now.Pending.UnixNano() >= int64(r.For) {
			now.At, now.Value, fired = moment(p.at), p.value, true
		}
	}
	if now != nil {
		end(t.points[len(t.points)-1].at)
	}
	return out
}

func (r Rule) holds(v float64) bool {
	switch r.Op {
	case ">":
		return v > r.Value
	case ">=":
		return v >= r.Value
	case "<":
		return v < r.Value
	case "<=":
		return v <= r.Value
	case "==":
		return v == r.Value
	}
	return v != r.Value
}

// span is a stretch of time in nanoseconds since the Unix epoch.
type span struct{ from, to int64 }

func (s span) overlaps(o span) bool { return s.from <= o.to && o.from <= s.to }

// common is how long two stretches are together.
func (s span) common(o span) int64 { return max(0, min(s.to, o.to)-max(s.from, o.from)) }

// join merges stretches that overlap and sorts them.
func join(list []span) []span {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	var out []span
	for _, s := range list {
		if n := len(out); n > 0 && s.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}
