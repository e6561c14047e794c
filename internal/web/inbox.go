package web

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/web/inbox"
)

// inbox is the page of what a person was told.
func (h *Handler) inbox() inbox.Handlers {
	return inbox.Handlers{Config: inbox.Config{Notice: h.Notice, Show: func(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, title string, c templ.Component) error {
		return h.render(w, r, v, status, title, "inbox", c)
	}}}
}

// unread returns how many notices a viewer has not read. No page fails by it.
func (h *Handler) unread(r *http.Request, v hindcast.Viewer) int {
	if !v.Known() {
		return 0
	}
	n, err := h.Notice.Unread(r.Context(), v)
	if err != nil {
		h.Log.Warn("the unread notices could not be counted", "error", err)
	}
	return n
}
