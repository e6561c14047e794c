package workflow_test

import (
	"errors"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/workflow"
)

// TestActionsMoveByTheRules edits the status of an action as one field among others,
// as a form or a client does.
func TestActionsMoveByTheRules(t *testing.T) {
	onBoth(t, func(l *library) {
		d := l.create("Outage")
		l.edit(lead, d.ID, "actions/a", hindcast.ActionItem{Description: "Alert on the pool", Owner: "Platform team", Priority: hindcast.PriorityCritical})
		today := hindcast.DateOf(l.clock)
		a := l.action(d.ID)
		if a.Opened != today || a.Due != today.Add(7) {
			l.Errorf("a new action is opened %s and due %s, want %s and a week later", a.Opened, a.Due, today)
		}
		try := func(change func(*hindcast.ActionItem)) error {
			a := l.action(d.ID)
			change(&a)
			_, err := l.Edit(l.ctx, lead, d.ID, []part.Change{{Path: "actions/a", Value: workflow.JSON(a)}}, "")
			return err
		}
		err := try(func(a *hindcast.ActionItem) { a.Status = hindcast.ActionVerified })
		l.refused("verifying what is not done", err, hindcast.Invalid)
		var faults workflow.Faults
		if !errors.As(err, &faults) || faults[0].Path != "actions/a" || faults[0].Field != "status" {
			l.Errorf("the refusal is %#v, want it at the status", err)
		}
		l.ok(try(func(a *hindcast.ActionItem) { a.Status = hindcast.ActionDone }))
		own := &hindcast.Verification{How: "it fired in a drill", By: "Platform team"}
		l.refused("verifying one's own", try(func(a *hindcast.ActionItem) { a.Status, a.Verification = hindcast.ActionVerified, own }), hindcast.Invalid)
		l.ok(try(func(a *hindcast.ActionItem) {
			a.Status, a.Verification, a.History = hindcast.ActionVerified, &hindcast.Verification{How: own.How, By: "on-call engineer"}, nil
		}))
		a = l.action(d.ID)
		if len(a.History) != 2 || a.History[0].To != hindcast.ActionDone || a.History[1].By != "lead" || a.Closed != today || a.Verification.On != today {
			l.Errorf("after all that it is %+v", a)
		}
		revisions, err := l.Revisions(l.ctx, lead, d.ID, "", 0)
		l.ok(err)
		_, err = l.Undo(l.ctx, lead, d.ID, revisions.Items[0].N)
		l.ok(err)
		if a = l.action(d.ID); a.Status != hindcast.ActionDone || len(a.History) != 1 {
			l.Errorf("undone it is %s with history %v, want done", a.Status, a.History)
		}
	})
}

// action returns the first action of a document.
func (l *library) action(id string) hindcast.ActionItem {
	l.Helper()
	d, err := l.Get(l.ctx, lead, id)
	l.ok(err)
	return d.Post.Actions[0]
}
