package web

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/auth"
	"github.com/hindcast/hindcast/internal/web/people"
	"github.com/hindcast/hindcast/internal/web/settings"
	"github.com/hindcast/hindcast/internal/workflow"
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
		return h.showPeople(w, r, v, http.StatusUnprocessableEntity, people.View{Fault: sentence(err), Email: email})
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
	return redirect(w, r, "/people")
}

func (h *Handler) settings(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.showSettings(w, r, v, http.StatusOK, settings.View{})
}

// showSettings fills what the page always shows.
func (h *Handler) showSettings(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, view settings.View) error {
	view.Name, view.Role, view.Policy, view.Admin, view.Demo = v.Name, v.Role, h.Workflow.Policy(), v.MayAdminister(), h.Demo
	if p, err := h.Auth.Person(r.Context(), v.PersonID); err == nil {
		view.Email = p.Email
	} else if hindcast.CodeOf(err) != hindcast.NotFound {
		return err
	}
	tokens, err := h.Auth.Tokens(r.Context(), v)
	if err != nil {
		return err
	}
	for _, t := range tokens {
		view.Tokens = append(view.Tokens, settings.Token{ID: t.ID, Name: t.Name, Scopes: t.Scopes, Created: t.Created, Expires: t.Expires, Used: t.Used})
	}
	if view.Admin {
		page, err := h.Workflow.Audit(r.Context(), v, workflow.AuditFilter{After: r.URL.Query().Get("after")})
		if err != nil {
			return err
		}
		for _, a := range page.Items {
			view.Audit = append(view.Audit, settings.Act{At: a.At, Who: h.name(r, v, a.PersonID), Act: a.Act, Incident: a.IncidentID, Detail: detail(a.Detail)})
		}
		if view.Next = next(r, page.Next); view.Next != "" {
			view.Next += "#audit"
		}
	}
	return h.render(w, r, v, status, "Settings", "settings", settings.Page(view))
}

// detail writes what an audit line says beside its act.
func detail(d any) string {
	raw, ok := d.(json.RawMessage)
	if !ok || string(raw) == "null" {
		return ""
	}
	return string(raw)
}

func (h *Handler) changePassword(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	c, err := r.Cookie(auth.Cookie)
	if err != nil {
		return hindcast.Errorf(hindcast.Denied, "only who is signed in with a password changes it")
	}
	err = h.Auth.ChangePassword(r.Context(), c.Value, r.PostForm.Get("present"), r.PostForm.Get("next"))
	if code := hindcast.CodeOf(err); code == hindcast.Invalid || code == hindcast.Denied {
		return h.showSettings(w, r, v, http.StatusUnprocessableEntity, settings.View{Faults: map[string]string{"password": sentence(err)}})
	}
	if err != nil {
		return err
	}
	return h.showSettings(w, r, v, http.StatusOK, settings.View{Done: "The password is changed, and your other sessions have ended."})
}

func (h *Handler) createToken(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	var expires time.Time
	if s := strings.TrimSpace(r.PostForm.Get("days")); s != "" {
		days, err := strconv.Atoi(s)
		if err != nil || days < 1 || days > 3650 {
			return h.showSettings(w, r, v, http.StatusUnprocessableEntity, settings.View{Faults: map[string]string{"token": "Days is a number from 1 to 3650."}})
		}
		expires = h.Now().AddDate(0, 0, days)
	}
	secret, _, err := h.Auth.CreateToken(r.Context(), v, strings.TrimSpace(r.PostForm.Get("name")), []hindcast.Scope{hindcast.Scope(r.PostForm.Get("scope"))}, expires)
	if hindcast.CodeOf(err) == hindcast.Invalid {
		return h.showSettings(w, r, v, http.StatusUnprocessableEntity, settings.View{Faults: map[string]string{"token": sentence(err)}})
	}
	if err != nil {
		return err
	}
	return h.showSettings(w, r, v, http.StatusOK, settings.View{Secret: secret})
}

func (h *Handler) revokeToken(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	if err := h.Auth.RevokeToken(r.Context(), v, r.PostForm.Get("id")); err != nil {
		return err
	}
	return redirect(w, r, "/settings#tokens")
}
