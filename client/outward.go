package client

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/url"
	"time"
)

// Endpoint is somebody who is told what happens in the library. All methods about
// endpoints and deliveries are for admins.
type Endpoint struct {
	ID       string    `json:"id"`
	Kind     string    `json:"kind"` // "webhook" or "email"
	Name     string    `json:"name"`
	Where    string    `json:"where"`  // without what is secret
	Events   []string  `json:"events"` // "postmortem.published", ...
	Drafts   bool      `json:"drafts"`
	Private  bool      `json:"private"`
	Approve  bool      `json:"approve"`
	Asked    bool      `json:"asked"`    // queries of one's own may be asked there
	Disabled time.Time `json:"disabled"` // since when it is switched off
	Why      string    `json:"why"`
	// Silenced is since when it is told nothing, while all else that it is there for
	// goes on; SilencedWhy says why. [Client.ChangeEndpoint] ends it.
	Silenced    time.Time `json:"silenced"`
	SilencedWhy string    `json:"silenced_why"`
	Failures    int       `json:"failures"` // attempts in a row
	Created     time.Time `json:"created"`
	Updated     time.Time `json:"updated"`
	// Secrets are those that were generated just now. They are not shown again.
	Secrets map[string]string `json:"secrets,omitempty"`
}

// PutEndpoint is what an endpoint should be.
type PutEndpoint struct {
	Kind     string            `json:"kind,omitempty"` // of a new one
	Name     string            `json:"name"`
	Events   []string          `json:"events"`
	Drafts   bool              `json:"drafts,omitempty"`   // tell the titles of drafts
	Private  bool              `json:"private,omitempty"`  // tell that private incidents move, never their titles
	Approve  bool              `json:"approve,omitempty"`  // an admin approves each message first
	Asked    *bool             `json:"asked,omitempty"`    // queries of one's own may be asked there; nil leaves it as it is
	Disabled bool              `json:"disabled,omitempty"` // tell nothing
	Settings map[string]string `json:"settings,omitempty"` // webhook: url; email: to; of a change, what is missing stays
}

// Tested is what came of a test message.
type Tested struct {
	OK     bool   `json:"ok"`
	Answer string `json:"answer"`
}

// Delivery is one message to one endpoint.
type Delivery struct {
	ID         string    `json:"id"`
	EndpointID string    `json:"endpoint_id"`
	Event      string    `json:"event"`
	IncidentID string    `json:"incident_id"`
	State      string    `json:"state"` // waiting, queued, sent, failed or canceled
	Attempts   int       `json:"attempts"`
	Answer     string    `json:"answer"`
	AddedAt    time.Time `json:"added_at"`
	NextAt     time.Time `json:"next_at"`
	EndedAt    time.Time `json:"ended_at"`
	ApprovedBy string    `json:"approved_by"`
	// Message is what it says, only in the answer of [Client.Delivery], and only when
	// you may read the incident.
	Message *Message `json:"message,omitempty"`
}

// Message is what a delivery says.
type Message struct {
	Type    string          `json:"type"`
	At      time.Time       `json:"at"`
	Subject string          `json:"subject"`
	Text    string          `json:"text"`
	URL     string          `json:"url"`
	Data    json.RawMessage `json:"data"`
}

func endpoint(id, rest string) string { return "/endpoints/" + url.PathEscape(id) + rest }

func delivery(id, rest string) string { return "/deliveries/" + url.PathEscape(id) + rest }

// Endpoints returns who is told, by name.
func (c *Client) Endpoints(ctx context.Context) (list []Endpoint, err error) {
	_, err = c.do(ctx, request{method: http.MethodGet, path: "/endpoints"}, &list)
	return list, err
}

// CreateEndpoint makes an endpoint. Its secret is in the answer, once.
func (c *Client) CreateEndpoint(ctx context.Context, p PutEndpoint) (e Endpoint, err error) {
	body, header := jsonBody(p)
	_, err = c.do(ctx, request{method: http.MethodPost, path: "/endpoints", header: header, body: body}, &e)
	return e, err
}

// ChangeEndpoint makes an endpoint what p says, and switches it on unless p says
// that it is disabled.
func (c *Client) ChangeEndpoint(ctx context.Context, id string, p PutEndpoint) (e Endpoint, err error) {
	p.Kind = ""
	body, header := jsonBody(p)
	_, err = c.do(ctx, request{method: http.MethodPut, path: endpoint(id, ""), header: header, body: body}, &e)
	return e, err
}

// DeleteEndpoint removes an endpoint.
func (c *Client) DeleteEndpoint(ctx context.Context, id string) error {
	_, err := c.do(ctx, request{method: http.MethodDelete, path: endpoint(id, "")}, nil)
	return err
}

// TestEndpoint sends a test message now, and returns what came of it.
func (c *Client) TestEndpoint(ctx context.Context, id string) (t Tested, err error) {
	_, err = c.do(ctx, request{method: http.MethodPost, path: endpoint(id, "/test")}, &t)
	return t, err
}

// RotateSecret replaces the generated secrets of an endpoint and returns the new
// ones, once. For a day both are used.
func (c *Client) RotateSecret(ctx context.Context, id string) (map[string]string, error) {
	var out struct{ Secrets map[string]string }
	_, err := c.do(ctx, request{method: http.MethodPost, path: endpoint(id, "/secret")}, &out)
	return out.Secrets, err
}

// RetryFailed sends again what was given up at an endpoint, and returns how many
// messages that is.
func (c *Client) RetryFailed(ctx context.Context, id string) (int, error) {
	var out struct{ Deliveries int }
	_, err := c.do(ctx, request{method: http.MethodPost, path: endpoint(id, "/retry")}, &out)
	return out.Deliveries, err
}

// Deliveries yields messages, the last queued first: of one endpoint and in one
// state, unless these are empty.
func (c *Client) Deliveries(ctx context.Context, endpointID, state string) iter.Seq2[Delivery, error] {
	values := url.Values{}
	if endpointID != "" {
		values.Set("endpoint", endpointID)
	}
	if state != "" {
		values.Set("state", state)
	}
	return pages[Delivery](ctx, c, "/deliveries", values)
}

// Delivery returns one message with what it says.
func (c *Client) Delivery(ctx context.Context, id string) (d Delivery, err error) {
	_, err = c.do(ctx, request{method: http.MethodGet, path: delivery(id, "")}, &d)
	return d, err
}

// RetryDelivery sends again what failed, was canceled or waits for its next attempt.
func (c *Client) RetryDelivery(ctx context.Context, id string) error {
	_, err := c.do(ctx, request{method: http.MethodPost, path: delivery(id, "/retry")}, nil)
	return err
}

// CancelDelivery keeps a message from being sent.
func (c *Client) CancelDelivery(ctx context.Context, id string) error {
	_, err := c.do(ctx, request{method: http.MethodPost, path: delivery(id, "/cancel")}, nil)
	return err
}

// ApproveDelivery lets a message be sent that waits for it.
func (c *Client) ApproveDelivery(ctx context.Context, id string) error {
	_, err := c.do(ctx, request{method: http.MethodPost, path: delivery(id, "/approve")}, nil)
	return err
}
