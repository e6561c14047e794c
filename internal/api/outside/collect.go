package outside

import (
	"context"
	"net/http"
	"time"

	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/collect"
)

func (a *api) collected() {
	operation.Register(a.Set, operation.New("GET", "/episodes", "list-episodes", "List incidents that other systems told of, the last one first; for admins", "collect"), a.listEpisodes)
	draft := operation.New("POST", "/episodes/{id}/draft", "draft-episode", "Draft the post-mortem of an incident that another system told of; for admins", "collect")
	draft.DefaultStatus = http.StatusAccepted
	operation.Register(a.Set, draft, a.draftEpisode)
	operation.Register(a.Set, operation.New("GET", "/endpoints/{id}/heard", "get-heard", "Say what came in at the address of an endpoint: when the last request was kept, and whether and why requests are refused; for admins", "collect"), a.heard)
	pull := operation.New("POST", "/endpoints/{id}/pull", "pull-incident", "Draft the post-mortem of an incident that another system knows; for admins", "collect")
	pull.DefaultStatus = http.StatusAccepted
	operation.Register(a.Set, pull, a.pullIncident)
	operation.Register(a.Set, operation.New("POST", "/episodes/look", "look-for-episodes", "Ask the systems that keep incidents for those since the last time, and how those are that went on; says what changed; for admins", "collect"), a.lookForEpisodes)
}

func (a *api) listEpisodes(ctx context.Context, in *operation.Paging) (*operation.PageOutput[collect.Episode], error) {
	page, err := a.Collect.Episodes(ctx, operation.Viewer(ctx), collect.Filter{After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return operation.Paged(page, "/episodes", func(e collect.Episode) collect.Episode { return e }), nil
}

func (a *api) heard(ctx context.Context, in *operation.IDInput) (*struct{ Body collect.Heard }, error) {
	out, err := a.Collect.Heard(ctx, operation.Viewer(ctx), in.ID)
	return &struct{ Body collect.Heard }{out}, err
}

func (a *api) draftEpisode(ctx context.Context, in *operation.IDInput) (*struct{}, error) {
	return nil, a.Collect.Draft(ctx, operation.Viewer(ctx), in.ID)
}

func (a *api) pullIncident(ctx context.Context, in *struct {
	operation.IDInput
	Body struct {
		Ref string `json:"ref" minLength:"1" maxLength:"100" doc:"number or id of the incident there"`
	}
}) (*struct{ Body collect.Episode }, error) {
	e, err := a.Collect.Pull(ctx, operation.Viewer(ctx), in.ID, in.Body.Ref)
	return &struct{ Body collect.Episode }{e}, err
}

func (a *api) lookForEpisodes(ctx context.Context, in *struct {
	Since time.Time `query:"since" doc:"look for those that were opened from then on, instead of since the last time"`
}) (*struct{ Body collect.Found }, error) {
	out, err := a.Collect.Look(ctx, operation.Viewer(ctx), in.Since)
	return &struct{ Body collect.Found }{out}, err
}
