// Package settings holds the pages of what a person and an admin set: the
// account, tokens, the severity policy, connections to other systems, and the
// audit trail.
package settings

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/auth"
	"github.com/hindcast/hindcast/internal/collect"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/deliver/ticket"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/history"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Config says what the pages work with. All but Demo must be set.
type Config struct {
	Workflow *workflow.Service
	Auth     *auth.Auth
	Deliver  *deliver.Service
	Collect  *collect.Service
	Tickets  *ticket.Service
	Demo     bool // nobody signs in
	Now      func() time.Time
	Address  func() string // where people reach the server
	// Name returns what a person is called.
	Name func(r *http.Request, v hindcast.Viewer, id string) string
	// Changed says in words what became of one part.
	Changed func(before, after *hindcast.Postmortem, path string) history.Change
	// Show answers with a page in its frame. here is the place it belongs to.
	Show func(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, title, here string, c templ.Component) error
}

// Handlers answer for the pages. They may be used by several goroutines at once.
type Handlers struct{ Config }

// Handler answers a request of somebody who is signed in, or says why not.
type Handler = func(http.ResponseWriter, *http.Request, hindcast.Viewer) error

// Pages returns the handlers by pattern.
func (h Handlers) Pages() map[string]Handler {
	return map[string]Handler{
		"GET /settings":                h.account,
		"POST /settings/password":      h.changePassword,
		"POST /settings/tokens":        h.createToken,
		"POST /settings/tokens/revoke": h.revokeToken,
		"POST /settings/feed":          h.createFeed,

		"GET /settings/connections":               h.connections,
		"GET /settings/connections/new":           h.newConnection,
		"POST /settings/connections":              h.addConnection,
		"GET /settings/connections/{id}":          h.connection,
		"POST /settings/connections/{id}":         h.changeConnection,
		"POST /settings/connections/{id}/test":    h.testConnection,
		"POST /settings/connections/{id}/pause":   h.pauseConnection,
		"POST /settings/connections/{id}/resume":  h.resumeConnection,
		"POST /settings/connections/{id}/secret":  h.rotateSecret,
		"POST /settings/connections/{id}/retry":   h.retryFailed,
		"POST /settings/connections/{id}/remove":  h.removeConnection,
		"GET /settings/deliveries/{id}":           h.delivery,
		"POST /settings/deliveries/{id}/{decide}": h.decide,

		"GET /settings/audit": h.audit,
		"GET /p/{num}/audit":  h.incidentAudit,
		"GET /settings/join":  h.joinPage,
		"POST /settings/join": h.join,
	}
}

// show answers with a page of the settings.
func (h Handlers) show(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, title string, c templ.Component) error {
	return h.Show(w, r, v, status, title, "settings", c)
}

func (h Handlers) account(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.showAccount(w, r, v, http.StatusOK, View{})
}

// showAccount fills what the page always shows.
func (h Handlers) showAccount(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, view View) error {
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
		view.Tokens = append(view.Tokens, Token{ID: t.ID, Name: t.Name, Scopes: t.Scopes, Created: t.Created, Expires: t.Expires, Used: t.Used})
	}
	return h.show(w, r, v, status, "Settings", Page(view))
}

func (h Handlers) changePassword(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	c, err := r.Cookie(auth.Cookie)
	if err != nil {
		return hindcast.Errorf(hindcast.Denied, "only who is signed in with a password changes it")
	}
	err = h.Auth.ChangePassword(r.Context(), c.Value, r.PostForm.Get("present"), r.PostForm.Get("next"))
	if code := hindcast.CodeOf(err); code == hindcast.Invalid || code == hindcast.Denied {
		return h.showAccount(w, r, v, http.StatusUnprocessableEntity, View{Faults: map[string]string{"password": answer.Sentence(err.Error())}})
	}
	if err != nil {
		return err
	}
	return h.showAccount(w, r, v, http.StatusOK, View{Done: "The password is changed, and your other sessions have ended."})
}

func (h Handlers) createToken(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	wrong := func(message string) error {
		return h.showAccount(w, r, v, http.StatusUnprocessableEntity, View{Faults: map[string]string{"token": message}})
	}
	var expires time.Time
	if s := strings.TrimSpace(r.PostForm.Get("days")); s != "" {
		days, err := strconv.Atoi(s)
		if err != nil || days < 1 || days > 3650 {
			return wrong("Days is a number from 1 to 3650.")
		}
		expires = h.Now().AddDate(0, 0, days)
	}
	secret, _, err := h.Auth.CreateToken(r.Context(), v, strings.TrimSpace(r.PostForm.Get("name")), []hindcast.Scope{hindcast.Scope(r.PostForm.Get("scope"))}, expires)
	if hindcast.CodeOf(err) == hindcast.Invalid {
		return wrong(answer.Sentence(err.Error()))
	}
	if err != nil {
		return err
	}
	return h.showAccount(w, r, v, http.StatusOK, View{Secret: secret})
}

// createFeed makes a link to the feed, which is a token that opens nothing else.
func (h Handlers) createFeed(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	secret, _, err := h.Auth.CreateToken(r.Context(), v, "Link to the feed", []hindcast.Scope{hindcast.ScopeFeed}, time.Time{})
	if err != nil {
		return err
	}
	return h.showAccount(w, r, v, http.StatusOK, View{Feed: h.Address() + "/feed/" + secret})
}

func (h Handlers) revokeToken(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	if err := h.Auth.RevokeToken(r.Context(), v, r.PostForm.Get("id")); err != nil {
		return err
	}
	return answer.Redirect(w, r, "/settings#tokens")
}
