package people

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/auth"
	"github.com/hindcast/hindcast/internal/web/answer"
)

// Config says what the page works with. All of it must be set.
type Config struct {
	Auth    *auth.Auth
	Address func() string // where people reach the server
	// Show answers with the page in its frame.
	Show func(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, title string, c templ.Component) error
}

// Handlers answer for the page. They may be used by several goroutines at once.
type Handlers struct{ Config }

// Handler answers a request of somebody who is signed in, or says why not.
type Handler = func(http.ResponseWriter, *http.Request, hindcast.Viewer) error

// Pages returns the handlers by pattern.
func (h Handlers) Pages() map[string]Handler {
	return map[string]Handler{
		"GET /people":         h.list,
		"POST /people/invite": h.invite,
		"POST /people/role":   h.setRole,
		"POST /people/reset":  h.resetPassword,
	}
}

func (h Handlers) list(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.show(w, r, v, http.StatusOK, View{})
}

// show fills what the page always shows.
func (h Handlers) show(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, view View) error {
	list, err := h.Auth.People(r.Context(), v)
	if err != nil {
		return err
	}
	view.Me, view.Admin = v.PersonID, v.MayAdminister()
	for _, p := range list {
		row := Row{ID: p.ID, Name: p.Name, Role: p.Role, Disabled: p.Disabled, Seen: p.Seen}
		if view.Admin {
			row.Email = p.Email
		}
		view.Rows = append(view.Rows, row)
	}
	return h.Show(w, r, v, status, "People", Page(view))
}

func (h Handlers) invite(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	email := strings.TrimSpace(r.PostForm.Get("email"))
	link, err := h.Auth.Invite(r.Context(), v, email, hindcast.Role(r.PostForm.Get("role")))
	return h.linkMade(w, r, v, email, link, err)
}

func (h Handlers) resetPassword(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	link, err := h.Auth.Reset(r.Context(), v, r.PostForm.Get("id"))
	return h.linkMade(w, r, v, link.Email, link, err)
}

// linkMade shows a link once, to be given to whom it is for.
func (h Handlers) linkMade(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, email string, link auth.Link, err error) error {
	if code := hindcast.CodeOf(err); code == hindcast.Invalid || code == hindcast.Conflict {
		return h.show(w, r, v, http.StatusUnprocessableEntity, View{Fault: answer.Sentence(err.Error()), Email: email})
	}
	if err != nil {
		return err
	}
	return h.show(w, r, v, http.StatusOK, View{Link: h.Address() + "/link/" + link.Secret, For: email})
}

func (h Handlers) setRole(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	f := r.PostForm
	if err := h.Auth.SetRole(r.Context(), v, f.Get("id"), hindcast.Role(f.Get("role")), f.Get("disabled") != ""); err != nil {
		return err
	}
	return answer.Redirect(w, r, "/people")
}
