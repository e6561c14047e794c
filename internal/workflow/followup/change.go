package followup

import (
	"context"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Target names an action.
type Target struct {
	Incident string   `json:"incident"`       // id or number of its post-mortem
	Action   string   `json:"action"`         // its id
	Base     part.Tag `json:"base,omitempty"` // of what was seen; empty to change it as it is now
}

// Change is what is to become of an action: all that is set.
type Change struct {
	Owner    *string            `json:"owner,omitempty"`
	Priority *hindcast.Priority `json:"priority,omitempty"`
	Due      *hindcast.Date     `json:"due,omitempty"` // the zero Date takes it away
	// To is the status that it gets; the rest is what that status needs, see
	// [hindcast.ActionItem.Move].
	To           hindcast.ActionStatus  `json:"to,omitempty"`
	Reason       string                 `json:"reason,omitempty"`
	Revisit      hindcast.Date          `json:"revisit,omitzero"`
	Verification *hindcast.Verification `json:"verification,omitempty"`
}

// empty reports whether nothing is to change.
func (c Change) empty() bool {
	return c.Owner == nil && c.Priority == nil && c.Due == nil && c.To == ""
}

// make changes an action.
func (c Change) make(a *hindcast.ActionItem, today hindcast.Date) error {
	if c.Owner != nil {
		a.Owner = strings.TrimSpace(*c.Owner)
	}
	if c.Priority != nil {
		a.Priority = *c.Priority
	}
	if c.Due != nil {
		a.Due = *c.Due
	}
	if c.To == "" {
		return nil
	}
	if !c.Revisit.IsZero() {
		a.Revisit = c.Revisit
	}
	if c.Verification != nil {
		a.Verification = c.Verification
	}
	return a.Move(hindcast.ActionMove{To: c.To, On: today, Reason: c.Reason})
}

// Done is a change that was made, by which it is undone.
type Done struct {
	Incident string `json:"incident"` // id
	Num      int64  `json:"number"`
	Action   string `json:"action"`
	Revision int64  `json:"revision"`
}

// Change changes one action. It fails with Conflict when the action has changed since
// what Target.Base names.
func (s *Service) Change(ctx context.Context, v hindcast.Viewer, t Target, c Change) (Done, error) {
	if c.empty() {
		return Done{}, hindcast.Errorf(hindcast.Invalid, "say what is to change")
	}
	d, err := s.Workflow.Get(ctx, v, t.Incident)
	if err != nil {
		return Done{}, err
	}
	changes, err := c.of(d, t, s.Today())
	if err != nil {
		return Done{}, err
	}
	saved, err := s.Workflow.Edit(ctx, v, d.ID, changes, "")
	return Done{d.ID, d.Num, t.Action, saved.Revision}, err
}

// of returns what a change changes in a document.
func (c Change) of(d *workflow.Document, t Target, today hindcast.Date) ([]part.Change, error) {
	path := "actions/" + t.Action
	for _, a := range d.Post.Actions {
		if a.ID != t.Action {
			continue
		}
		base := part.TagOf(workflow.JSON(a))
		if t.Base != "" {
			base = t.Base
		}
		if err := c.make(&a, today); err != nil {
			return nil, err
		}
		return []part.Change{{Path: path, Base: &base, Value: workflow.JSON(a)}}, nil
	}
	return nil, missing(d.Num, t.Action)
}

// MaxAtOnce is how many actions are changed at once.
const MaxAtOnce = 200

// Refused is an action that could not be changed, and why.
type Refused struct {
	Target
	Why string `json:"why"`
}

// ChangeAll changes many actions, each for itself: what cannot be changed is told, and
// does not keep the others from it.
func (s *Service) ChangeAll(ctx context.Context, v hindcast.Viewer, list []Target, c Change) (made []Done, refused []Refused, err error) {
	switch {
	case c.empty():
		return nil, nil, hindcast.Errorf(hindcast.Invalid, "say what is to change")
	case len(list) == 0:
		return nil, nil, hindcast.Errorf(hindcast.Invalid, "choose the actions that are to change")
	case len(list) > MaxAtOnce:
		return nil, nil, hindcast.Errorf(hindcast.Invalid, "choose at most %d actions at once", MaxAtOnce)
	}
	for _, t := range list {
		d, err := s.Change(ctx, v, t, c)
		switch hindcast.CodeOf(err) {
		case "":
			if d.Revision != 0 {
				made = append(made, d)
			}
		case hindcast.Invalid, hindcast.NotFound, hindcast.Conflict, hindcast.Denied:
			refused = append(refused, Refused{t, err.Error()})
		default:
			return made, refused, err
		}
	}
	return made, refused, nil
}

// Undo takes changes back, the last first. It stops at the first that cannot be.
func (s *Service) Undo(ctx context.Context, v hindcast.Viewer, list []Done) error {
	if len(list) > MaxAtOnce {
		return hindcast.Errorf(hindcast.Invalid, "take back at most %d changes at once", MaxAtOnce)
	}
	for i := len(list) - 1; i >= 0; i-- {
		if _, err := s.Workflow.Undo(ctx, v, list[i].Incident, list[i].Revision); err != nil {
			return err
		}
	}
	return nil
}
