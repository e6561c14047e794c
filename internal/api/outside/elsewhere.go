package outside

import (
	"context"
	"net/http"

	"github.com/hindcast/hindcast/internal/api/documents"
	"github.com/hindcast/hindcast/internal/api/operation"
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

func (a *api) elsewhere() {
	operation.Register(a.Set, operation.New("GET", "/publishing-places", "list-publishing-places", "List where post-mortems can be published besides here", "publications"), a.listPublishing)
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/elsewhere", "list-pages-elsewhere", "List where a post-mortem is published besides here", "publications"), a.listElsewhere)
	ask := operation.New("POST", "/incidents/{ref}/elsewhere", "publish-elsewhere", "Publish what readers have in another system, or bring it up to date there", "publications")
	ask.DefaultStatus = http.StatusAccepted
	operation.Register(a.Set, ask, a.publishElsewhere)
	operation.Register(a.Set, operation.New("GET", "/page-sources", "list-page-sources", "List where pages can be taken over from", "incidents"), a.listSources)
	take := operation.New("POST", "/incidents/take", "take-page", "Begin a post-mortem with a page of another system", "incidents")
	take.DefaultStatus = http.StatusCreated
	operation.Register(a.Set, take, a.takePage)
}

func (a *api) listPublishing(ctx context.Context, _ *struct{}) (*struct{ Body []deliver.Place }, error) {
	list, err := a.Outside.Places(ctx, operation.Viewer(ctx))
	if list == nil {
		list = []deliver.Place{}
	}
	return &struct{ Body []deliver.Place }{list}, err
}

func (a *api) listSources(ctx context.Context, _ *struct{}) (*struct{ Body []deliver.Place }, error) {
	list, err := a.Outside.Sources(ctx, operation.Viewer(ctx))
	if list == nil {
		list = []deliver.Place{}
	}
	return &struct{ Body []deliver.Place }{list}, err
}

func (a *api) listElsewhere(ctx context.Context, in *operation.RefInput) (*pagesOutput, error) {
	list, err := a.Outside.Of(ctx, operation.Viewer(ctx), in.Ref)
	if list == nil {
		list = []elsewhere.Page{}
	}
	return &pagesOutput{list}, err
}

func (a *api) publishElsewhere(ctx context.Context, in *struct {
	operation.RefInput
	Body ElsewhereBody
}) (*pagesOutput, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	if err := a.Outside.Ask(ctx, operation.Viewer(ctx), d.ID, elsewhere.Want{Endpoint: in.Body.Place, Audience: in.Body.Audience, Overwrite: in.Body.Overwrite}); err != nil {
		return nil, err
	}
	return a.listElsewhere(ctx, &in.RefInput)
}

func (a *api) takePage(ctx context.Context, in *struct{ Body TakeBody }) (*documents.ImportOutput, error) {
	return documents.Taken(a.Outside.Take(ctx, operation.Viewer(ctx), in.Body.Place, in.Body.Address, workflow.NewIncident{Quiet: true}))
}
