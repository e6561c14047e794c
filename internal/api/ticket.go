package api

import (
	"context"
	"net/http"

	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/deliver/ticket"
)

// TicketsBody asks for tickets of action items.
type TicketsBody struct {
	Place   string   `json:"place" minLength:"1" maxLength:"100" doc:"id of a place, as GET /ticket-places lists them"`
	Actions []string `json:"actions" minItems:"1" maxItems:"200" doc:"ids of action items"`
}

type ticketsOutput struct{ Body []ticket.Ticket }

func (a *API) tickets() {
	register(a, operation("GET", "/ticket-places", "list-ticket-places", "List where tickets can be made", "actions"), a.listPlaces)
	register(a, operation("GET", "/incidents/{ref}/tickets", "list-tickets", "List the tickets of the action items", "actions"), a.listTickets)
	ask := operation("POST", "/incidents/{ref}/tickets", "create-tickets", "Ask for tickets of action items; those that have one there keep it", "actions")
	ask.DefaultStatus = http.StatusAccepted
	register(a, ask, a.createTickets)
	register(a, operation("POST", "/incidents/{ref}/tickets/look", "look-at-tickets", "Look at the tickets now, and let the action items follow", "actions"), a.lookAtTickets)
	register(a, operation("POST", "/incidents/{ref}/tickets/{id}/give-up", "give-up-ticket", "Take back that a ticket is asked for that was not made; with an address the action item has the ticket there", "actions"), a.giveUpTicket)
	register(a, operation("GET", "/tickets/waiting", "list-waiting-tickets", "List the tickets that wait for approval; for admins", "actions"), a.listWaitingTickets)
	register(a, operation("POST", "/tickets/{id}/approve", "approve-ticket", "Let a ticket be made that waits for approval; for admins", "actions"), a.approveTicket)
	register(a, operation("POST", "/tickets/{id}/refuse", "refuse-ticket", "Refuse a ticket that waits for approval; for admins", "actions"), a.refuseTicket)
	register(a, operation("POST", "/tickets/look", "look-at-all-tickets", "Look at the tickets of all post-mortems that you may see now, and let the action items follow; says what changed", "actions"), a.lookAtAllTickets)
}

func (a *API) listPlaces(ctx context.Context, _ *struct{}) (*struct{ Body []deliver.Place }, error) {
	list, err := a.Tickets.Places(ctx, viewer(ctx))
	if list == nil {
		list = []deliver.Place{}
	}
	return &struct{ Body []deliver.Place }{list}, err
}

func (a *API) listTickets(ctx context.Context, in *RefInput) (*ticketsOutput, error) {
	list, err := a.Tickets.Of(ctx, viewer(ctx), in.Ref)
	if list == nil {
		list = []ticket.Ticket{}
	}
	return &ticketsOutput{list}, err
}

func (a *API) createTickets(ctx context.Context, in *struct {
	RefInput
	Body TicketsBody
}) (*ticketsOutput, error) {
	d, err := a.Workflow.Get(ctx, viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	if err := a.Tickets.Ask(ctx, viewer(ctx), d.ID, in.Body.Place, in.Body.Actions); err != nil {
		return nil, err
	}
	return a.listTickets(ctx, &in.RefInput)
}

func (a *API) lookAtTickets(ctx context.Context, in *RefInput) (*ticketsOutput, error) {
	if err := a.Tickets.Look(ctx, viewer(ctx), in.Ref); err != nil {
		return nil, err
	}
	return a.listTickets(ctx, in)
}

func (a *API) giveUpTicket(ctx context.Context, in *struct {
	RefInput
	IDInput
	Body struct {
		URL string `json:"url,omitempty" maxLength:"1000" doc:"of the ticket that was made by hand"`
	}
}) (*ticketsOutput, error) {
	d, err := a.Workflow.Get(ctx, viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	if err := a.Tickets.GiveUp(ctx, viewer(ctx), d.ID, in.ID, in.Body.URL); err != nil {
		return nil, err
	}
	return a.listTickets(ctx, &in.RefInput)
}

func (a *API) lookAtAllTickets(ctx context.Context, _ *struct{}) (*struct{ Body ticket.Looked }, error) {
	out, err := a.Tickets.LookAll(ctx, viewer(ctx))
	return &struct{ Body ticket.Looked }{out}, err
}

func (a *API) listWaitingTickets(ctx context.Context, _ *struct{}) (*struct{ Body []ticket.Proposal }, error) {
	list, err := a.Tickets.Waiting(ctx, viewer(ctx))
	if list == nil {
		list = []ticket.Proposal{}
	}
	return &struct{ Body []ticket.Proposal }{list}, err
}

func (a *API) approveTicket(ctx context.Context, in *IDInput) (*struct{}, error) {
	return nil, a.Tickets.Approve(ctx, viewer(ctx), in.ID)
}

func (a *API) refuseTicket(ctx context.Context, in *struct {
	IDInput
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"for who asked for it"`
	}
}) (*struct{}, error) {
	return nil, a.Tickets.Refuse(ctx, viewer(ctx), in.ID, in.Body.Reason)
}
