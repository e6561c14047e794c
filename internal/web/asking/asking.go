// Package asking holds the page on which people ask a query of their own for one
// incident.
package asking

import (
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/collect"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Config says what the page works with. All of it must be set.
type Config struct {
	Workflow *workflow.Service
	Deliver  *deliver.Service
	Collect  *collect.Service
	Now      func() time.Time
	// Built answers with how far the timeline is that is built with new evidence.
	Built func(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, id string) error
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
		"GET /p/{num}/ask":  h.page,
		"POST /p/{num}/ask": h.ask,
	}
}

// View is what the page shows.
type View struct {
	Num      int64
	Title    string
	Places   []deliver.Place // that can be asked
	Admin    bool
	Place    string // id
	Queries  string
	From, To string // in UTC, as a browser writes them
	Faults   map[string]string
}

// written is how a browser writes a moment.
const written = "2006-01-02T15:04"

// document returns the post-mortem for who may write there.
func (h Handlers) document(r *http.Request, v hindcast.Viewer) (*workflow.Document, error) {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return nil, err
	}
	return d, d.May(access.Write)
}

func (h Handlers) page(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	from, to := collect.Around(&d.Post, h.Now())
	return h.show(w, r, v, d, http.StatusOK, View{From: from.Format(written), To: to.Format(written)})
}

// show fills what the page always shows.
func (h Handlers) show(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, d *workflow.Document, status int, view View) error {
	places, err := h.Deliver.Askable(r.Context(), v)
	if err != nil {
		return err
	}
	view.Num, view.Title, view.Places, view.Admin = d.Num, d.Post.Incident.Title, places, v.MayAdminister()
	return h.Show(w, r, v, status, "Ask for "+view.Title, Page(view))
}

func (h Handlers) ask(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	form := r.PostForm
	view := View{Place: form.Get("place"), Queries: form.Get("queries"), From: form.Get("from"), To: form.Get("to")}
	q := collect.Question{EndpointID: view.Place, Queries: strings.Split(view.Queries, "\n"), From: moment(view.From), To: moment(view.To)}
	_, err = h.Collect.Ask(r.Context(), v, d.ID, q)
	if err == nil {
		return h.Built(w, r, v, d.ID)
	}
	status := http.StatusUnprocessableEntity
	switch hindcast.CodeOf(err) {
	case hindcast.Invalid, hindcast.Denied, hindcast.NotFound, hindcast.Conflict: // of who was asked
	case hindcast.Unavailable:
		status = http.StatusBadGateway
	default:
		return err
	}
	view.Faults = faultsOf(err)
	return h.show(w, r, v, d, status, view)
}

// moment reads a moment as a browser writes it; zero when it is none.
func moment(text string) time.Time {
	for _, layout := range []string{written, "2006-01-02T15:04:05.999", "2006-01-02 15:04"} {
		if t, err := time.Parse(layout, strings.TrimSpace(text)); err == nil {
			return t
		}
	}
	return time.Time{}
}

// faultsOf takes a message apart: what is wrong stands at the field that it names,
// the rest at the form, which has no name.
func faultsOf(err error) map[string]string {
	out, at := map[string][]string{}, ""
	for piece := range strings.SplitSeq(err.Error(), "; ") {
		if name, text, ok := strings.Cut(piece, ": "); ok && (name == "queries" || name == "from" || name == "to") {
			at, piece = name, text
		}
		out[at] = append(out[at], piece)
	}
	faults := map[string]string{}
	for field, pieces := range out {
		faults[field] = answer.Sentence(strings.Join(pieces, "; "))
	}
	return faults
}
