package hindcast

import (
	"math"
	"slices"
	"time"
)

// IncidentKind says whether users were affected.
type IncidentKind string

// The kinds of incident.
const (
	KindIncident IncidentKind = "incident"
	KindNearMiss IncidentKind = "near-miss" // could have become an incident under other circumstances
)

// Incident is what happened, apart from how and why.
type Incident struct {
	Number       string       `json:"number,omitempty"` // in the pager or tracker, without "#": "4521", "INC-77"
	Title        string       `json:"title"`
	Kind         IncidentKind `json:"kind"`
	Severity     int          `json:"severity,omitempty"`      // level of the severity policy; 0 when not decided
	SeverityName string       `json:"severity_name,omitempty"` // its name in the policy when it was decided
	// SeverityChanges are the changes of the severity since it was first decided,
	// in order; use [Incident.SetSeverity].
	SeverityChanges []SeverityChange `json:"severity_changes,omitempty"`
	Services        []string         `json:"services,omitempty"`  // affected services, as the evidence spells them
	Detection       string           `json:"detection,omitempty"` // detection method: what first told a person
	Participants    []Participant    `json:"participants,omitempty"`
	Phases
	PhaseWhy map[string]string `json:"phase_why,omitempty"` // by phase name ("started_at", ...): what decided the moment
	Impact   Impact            `json:"impact,omitzero"`
}

// SeverityChange is one change of an incident's severity.
type SeverityChange struct {
	From   int       `json:"from"` // level before
	To     int       `json:"to"`   // level since
	At     time.Time `json:"at,omitzero"`
	By     string    `json:"by,omitempty"` // role
	Reason string    `json:"reason"`
}

// SetSeverity decides the severity. Changing one that was decided needs a reason,
// which stays with the incident; name is the level's in the policy.
func (i *Incident) SetSeverity(level int, name string, at time.Time, by, reason string) error {
	if level < 0 {
		return Errorf(Invalid, "the severity is %d; use a level of the severity policy, 1 is the most severe", level)
	}
	if level == i.Severity {
		i.SeverityName = name
		return nil
	}
	if i.Severity != 0 {
		if reason == "" {
			return Errorf(Invalid, "say why the severity changes from %d to %d; the reason stays with the incident", i.Severity, level)
		}
		i.SeverityChanges = append(slices.Clone(i.SeverityChanges), SeverityChange{From: i.Severity, To: level, At: at.UTC(), By: by, Reason: reason})
	}
	i.Severity, i.SeverityName = level, name
	return nil
}

// Participant is a person who took part in the response or the review, by role.
type Participant struct {
	Role string `json:"role"`           // "on-call engineer", "incident commander", "responder"
	Name string `json:"name,omitempty"` // what tells people of one role apart: "Engineer A"
}

// Impact is what the incident did to users and the business.
type Impact struct {
	Users    Number    `json:"users,omitzero"`     // share of users affected, percent
	Counts   []Measure `json:"counts,omitempty"`   // users, requests, jobs, messages
	Business []Measure `json:"business,omitempty"` // orders, revenue, sign-ups
	SLOs     []SLO     `json:"slos,omitempty"`
}

// IsZero reports whether nothing is stated.
func (i Impact) IsZero() bool {
	return i.Users.IsZero() && len(i.Counts) == 0 && len(i.Business) == 0 && len(i.SLOs) == 0
}

// SLOOutcome says whether the incident broke an objective.
type SLOOutcome string

// The outcomes; empty means not known yet.
const (
	SLOViolated SLOOutcome = "violated"
	SLOKept     SLOOutcome = "kept"
)

// SLO is a service level objective and what the incident did to it.
type SLO struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Target     float64    `json:"target,omitempty"`      // percent, above 0 and up to 100; 0 when not stated
	WindowDays int        `json:"window_days,omitempty"` // length of the objective's window; 0 when not stated
	Outcome    SLOOutcome `json:"outcome,omitempty"`
	Budget     Number     `json:"budget,omitzero"`    // share of the window's error budget that the incident consumed, percent
	BurnRate   Number     `json:"burn_rate,omitzero"` // consumption of the budget in multiples of the sustainable rate
	Detail     string     `json:"detail,omitempty"`
}

func (i Incident) validate(f faults) {
	f.at("title").require(i.Title != "", "has no title; say in a few words what happened")
	word(f.at("kind"), i.Kind, KindIncident, KindNearMiss)
	f.at("severity").require(i.Severity >= 0, "is %d; use a level of the severity policy, 1 is the most severe", i.Severity)
	for n, c := range i.SeverityChanges {
		g := f.at("severity_changes", n)
		g.at("reason").require(c.Reason != "", "is missing; say why the severity changed")
		g.at("to").require(c.To >= 0 && c.From >= 0, "goes from %d to %d; use levels of the severity policy", c.From, c.To)
	}
	for n, s := range i.Services {
		f.at("services", n).require(s != "", "is empty; name the service or remove the line")
	}
	for n, p := range i.Participants {
		f.at("participants", n).at("role").require(p.Role != "", "has no role; say what the person did, such as on-call engineer")
	}
	i.Phases.validate(f)
	for name := range i.PhaseWhy {
		f.at("phase_why").require(slices.Contains(PhaseNames(), name), "explains %q, which is no phase", name)
	}
	i.Impact.validate(f.at("impact"))
}

// PhaseNames returns the JSON names of the phases in order.
func PhaseNames() []string {
	return []string{"started_at", "detected_at", "acknowledged_at", "mitigated_at", "resolved_at"}
}

// phaseWords are the phases as people say them.
var phaseWords = map[string]string{"started_at": "the beginning", "detected_at": "the detection", "mitigated_at": "the mitigation"}

// Moment returns the phase with a JSON name, or nil.
func (p *Phases) Moment(name string) *time.Time {
	i := slices.Index(PhaseNames(), name)
	if i < 0 {
		return nil
	}
	return [...]*time.Time{&p.StartedAt, &p.DetectedAt, &p.AcknowledgedAt, &p.MitigatedAt, &p.ResolvedAt}[i]
}

func (p Phases) validate(f faults) {
	order := func(first string, a time.Time, then string, b time.Time) {
		if !a.IsZero() && !b.IsZero() && b.Before(a) {
			f.at(then).add("lies before %s; correct one of the two", phaseWords[first])
		}
	}
	order("started_at", p.StartedAt, "detected_at", p.DetectedAt)
	order("started_at", p.StartedAt, "mitigated_at", p.MitigatedAt)
	order("started_at", p.StartedAt, "resolved_at", p.ResolvedAt)
	order("detected_at", p.DetectedAt, "acknowledged_at", p.AcknowledgedAt)
	order("detected_at", p.DetectedAt, "resolved_at", p.ResolvedAt)
	order("mitigated_at", p.MitigatedAt, "resolved_at", p.ResolvedAt)
}

func (i Impact) validate(f faults) {
	i.Users.validate(f.at("users"), 100)
	var seen ids
	measures := func(name string, list []Measure) {
		for n, m := range list {
			g := f.at(name, n)
			seen.add(g, m.ID)
			g.at("name").require(m.Name != "", "has no name; say what was counted")
			m.Number.validate(g, math.MaxFloat64)
		}
	}
	measures("counts", i.Counts)
	measures("business", i.Business)
	for n, s := range i.SLOs {
		g := f.at("slos", n)
		seen.add(g, s.ID)
		s.validate(g)
	}
}

func (s SLO) validate(f faults) {
	f.at("name").require(s.Name != "", "has no name; say what the objective promises")
	f.at("target").require(s.Target >= 0 && s.Target <= 100, "is %v; it is a percentage, such as 99.9", s.Target)
	f.at("window_days").require(s.WindowDays >= 0, "is %d; it is a number of days, such as 30", s.WindowDays)
	word(f.at("outcome"), s.Outcome, "", SLOViolated, SLOKept)
	s.Budget.validate(f.at("budget"), math.MaxFloat64)
	s.BurnRate.validate(f.at("burn_rate"), math.MaxFloat64)
}
