package api

import (
	"context"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Revision is a change of a post-mortem.
type Revision struct {
	N     int64     `json:"revision"`
	At    time.Time `json:"at"`
	By    string    `json:"by" doc:"id of a person"`
	Note  string    `json:"note,omitempty"`
	Paths []string  `json:"paths" doc:"of the parts that changed"`
}

type revisionInput struct {
	RefInput
	N int64 `path:"revision" minimum:"0"`
}

func (a *API) history() {
	register(a, operation("GET", "/incidents/{ref}/revisions", "list-revisions", "List the changes of a post-mortem, the last first", "history"), a.listRevisions)
	register(a, operation("GET", "/incidents/{ref}/revisions/{revision}", "get-revision", "Get a post-mortem as it was after a change; 0 is how it began", "history"), a.getRevision)
	register(a, operation("POST", "/incidents/{ref}/revisions/{revision}/undo", "undo-revision", "Take a change back", "history"), a.undoRevision)
	register(a, operation("POST", "/incidents/{ref}/revisions/{revision}/bring-back", "bring-back-revision", "Make a post-mortem what it was after a change", "history"), a.bringBack)
}

func (a *API) listRevisions(ctx context.Context, in *struct {
	RefInput
	Paging
}) (*pageOutput[Revision], error) {
	d, err := a.Workflow.Get(ctx, viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	page, err := a.Workflow.Revisions(ctx, viewer(ctx), d.ID, in.After, in.Limit)
	return paged(page, "/incidents/"+d.ID+"/revisions", func(r workflow.Revision) Revision {
		return Revision{N: r.N, At: r.At, By: r.PersonID, Note: r.Note, Paths: r.Paths}
	}), err
}

func (a *API) getRevision(ctx context.Context, in *revisionInput) (*struct{ Body hindcast.Postmortem }, error) {
	pm, err := a.Workflow.At(ctx, viewer(ctx), in.Ref, in.N)
	return &struct{ Body hindcast.Postmortem }{pm}, err
}

func (a *API) undoRevision(ctx context.Context, in *revisionInput) (*savedOutput, error) {
	saved, err := a.Workflow.Undo(ctx, viewer(ctx), in.Ref, in.N)
	return savedAnswer(saved), err
}

func (a *API) bringBack(ctx context.Context, in *revisionInput) (*savedOutput, error) {
	saved, err := a.Workflow.BringBack(ctx, viewer(ctx), in.Ref, in.N)
	return savedAnswer(saved), err
}
