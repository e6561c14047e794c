// Package integrity looks for what in a timeline cannot be right, or rests on
// assumptions: gaps, moments in the wrong order or in the future, clocks and zones
// that may be wrong, and sources that disagree about one fact.
//
// [Check] reports findings with the entries they are about; nothing is corrected.
// A person who agrees that a clock was wrong uses [Accept], which corrects the
// times of that clock's entries, keeps what it said, and can be taken back.
package integrity

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
)

// Rule is what a finding is about.
type Rule string

// The rules.
const (
	Gap               Rule = "gap"                // nothing is told for a while during the incident
	AckBeforeTrigger  Rule = "ack-before-trigger" // somebody took up an alert before there was one
	ResolvedTooEarly  Rule = "resolved-too-early" // declared over before it got better
	Future            Rule = "future"             // after today
	AmbiguousZone     Rule = "ambiguous-zone"     // times were read in a zone that nobody stated
	AmbiguousHour     Rule = "ambiguous-hour"     // clocks were put back: an hour of local times occurred twice
	MissingHour       Rule = "missing-hour"       // clocks were put forward: an hour of local times did not occur
	SourcesDisagree   Rule = "sources-disagree"   // two entries tell one fact at different times
	ClockProposed     Rule = "clock-proposed"     // a clock seems to be wrong, and nobody decided yet
	ClockAccepted     Rule = "clock-accepted"     // times were corrected
	BeyondTheEvidence Rule = "beyond-evidence"    // an entry lies outside the time of the file it rests on
)

// Finding is one thing to look at.
type Finding struct {
	Rule     Rule                  `json:"rule"`
	Level    hindcast.FindingLevel `json:"level"`
	At       time.Time             `json:"at,omitzero"`
	Entries  []string              `json:"entries"`         // ids, in the order of the timeline
	Files    []string              `json:"files,omitempty"` // of the evidence
	Message  string                `json:"message"`
	Question string                `json:"question,omitempty"` // what only a person can answer
}

// Options say what is checked against.
type Options struct {
	Now time.Time // later moments are in the future; zero checks none
}

// Check returns what to look at, errors first, then by time.
func Check(p hindcast.Postmortem, opt Options) []Finding {
	out := slices.Concat(order(p), future(p, opt.Now), disagreements(p), clocks(p), zones(p), hours(p), beyond(p), gaps(p))
	slices.SortStableFunc(out, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(b.Level.Rank(), a.Level.Rank()), a.At.Compare(b.At))
	})
	if out == nil {
		out = []Finding{}
	}
	return out
}

func clock(t time.Time) string { return t.UTC().Format(time.TimeOnly) }

// order finds phases and entries in an order that cannot be.
func order(p hindcast.Postmortem) []Finding {
	var out []Finding
	inc := p.Incident
	if before(inc.AcknowledgedAt, inc.DetectedAt) {
		out = append(out, Finding{Rule: AckBeforeTrigger, Level: hindcast.FindingError, At: inc.AcknowledgedAt, Entries: near(p, inc.AcknowledgedAt, inc.DetectedAt),
			Message:  fmt.Sprintf("the incident was acknowledged at %s and detected only at %s", clock(inc.AcknowledgedAt), clock(inc.DetectedAt)),
			Question: "Which of the two clocks is wrong, or what was acknowledged?"})
	}
	if first, alert := kind(p, hindcast.Acknowledge), kind(p, hindcast.Alert); first != nil && alert != nil && before(first.At, alert.At) && !before(inc.AcknowledgedAt, inc.DetectedAt) {
		out = append(out, Finding{Rule: AckBeforeTrigger, Level: hindcast.FindingWarning, At: first.At, Entries: []string{first.ID, alert.ID},
			Message:  fmt.Sprintf("“%s” is at %s, before the first alert at %s", first.Title, clock(first.At), clock(alert.At)),
			Question: "Did somebody notice before the alert, or is one of the clocks wrong?"})
	}
	if before(inc.ResolvedAt, inc.MitigatedAt) {
		out = append(out, Finding{Rule: ResolvedTooEarly, Level: hindcast.FindingError, At: inc.ResolvedAt, Entries: near(p, inc.ResolvedAt, inc.MitigatedAt),
			Message:  fmt.Sprintf("the incident was resolved at %s, before its impact began to fall at %s", clock(inc.ResolvedAt), clock(inc.MitigatedAt)),
			Question: "Was it declared over too early, or is one of the moments wrong?"})
	}
	if over, better := kind(p, hindcast.Recovery), kind(p, hindcast.Mitigation); over != nil && better != nil && before(over.At, better.At) && !before(inc.ResolvedAt, inc.MitigatedAt) {
		out = append(out, Finding{Rule: ResolvedTooEarly, Level: hindcast.FindingWarning, At: over.At, Entries: []string{over.ID, better.ID},
			Message:  fmt.Sprintf("“%s” is at %s, before what made it better at %s", over.Title, clock(over.At), clock(better.At)),
			Question: "Was it declared over too early, or is one of the clocks wrong?"})
	}
	return out
}

// before reports whether a known moment lies before another known one.
func before(a, b time.Time) bool { return !a.IsZero() && !b.IsZero() && a.Before(b) }

// kind returns the first key entry of a kind that has a time.
func kind(p hindcast.Postmortem, k hindcast.EntryKind) *hindcast.Entry {
	for i, e := range p.Timeline {
		if e.Kind == k && e.Key && !e.At.IsZero() {
			return &p.Timeline[i]
		}
	}
	return nil
}

// near returns the entries at some moments.
func near(p hindcast.Postmortem, moments ...time.Time) []string {
	out := []string{}
	for _, e := range p.Timeline {
		if slices.ContainsFunc(moments, func(t time.Time) bool { return !e.At.IsZero() && e.At.Sub(t).Abs() < time.Second }) {
			out = append(out, e.ID)
		}
	}
	return out
}

// future finds moments after today.
func future(p hindcast.Postmortem, now time.Time) []Finding {
	if now.IsZero() {
		return nil
	}
	var out []Finding
	for _, e := range p.Timeline {
		last := e.At
		for _, t := range [...]time.Time{e.Until, e.KnownAt} {
			if t.After(last) {
				last = t
			}
		}
		if last.After(now) {
			out = append(out, Finding{Rule: Future, Level: hindcast.FindingError, At: last, Entries: []string{e.ID},
				Message: fmt.Sprintf("“%s” lies in the future: %s", e.Title, last.UTC().Format("2006-01-02 15:04:05 MST")), Question: "Which zone or year is it in?"})
		}
	}
	for _, name := range hindcast.PhaseNames() {
		if at := *p.Incident.Moment(name); at.After(now) {
			out = append(out, Finding{Rule: Future, Level: hindcast.FindingError, At: at, Entries: near(p, at),
				Message: fmt.Sprintf("%s lies in the future: %s", strings.ReplaceAll(name, "_", " "), at.UTC().Format("2006-01-02 15:04:05 MST")), Question: "Which zone or year is it in?"})
		}
	}
	return out
}

// zones finds files whose times carry no zone and that entries rest on.
func zones(p hindcast.Postmortem) []Finding {
	var out []Finding
	for _, f := range p.Evidence {
		zone, deduced := strings.CutPrefix(f.Zone, "deduced ")
		if !deduced && f.Zone != assumedZone {
			continue
		}
		as := "as UTC"
		if deduced {
			as = "as " + zone + ", which fits what the others say"
		}
		if ids := resting(p, f.Name, true); len(ids) > 0 {
			out = append(out, Finding{Rule: AmbiguousZone, Level: hindcast.FindingWarning, At: f.From, Entries: ids, Files: []string{f.Name},
				Message:  fmt.Sprintf("the times in %s carry no zone and were read %s; %s", f.Name, as, rest(len(ids))),
				Question: "In which zone does this system write its times? Read the evidence again with --zone, or name the zone with the file."})
		}
	}
	return out
}

// assumedZone is what Evidence.Zone says when nobody stated one.
const assumedZone = "assumed UTC"

func rest(n int) string {
	if n == 1 {
		return "1 entry rests on nothing else"
	}
	return fmt.Sprintf("%d entries rest on nothing else", n)
}

// resting returns the entries that rest on a file, or on it alone.
func resting(p hindcast.Postmortem, file string, alone bool) []string {
	var out []string
	for _, e := range p.Timeline {
		on := func(r hindcast.Ref) bool { return r.File == file }
		if !slices.ContainsFunc(e.Evidence, on) {
			continue
		}
		if !alone || !slices.ContainsFunc(e.Evidence, func(r hindcast.Ref) bool { return r.File != file }) {
			out = append(out, e.ID)
		}
	}
	return out
}

// beyond finds entries that lie outside the time of the only file they rest on.
func beyond(p hindcast.Postmortem) []Finding {
	var out []Finding
	files := map[string]hindcast.Evidence{}
	for _, f := range p.Evidence {
		files[f.Name] = f
	}
	for _, e := range p.Timeline {
		if e.At.IsZero() || !e.RecordedAt.IsZero() || len(e.Evidence) != 1 {
			continue
		}
		f, ok := files[e.Evidence[0].File]
		if !ok || f.From.IsZero() || !e.At.Before(f.From.Add(-day)) && !e.At.After(f.To.Add(day)) {
			continue
		}
		out = append(out, Finding{Rule: BeyondTheEvidence, Level: hindcast.FindingWarning, At: e.At, Entries: []string{e.ID}, Files: []string{f.Name},
			Message:  fmt.Sprintf("“%s” is at %s; the records of %s are from %s to %s", e.Title, e.At.UTC().Format(time.DateTime), f.Name, f.From.UTC().Format(time.DateTime), f.To.UTC().Format(time.DateTime)),
			Question: "Was its day changed by mistake?"})
	}
	return out
}

const day = 24 * time.Hour

// How long nothing may be told during an incident: a quarter of an hour, or a
// fifth of a long incident.
const shortest = 15 * time.Minute

// gaps finds stretches between detection and resolution in which nothing is told.
// What lasts counts at its beginning only: that a symptom goes on tells nothing of
// what people did.
func gaps(p hindcast.Postmortem) []Finding {
	from, to := p.Incident.DetectedAt, p.Incident.ResolvedAt
	if !before(from, to) {
		return nil
	}
	limit := max(shortest, to.Sub(from)/5)
	last := hindcast.Entry{At: from}
	var out []Finding
	look := func(next hindcast.Entry) {
		if quiet := next.At.Sub(last.At); quiet > limit {
			ids := []string{}
			for _, id := range [...]string{last.ID, next.ID} {
				if id != "" {
					ids = append(ids, id)
				}
			}
			out = append(out, Finding{Rule: Gap, Level: hindcast.FindingNote, At: last.At, Entries: ids,
				Message:  fmt.Sprintf("nothing is told from %s to %s (%s)", clock(last.At), clock(next.At), hindcast.FormatDuration(quiet)),
				Question: "What did people do, try or wait for in this time?"})
		}
		last = next
	}
	list := slices.DeleteFunc(slices.Clone(p.Timeline), func(e hindcast.Entry) bool { return !e.Key || e.At.Before(from) || e.At.After(to) })
	slices.SortStableFunc(list, func(a, b hindcast.Entry) int { return a.At.Compare(b.At) })
	for _, e := range list {
		look(e)
	}
	look(hindcast.Entry{At: to})
	return out
}
