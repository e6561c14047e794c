package documents

import (
	"context"

	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/workflow"
)

func (a *api) views() {
	operation.Register(a.Set, operation.New("GET", "/views", "list-views", "List the views of the library that you keep, by name", "library"), a.listViews)
	operation.Register(a.Set, operation.New("PUT", "/views/{name}", "put-view", "Keep a view of the library for yourself", "library"), a.putView)
	operation.Register(a.Set, operation.New("DELETE", "/views/{name}", "delete-view", "Remove a view of yours, if there is one of this name", "library"), a.deleteView)
}

func (a *api) listViews(ctx context.Context, _ *struct{}) (*struct{ Body []operation.View }, error) {
	list, err := a.Workflow.Views(ctx, operation.Viewer(ctx))
	out := []operation.View{}
	for _, x := range list {
		out = append(out, viewBody(x))
	}
	return &struct{ Body []operation.View }{out}, err
}

func viewBody(x workflow.View) operation.View { return operation.View{Name: x.Name, Query: x.Query} }

func (a *api) putView(ctx context.Context, in *struct {
	operation.NamedView
	Body struct {
		Query string `json:"query" maxLength:"4000" doc:"of the address of the library; what it does not filter by is left out"`
	}
}) (*struct{ Body operation.View }, error) {
	x, err := a.Workflow.SaveView(ctx, operation.Viewer(ctx), in.Name, in.Body.Query)
	return &struct{ Body operation.View }{viewBody(x)}, err
}

func (a *api) deleteView(ctx context.Context, in *operation.NamedView) (*struct{}, error) {
	return nil, a.Workflow.RemoveView(ctx, operation.Viewer(ctx), in.Name)
}
