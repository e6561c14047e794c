package web

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/auth"
	"github.com/hindcast/hindcast/internal/web/account"
	"github.com/hindcast/hindcast/internal/web/answer"
)

// provider is the name of the single sign-on, empty without one.
func (h *Handler) provider() string {
	if h.SSO == nil {
		return ""
	}
	return h.SSO.Name()
}

// local returns an address on this server to go to; the home page for any other.
func local(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") || strings.ContainsAny(next, "\\\r\n") {
		return "/"
	}
	return u.RequestURI()
}

func (h *Handler) showSignIn(w http.ResponseWriter, r *http.Request) error {
	if v, err := h.Auth.Viewer(r); err == nil && v.Known() {
		return answer.Redirect(w, r, "/")
	}
	return h.render(w, r, hindcast.Viewer{}, http.StatusOK, "Sign in", "", account.Enter(account.SignIn{Next: local(r.URL.Query().Get("next")), SSO: h.provider()}))
}

func (h *Handler) signIn(w http.ResponseWriter, r *http.Request) error {
	s, err := h.Auth.SignIn(r.Context(), auth.OriginOf(r), r.PostForm.Get("email"), r.PostForm.Get("password"))
	if err != nil {
		if code := hindcast.CodeOf(err); code != hindcast.Denied && code != hindcast.Invalid && code != hindcast.Unavailable {
			return err
		}
		v := account.SignIn{Next: local(r.PostForm.Get("next")), Email: r.PostForm.Get("email"), Fault: answer.Sentence(err.Error()), SSO: h.provider()}
		return h.render(w, r, hindcast.Viewer{}, http.StatusUnauthorized, "Sign in", "", account.Enter(v))
	}
	auth.SetCookie(w, s, h.Secure)
	return answer.Redirect(w, r, local(r.PostForm.Get("next")))
}

func (h *Handler) signOut(w http.ResponseWriter, r *http.Request, _ hindcast.Viewer) error {
	if c, err := r.Cookie(auth.Cookie); err == nil {
		if err := h.Auth.SignOut(r.Context(), c.Value, r.PostForm.Get("everywhere") != ""); err != nil {
			return err
		}
	}
	auth.ClearCookie(w, h.Secure)
	return answer.Redirect(w, r, "/sign-in")
}

// ssoCookie holds the secret of a sign-in that is under way elsewhere.
const ssoCookie = "hc_sso"

func (h *Handler) beginSSO(w http.ResponseWriter, r *http.Request) error {
	if h.SSO == nil {
		return hindcast.Errorf(hindcast.NotFound, "single sign-on is not set up here")
	}
	to, secret, err := h.SSO.Begin(r.Context())
	if err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{Name: ssoCookie, Value: secret, Path: "/sign-in", MaxAge: 600, HttpOnly: true, Secure: h.Secure, SameSite: http.SameSiteLaxMode})
	return answer.Redirect(w, r, to)
}

func (h *Handler) finishSSO(w http.ResponseWriter, r *http.Request) error {
	if h.SSO == nil {
		return hindcast.Errorf(hindcast.NotFound, "single sign-on is not set up here")
	}
	c, err := r.Cookie(ssoCookie)
	if err != nil {
		return hindcast.Errorf(hindcast.Denied, "this sign-in was begun in another browser or took too long; begin again")
	}
	http.SetCookie(w, &http.Cookie{Name: ssoCookie, Path: "/sign-in", MaxAge: -1, HttpOnly: true, Secure: h.Secure, SameSite: http.SameSiteLaxMode})
	s, err := h.SSO.Finish(r.Context(), auth.OriginOf(r), c.Value, r.URL.Query().Get("state"), r.URL.Query().Get("code"))
	if err != nil {
		return err
	}
	auth.SetCookie(w, s, h.Secure)
	return answer.Redirect(w, r, "/")
}

func (h *Handler) showLink(w http.ResponseWriter, r *http.Request) error {
	l, err := h.Auth.Link(r.Context(), r.PathValue("secret"))
	if err != nil {
		return err
	}
	return h.render(w, r, hindcast.Viewer{}, http.StatusOK, "Welcome", "", account.Use(account.Link{Kind: string(l.Kind), Email: l.Email, Role: l.Role}))
}

func (h *Handler) useLink(w http.ResponseWriter, r *http.Request) error {
	secret := r.PathValue("secret")
	l, err := h.Auth.Link(r.Context(), secret)
	if err != nil {
		return err
	}
	f := r.PostForm
	s, err := h.Auth.Use(r.Context(), auth.OriginOf(r), secret, f.Get("email"), f.Get("name"), f.Get("password"))
	if err != nil {
		if hindcast.CodeOf(err) != hindcast.Invalid {
			return err
		}
		v := account.Link{Kind: string(l.Kind), Email: l.Email, Name: f.Get("name"), Role: l.Role, Fault: answer.Sentence(err.Error())}
		if l.Kind == auth.LinkSetup {
			v.Email = f.Get("email")
		}
		return h.render(w, r, hindcast.Viewer{}, http.StatusUnprocessableEntity, "Welcome", "", account.Use(v))
	}
	auth.SetCookie(w, s, h.Secure)
	return answer.Redirect(w, r, "/")
}

// names are the names of people by id, read again after a while.
type names struct {
	mu   sync.Mutex
	at   time.Time
	list map[string]string
}

// namesFor is how long a changed name may go unnoticed.
const namesFor = 30 * time.Second

// name returns what a person is called.
func (h *Handler) name(r *http.Request, v hindcast.Viewer, id string) string {
	if id == v.PersonID {
		return v.Name
	}
	h.names.mu.Lock()
	defer h.names.mu.Unlock()
	now := h.Now()
	if h.names.list == nil || now.Sub(h.names.at) > namesFor || h.names.list[id] == "" {
		people, err := h.Auth.People(r.Context(), v)
		if err != nil {
			return "somebody"
		}
		if h.names.list == nil || now.Sub(h.names.at) > namesFor {
			h.names.list, h.names.at = map[string]string{}, now // else keep who left
		}
		for _, p := range people {
			h.names.list[p.ID] = p.Name
		}
		if h.names.list[id] == "" {
			h.names.list[id] = "somebody who left"
		}
	}
	return h.names.list[id]
}
