package impact

import (
	"fmt"
	"time"

	"github.com/hindcast/hindcast"
)

// Duration is one of the times between the phases of an incident.
type Duration struct {
	Name    string // JSON name in [hindcast.Metrics]: "time_to_detect_s"
	Title   string // for people: "Time to detect"
	Took    time.Duration
	Known   bool   // both moments are known
	Formula string // "detected 14:38:45 - started 14:37:00 = 1 m 45 s"; what is missing when it is not known
}

// Durations returns the times between the phases with their formulas, in order.
// There are two lengths, which must not be mixed up: the incident length counts
// from the start, detection to resolution from when people noticed.
func Durations(p hindcast.Phases) []Duration {
	between := func(name, title, to, from string) Duration {
		a, b := *p.Moment(from + "_at"), *p.Moment(to + "_at")
		d := Duration{Name: name, Title: title}
		switch {
		case a.IsZero() && b.IsZero():
			d.Formula = "neither " + from + " nor " + to + " is known"
		case a.IsZero():
			d.Formula = from + " is not known"
		case b.IsZero():
			d.Formula = to + " is not known"
		default:
			d.Took, d.Known = b.Sub(a).Round(time.Second), true
			d.Formula = fmt.Sprintf("%s %s - %s %s = %s", to, moment(b, a), from, moment(a, a), hindcast.FormatDuration(d.Took))
		}
		return d
	}
	return []Duration{
		between("time_to_detect_s", "Time to detect", "detected", "started"),
		between("time_to_acknowledge_s", "Time to acknowledge", "acknowledged", "detected"),
		between("time_to_mitigate_s", "Time to mitigate", "mitigated", "detected"),
		between("duration_s", "Incident length", "resolved", "started"),
		between("detection_to_resolution_s", "Detection to resolution", "resolved", "detected"),
	}
}

// moment writes a time of day, with its day when that is not the day of from.
func moment(t, from time.Time) string {
	if hindcast.DateOf(t) != hindcast.DateOf(from) {
		return t.UTC().Format(time.DateTime)
	}
	return t.UTC().Format(time.TimeOnly)
}

// Response is the time to acknowledge held against what the severity asks.
type Response struct {
	Within time.Duration // what the policy asks of the severity
	Took   time.Duration
	Met    bool
	Reason string // "acknowledged 25 s after detection; severity 1 (Critical) asks for 5 m (immediate)"
}

// Acknowledged holds the time to acknowledge against the response time of the
// incident's severity. It reports false when the severity is not decided, the
// policy has no response time for it, or a moment is not known.
func Acknowledged(policy hindcast.Policy, inc hindcast.Incident) (Response, bool) {
	s, ok := policy.Level(inc.Severity)
	if !ok || s.ResponseWithin <= 0 || inc.DetectedAt.IsZero() || inc.AcknowledgedAt.IsZero() {
		return Response{}, false
	}
	r := Response{Within: s.ResponseWithin, Took: inc.AcknowledgedAt.Sub(inc.DetectedAt).Round(time.Second)}
	r.Met = r.Took <= r.Within
	verb := "which is met"
	if !r.Met {
		verb = "which is missed by " + hindcast.FormatDuration(r.Took-r.Within)
	}
	r.Reason = fmt.Sprintf("acknowledged %s after detection; severity %d (%s) asks for %s, %s",
		hindcast.FormatDuration(r.Took), s.Level, s.Name, hindcast.FormatDuration(r.Within), verb)
	return r, true
}
