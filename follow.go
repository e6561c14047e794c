package hindcast

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"time"
)

// ActionMove is a change of an action's status.
type ActionMove struct {
	To     ActionStatus `json:"to"`
	On     Date         `json:"on,omitzero"`
	By     string       `json:"by,omitempty"`     // role
	Reason string       `json:"reason,omitempty"` // why it was decided against, or taken up again
}

// actionMoves are the states that may follow each state.
var actionMoves = map[ActionStatus][]ActionStatus{
	ActionOpen:       {ActionInProgress, ActionDone, ActionDeclined},
	ActionInProgress: {ActionOpen, ActionDone, ActionDeclined},
	ActionDone:       {ActionVerified, ActionInProgress},
	ActionVerified:   {ActionInProgress},
	ActionDeclined:   {ActionOpen},
}

// Next returns the states that may follow the one that the action is in.
func (a ActionItem) Next() []ActionStatus { return slices.Clone(actionMoves[a.Status]) }

// Open reports whether the action is still to be done.
func (a ActionItem) Open() bool { return a.Status == ActionOpen || a.Status == ActionInProgress }

// Overdue reports whether the action is still to be done after its day.
func (a ActionItem) Overdue(today Date) bool {
	return a.Open() && !a.Due.IsZero() && a.Due.Compare(today) < 0
}

// Since returns the day since which the action is in its status; zero when nothing
// tells.
func (a ActionItem) Since() Date {
	if n := len(a.History); n > 0 && !a.History[n-1].On.IsZero() {
		return a.History[n-1].On
	}
	switch {
	case a.Status == ActionVerified && a.Verification != nil && !a.Verification.On.IsZero():
		return a.Verification.On
	case !a.Closed.IsZero():
		return a.Closed
	}
	return a.Opened
}

// VerifiedAfter reports whether the action was verified later than a day. A
// verification of a day that nobody said is not.
func (a ActionItem) VerifiedAfter(day Date) bool {
	return a.Verification != nil && !day.IsZero() && a.Verification.On.Compare(day) > 0
}

// Agreed returns the day from which an action of p counts: when it was opened or,
// where nobody said that, when the incident was over, and never after it was closed.
func (p *Postmortem) Agreed(a ActionItem) Date {
	if !a.Opened.IsZero() {
		return a.Opened
	}
	day := Date{}
	for _, t := range []time.Time{p.Incident.ResolvedAt, p.Incident.StartedAt, p.Incident.DetectedAt} {
		if day.IsZero() {
			day = DateOf(t)
		}
	}
	if !a.Closed.IsZero() && (day.IsZero() || a.Closed.Compare(day) < 0) {
		return a.Closed
	}
	return day
}

// Team returns who answers for the action as a group: of the owner "Platform team
// - Engineer B" it is "Platform team", and the owner where none is named.
func (a ActionItem) Team() string { return ownerParts(a.Owner)[0] }

// Owns reports whether who is the action's owner, or one of those whom it names:
// "Engineer B" of "Platform team - Engineer B".
func (a ActionItem) Owns(who string) bool {
	who = strings.TrimSpace(who)
	is := func(s string) bool { return s != "" && strings.EqualFold(s, who) }
	return is(strings.TrimSpace(a.Owner)) || slices.ContainsFunc(ownerParts(a.Owner), is)
}

// ownerParts returns those whom an owner names, the team first.
func ownerParts(owner string) []string {
	for _, sep := range []string{" - ", " – ", " — ", " / ", ", "} {
		owner = strings.ReplaceAll(owner, sep, "\x00")
	}
	parts := strings.Split(owner, "\x00")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// Move changes the status of an action and adds the change to its history.
//
// What is needed is set before: Verification to verify it, with the reason why the
// owner's own word is enough where the owner verified it; Revisit to decide
// against it. Deciding against it, and taking up again what was done, verified or
// decided against, needs a reason. The day is kept as Closed when the action is
// done or decided against.
func (a *ActionItem) Move(m ActionMove) error {
	if !slices.Contains(actionMoves[a.Status], m.To) {
		return a.noWay(m.To)
	}
	m.Reason = strings.TrimSpace(m.Reason)
	var err error
	switch m.To {
	case ActionDeclined:
		err = a.decline(m)
	case ActionDone:
		a.Closed = m.On
	case ActionVerified:
		err = a.verify(m)
	default:
		err = a.takeUp(m)
	}
	if err != nil {
		return err
	}
	a.Status = m.To
	a.History = append(slices.Clone(a.History), m)
	return nil
}

func (a *ActionItem) decline(m ActionMove) error {
	switch {
	case m.Reason == "":
		return Errorf(Invalid, "say why this will not be done; the reason helps whoever asks again")
	case a.Revisit.IsZero():
		return Errorf(Invalid, "set the day on which this decision is looked at again")
	case a.Revisit.Compare(m.On) <= 0:
		return Errorf(Invalid, "the day on which this decision is looked at again has to be a later one than %s", m.On)
	}
	a.Reason, a.Closed, a.Verification = m.Reason, m.On, nil
	return nil
}

func (a *ActionItem) verify(m ActionMove) error {
	v := a.Verification
	switch {
	case v == nil || strings.TrimSpace(v.How) == "" || strings.TrimSpace(v.By) == "":
		return Errorf(Invalid, "say first how it was verified, and by whom")
	case a.Owns(v.By) && strings.TrimSpace(v.Own) == "":
		return Errorf(Invalid, "%s owns this action; let somebody else verify it, or say why the owner's own word is enough", v.By)
	}
	if v.On.IsZero() {
		next := *v
		next.On = m.On
		a.Verification = &next
	}
	return nil
}

// takeUp opens an action, or begins it, that may have been closed before.
func (a *ActionItem) takeUp(m ActionMove) error {
	if !a.Open() && m.Reason == "" {
		return Errorf(Invalid, "say why this is taken up again")
	}
	a.Closed, a.Reason, a.Revisit, a.Verification = Date{}, "", Date{}, nil
	return nil
}

// words is what people call a state.
func (s ActionStatus) words() string {
	switch s {
	case ActionInProgress:
		return "in progress"
	case ActionDeclined:
		return "decided against"
	}
	return string(s)
}

// noWay says how an action gets to a state that cannot follow the one it is in.
func (a *ActionItem) noWay(to ActionStatus) error {
	switch {
	case a.Status == to:
		return Errorf(Conflict, "this action is %s already", to.words())
	case to == ActionVerified:
		return Errorf(Conflict, "an action that is %s cannot become verified; mark it done first", a.Status.words())
	case a.Status == ActionDeclined:
		return Errorf(Conflict, "this action was decided against; open it again first")
	}
	next := ""
	if !a.Open() {
		next = "; take it up again first"
	}
	return Errorf(Conflict, "an action that is %s cannot become %s%s", a.Status.words(), to.words(), next)
}

// Follow makes of an action that somebody edited one that keeps the rules of
// [ActionItem.Move]: the history stays as it was before, and another status is
// reached by a move of the day on, by somebody, for the reason that Reason gives. An
// action that was moved already says days, people and reasons itself, at the end of
// its history. Nothing else of what was edited changes.
func (a *ActionItem) Follow(before ActionItem, on Date, by string) error {
	said := *a
	a.History = before.History
	if said.Status == before.Status {
		return a.stay(before)
	}
	a.Status = before.Status
	for _, m := range said.movesSince(before) {
		a.Revisit, a.Verification = said.Revisit, said.Verification
		m.By, m.Reason = cmp.Or(m.By, by), cmp.Or(m.Reason, said.Reason)
		if m.On.IsZero() {
			m.On = on
		}
		if err := a.Move(m); err != nil {
			return err
		}
	}
	return nil
}

// stay checks that an action which was edited still has what its status needs.
func (a *ActionItem) stay(before ActionItem) error {
	next := *a
	switch {
	case a.Status == ActionVerified && !reflect.DeepEqual(a.Verification, before.Verification):
		return next.verify(ActionMove{})
	case a.Status == ActionDeclined && (a.Reason != before.Reason || a.Revisit != before.Revisit):
		return next.decline(ActionMove{Reason: strings.TrimSpace(a.Reason), On: a.Closed})
	}
	return nil
}

// movesSince returns the moves that led from before to a.
func (a ActionItem) movesSince(before ActionItem) []ActionMove {
	n := len(before.History)
	if len(a.History) > n && slices.Equal(a.History[:n], before.History) && a.History[len(a.History)-1].To == a.Status {
		return a.History[n:]
	}
	return []ActionMove{{To: a.Status}}
}
