// Package mail holds the pages of how mail leaves, for admins, and of the links by
// which its readers stop it, for whoever has one.
package mail

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/collect/mailin"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/workflow/letter"
)

// Config says what the pages work with. All of it must be set.
type Config struct {
	Letters *letter.Service
	In      *mailin.Service
	// Name returns what a person is called.
	Name func(r *http.Request, v hindcast.Viewer, id string) string
	// Show answers with a page in its frame; v is the zero Viewer for who is not signed
	// in.
	Show func(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, title string, c templ.Component) error
}

// Handlers answer for the pages. They may be used by several goroutines at once.
type Handlers struct{ Config }

// Handler answers a request of somebody who is signed in, or says why not.
type Handler = func(http.ResponseWriter, *http.Request, hindcast.Viewer) error

// Pages returns the handlers of pages that need sign-in, by pattern.
func (h Handlers) Pages() map[string]Handler {
	return map[string]Handler{
		"GET /settings/mail":        h.office,
		"POST /settings/mail/test":  h.test,
		"POST /settings/mail/retry": h.retry,
	}
}

// View is what the page of how mail leaves shows.
type View struct {
	letter.Office
	In     mailin.Settings
	Counts map[mailin.State]int64
	Tested *letter.Trial
	Done   string
	Names  map[string]string // of people by id
}

func (h Handlers) office(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	view := View{}
	if r.URL.Query().Get("done") == "retried" {
		view.Done = "It is sent again now; come back in a moment to see what came of it."
	}
	return h.show(w, r, v, http.StatusOK, view)
}

func (h Handlers) show(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, view View) error {
	var err error
	if view.Office, err = h.Letters.Office(r.Context(), v); err != nil {
		return err
	}
	view.In = h.In.Settings
	if view.Counts, err = h.In.Counts(r.Context()); err != nil {
		return err
	}
	view.Names = map[string]string{}
	for _, f := range view.Faults {
		view.Names[f.Person] = h.Name(r, v, f.Person)
	}
	return h.Show(w, r, v, status, "Mail", Page(view))
}

func (h Handlers) test(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	t, err := h.Letters.Test(r.Context(), v)
	if err != nil {
		return err
	}
	return h.show(w, r, v, http.StatusOK, View{Tested: &t})
}

func (h Handlers) retry(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	if err := h.Letters.Retry(r.Context(), v, r.PostForm.Get("id")); err != nil {
		return err
	}
	return answer.Redirect(w, r, "/settings/mail?done=retried")
}

// Stop shows what the link in a letter stops. It stops nothing by itself: programs
// look at links, too.
func (h Handlers) Stop(w http.ResponseWriter, r *http.Request) error {
	st, err := h.Letters.Stops(r.PathValue("secret"))
	if err != nil {
		return err
	}
	return h.Show(w, r, hindcast.Viewer{}, http.StatusOK, "Stop mail", StopPage(st, Asked))
}

// Stopped stops it: for who confirms on the page, and for mail programs, which
// send a form of one click (RFC 8058).
func (h Handlers) Stopped(w http.ResponseWriter, r *http.Request) error {
	resume := r.PostForm.Get("resume") != ""
	st, err := h.Letters.Unsubscribe(r.Context(), r.PathValue("secret"), resume)
	if err != nil {
		return err
	}
	done := Ended
	if resume {
		done = Resumed
	}
	return h.Show(w, r, hindcast.Viewer{}, http.StatusOK, "Stop mail", StopPage(st, done))
}
