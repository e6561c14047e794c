package documents

import (
	"context"
	"net/http"
	"time"

	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/collect"
	"github.com/hindcast/hindcast/internal/deliver"
)

// AskBody is what is asked for one incident.
type AskBody struct {
	EndpointID string    `json:"endpoint_id" minLength:"1" maxLength:"100" doc:"of a connection that can be asked"`
	Queries    []string  `json:"queries" minItems:"1" maxItems:"20" doc:"in the language of the connection, which of Prometheus and Grafana is PromQL"`
	From       time.Time `json:"from,omitzero" doc:"an hour before the incident when left out"`
	To         time.Time `json:"to,omitzero" doc:"half an hour after the incident when left out"`
}

// Askable are the connections that can be asked for an incident, and the window that
// is proposed.
type Askable struct {
	Places []deliver.Place `json:"places"`
	From   time.Time       `json:"from"`
	To     time.Time       `json:"to"`
}

func (a *api) asked() {
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/ask", "get-askable", "List the connections of which queries can be asked for an incident, and the window that is proposed", "evidence"), a.askable)
	ask := operation.New("POST", "/incidents/{ref}/ask", "ask-query", "Ask queries of a connection and keep the answers as evidence, all or none; the timeline is built again in the background", "evidence")
	ask.DefaultStatus = http.StatusAccepted
	operation.Register(a.Set, ask, a.ask)
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/evidence/notes", "list-source-notes", "Say what is not in the evidence that was fetched, by its source; for those who take part", "evidence"), a.listSourceNotes)
}

func (a *api) askable(ctx context.Context, in *operation.RefInput) (*struct{ Body Askable }, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	places, err := a.Deliver.Askable(ctx, operation.Viewer(ctx))
	if places == nil {
		places = []deliver.Place{}
	}
	from, to := collect.Around(&d.Post, a.Now())
	return &struct{ Body Askable }{Askable{places, from, to}}, err
}

func (a *api) ask(ctx context.Context, in *struct {
	operation.RefInput
	Body AskBody
}) (*buildOutput, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	q := collect.Question{EndpointID: in.Body.EndpointID, Queries: in.Body.Queries, From: in.Body.From, To: in.Body.To}
	from, to := collect.Around(&d.Post, a.Now())
	if q.From.IsZero() {
		q.From = from
	}
	if q.To.IsZero() {
		q.To = to
	}
	if _, err := a.Collect.Ask(ctx, operation.Viewer(ctx), d.ID, q); err != nil {
		return nil, err
	}
	return a.start(ctx, d.ID)
}

func (a *api) listSourceNotes(ctx context.Context, in *operation.RefInput) (*struct{ Body []collect.SourceNote }, error) {
	list, err := a.Collect.Notes(ctx, operation.Viewer(ctx), in.Ref)
	if list == nil {
		list = []collect.SourceNote{}
	}
	return &struct{ Body []collect.SourceNote }{list}, err
}
