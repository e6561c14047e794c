package api

import (
	"context"
)

func (a *API) integrity() {
	register(a, operation("POST", "/incidents/{ref}/clocks", "judge-clock", "Say that the clock of a file of the evidence was wrong, which corrects its entries, or take that back", "evidence"), a.judgeClock)
	register(a, operation("POST", "/incidents/{ref}/believed", "believe-entry", "Say which of two entries that disagree is believed, and why", "evidence"), a.believeEntry)
}

func (a *API) judgeClock(ctx context.Context, in *struct {
	RefInput
	Body struct {
		File  string `json:"file" minLength:"1" maxLength:"500" doc:"name of the evidence"`
		Wrong bool   `json:"wrong" doc:"false takes it back"`
	}
}) (*savedOutput, error) {
	d, err := a.Workflow.Get(ctx, viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	judge := a.Workflow.WithdrawClock
	if in.Body.Wrong {
		judge = a.Workflow.AcceptClock
	}
	saved, err := judge(ctx, viewer(ctx), d.ID, in.Body.File)
	return savedAnswer(saved), err
}

func (a *API) believeEntry(ctx context.Context, in *struct {
	RefInput
	Body struct {
		Believed string `json:"believed" minLength:"1" doc:"id of an entry; an edit of the other one takes it back"`
		Other    string `json:"other" minLength:"1" doc:"id of the entry that says something else"`
		Why      string `json:"why" minLength:"1" maxLength:"2000"`
	}
}) (*savedOutput, error) {
	d, err := a.Workflow.Get(ctx, viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	saved, err := a.Workflow.Believe(ctx, viewer(ctx), d.ID, in.Body.Believed, in.Body.Other, in.Body.Why)
	return savedAnswer(saved), err
}
