// Package channels holds the page of the chat channels whose messages are evidence
// of a post-mortem, on which links that were asked for in a channel are confirmed.
package channels

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/collect/channel"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Config says what the page works with. All of it must be set.
type Config struct {
	Workflow *workflow.Service
	Deliver  *deliver.Service
	Channels *channel.Service
	// Name returns the name of a person.
	Name func(r *http.Request, v hindcast.Viewer, id string) string
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
		"GET /p/{num}/channels":              h.page,
		"POST /p/{num}/channels":             h.link,
		"POST /p/{num}/channels/{id}/read":   h.again,
		"POST /p/{num}/channels/{id}/unlink": h.unlink,
	}
}

// View is what the page shows.
type View struct {
	Num      int64
	Title    string
	Rows     []Row
	Waiting  int64           // entries that people added and that are not in it yet
	Places   []deliver.Place // where there are channels that could be linked
	MayWrite bool
	Admin    bool          // may add a place
	Wish     *channel.Wish // that waits to be confirmed
	Code     string
	Since    string
	Fault    string
	At       string // the field of the fault; empty when it has none
}

// Row is a channel in the list.
type Row struct {
	channel.Channel
	Place, By string
	Reading   bool // it is read in a moment
}

func (h Handlers) page(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	view := View{Code: r.URL.Query().Get("code")}
	if view.Code != "" {
		wish, err := h.Channels.Wished(r.Context(), v, d.ID, view.Code)
		switch hindcast.CodeOf(err) {
		case "":
			view.Wish, view.Since = &wish, wish.Since.Format(written)
		case hindcast.Invalid:
			view.Fault = answer.Sentence(err.Error())
			return h.show(w, r, v, d, http.StatusUnprocessableEntity, view)
		default:
			return err
		}
	}
	return h.show(w, r, v, d, http.StatusOK, view)
}

// written is how a moment is entered, in UTC.
const written = "2006-01-02 15:04"

// show fills what the page always shows.
func (h Handlers) show(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, d *workflow.Document, status int, view View) error {
	list, err := h.Channels.Of(r.Context(), v, d.ID)
	if err != nil {
		return err
	}
	if view.Waiting, err = h.Channels.Waiting(r.Context(), v, d.ID); err != nil {
		return err
	}
	if view.Places, err = h.Deliver.Talkers(r.Context(), v); err != nil {
		return err
	}
	view.Num, view.Title, view.MayWrite, view.Admin = d.Num, d.Post.Incident.Title, d.May(access.Write) == nil, v.MayAdminister()
	waits := false
	for _, c := range list {
		row := Row{Channel: c, Place: "a connection that is switched off", By: h.Name(r, v, c.LinkedBy), Reading: c.ReadTo.IsZero() && c.Said == "" && view.MayWrite}
		if i := slices.IndexFunc(view.Places, func(p deliver.Place) bool { return p.ID == c.EndpointID }); i >= 0 {
			row.Place = view.Places[i].Name
		}
		row.Said = strings.TrimPrefix(row.Said, "read channel "+c.Ref+": ") // the row says which
		waits = waits || row.Reading
		view.Rows = append(view.Rows, row)
	}
	if waits && r.Method == http.MethodGet && view.Wish == nil {
		w.Header().Set("Refresh", "3") // until it is read
	}
	return h.Show(w, r, v, status, "Channels of "+view.Title, Page(view))
}

func (h Handlers) link(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	view := View{Code: r.PostForm.Get("code"), Since: strings.TrimSpace(r.PostForm.Get("since"))}
	since, fault := time.Parse(written, view.Since)
	if view.Since != "" && fault != nil {
		err = hindcast.Errorf(hindcast.Invalid, "since: write a day and a time in UTC, such as 2024-03-15 13:30")
	} else {
		err = h.Channels.Link(r.Context(), v, d.ID, view.Code, since)
	}
	if hindcast.CodeOf(err) == hindcast.Invalid {
		text, at := strings.CutPrefix(err.Error(), "since: ")
		if view.Fault = answer.Sentence(text); at {
			view.At = "since"
		}
		if wish, err := h.Channels.Wished(r.Context(), v, d.ID, view.Code); err == nil {
			view.Wish = &wish
		}
		return h.show(w, r, v, d, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	return answer.Redirect(w, r, "/p/"+r.PathValue("num")+"/channels")
}

func (h Handlers) again(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.act(w, r, v, h.Channels.Read)
}

func (h Handlers) unlink(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.act(w, r, v, h.Channels.Unlink)
}

// act does something with one channel.
func (h Handlers) act(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, f func(ctx context.Context, v hindcast.Viewer, incident, id string) error) error {
	if err := f(r.Context(), v, r.PathValue("num"), r.PathValue("id")); err != nil {
		return err
	}
	return answer.Redirect(w, r, "/p/"+r.PathValue("num")+"/channels")
}
