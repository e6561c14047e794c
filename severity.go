package hindcast

import (
	"fmt"
	"time"
)

// Severity is one level of a severity policy.
type Severity struct {
	Level          int // from 1, the most severe
	Name           string
	Criteria       string
	Response       string        // the response time in the policy's words
	ResponseWithin time.Duration // the latest time to acknowledge that still meets it
	Required       bool          // else optional, by what can be learned
	DraftDays      int           // working days after resolution until the draft is due, or days; see Calendar
	PublishDays    int           // the same until the post-mortem is published
	Gate           Gate
	Approvals      Approvals
}

// Gate is what the quality gate asks of the post-mortems of a severity.
type Gate struct {
	Warns   []Criterion // failing these warns; failing any other blocks
	Attests []Criterion // a person vouches for these as well, by role
}

// Approvals are what it takes to approve a post-mortem of a severity. The zero value
// asks for none but those of reviewers who were asked by name.
type Approvals struct {
	Count  int      // of people who did not write it themselves
	Parts  []string // what they do there: lead, participant, reviewer; anything when empty
	People []string // addresses of those who approve each of them, on top of Count
}

// Any reports whether they ask for anything.
func (a Approvals) Any() bool { return a.Count > 0 || len(a.People) > 0 }

// ReviewPolicy says how post-mortems are reviewed.
type ReviewPolicy struct {
	// AccountsShown lets everybody who takes part read what others remember at once;
	// else who is asked for it writes down what they remember first.
	AccountsShown bool
	Anonymous     bool // comments may be made without a name
}

// Triggers require a post-mortem whatever the severity.
type Triggers struct {
	SLOViolated      bool    // an objective was violated
	BudgetAbove      float64 // more than this share of an error budget was consumed, percent; 0 switches it off
	SystemicNearMiss bool    // a near miss that revealed a systemic gap
}

// Policy is an organization's severity policy.
type Policy struct {
	Severities []Severity // by level
	Triggers   Triggers
	Calendar   Calendar   // by which days are counted
	Reminders  []Reminder // of what is due
	Review     ReviewPolicy
}

// Reminder is when those who lead a post-mortem are reminded of a day.
type Reminder struct {
	Days     int  // working days after the day on which it is due; negative before it
	Escalate bool // all who take part are told as well
}

// DefaultPolicy returns the policy of an organization that has none of its own.
func DefaultPolicy() Policy {
	attested := Gate{Attests: []Criterion{CriterionTimelineComplete, CriterionLearning}}
	return Policy{
		Severities: []Severity{
			{Level: 1, Name: "Critical", Criteria: "Complete service outage affecting all users",
				Response: "Immediate", ResponseWithin: 5 * time.Minute, Required: true, DraftDays: 3, PublishDays: 7, Gate: attested},
			{Level: 2, Name: "High", Criteria: "Major functionality degraded for significant user percentage",
				Response: "Within 15 minutes", ResponseWithin: 15 * time.Minute, Required: true, DraftDays: 3, PublishDays: 7, Gate: attested},
			{Level: 3, Name: "Medium", Criteria: "Minor functionality affected or small user subset impacted",
				Response: "Within 1 hour", ResponseWithin: time.Hour, DraftDays: 3, PublishDays: 7,
				Gate: Gate{Warns: []Criterion{CriterionContributing, CriterionEvidence}}},
		},
		Triggers:  Triggers{SLOViolated: true, BudgetAbove: 20, SystemicNearMiss: true},
		Reminders: []Reminder{{Days: -1}, {Days: 0}, {Days: 1}, {Days: 3, Escalate: true}},
	}
}

// Level returns the severity of a level, if the policy has it.
func (p Policy) Level(n int) (Severity, bool) {
	for _, s := range p.Severities {
		if s.Level == n {
			return s, true
		}
	}
	return Severity{}, false
}

// Gate returns what the quality gate asks at a level. Until a severity is
// decided it is what the most severe level asks, and decided is false.
func (p Policy) Gate(level int) (g Gate, decided bool) {
	if s, ok := p.Level(level); ok {
		return s.Gate, true
	}
	first := Severity{}
	for _, s := range p.Severities {
		if first.Level == 0 || s.Level < first.Level {
			first = s
		}
	}
	return first.Gate, false
}

// Approvals returns what it takes to approve a post-mortem at a level. Until a
// severity is decided it is what the most severe level asks.
func (p Policy) Approvals(level int) Approvals {
	if s, ok := p.Level(level); ok {
		return s.Approvals
	}
	first := Severity{}
	for _, s := range p.Severities {
		if first.Level == 0 || s.Level < first.Level {
			first = s
		}
	}
	return first.Approvals
}

// Requires reports whether the policy requires a post-mortem of pm's incident,
// and the reason.
func (p Policy) Requires(pm Postmortem) (bool, string) {
	inc := pm.Incident
	if s, ok := p.Level(inc.Severity); ok && s.Required {
		return true, fmt.Sprintf("severity %d (%s) requires one", s.Level, s.Name)
	}
	for _, s := range inc.Impact.SLOs {
		if p.Triggers.SLOViolated && s.Outcome == SLOViolated {
			return true, "a service level objective was violated"
		}
		if b := s.Budget.Value; p.Triggers.BudgetAbove > 0 && b != nil && *b > p.Triggers.BudgetAbove {
			return true, fmt.Sprintf("more than %v %% of an error budget was consumed", p.Triggers.BudgetAbove)
		}
	}
	if p.Triggers.SystemicNearMiss && inc.Kind == KindNearMiss && pm.systemic() {
		return true, "the near miss revealed a systemic gap"
	}
	return false, "it is optional at this severity"
}

// Validate returns the faults of a policy.
func (p Policy) Validate() []Fault {
	f := newFaults()
	f.at("severities").require(len(p.Severities) > 0, "is empty; name at least one level")
	seen := map[int]bool{}
	for i, s := range p.Severities {
		g := f.at("severities", i)
		g.at("level").require(s.Level > 0, "is %d; levels begin at 1", s.Level)
		g.at("level").require(!seen[s.Level], "level %d is there twice", s.Level)
		seen[s.Level] = true
		g.at("name").require(s.Name != "", "has no name")
		g.at("response").require(s.ResponseWithin > 0, "has no time within which it is met")
		g.at("publish_days").require(s.PublishDays >= s.DraftDays, "is due before the draft")
		for n, c := range s.Gate.Warns {
			word(g.at("gate").at("warns", n), c, criteria()...)
		}
		for n, c := range s.Gate.Attests {
			word(g.at("gate").at("attests", n), c, criteria()...)
		}
		g.at("approvals").require(s.Approvals.Count >= 0, "is below 0")
	}
	f.at("triggers").require(p.Triggers.BudgetAbove >= 0, "budget is below 0")
	return *f.list
}
