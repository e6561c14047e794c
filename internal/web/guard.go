package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/failure"
	"github.com/hindcast/hindcast/internal/web/upload"
)

// handler answers a request, or says why not.
type handler func(http.ResponseWriter, *http.Request) error

// page answers a request of somebody who is signed in.
type page func(http.ResponseWriter, *http.Request, hindcast.Viewer) error

// policy is what pages may load and do: nothing but what this server serves.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guard sets what protects every page, refuses what other sites send, and turns
// an error into a page.
func (h *Handler) guard(next handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		set := w.Header()
		set.Set("Content-Security-Policy", policy)
		set.Set("X-Content-Type-Options", "nosniff")
		set.Set("Referrer-Policy", "same-origin")
		set.Set("Cross-Origin-Opener-Policy", "same-origin")
		set.Set("Cross-Origin-Resource-Policy", "same-origin")
		set.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		set.Set("Cache-Control", "no-store")
		if h.Secure {
			set.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if err := h.cross.Check(r); err != nil {
			h.fail(w, r, hindcast.Errorf(hindcast.Denied, "this was sent by another site; open the page here and send it again"))
			return
		}
		if r.Method == http.MethodPost && !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
			r.Body = http.MaxBytesReader(w, r.Body, upload.MaxText)
			if err := r.ParseForm(); err != nil {
				h.fail(w, r, hindcast.Errorf(hindcast.Invalid, "the form cannot be read, or is larger than 4 MB"))
				return
			}
		}
		if err := next(w, r); err != nil {
			h.fail(w, r, err)
		}
	})
}

// signedIn lets a page be seen by who is signed in. Others get the form to sign
// in, and then what they asked for.
func (h *Handler) signedIn(next page) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := h.Auth.Viewer(r)
		if err == nil && v.Known() {
			return next(w, r, v)
		}
		if err != nil && hindcast.CodeOf(err) != hindcast.Denied {
			return err
		}
		if answer.Scripted(r) {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.WriteHeader(http.StatusUnauthorized)
			_, err := w.Write([]byte("You are not signed in any more. Sign in in another tab, and go on here."))
			return err
		}
		return h.entry().Ask(w, r)
	}
}

// fail shows an error. What is ours is logged under an id and shown as that.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	status, v := h.describe(r, err)
	if answer.Scripted(r) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(status)
		if _, err := w.Write([]byte(strings.TrimSpace(v.Message + " " + v.ID))); err != nil {
			return // the reader has gone
		}
		return
	}
	viewer, verr := h.Auth.Viewer(r)
	if verr != nil {
		viewer = hindcast.Viewer{}
	}
	if err := h.render(w, r, viewer, status, v.Title, "", failure.Page(v)); err != nil {
		h.Log.Error("show a failure", "error", err)
	}
}

// describe says of an error what a person needs to know.
func (h *Handler) describe(r *http.Request, err error) (int, failure.View) {
	v := failure.View{Message: answer.Sentence(err.Error()), Back: h.came(r)}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		v.Title, v.Message = "Too large", "More was sent than is taken here. Send fewer files, or a part of the log."
		return http.StatusRequestEntityTooLarge, v
	}
	switch hindcast.CodeOf(err) {
	case hindcast.Invalid:
		v.Title = "Something has to be changed"
		return http.StatusUnprocessableEntity, v
	case hindcast.NotFound:
		v.Title = "There is nothing here"
		return http.StatusNotFound, v
	case hindcast.Conflict:
		v.Title = "Not as it stands"
		return http.StatusConflict, v
	case hindcast.Denied:
		v.Title = "Not allowed"
		return http.StatusForbidden, v
	case hindcast.Unavailable:
		v.Title = "Not available now"
		return http.StatusServiceUnavailable, v
	}
	v.Title, v.Message, v.ID = "Something went wrong here", "It is not your doing, and what was saved is saved.", rand.Text()[:12]
	h.Log.Error("a page failed", "id", v.ID, "method", r.Method, "route", r.Pattern, "error", err)
	return http.StatusInternalServerError, v
}

// came returns the page of ours from which a request came, to go back to; empty when
// it came from none that can be opened.
func (h *Handler) came(r *http.Request) string {
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host || from.Path == "" || r.Method == http.MethodGet && from.Path == r.URL.Path {
		return ""
	}
	_, pattern := h.mux.Handler(&http.Request{Method: http.MethodGet, Host: r.Host, URL: from})
	if pattern == "" || pattern == "/" { // that answers forms alone
		return ""
	}
	return from.RequestURI()
}

// missing answers for addresses that lead nowhere.
func (h *Handler) missing(http.ResponseWriter, *http.Request, hindcast.Viewer) error {
	return hindcast.Errorf(hindcast.NotFound, "No page has this address. The library or the search will lead to what you look for.")
}
