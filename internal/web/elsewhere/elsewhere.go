// Package elsewhere holds the page on which a published post-mortem is put into
// other systems, and on which one sees what became of it there.
package elsewhere

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/audience"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/deliver/elsewhere"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/reading"
)

// Config says what the page works with. All of it must be set.
type Config struct {
	Workflow  *workflow.Service
	Reading   *reading.Service
	Elsewhere *elsewhere.Service
	// Show answers with a page in its frame.
	Show func(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, title string, c templ.Component) error
}

// Handlers answer for the page. They may be used by several goroutines at once.
type Handlers struct{ Config }

// Handler answers a request of somebody who is signed in, or says why not.
type Handler = func(http.ResponseWriter, *http.Request, hindcast.Viewer) error

// Pages returns the handlers by pattern.
func (h Handlers) Pages() map[string]Handler {
	return map[string]Handler{
		"GET /p/{num}/elsewhere":  h.page,
		"POST /p/{num}/elsewhere": h.ask,
	}
}

// View is what the page shows.
type View struct {
	Num     int64
	Title   string
	Rows    []Row
	Free    []deliver.Place // where it is not yet
	Admin   bool            // may add a place
	Edition int64           // that readers have
	Ready   bool            // there is something to publish
	MayAsk  bool            // for it to be published
	Fault   string
}

// Row is a place in which the post-mortem is, or will be.
type Row struct {
	elsewhere.Page
	On    bool // the connection is there and switched on
	Older bool // than what readers have here
}

func (h Handlers) page(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	return h.show(w, r, v, d, http.StatusOK, "")
}

func (h Handlers) show(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, d *workflow.Document, status int, fault string) error {
	list, err := h.Elsewhere.Of(r.Context(), v, d.ID)
	if err != nil {
		return err
	}
	places, err := h.Elsewhere.Places(r.Context(), v)
	if err != nil {
		return err
	}
	view := View{Num: d.Num, Title: d.Post.Incident.Title, Admin: v.MayAdminister(), MayAsk: d.May(access.Manage) == nil, Fault: fault}
	pub, err := h.Reading.Get(r.Context(), v, d.ID, 0)
	switch hindcast.CodeOf(err) {
	case "":
		view.Ready, view.Edition = true, pub.N
	case hindcast.NotFound:
	default:
		return err
	}
	waits := false
	for _, p := range list {
		is := func(x deliver.Place) bool { return x.ID == p.EndpointID }
		view.Rows = append(view.Rows, Row{p, slices.ContainsFunc(places, is), p.State == elsewhere.Written && p.Edition < view.Edition})
		places = slices.DeleteFunc(places, is)
		waits = waits || p.State == elsewhere.Queued
	}
	view.Free = places
	if waits && r.Method == http.MethodGet {
		w.Header().Set("Refresh", "3") // until it is written
	}
	return h.Show(w, r, v, status, view.Title+" elsewhere", Page(view))
}

func (h Handlers) ask(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	err = h.Elsewhere.Ask(r.Context(), v, d.ID, elsewhere.Want{
		Endpoint: r.PostForm.Get("place"), Audience: audience.Audience(r.PostForm.Get("audience")), Overwrite: r.PostForm.Get("overwrite") != "",
	})
	switch hindcast.CodeOf(err) {
	case "":
		return answer.Redirect(w, r, fmt.Sprintf("/p/%d/elsewhere", d.Num))
	case hindcast.Invalid, hindcast.Conflict, hindcast.NotFound:
		return h.show(w, r, v, d, http.StatusUnprocessableEntity, answer.Sentence(err.Error()))
	}
	return err
}

// readers names those of an audience.
func readers(a audience.Audience) string {
	return map[audience.Audience]string{audience.Engineering: "engineers", audience.Executive: "executives", audience.Customer: "customers"}[a]
}

// what says for whom an audience is.
func what(a audience.Audience) string {
	return map[audience.Audience]string{
		audience.Engineering: "everything technical, people as roles",
		audience.Executive:   "what it did, why in short, and what is done about it",
		audience.Customer:    "what happened, when, and what is done about it",
	}[a]
}
