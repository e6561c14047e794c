// Package incoming holds the page of the incidents that other systems told of.
package incoming

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/collect"
	"github.com/hindcast/hindcast/internal/collect/mailin"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Config says what the page works with. All of it must be set.
type Config struct {
	Collect  *collect.Service
	Deliver  *deliver.Service
	Workflow *workflow.Service
	MailIn   *mailin.Service
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
		"GET /settings/incoming":             h.page,
		"POST /settings/incoming/pull":       h.pull,
		"POST /settings/incoming/{id}/draft": h.draft,
	}
}

// View is what the page shows.
type View struct {
	Rows    []Row
	Pagers  []Pager // from which an incident can be fetched by its number
	Told    bool    // something is connected that tells
	Next    string
	Waiting bool // evidence is being fetched
	Mail    bool // is taken in
	Waits   int  // messages
	Pager   string
	Ref     string
	Fault   string
}

// Pager is a connection from which incidents are fetched.
type Pager struct{ ID, Name string }

// Row is an incident in the list.
type Row struct {
	collect.Episode
	From   string // name of the connection
	Num    int64  // of the post-mortem; 0 when there is none or the viewer may not read it
	Hidden bool   // there is one that the viewer may not read
}

func (h Handlers) page(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.show(w, r, v, http.StatusOK, View{})
}

// show fills what the page always shows.
func (h Handlers) show(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, view View) error {
	page, err := h.Collect.Episodes(r.Context(), v, collect.Filter{After: r.URL.Query().Get("after")})
	if err != nil {
		return err
	}
	names, err := h.connections(r, v, &view)
	if err != nil {
		return err
	}
	for _, e := range page.Items {
		row := Row{Episode: e, From: names[e.EndpointID]}
		if e.IncidentID != "" {
			d, err := h.Workflow.Get(r.Context(), v, e.IncidentID)
			if err == nil {
				row.Num = d.Num
			} else if row.Hidden = hindcast.CodeOf(err) == hindcast.NotFound; !row.Hidden {
				return err
			}
		}
		view.Waiting = view.Waiting || e.State == collect.Due
		view.Rows = append(view.Rows, row)
	}
	if view.Mail = h.MailIn.Open(); view.Mail {
		if view.Waits, err = h.MailIn.Waits(r.Context(), v); err != nil {
			return err
		}
	}
	view.Next = answer.Later(r, page.Next)
	if view.Waiting && r.Method == http.MethodGet {
		w.Header().Set("Refresh", "10") // until the evidence is there
	}
	return h.Show(w, r, v, status, "Incoming", Page(view))
}

// connections returns the names of the connections by their ids, and notes which of
// them tell, or can be asked.
func (h Handlers) connections(r *http.Request, v hindcast.Viewer, view *View) (map[string]string, error) {
	list, err := h.Deliver.Endpoints(r.Context(), v)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, e := range list {
		names[e.ID] = e.Name
		for _, vendor := range h.Deliver.Vendors {
			if vendor.Name != e.Kind || !e.Disabled.IsZero() {
				continue
			}
			view.Told = view.Told || vendor.TellsOfIncidents()
			if vendor.ByRef {
				view.Pagers = append(view.Pagers, Pager{e.ID, e.Name})
			}
		}
	}
	return names, nil
}

func (h Handlers) draft(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	if err := h.Collect.Draft(r.Context(), v, r.PathValue("id")); err != nil {
		return err
	}
	return answer.Redirect(w, r, "/settings/incoming")
}

func (h Handlers) pull(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	pager, ref := r.PostForm.Get("pager"), r.PostForm.Get("ref")
	_, err := h.Collect.Pull(r.Context(), v, pager, ref)
	if hindcast.CodeOf(err) == hindcast.Invalid {
		return h.show(w, r, v, http.StatusUnprocessableEntity, View{Pager: pager, Ref: ref, Fault: answer.Sentence(err.Error())})
	}
	if err != nil {
		return err
	}
	return answer.Redirect(w, r, "/settings/incoming")
}
