package web

import (
	"net/http"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/auth"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/people"
)

func (h *Handler) people(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.showPeople(w, r, v, http.StatusOK, people.View{})
}

// showPeople fills what the page always shows.
func (h *Handler) showPeople(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, view people.View) error {
	list, err := h.Auth.People(r.Context(), v)
	if err != nil {
		return err
	}
	view.Me, view.Admin = v.PersonID, v.MayAdminister()
	for _, p := range list {
		row := people.Row{ID: p.ID, Name: p.Name, Role: p.Role, Disabled: p.Disabled, Seen: p.Seen}
		if view.Admin {
			row.Email = p.Email
		}
		view.Rows = append(view.Rows, row)
	}
	return h.render(w, r, v, status, "People", "people", people.Page(view))
}

func (h *Handler) invite(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	email := strings.TrimSpace(r.PostForm.Get("email"))
	link, err := h.Auth.Invite(r.Context(), v, email, hindcast.Role(r.PostForm.Get("role")))
	return h.linkMade(w, r, v, email, link, err)
}

func (h *Handler) resetPassword(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	link, err := h.Auth.Reset(r.Context(), v, r.PostForm.Get("id"))
	return h.linkMade(w, r, v, link.Email, link, err)
}

// linkMade shows a link once, to be given to whom it is for.
func (h *Handler) linkMade(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, email string, link auth.Link, err error) error {
	if code := hindcast.CodeOf(err); code == hindcast.Invalid || code == hindcast.Conflict {
		return h.showPeople(w, r, v, http.StatusUnprocessableEntity, people.View{Fault: answer.Sentence(err.Error()), Email: email})
	}
	if err != nil {
		return err
	}
	return h.showPeople(w, r, v, http.StatusOK, people.View{Link: h.Address() + "/link/" + link.Secret, For: email})
}

func (h *Handler) setRole(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	f := r.PostForm
	if err := h.Auth.SetRole(r.Context(), v, f.Get("id"), hindcast.Role(f.Get("role")), f.Get("disabled") != ""); err != nil {
		return err
	}
	return answer.Redirect(w, r, "/people")
}
