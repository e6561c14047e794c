package account

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/auth"
	"github.com/hindcast/hindcast/internal/web/answer"
)

// Config says what the pages work with. All but SSO must be set.
type Config struct {
	Auth   *auth.Auth
	SSO    *auth.SSO // nil without single sign-on
	Secure bool      // people reach the server by https
	// Show answers with a page in the frame of who is not signed in.
	Show func(w http.ResponseWriter, r *http.Request, status int, title string, c templ.Component) error
}

// Handlers answer for the pages. They may be used by several goroutines at once.
type Handlers struct{ Config }

// Handler answers a request of somebody who may not be signed in, or says why not.
type Handler = func(http.ResponseWriter, *http.Request) error

// Pages returns the handlers by pattern.
func (h Handlers) Pages() map[string]Handler {
	return map[string]Handler{
		"GET /sign-in":          h.showSignIn,
		"POST /sign-in":         h.signIn,
		"POST /sign-in/sso":     h.beginSSO,
		"GET /sign-in/callback": h.finishSSO,
		"GET /link/{secret}":    h.showLink,
		"POST /link/{secret}":   h.useLink,
	}
}

// Ask answers with the form to sign in, which leads to the page that was asked for, or
// keeps the form that was sent.
func (h Handlers) Ask(w http.ResponseWriter, r *http.Request) error {
	enter := SignIn{Next: r.URL.RequestURI(), SSO: h.provider()}
	if r.Method != http.MethodGet {
		enter.Next, enter.Kept = "/", unsent(r)
	}
	return h.Show(w, r, http.StatusUnauthorized, "Sign in", Enter(enter))
}

// provider is the name of the single sign-on, empty without one.
func (h Handlers) provider() string {
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

func (h Handlers) showSignIn(w http.ResponseWriter, r *http.Request) error {
	if v, err := h.Auth.Viewer(r); err == nil && v.Known() {
		return answer.Redirect(w, r, "/")
	}
	return h.Show(w, r, http.StatusOK, "Sign in", Enter(SignIn{Next: local(r.URL.Query().Get("next")), SSO: h.provider()}))
}

func (h Handlers) signIn(w http.ResponseWriter, r *http.Request) error {
	s, err := h.Auth.SignIn(r.Context(), auth.OriginOf(r), r.PostForm.Get("email"), r.PostForm.Get("password"))
	if err != nil {
		if code := hindcast.CodeOf(err); code != hindcast.Denied && code != hindcast.Invalid && code != hindcast.Unavailable {
			return err
		}
		v := SignIn{Next: local(r.PostForm.Get("next")), Email: r.PostForm.Get("email"), Fault: answer.Sentence(err.Error()), SSO: h.provider(), Kept: keptAgain(r)}
		return h.Show(w, r, http.StatusUnauthorized, "Sign in", Enter(v))
	}
	auth.SetCookie(w, s, h.Secure)
	if k := keptAgain(r); k != nil {
		return h.Show(w, r, http.StatusOK, "Send what you wrote?", Send(*k))
	}
	return answer.Redirect(w, r, local(r.PostForm.Get("next")))
}

// SignOut ends the session of a browser, or all of a person.
func (h Handlers) SignOut(w http.ResponseWriter, r *http.Request, _ hindcast.Viewer) error {
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

func (h Handlers) beginSSO(w http.ResponseWriter, r *http.Request) error {
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

func (h Handlers) finishSSO(w http.ResponseWriter, r *http.Request) error {
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

func (h Handlers) showLink(w http.ResponseWriter, r *http.Request) error {
	l, err := h.Auth.Link(r.Context(), r.PathValue("secret"))
	if err != nil {
		return err
	}
	return h.Show(w, r, http.StatusOK, "Welcome", Use(Link{Kind: string(l.Kind), Email: l.Email, Role: l.Role}))
}

func (h Handlers) useLink(w http.ResponseWriter, r *http.Request) error {
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
		v := Link{Kind: string(l.Kind), Email: l.Email, Name: f.Get("name"), Role: l.Role, Fault: answer.Sentence(err.Error())}
		if l.Kind == auth.LinkSetup {
			v.Email = f.Get("email")
		}
		return h.Show(w, r, http.StatusUnprocessableEntity, "Welcome", Use(v))
	}
	auth.SetCookie(w, s, h.Secure)
	return answer.Redirect(w, r, "/")
}
