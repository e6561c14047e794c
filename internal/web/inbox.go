package web

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/web/inbox"
	"github.com/hindcast/hindcast/internal/web/mail"
)

// inbox are the pages of what a person was told.
func (h *Handler) inbox() inbox.Handlers {
	return inbox.Handlers{Config: inbox.Config{Notice: h.Notice, Closed: h.mailClosed, Email: h.emailOf, Title: h.titleOf, Show: func(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, title string, c templ.Component) error {
		return h.render(w, r, v, status, title, "inbox", c)
	}}}
}

// mail are the pages of how mail leaves, and of how its readers stop it.
func (h *Handler) mail() mail.Handlers {
	return mail.Handlers{Config: mail.Config{Letters: h.Letters, In: h.MailIn, Name: h.name, Show: h.showSettings}}
}

// mailClosed says why no mail leaves; empty when it does.
func (h *Handler) mailClosed() string {
	switch {
	case h.Letters.Closed != "":
		return h.Letters.Closed
	case !h.Letters.Open():
		return "an admin has to name a mail server first, see docs/operate.md"
	}
	return ""
}

// emailOf returns the address of the viewer; empty when it is not known.
func (h *Handler) emailOf(r *http.Request, v hindcast.Viewer) string {
	p, err := h.Auth.Person(r.Context(), v.PersonID)
	if err != nil {
		h.Log.Warn("the address of a viewer could not be read", "error", err)
	}
	return p.Email
}

// titleOf returns the title of a post-mortem; empty when the viewer may not read it.
func (h *Handler) titleOf(r *http.Request, v hindcast.Viewer, num int64) string {
	d, err := h.Workflow.Get(r.Context(), v, strconv.FormatInt(num, 10))
	if err != nil {
		return ""
	}
	return d.Post.Incident.Title
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
