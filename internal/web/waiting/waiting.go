// Package waiting holds the page of what waits for an admin before it leaves the
// library: messages and tickets.
package waiting

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/deliver/ticket"
	"github.com/hindcast/hindcast/internal/web/answer"
)

// Config says what the page works with. All of it must be set.
type Config struct {
	Deliver *deliver.Service
	Tickets *ticket.Service
	// Name returns what a person is called.
	Name func(r *http.Request, v hindcast.Viewer, id string) string
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
		"GET /settings/waiting":                         h.page,
		"POST /settings/waiting/tickets/{id}/approve":   h.approve,
		"POST /settings/waiting/tickets/{id}/refuse":    h.refuse,
		"POST /settings/waiting/messages/{id}/{decide}": h.decide,
	}
}

// View is what the page shows.
type View struct {
	Tickets  []Ticket
	Messages []Message
	Next     string // more messages
	Any      bool   // a connection lets something wait
	Fault    string
	At       string // id of the ticket that the fault is about
}

// lists reports whether something with an id is on the page.
func (v View) lists(id string) bool {
	return slices.ContainsFunc(v.Tickets, func(t Ticket) bool { return t.ID == id }) || slices.ContainsFunc(v.Messages, func(m Message) bool { return m.ID == id })
}

// Ticket is one that waits.
type Ticket struct {
	ticket.Proposal
	By string // who asked for it
}

// Message is one that waits.
type Message struct {
	deliver.Delivery
	To      string // name of the connection
	Subject string // empty when the viewer may not read of what it tells
	Text    string
}

func (h Handlers) page(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.show(w, r, v, http.StatusOK, View{})
}

// show fills what the page always shows.
func (h Handlers) show(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, view View) error {
	ends, err := h.Deliver.Endpoints(r.Context(), v)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, e := range ends {
		names[e.ID] = e.Name
		view.Any = view.Any || e.Approve
	}
	tickets, err := h.Tickets.Waiting(r.Context(), v)
	if err != nil {
		return err
	}
	for _, t := range tickets {
		view.Tickets = append(view.Tickets, Ticket{t, h.Name(r, v, t.AskedBy)})
	}
	page, err := h.Deliver.Deliveries(r.Context(), v, deliver.Filter{State: deliver.Waiting, After: r.URL.Query().Get("after")})
	if err != nil {
		return err
	}
	for _, d := range page.Items {
		m := Message{Delivery: d, To: names[d.EndpointID]}
		_, said, err := h.Deliver.Delivery(r.Context(), v, d.ID)
		if err != nil && hindcast.CodeOf(err) != hindcast.NotFound {
			return err
		}
		if said != nil {
			m.Subject, m.Text = said.Subject, said.Text
		}
		view.Messages = append(view.Messages, m)
	}
	if !view.lists(view.At) {
		view.At = "" // somebody else decided meanwhile
	}
	view.Next = answer.Later(r, page.Next)
	return h.Show(w, r, v, status, "Waiting", Page(view))
}

func (h Handlers) approve(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.done(w, r, v, h.Tickets.Approve(r.Context(), v, r.PathValue("id")))
}

func (h Handlers) refuse(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.done(w, r, v, h.Tickets.Refuse(r.Context(), v, r.PathValue("id"), r.PostForm.Get("reason")))
}

// decide lets a message be sent, or not.
func (h Handlers) decide(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	switch r.PathValue("decide") {
	case "approve":
		return h.done(w, r, v, h.Deliver.Approve(r.Context(), v, r.PathValue("id")))
	case "refuse":
		return h.done(w, r, v, h.Deliver.Cancel(r.Context(), v, r.PathValue("id")))
	}
	return hindcast.Errorf(hindcast.NotFound, "there is no such decision")
}

// done goes back to the page, or shows on it what is wrong.
func (h Handlers) done(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, err error) error {
	switch hindcast.CodeOf(err) {
	case "":
		return answer.Redirect(w, r, "/settings/waiting")
	case hindcast.Invalid, hindcast.Conflict:
		return h.show(w, r, v, http.StatusUnprocessableEntity, View{Fault: answer.Sentence(err.Error()), At: r.PathValue("id")})
	}
	return err
}
