package actions

import (
	"context"
	"net/http"

	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/deliver/ticket"
)

// TicketsBody asks for tickets of action items.
type TicketsBody struct {
	Place   string   `json:"place" minLength:"1" maxLength:"100" doc:"id of a place, as GET /ticket-places lists them"`
	Actions []string `json:"actions" minItems:"1" maxItems:"200" doc:"ids of action items"`
}

type ticketsOutput struct{ Body []ticket.Ticket }

func (a *api) tickets() {
	operation.Register(a.Set, operation.New("GET", "/ticket-places", "list-ticket-places", "List where tickets can be made", "actions"), a.listPlaces)
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/tickets", "list-tickets", "List the tickets of the action items", "actions"), a.listTickets)
	ask := operation.New("POST", "/incidents/{ref}/tickets", "create-tickets", "Ask for tickets of action items; those that have one there keep it", "actions")
	ask.DefaultStatus = http.StatusAccepted
	operation.Register(a.Set, ask, a.createTickets)
	operation.Register(a.Set, operation.New("POST", "/incidents/{ref}/tickets/look", "look-at-tickets", "Look at the tickets now, and let the action items follow", "actions"), a.lookAtTickets)
	operation.Register(a.Set, operation.New("POST", "/incidents/{ref}/tickets/{id}/give-up", "give-up-ticket", "Take back that a ticket is asked for that was not made; with an address the action item has the ticket there", "actions"), a.giveUpTicket)
	operation.Register(a.Set, operation.New("GET", "/tickets/waiting", "list-waiting-tickets", "List the tickets that wait for approval; for admins", "actions"), a.listWaitingTickets)
	operation.Register(a.Set, operation.New("POST", "/tickets/{id}/approve", "approve-ticket", "Let a ticket be made that waits for approval; for admins", "actions"), a.approveTicket)
	operation.Register(a.Set, operation.New("POST", "/tickets/{id}/refuse", "refuse-ticket", "Refuse a ticket that waits for approval; for admins", "actions"), a.refuseTicket)
	operation.Register(a.Set, operation.New("POST", "/tickets/look", "look-at-all-tickets", "Look at the tickets of all post-mortems that you may see now, and let the action items follow; says what changed", "actions"), a.lookAtAllTickets)
}

func (a *api) listPlaces(ctx context.Context, _ *struct{}) (*struct{ Body []deliver.Place }, error) {
	list, err := a.Tickets.Places(ctx, operation.Viewer(ctx))
	if list == nil {
		list = []deliver.Place{}
	}
	return &struct{ Body []deliver.Place }{list}, err
}

func (a *api) listTickets(ctx context.Context, in *operation.RefInput) (*ticketsOutput, error) {
	list, err := a.Tickets.Of(ctx, operation.Viewer(ctx), in.Ref)
	if list == nil {
		list = []ticket.Ticket{}
	}
	return &ticketsOutput{list}, err
}

func (a *api) createTickets(ctx context.Context, in *struct {
	operation.RefInput
	Body TicketsBody
}) (*ticketsOutput, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	if err := a.Tickets.Ask(ctx, operation.Viewer(ctx), d.ID, in.Body.Place, in.Body.Actions); err != nil {
		return nil, err
	}
	return a.listTickets(ctx, &in.RefInput)
}

func (a *api) lookAtTickets(ctx context.Context, in *operation.RefInput) (*ticketsOutput, error) {
	if err := a.Tickets.Look(ctx, operation.Viewer(ctx), in.Ref); err != nil {
		return nil, err
	}
	return a.listTickets(ctx, in)
}

func (a *api) giveUpTicket(ctx context.Context, in *struct {
	operation.RefInput
	operation.IDInput
	Body struct {
		URL string `json:"url,omitempty" maxLength:"1000" doc:"of the ticket that was made by hand"`
	}
}) (*ticketsOutput, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	if err := a.Tickets.GiveUp(ctx, operation.Viewer(ctx), d.ID, in.ID, in.Body.URL); err != nil {
		return nil, err
	}
	return a.listTickets(ctx, &in.RefInput)
}

func (a *api) lookAtAllTickets(ctx context.Context, _ *struct{}) (*struct{ Body ticket.Looked }, error) {
	out, err := a.Tickets.LookAll(ctx, operation.Viewer(ctx))
	return &struct{ Body ticket.Looked }{out}, err
}

func (a *api) listWaitingTickets(ctx context.Context, _ *struct{}) (*struct{ Body []ticket.Proposal }, error) {
	list, err := a.Tickets.Waiting(ctx, operation.Viewer(ctx))
	if list == nil {
		list = []ticket.Proposal{}
	}
	return &struct{ Body []ticket.Proposal }{list}, err
}

func (a *api) approveTicket(ctx context.Context, in *operation.IDInput) (*struct{}, error) {
	return nil, a.Tickets.Approve(ctx, operation.Viewer(ctx), in.ID)
}

func (a *api) refuseTicket(ctx context.Context, in *struct {
	operation.IDInput
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"for who asked for it"`
	}
}) (*struct{}, error) {
	return nil, a.Tickets.Refuse(ctx, operation.Viewer(ctx), in.ID, in.Body.Reason)
}
