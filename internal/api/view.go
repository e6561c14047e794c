package api

import (
	"context"

	"github.com/hindcast/hindcast/internal/workflow"
)

// View is a way to look at the library that a person keeps under a name.
type View struct {
	Name  string `json:"name"`
	Query string `json:"query" doc:"of the address of the library, such as severity=1&service=ledger"`
}

func (a *API) views() {
	register(a, operation("GET", "/views", "list-views", "List the views of the library that you keep, by name", "library"), a.listViews)
	register(a, operation("PUT", "/views/{name}", "put-view", "Keep a view of the library for yourself", "library"), a.putView)
	register(a, operation("DELETE", "/views/{name}", "delete-view", "Remove a view of yours, if there is one of this name", "library"), a.deleteView)
}

func (a *API) listViews(ctx context.Context, _ *struct{}) (*struct{ Body []View }, error) {
	list, err := a.Workflow.Views(ctx, viewer(ctx))
	out := []View{}
	for _, x := range list {
		out = append(out, viewBody(x))
	}
	return &struct{ Body []View }{out}, err
}

func viewBody(x workflow.View) View { return View{Name: x.Name, Query: x.Query} }

// NamedView names a view.
type NamedView struct {
	Name string `path:"name" maxLength:"200"`
}

func (a *API) putView(ctx context.Context, in *struct {
	NamedView
	Body struct {
		Query string `json:"query" maxLength:"4000" doc:"of the address of the library; what it does not filter by is left out"`
	}
}) (*struct{ Body View }, error) {
	x, err := a.Workflow.SaveView(ctx, viewer(ctx), in.Name, in.Body.Query)
	return &struct{ Body View }{viewBody(x)}, err
}

func (a *API) deleteView(ctx context.Context, in *NamedView) (*struct{}, error) {
	return nil, a.Workflow.RemoveView(ctx, viewer(ctx), in.Name)
}
