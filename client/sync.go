package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/hindcast/hindcast"
)

// Ticket is an action item in another system.
type Ticket struct {
	ID         string    `json:"id"`
	IncidentID string    `json:"incident_id"`
	ActionID   string    `json:"action_id"`
	EndpointID string    `json:"endpoint_id"`
	Place      string    `json:"place"` // name of where it is
	State      string    `json:"state"` // waiting, queued, failed, refused, open, done or declined
	Ref        string    `json:"ref"`   // what the tracker calls it
	URL        string    `json:"url"`
	Said       string    `json:"said"` // its state in the tracker's words, or why there is none
	AskedAt    time.Time `json:"asked_at"`
	CheckedAt  time.Time `json:"checked_at"`
	ChangedAt  time.Time `json:"changed_at"`  // in the tracker
	ApprovedBy string    `json:"approved_by"` // id of a person; empty when nobody had to
}

// TicketChange is a ticket that is another than when it was last looked at.
type TicketChange struct {
	Ticket
	IncidentNum int64                 `json:"incident_number"`
	Description string                `json:"description"` // of the action item
	Was         string                `json:"was"`
	Status      hindcast.ActionStatus `json:"action_status"` // of the action item now
}

// TicketsLooked is what came of [Client.LookAtTickets].
type TicketsLooked struct {
	Looked  int            `json:"looked"` // at how many
	Left    int            `json:"left"`   // how many were left for another time
	Changed []TicketChange `json:"changed"`
	Faults  []string       `json:"faults"` // which trackers did not answer, and why
}

// LookAtTickets has the server ask the trackers now how the tickets are of all
// post-mortems that you may see; the action items follow.
func (c *Client) LookAtTickets(ctx context.Context) (out TicketsLooked, err error) {
	_, err = c.do(ctx, request{method: http.MethodPost, path: "/tickets/look"}, &out)
	return out, err
}

// Episode is an incident as another system tells of it.
type Episode struct {
	ID         string    `json:"id"`
	EndpointID string    `json:"endpoint_id"`
	Ref        string    `json:"ref"` // what it is there
	Number     string    `json:"number"`
	Title      string    `json:"title"`
	Severity   string    `json:"severity"` // in the words from there
	Service    string    `json:"service"`
	URL        string    `json:"url"`
	BeganAt    time.Time `json:"began_at"`
	EndedAt    time.Time `json:"ended_at"` // zero while it goes on
	State      string    `json:"state"`    // open, due, drafted, skipped or failed
	IncidentID string    `json:"incident_id"`
	Said       string    `json:"said"` // why it was skipped or failed, or what is missing
}

// EpisodesLooked is what came of [Client.LookForEpisodes].
type EpisodesLooked struct {
	Changed []Episode `json:"changed"` // those that are new, or over now
	Faults  []string  `json:"faults"`  // which systems did not answer, and why
}

// LookForEpisodes has the server ask the systems that keep incidents, such as the
// pager, for those since the last time, or since a time unless that is zero; for
// admins. What is over is drafted soon after, as the severity policy asks.
func (c *Client) LookForEpisodes(ctx context.Context, since time.Time) (out EpisodesLooked, err error) {
	q := url.Values{}
	if !since.IsZero() {
		q.Set("since", since.UTC().Format(time.RFC3339))
	}
	_, err = c.do(ctx, request{method: http.MethodPost, path: "/episodes/look", query: q}, &out)
	return out, err
}

// Episodes lists the incidents that other systems told of, the last one first; for
// admins.
func (c *Client) Episodes(ctx context.Context) iter.Seq2[Episode, error] {
	return pages[Episode](ctx, c, "/episodes", url.Values{})
}

// Place is where tickets can be made.
type Place struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind"` // "github"
	// Approve says that an admin approves each ticket first.
	Approve bool `json:"approve"`
}

// TicketPlaces lists where tickets can be made.
func (c *Client) TicketPlaces(ctx context.Context) (list []Place, err error) {
	_, err = c.do(ctx, request{method: http.MethodGet, path: "/ticket-places"}, &list)
	return list, err
}

// Tickets lists the tickets of a post-mortem's action items.
func (c *Client) Tickets(ctx context.Context, ref string) (list []Ticket, err error) {
	_, err = c.do(ctx, request{method: http.MethodGet, path: incident(ref) + "/tickets"}, &list)
	return list, err
}

// CreateTickets asks for tickets of action items in a place; those that have one
// there keep it.
func (c *Client) CreateTickets(ctx context.Context, ref, place string, actions ...string) (list []Ticket, err error) {
	body, header := jsonBody(map[string]any{"place": place, "actions": actions})
	_, err = c.do(ctx, request{method: http.MethodPost, path: incident(ref) + "/tickets", body: body, header: header}, &list)
	return list, err
}

// Proposal is a ticket that waits for approval.
type Proposal struct {
	Ticket
	IncidentNum int64    `json:"incident_number"` // 0 when you may not read the post-mortem; then what follows is empty
	Title       string   `json:"title"`
	Text        string   `json:"text"`
	Labels      []string `json:"labels"`
}

// WaitingTickets lists the tickets that wait for approval; for admins.
func (c *Client) WaitingTickets(ctx context.Context) (list []Proposal, err error) {
	_, err = c.do(ctx, request{method: http.MethodGet, path: "/tickets/waiting"}, &list)
	return list, err
}

// ApproveTicket lets a ticket be made that waits for approval; for admins.
func (c *Client) ApproveTicket(ctx context.Context, id string) error {
	_, err := c.do(ctx, request{method: http.MethodPost, path: "/tickets/" + url.PathEscape(id) + "/approve"}, nil)
	return err
}

// RefuseTicket refuses a ticket that waits for approval, and says why; for admins.
func (c *Client) RefuseTicket(ctx context.Context, id, reason string) error {
	body, header := jsonBody(map[string]string{"reason": reason})
	_, err := c.do(ctx, request{method: http.MethodPost, path: "/tickets/" + url.PathEscape(id) + "/refuse", body: body, header: header}, nil)
	return err
}
