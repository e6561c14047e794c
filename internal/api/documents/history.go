package documents

import (
	"context"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/api/operation"
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
	operation.RefInput
	N int64 `path:"revision" minimum:"0"`
}

func (a *api) history() {
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/revisions", "list-revisions", "List the changes of a post-mortem, the last first", "history"), a.listRevisions)
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/revisions/{revision}", "get-revision", "Get a post-mortem as it was after a change; 0 is how it began", "history"), a.getRevision)
	operation.Register(a.Set, operation.New("POST", "/incidents/{ref}/revisions/{revision}/undo", "undo-revision", "Take a change back", "history"), a.undoRevision)
	operation.Register(a.Set, operation.New("POST", "/incidents/{ref}/revisions/{revision}/bring-back", "bring-back-revision", "Make a post-mortem what it was after a change", "history"), a.bringBack)
}

func (a *api) listRevisions(ctx context.Context, in *struct {
	operation.RefInput
	operation.Paging
}) (*operation.PageOutput[Revision], error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	page, err := a.Workflow.Revisions(ctx, operation.Viewer(ctx), d.ID, in.After, in.Limit)
	return operation.Paged(page, "/incidents/"+d.ID+"/revisions", func(r workflow.Revision) Revision {
		return Revision{N: r.N, At: r.At, By: r.PersonID, Note: r.Note, Paths: r.Paths}
	}), err
}

func (a *api) getRevision(ctx context.Context, in *revisionInput) (*struct{ Body hindcast.Postmortem }, error) {
	pm, err := a.Workflow.At(ctx, operation.Viewer(ctx), in.Ref, in.N)
	return &struct{ Body hindcast.Postmortem }{pm}, err
}

func (a *api) undoRevision(ctx context.Context, in *revisionInput) (*operation.SavedOutput, error) {
	saved, err := a.Workflow.Undo(ctx, operation.Viewer(ctx), in.Ref, in.N)
	return operation.SavedAnswer(saved), err
}

func (a *api) bringBack(ctx context.Context, in *revisionInput) (*operation.SavedOutput, error) {
	saved, err := a.Workflow.BringBack(ctx, operation.Viewer(ctx), in.Ref, in.N)
	return operation.SavedAnswer(saved), err
}
