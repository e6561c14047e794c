package documents

import (
	"context"

	"github.com/hindcast/hindcast/internal/api/operation"
)

func (a *api) integrity() {
	operation.Register(a.Set, operation.New("POST", "/incidents/{ref}/clocks", "judge-clock", "Say that the clock of a file of the evidence was wrong, which corrects its entries, or take that back", "evidence"), a.judgeClock)
	operation.Register(a.Set, operation.New("POST", "/incidents/{ref}/believed", "believe-entry", "Say which of two entries that disagree is believed, and why", "evidence"), a.believeEntry)
}

func (a *api) judgeClock(ctx context.Context, in *struct {
	operation.RefInput
	Body struct {
		File  string `json:"file" minLength:"1" maxLength:"500" doc:"name of the evidence"`
		Wrong bool   `json:"wrong" doc:"false takes it back"`
	}
}) (*operation.SavedOutput, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	judge := a.Workflow.WithdrawClock
	if in.Body.Wrong {
		judge = a.Workflow.AcceptClock
	}
	saved, err := judge(ctx, operation.Viewer(ctx), d.ID, in.Body.File)
	return operation.SavedAnswer(saved), err
}

func (a *api) believeEntry(ctx context.Context, in *struct {
	operation.RefInput
	Body struct {
		Believed string `json:"believed" minLength:"1" doc:"id of an entry; an edit of the other one takes it back"`
		Other    string `json:"other" minLength:"1" doc:"id of the entry that says something else"`
		Why      string `json:"why" minLength:"1" maxLength:"2000"`
	}
}) (*operation.SavedOutput, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	saved, err := a.Workflow.Believe(ctx, operation.Viewer(ctx), d.ID, in.Body.Believed, in.Body.Other, in.Body.Why)
	return operation.SavedAnswer(saved), err
}
