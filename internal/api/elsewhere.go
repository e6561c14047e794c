package api

import (
	"context"
	"net/http"

	"github.com/hindcast/hindcast/internal/audience"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/deliver/elsewhere"
	"github.com/hindcast/hindcast/internal/workflow"
)

// ElsewhereBody asks for a page in another system.
type ElsewhereBody struct {
	Place     string            `json:"place" minLength:"1" maxLength:"100" doc:"id of a place, as GET /publishing-places lists them"`
	Audience  audience.Audience `json:"audience,omitempty" enum:"engineering,executive,customer" doc:"for whom it is written; that of the page there is, else engineering, when left out"`
	Overwrite bool              `json:"overwrite,omitempty" doc:"replace what somebody changed there"`
}

// TakeBody asks for a post-mortem of a page in another system.
type TakeBody struct {
	Place   string `json:"place" minLength:"1" maxLength:"100" doc:"id of a place, as GET /page-sources lists them"`
	Address string `json:"address" minLength:"1" maxLength:"2000" doc:"of the page there"`
}

type pagesOutput struct{ Body []elsewhere.Page }

func (a *API) elsewhere() {
	register(a, operation("GET", "/publishing-places", "list-publishing-places", "List where post-mortems can be published besides here", "publications"), a.listPublishing)
	register(a, operation("GET", "/incidents/{ref}/elsewhere", "list-pages-elsewhere", "List where a post-mortem is published besides here", "publications"), a.listElsewhere)
	ask := operation("POST", "/incidents/{ref}/elsewhere", "publish-elsewhere", "Publish what readers have in another system, or bring it up to date there", "publications")
	ask.DefaultStatus = http.StatusAccepted
	register(a, ask, a.publishElsewhere)
	register(a, operation("GET", "/page-sources", "list-page-sources", "List where pages can be taken over from", "incidents"), a.listSources)
	take := operation("POST", "/incidents/take", "take-page", "Begin a post-mortem with a page of another system", "incidents")
	take.DefaultStatus = http.StatusCreated
	register(a, take, a.takePage)
}

func (a *API) listPublishing(ctx context.Context, _ *struct{}) (*struct{ Body []deliver.Place }, error) {
	list, err := a.Outside.Places(ctx, viewer(ctx))
	if list == nil {
		list = []deliver.Place{}
	}
	return &struct{ Body []deliver.Place }{list}, err
}

func (a *API) listSources(ctx context.Context, _ *struct{}) (*struct{ Body []deliver.Place }, error) {
	list, err := a.Outside.Sources(ctx, viewer(ctx))
	if list == nil {
		list = []deliver.Place{}
	}
	return &struct{ Body []deliver.Place }{list}, err
}

func (a *API) listElsewhere(ctx context.Context, in *RefInput) (*pagesOutput, error) {
	list, err := a.Outside.Of(ctx, viewer(ctx), in.Ref)
	if list == nil {
		list = []elsewhere.Page{}
	}
	return &pagesOutput{list}, err
}

func (a *API) publishElsewhere(ctx context.Context, in *struct {
	RefInput
	Body ElsewhereBody
}) (*pagesOutput, error) {
	d, err := a.Workflow.Get(ctx, viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	if err := a.Outside.Ask(ctx, viewer(ctx), d.ID, elsewhere.Want{Endpoint: in.Body.Place, Audience: in.Body.Audience, Overwrite: in.Body.Overwrite}); err != nil {
		return nil, err
	}
	return a.listElsewhere(ctx, &in.RefInput)
}

func (a *API) takePage(ctx context.Context, in *struct{ Body TakeBody }) (*importOutput, error) {
	return taken(a.Outside.Take(ctx, viewer(ctx), in.Body.Place, in.Body.Address, workflow.NewIncident{Quiet: true}))
}
