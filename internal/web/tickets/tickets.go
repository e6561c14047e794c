// Package tickets holds the page on which action items become tickets in other
// systems, and on which one sees what became of them.
package tickets

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/deliver/ticket"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/ui"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Config says what the page works with. All of it must be set.
type Config struct {
	Workflow *workflow.Service
	Tickets  *ticket.Service
	// Show answers with a page in its frame.
	Show func(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, title string, c templ.Component) error
}

// Handlers answer for the page. They may be used by several goroutines at once.
type Handlers struct{ Config }

// Handler answers a request of somebody who is signed in, or says why not.
type Handler = func(http.ResponseWriter, *http.Request, hindcast.Viewer) error

// Pages returns the handlers by pattern.
func (h Handlers) Pages() map[string]Handler {
	return map[string]Handler{
		"GET /p/{num}/tickets":       h.page,
		"POST /p/{num}/tickets":      h.ask,
		"POST /p/{num}/tickets/look": h.look,

		"POST /p/{num}/tickets/{id}/give-up": h.giveUp,
	}
}

// View is what the page shows.
type View struct {
	Num     int64
	Title   string
	Rows    []Row
	Places  []deliver.Place
	MayAsk  bool
	Admin   bool // may add a place
	Waiting bool // a ticket is being made
	Made    bool // there is one in a tracker
	Place   string
	Chosen  []string
	Fault   string
	// Dropping is the id of the ticket that could not be given up; empty for none.
	Dropping string
}

// Row is an action item with its tickets.
type Row struct {
	hindcast.ActionItem
	Tickets []ticket.Ticket
}

// asked reports whether the action item has, or will have, a ticket.
func (r Row) asked() bool {
	return slices.ContainsFunc(r.Tickets, func(t ticket.Ticket) bool { return t.State != ticket.Failed && t.State != ticket.Refused })
}

// how says how the action item is, whose it is and when it is due.
func (r Row) how() string {
	out := []string{ui.Words(r.Status)}
	if r.Owner != "" {
		out = append(out, r.Owner)
	}
	if !r.Due.IsZero() {
		out = append(out, "due "+r.Due.String())
	}
	return strings.Join(out, " · ")
}

// over reports whether nothing is left to do.
func (r Row) over() bool {
	return r.Status == hindcast.ActionDone || r.Status == hindcast.ActionVerified || r.Status == hindcast.ActionDeclined
}

func (h Handlers) page(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	return h.show(w, r, v, d, http.StatusOK, View{})
}

// show fills what the page always shows.
func (h Handlers) show(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, d *workflow.Document, status int, view View) error {
	list, err := h.Tickets.Of(r.Context(), v, d.ID)
	if err != nil {
		return err
	}
	if view.Places, err = h.Tickets.Places(r.Context(), v); err != nil {
		return err
	}
	view.Num, view.Title, view.MayAsk, view.Admin = d.Num, d.Post.Incident.Title, d.May(access.Follow) == nil, v.MayAdminister()
	for _, a := range d.Post.Actions {
		row := Row{ActionItem: a}
		for _, t := range list {
			if t.ActionID == a.ID {
				row.Tickets = append(row.Tickets, t)
				view.Waiting, view.Made = view.Waiting || t.State == ticket.Queued, view.Made || t.Ref != ""
			}
		}
		view.Rows = append(view.Rows, row)
	}
	if view.Waiting && r.Method == http.MethodGet {
		w.Header().Set("Refresh", "3") // until the tickets are made
	}
	return h.Show(w, r, v, status, "Tickets of "+view.Title, Page(view))
}

// chosen reports whether an action item is to be ticked: as it was sent, or when it
// has no ticket yet and is not over.
func (v View) chosen(r Row) bool {
	if v.Fault != "" {
		return slices.Contains(v.Chosen, r.ID)
	}
	return !r.asked() && !r.over() && r.Ticket == ""
}

func (h Handlers) ask(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	place, chosen := r.PostForm.Get("place"), r.PostForm["action"]
	err = h.Tickets.Ask(r.Context(), v, d.ID, place, chosen)
	switch hindcast.CodeOf(err) {
	case "":
		return answer.Redirect(w, r, fmt.Sprintf("/p/%d/tickets", d.Num))
	case hindcast.Invalid, hindcast.Conflict, hindcast.Denied:
		return h.show(w, r, v, d, http.StatusUnprocessableEntity, View{Place: place, Chosen: chosen, Fault: answer.Sentence(err.Error())})
	}
	return err
}

// look asks the trackers now.
func (h Handlers) look(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	err = h.Tickets.Look(r.Context(), v, d.ID)
	if err != nil && hindcast.CodeOf(err) != hindcast.Internal {
		return h.show(w, r, v, d, http.StatusBadGateway, View{Fault: answer.Sentence(err.Error())})
	}
	if err != nil {
		return err
	}
	return answer.Redirect(w, r, fmt.Sprintf("/p/%d/tickets", d.Num))
}

// giveUp takes back a ticket that was not made.
func (h Handlers) giveUp(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	err = h.Tickets.GiveUp(r.Context(), v, d.ID, id, r.PostForm.Get("url"))
	switch hindcast.CodeOf(err) {
	case "":
		return answer.Redirect(w, r, fmt.Sprintf("/p/%d/tickets", d.Num))
	case hindcast.Invalid, hindcast.Conflict, hindcast.Denied:
		return h.show(w, r, v, d, http.StatusUnprocessableEntity, View{Dropping: id, Fault: answer.Sentence(err.Error())})
	}
	return err
}
