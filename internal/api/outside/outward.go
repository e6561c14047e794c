package outside

import (
	"context"
	"net/http"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/secret"
	"github.com/hindcast/hindcast/internal/workflow"
)

// EndpointBody is what an endpoint should be.
type EndpointBody struct {
	Name     string               `json:"name" minLength:"1" maxLength:"100" doc:"who is told"`
	Events   []workflow.EventKind `json:"events,omitempty" doc:"webhook and email: at least one; all others: none" enum:"incident.created,postmortem.moved,postmortem.published,postmortem.changed,evidence.added,postmortem.due"`
	Drafts   bool                 `json:"drafts,omitempty" doc:"tell the titles of post-mortems that are not published"`
	Private  bool                 `json:"private,omitempty" doc:"tell of private incidents"`
	Approve  bool                 `json:"approve,omitempty" doc:"an admin approves each message first"`
	Asked    *bool                `json:"asked,omitempty" doc:"who takes part in an incident may ask queries of their own there, of Prometheus and Grafana; yes for a new one, and as it was when left out"`
	Disabled bool                 `json:"disabled,omitempty" doc:"tell nothing"`
	Settings map[string]string    `json:"settings,omitempty" doc:"webhook: url; email: to; github: repository, token, url; jira: url, project, type, email, token; pagerduty: token, secret, url; prometheus: url, queries, token; grafana: url, token, datasource, queries, tags, dashboards, type. What is missing stays as it is. They are kept sealed and not shown again"`
}

func (b EndpointBody) put(id, kind string) deliver.Put {
	p := deliver.Put{ID: id, Kind: kind, Name: b.Name, Events: b.Events, Drafts: b.Drafts, Private: b.Private, Approve: b.Approve, Asked: b.Asked, Disabled: b.Disabled, Settings: map[string]secret.Text{}}
	for name, value := range b.Settings {
		p.Settings[name] = secret.New(value)
	}
	return p
}

// NewEndpoint is an endpoint with the secrets that were generated for it, which
// are shown once.
type NewEndpoint struct {
	deliver.Endpoint
	Secrets map[string]string `json:"secrets,omitempty" doc:"webhook: secret, with which the receiver checks signatures"`
}

type endpointOutput struct{ Body NewEndpoint }

func newEndpoint(e deliver.Endpoint, generated map[string]secret.Text) *endpointOutput {
	return &endpointOutput{NewEndpoint{e, revealed(generated)}}
}

func revealed(generated map[string]secret.Text) map[string]string {
	out := map[string]string{}
	for name, value := range generated {
		out[name] = value.Reveal()
	}
	return out
}

func (a *api) outward() {
	operation.Register(a.Set, operation.New("GET", "/endpoints", "list-endpoints", "List who is told what happens here; for admins", "outward"), a.listEndpoints)
	create := operation.New("POST", "/endpoints", "create-endpoint", "Tell a program or people what happens here; for admins", "outward")
	create.DefaultStatus = http.StatusCreated
	operation.Register(a.Set, create, a.createEndpoint)
	operation.Register(a.Set, operation.New("GET", "/endpoints/{id}", "get-endpoint", "Get an endpoint; for admins", "outward"), a.getEndpoint)
	operation.Register(a.Set, operation.New("PUT", "/endpoints/{id}", "put-endpoint", "Change an endpoint, or switch it on again; for admins", "outward"), a.putEndpoint)
	operation.Register(a.Set, operation.New("DELETE", "/endpoints/{id}", "delete-endpoint", "Remove an endpoint; for admins", "outward"), a.deleteEndpoint)
	operation.Register(a.Set, operation.New("POST", "/endpoints/{id}/test", "test-endpoint", "Send a test message now, or ask what the credential may do there; for admins", "outward"), a.testEndpoint)
	operation.Register(a.Set, operation.New("POST", "/endpoints/{id}/secret", "rotate-secret", "Replace the signing secret; for a day both are used; for admins", "outward"), a.rotateSecret)
	operation.Register(a.Set, operation.New("POST", "/endpoints/{id}/retry", "retry-endpoint", "Send again what failed there; for admins", "outward"), a.retryFailed)
	operation.Register(a.Set, operation.New("GET", "/deliveries", "list-deliveries", "List what was sent and what is to be sent, the last queued first; for admins", "outward"), a.listDeliveries)
	operation.Register(a.Set, operation.New("GET", "/deliveries/{id}", "get-delivery", "Get a delivery, with what it says when you may read the incident; for admins", "outward"), a.getDelivery)
	operation.Register(a.Set, operation.New("POST", "/deliveries/{id}/retry", "retry-delivery", "Send again what failed, was canceled or waits; for admins", "outward"), a.decide((*deliver.Service).Retry))
	operation.Register(a.Set, operation.New("POST", "/deliveries/{id}/cancel", "cancel-delivery", "Do not send what is queued; for admins", "outward"), a.decide((*deliver.Service).Cancel))
	operation.Register(a.Set, operation.New("POST", "/deliveries/{id}/approve", "approve-delivery", "Let a message be sent that waits for it; for admins", "outward"), a.decide((*deliver.Service).Approve))
}

func (a *api) listEndpoints(ctx context.Context, _ *struct{}) (*struct{ Body []deliver.Endpoint }, error) {
	list, err := a.Deliver.Endpoints(ctx, operation.Viewer(ctx))
	if list == nil {
		list = []deliver.Endpoint{}
	}
	return &struct{ Body []deliver.Endpoint }{list}, err
}

func (a *api) createEndpoint(ctx context.Context, in *struct {
	Body struct {
		Kind string `json:"kind" enum:"webhook,email,pagerduty,github,jira,alertmanager,cloudevents,prometheus,slack,confluence,notion,grafana,kubernetes"`
		EndpointBody
	}
}) (*endpointOutput, error) {
	e, generated, err := a.Deliver.PutEndpoint(ctx, operation.Viewer(ctx), in.Body.put("", in.Body.Kind))
	return newEndpoint(e, generated), err
}

func (a *api) getEndpoint(ctx context.Context, in *operation.IDInput) (*struct{ Body deliver.Endpoint }, error) {
	e, err := a.Deliver.Endpoint(ctx, operation.Viewer(ctx), in.ID)
	return &struct{ Body deliver.Endpoint }{e}, err
}

func (a *api) putEndpoint(ctx context.Context, in *struct {
	operation.IDInput
	Body EndpointBody
}) (*endpointOutput, error) {
	e, generated, err := a.Deliver.PutEndpoint(ctx, operation.Viewer(ctx), in.Body.put(in.ID, ""))
	return newEndpoint(e, generated), err
}

func (a *api) deleteEndpoint(ctx context.Context, in *operation.IDInput) (*struct{}, error) {
	return nil, a.Deliver.DeleteEndpoint(ctx, operation.Viewer(ctx), in.ID)
}

func (a *api) testEndpoint(ctx context.Context, in *operation.IDInput) (*struct{ Body deliver.Tested }, error) {
	result, err := a.Deliver.TestEndpoint(ctx, operation.Viewer(ctx), in.ID)
	return &struct{ Body deliver.Tested }{result}, err
}

// Secrets are secrets that were generated, which are shown once.
type Secrets struct {
	Secrets map[string]string `json:"secrets"`
}

func (a *api) rotateSecret(ctx context.Context, in *operation.IDInput) (*struct{ Body Secrets }, error) {
	generated, err := a.Deliver.RotateSecret(ctx, operation.Viewer(ctx), in.ID)
	return &struct{ Body Secrets }{Secrets{revealed(generated)}}, err
}

// Retried is how many messages are sent again.
type Retried struct {
	Deliveries int `json:"deliveries"`
}

func (a *api) retryFailed(ctx context.Context, in *operation.IDInput) (*struct{ Body Retried }, error) {
	n, err := a.Deliver.RetryFailed(ctx, operation.Viewer(ctx), in.ID)
	return &struct{ Body Retried }{Retried{n}}, err
}

func (a *api) listDeliveries(ctx context.Context, in *struct {
	operation.Paging
	Endpoint string `query:"endpoint" doc:"id"`
	State    string `query:"state" enum:"waiting,queued,sent,failed,canceled"`
}) (*operation.PageOutput[deliver.Delivery], error) {
	page, err := a.Deliver.Deliveries(ctx, operation.Viewer(ctx), deliver.Filter{EndpointID: in.Endpoint, State: deliver.State(in.State), After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return operation.Paged(page, "/deliveries", func(d deliver.Delivery) deliver.Delivery { return d }), nil
}

// DeliveryDetail is a delivery with what it says.
type DeliveryDetail struct {
	deliver.Delivery
	Message *connector.Message `json:"message,omitempty" doc:"absent when you may not read the incident"`
}

func (a *api) getDelivery(ctx context.Context, in *operation.IDInput) (*struct{ Body DeliveryDetail }, error) {
	d, msg, err := a.Deliver.Delivery(ctx, operation.Viewer(ctx), in.ID)
	return &struct{ Body DeliveryDetail }{DeliveryDetail{d, msg}}, err
}

// decide returns the operation of a decision about a delivery.
func (a *api) decide(f func(*deliver.Service, context.Context, hindcast.Viewer, string) error) func(context.Context, *operation.IDInput) (*struct{}, error) {
	return func(ctx context.Context, in *operation.IDInput) (*struct{}, error) {
		return nil, f(a.Deliver, ctx, operation.Viewer(ctx), in.ID)
	}
}
