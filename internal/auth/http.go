package auth

import (
	"net"
	"net/http"
	"strings"

	"github.com/hindcast/hindcast"
)

// Cookie is the name of the cookie that holds a session's secret.
const Cookie = "hc_session"

// OriginOf returns where a request comes from. Behind a proxy, RemoteAddr has to
// be that of the client already.
func OriginOf(r *http.Request) Origin {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	return Origin{Address: host, Agent: r.UserAgent()}
}

// Viewer returns on whose behalf a request comes: of a token in its header, or of
// the session in its cookie. It fails with Denied when nobody is signed in.
func (a *Auth) Viewer(r *http.Request) (hindcast.Viewer, error) {
	if a.demo != nil {
		return *a.demo, nil
	}
	if kind, secret, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(kind, "Bearer") {
		return a.Bearer(r.Context(), OriginOf(r), strings.TrimSpace(secret))
	}
	c, err := r.Cookie(Cookie)
	if err != nil || c.Value == "" {
		return hindcast.Viewer{}, hindcast.Errorf(hindcast.Denied, "sign in first")
	}
	p, err := a.Session(r.Context(), c.Value)
	return p.Viewer(), err
}

// SetCookie hands a session to a browser. secure says that people reach the
// server by https only.
func SetCookie(w http.ResponseWriter, s Session, secure bool) {
	http.SetCookie(w, &http.Cookie{Name: Cookie, Value: s.Secret, Path: "/", Expires: s.Expires, HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode})
}

// ClearCookie takes the session from a browser.
func ClearCookie(w http.ResponseWriter, secure bool) {
	http.SetCookie(w, &http.Cookie{Name: Cookie, Path: "/", MaxAge: -1, HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode})
}
