package client

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/hindcast/hindcast"
)

// RefusedAction is an action item that could not be changed, and why.
type RefusedAction struct {
	Incident string `json:"incident"`
	Action   string `json:"action"`
	Why      string `json:"why"`
}

// ActionTarget names an action item that is to change.
type ActionTarget struct {
	Incident string `json:"incident"` // id or number of its post-mortem
	Action   string `json:"action"`   // its id
	Base     string `json:"base,omitempty"`
}

// ChangeActions changes many action items, each for itself.
func (c *Client) ChangeActions(ctx context.Context, targets []ActionTarget, change ActionChange) (made []ChangedAction, refused []RefusedAction, err error) {
	change.Base = ""
	body, header := jsonBody(map[string]any{"actions": targets, "change": change})
	var out struct {
		Made    []ChangedAction `json:"made"`
		Refused []RefusedAction `json:"refused"`
	}
	_, err = c.do(ctx, request{method: http.MethodPost, path: "/actions/changes", header: header, body: body}, &out)
	return out.Made, out.Refused, err
}

// ActionReview goes through action items that are overdue or stand still.
type ActionReview struct {
	ID      string       `json:"id"`
	By      string       `json:"by"`    // id of who began it
	Scope   string       `json:"scope"` // query of the items that it goes through; empty for all
	Started time.Time    `json:"started"`
	Ended   time.Time    `json:"ended"` // zero while it is not over
	Looks   []ActionLook `json:"looks"` // the last first
	Left    int          `json:"left"`
	Next    *Action      `json:"next"` // nil when none is left
	Why     []string     `json:"why"`  // it goes through the next one
}

// ActionLook is what came of looking at an action item: it was kept as it is, changed,
// asked about, or skipped.
type ActionLook struct {
	Num     int64     `json:"incident_number"`
	ID      string    `json:"action"`
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	Outcome string    `json:"outcome"`
	Note    string    `json:"note"`
}

func review(id, more string) string { return "/action-reviews/" + url.PathEscape(id) + more }

// BeginActionReview begins a review of the action items that a query of the list asks
// for, such as "team=platform"; empty for all.
func (c *Client) BeginActionReview(ctx context.Context, scope string) (ActionReview, error) {
	body, header := jsonBody(map[string]string{"scope": scope})
	var out ActionReview
	_, err := c.do(ctx, request{method: http.MethodPost, path: "/action-reviews", header: header, body: body}, &out)
	return out, err
}

// ActionReviews returns the last reviews, the last begun first.
func (c *Client) ActionReviews(ctx context.Context) ([]ActionReview, error) {
	var out []ActionReview
	_, err := c.do(ctx, request{method: http.MethodGet, path: "/action-reviews"}, &out)
	return out, err
}

// ActionReview returns a review as it stands, with the next action item.
func (c *Client) ActionReview(ctx context.Context, id string) (ActionReview, error) {
	var out ActionReview
	_, err := c.do(ctx, request{method: http.MethodGet, path: review(id, "")}, &out)
	return out, err
}

// LookAtAction keeps what came of looking at an action item in a review. The change is
// made for the outcome "changed".
func (c *Client) LookAtAction(ctx context.Context, id string, target ActionTarget, outcome, note string, change ActionChange) (ChangedAction, error) {
	change.Base = ""
	sent := map[string]any{"incident": target.Incident, "action": target.Action, "outcome": outcome, "note": note, "change": change}
	if target.Base != "" {
		sent["base"] = target.Base
	}
	body, header := jsonBody(sent)
	var out ChangedAction
	_, err := c.do(ctx, request{method: http.MethodPost, path: review(id, "/looks"), header: header, body: body}, &out)
	return out, err
}

// EndActionReview ends a review.
func (c *Client) EndActionReview(ctx context.Context, id string) (ActionReview, error) {
	var out ActionReview
	_, err := c.do(ctx, request{method: http.MethodPost, path: review(id, "/end")}, &out)
	return out, err
}

// ActionDigest is what a person is told of action items once a week.
type ActionDigest struct {
	From       hindcast.Date `json:"from"`
	To         hindcast.Date `json:"to"`
	Overdue    []Action      `json:"overdue"`
	DueSoon    []Action      `json:"due_soon"`
	Unverified []Action      `json:"unverified"`
	Revisit    []Action      `json:"revisit"`
	Closed     []Action      `json:"closed"`
	Counts     DigestCounts  `json:"counts"` // of all, also those that are not in the lists
	Figures    ActionFigures `json:"figures"`
}

// DigestCounts says how many action items a digest is about, up to 200 of a kind.
type DigestCounts struct {
	Overdue    int `json:"overdue"`
	DueSoon    int `json:"due_soon"`
	Unverified int `json:"unverified"`
	Revisit    int `json:"revisit"`
	Closed     int `json:"closed"`
}

// ActionDigest returns what one is told of action items once a week.
func (c *Client) ActionDigest(ctx context.Context) (ActionDigest, error) {
	var out ActionDigest
	_, err := c.do(ctx, request{method: http.MethodGet, path: "/actions/digest"}, &out)
	return out, err
}
