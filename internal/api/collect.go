package api

import (
	"context"
	"net/http"
	"time"

	"github.com/hindcast/hindcast/internal/collect"
)

func (a *API) collected() {
	register(a, operation("GET", "/episodes", "list-episodes", "List incidents that other systems told of, the last one first; for admins", "collect"), a.listEpisodes)
	draft := operation("POST", "/episodes/{id}/draft", "draft-episode", "Draft the post-mortem of an incident that another system told of; for admins", "collect")
	draft.DefaultStatus = http.StatusAccepted
	register(a, draft, a.draftEpisode)
	register(a, operation("GET", "/endpoints/{id}/heard", "get-heard", "Say what came in at the address of an endpoint: when the last request was kept, and whether and why requests are refused; for admins", "collect"), a.heard)
	pull := operation("POST", "/endpoints/{id}/pull", "pull-incident", "Draft the post-mortem of an incident that another system knows; for admins", "collect")
	pull.DefaultStatus = http.StatusAccepted
	register(a, pull, a.pullIncident)
	register(a, operation("POST", "/episodes/look", "look-for-episodes", "Ask the systems that keep incidents for those since the last time, and how those are that went on; says what changed; for admins", "collect"), a.lookForEpisodes)
}

func (a *API) listEpisodes(ctx context.Context, in *Paging) (*pageOutput[collect.Episode], error) {
	page, err := a.Collect.Episodes(ctx, viewer(ctx), collect.Filter{After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return paged(page, "/episodes", func(e collect.Episode) collect.Episode { return e }), nil
}

func (a *API) heard(ctx context.Context, in *IDInput) (*struct{ Body collect.Heard }, error) {
	out, err := a.Collect.Heard(ctx, viewer(ctx), in.ID)
	return &struct{ Body collect.Heard }{out}, err
}

func (a *API) draftEpisode(ctx context.Context, in *IDInput) (*struct{}, error) {
	return nil, a.Collect.Draft(ctx, viewer(ctx), in.ID)
}

func (a *API) pullIncident(ctx context.Context, in *struct {
	IDInput
	Body struct {
		Ref string `json:"ref" minLength:"1" maxLength:"100" doc:"number or id of the incident there"`
	}
}) (*struct{ Body collect.Episode }, error) {
	e, err := a.Collect.Pull(ctx, viewer(ctx), in.ID, in.Body.Ref)
	return &struct{ Body collect.Episode }{e}, err
}

func (a *API) lookForEpisodes(ctx context.Context, in *struct {
	Since time.Time `query:"since" doc:"look for those that were opened from then on, instead of since the last time"`
}) (*struct{ Body collect.Found }, error) {
	out, err := a.Collect.Look(ctx, viewer(ctx), in.Since)
	return &struct{ Body collect.Found }{out}, err
}
