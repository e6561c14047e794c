package hindcast

import (
	"fmt"
	"time"
)

// Priority says how urgent an action item is.
type Priority string

// The priorities.
const (
	PriorityCritical Priority = "critical"
	PriorityHigh     Priority = "high"
	PriorityMedium   Priority = "medium"
	PriorityLow      Priority = "low"
)

// PriorityInfo explains a priority and the window within which it is completed.
type PriorityInfo struct {
	Priority     Priority
	Name         string
	Criteria     string
	Window       string // in the method's words
	EarliestDays int    // after the post-mortem: the window's beginning
	LatestDays   int    // and its end; 0 when it is open
}

// Due proposes a due date for an action agreed on a day: the end of the window,
// or its beginning when the window is open.
func (p PriorityInfo) Due(agreed Date) Date { return agreed.Add(max(p.EarliestDays, p.LatestDays)) }

// Priorities returns the priorities, the most urgent first.
func Priorities() []PriorityInfo {
	return []PriorityInfo{
		{PriorityCritical, "Critical", "Prevents recurrence of severity 1-2 incident", "Within 1 week", 0, 7},
		{PriorityHigh, "High", "Significantly reduces incident likelihood or improves detection", "Within 2-4 weeks", 14, 28},
		{PriorityMedium, "Medium", "Incremental improvement to reliability or response", "Within 1-2 months", 30, 61},
		{PriorityLow, "Low", "Nice-to-have improvement or long-term goal", "Within 3+ months", 91, 0},
	}
}

// Due proposes a due date for an action with this priority; the zero Date when it
// has none.
func (p Priority) Due(agreed Date) Date {
	for _, info := range Priorities() {
		if info.Priority == p {
			return info.Due(agreed)
		}
	}
	return Date{}
}

// Effect is what an action item changes.
type Effect string

// The effects.
const (
	PreventsRecurrence Effect = "prevents-recurrence"
	ImprovesDetection  Effect = "improves-detection"
	ImprovesResponse   Effect = "improves-response"
)

// Effects returns the effects.
func Effects() []Effect { return []Effect{PreventsRecurrence, ImprovesDetection, ImprovesResponse} }

// ActionStatus is the state of an action item.
type ActionStatus string

// The states of an action item.
const (
	ActionOpen       ActionStatus = "open"
	ActionInProgress ActionStatus = "in-progress"
	ActionDone       ActionStatus = "done"     // carried out, effect not shown yet
	ActionVerified   ActionStatus = "verified" // somebody showed that the success criterion holds
	ActionDeclined   ActionStatus = "wont-do"  // decided against, with a reason
)

// Verification shows that an action's success criterion holds.
type Verification struct {
	How      string `json:"how"` // what was seen
	By       string `json:"by"`  // role
	On       Date   `json:"on,omitzero"`
	Own      string `json:"own,omitempty"` // why the owner's own word is enough, where the owner verified it
	Evidence []Ref  `json:"evidence,omitempty"`
}

// AlertRule is an alert rule that an action proposes.
type AlertRule struct {
	Rule   string  `json:"rule"`             // as package replay reads it
	Replay *Replay `json:"replay,omitempty"` // what it would have done; nil when it was not tried
}

// Replay is what an alert rule would have done, replayed over the evidence of the
// incident.
type Replay struct {
	FirstAt     time.Time `json:"first_at,omitzero"`   // when it would first have fired in the incident, UTC; zero when it would not
	EarlierS    *int64    `json:"earlier_s,omitempty"` // seconds before the incident was detected; below zero: after it
	FalseAlarms int       `json:"false_alarms"`        // how often it would have fired outside the incident
	OutsideS    int64     `json:"outside_s"`           // in how many seconds of evidence from outside
}

// Verdict says in a sentence what the rule would have done.
func (r Replay) Verdict() string {
	long := func(s int64) string { return FormatDuration(time.Duration(s) * time.Second) }
	at := r.FirstAt.UTC().Format(time.DateTime)
	s := "it would not have fired in the incident"
	switch {
	case r.FirstAt.IsZero():
	case r.EarlierS == nil:
		s = "it would have fired at " + at
	case *r.EarlierS > 0:
		s = fmt.Sprintf("it would have fired at %s, %s earlier", at, long(*r.EarlierS))
	case *r.EarlierS == 0:
		s = fmt.Sprintf("it would have fired at %s, when the incident was detected", at)
	default:
		s = fmt.Sprintf("it would have fired at %s, %s later than the incident was detected", at, long(-*r.EarlierS))
	}
	alarms := "false alarms"
	if r.FalseAlarms == 1 {
		alarms = "false alarm"
	}
	return fmt.Sprintf("%s; %d %s in %s", s, r.FalseAlarms, alarms, long(r.OutsideS))
}

func (a AlertRule) validate(f faults) {
	f.at("rule").require(a.Rule != "", "is empty; write it as error_ratio > 0.05 for 2m")
	if r := a.Replay; r != nil {
		f.at("replay").at("false_alarms").require(r.FalseAlarms >= 0, "is below 0")
		f.at("replay").at("outside_s").require(r.OutsideS >= 0, "is below 0")
	}
}

// ActionItem is an improvement that somebody will make.
type ActionItem struct {
	ID           string        `json:"id"`
	Description  string        `json:"description"` // exactly what will be done
	Detail       string        `json:"detail,omitempty"`
	Owner        string        `json:"owner,omitempty"` // team or role
	Priority     Priority      `json:"priority,omitempty"`
	Due          Date          `json:"due,omitzero"`
	DoneWhen     string        `json:"done_when,omitempty"` // success criterion
	Effects      []Effect      `json:"effects,omitempty"`
	Factors      []string      `json:"factors,omitempty"` // ids of the factors it answers
	Ticket       string        `json:"ticket,omitempty"`  // URL or key in the tracker
	Status       ActionStatus  `json:"status"`
	Reason       string        `json:"reason,omitempty"` // why it was decided against
	Revisit      Date          `json:"revisit,omitzero"` // when to look at that decision again
	Opened       Date          `json:"opened,omitzero"`  // when it was agreed
	Closed       Date          `json:"closed,omitzero"`  // when it was done or decided against
	Verification *Verification `json:"verification,omitempty"`
	Alert        *AlertRule    `json:"alert,omitempty"`   // for one that improves detection
	History      []ActionMove  `json:"history,omitempty"` // changes of its status, the first one first
}

func (a ActionItem) validate(f faults, factors map[string]bool) {
	f.at("description").require(a.Description != "", "is empty; say exactly what will be done")
	word(f.at("priority"), a.Priority, "", PriorityCritical, PriorityHigh, PriorityMedium, PriorityLow)
	word(f.at("status"), a.Status, ActionOpen, ActionInProgress, ActionDone, ActionVerified, ActionDeclined)
	for i, e := range a.Effects {
		word(f.at("effects", i), e, Effects()...)
	}
	for i, id := range a.Factors {
		f.at("factors", i).require(factors[id], "answers factor %q, which does not exist; use the id of a factor", id)
	}
	f.at("reason").require(a.Status != ActionDeclined || a.Reason != "", "is missing; say why this will not be done")
	f.at("closed").require(a.Opened.IsZero() || a.Closed.IsZero() || a.Opened.Compare(a.Closed) <= 0, "lies before the day it was opened")
	f.at("verification").require(a.Status != ActionVerified || a.Verification != nil, "is missing; say how it was verified, and by whom")
	if a.Alert != nil {
		a.Alert.validate(f.at("alert"))
	}
	for i, m := range a.History {
		word(f.at("history", i).at("to"), m.To, ActionOpen, ActionInProgress, ActionDone, ActionVerified, ActionDeclined)
	}
	if v := a.Verification; v != nil {
		f.at("verification").at("how").require(v.How != "", "is missing; say what was seen")
		f.at("verification").at("by").require(v.By != "", "is missing; say who saw it, as a role")
		validateRefs(f.at("verification").at("evidence"), v.Evidence)
	}
}
