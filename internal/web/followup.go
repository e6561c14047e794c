package web

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/web/actions"
)

// actions are the pages on which action items get done.
func (h *Handler) actions() actions.Handlers {
	return actions.Handlers{Config: actions.Config{Workflow: h.Workflow, Followup: h.Followup, Tickets: h.Tickets, Name: h.name, Show: h.showActions, Send: fragment}}
}

// showActions answers with a page of action items.
func (h *Handler) showActions(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, title string, c templ.Component) error {
	return h.render(w, r, v, status, title, "actions", c)
}
