// Package inbox holds the pages of what a person was told, and of what the person
// chose to be told how.
package inbox

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/workflow/notice"
)

// Config says what the pages work with. All of it must be set.
type Config struct {
	Notice *notice.Service
	// Closed says why no mail leaves; empty when it does.
	Closed func() string
	// Email returns the address of the viewer; empty when there is none.
	Email func(r *http.Request, v hindcast.Viewer) string
	// Title returns the title of a post-mortem; empty when the viewer may not read it.
	Title func(r *http.Request, v hindcast.Viewer, num int64) string
	// Show answers with a page in its frame.
	Show func(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, title string, c templ.Component) error
}

// Handlers answer for the pages. They may be used by several goroutines at once.
type Handlers struct{ Config }

// Handler answers a request of somebody who is signed in, or says why not.
type Handler = func(http.ResponseWriter, *http.Request, hindcast.Viewer) error

// Pages returns the handlers by pattern.
func (h Handlers) Pages() map[string]Handler {
	return map[string]Handler{
		"GET /inbox":       h.page,
		"POST /inbox/read": h.read,
		"POST /inbox/all":  h.all,

		"GET /inbox/preferences":  h.preferences,
		"POST /inbox/preferences": h.savePreferences,
	}
}

// View is what the page shows.
type View struct {
	Groups []Group
	Unread int
	Full   bool // there may be more than is shown
}

// Group is what was told of one post-mortem, or of the server when Num is 0.
type Group struct {
	Num     int64
	Title   string // of the post-mortem; empty when it may not be read any more
	Notices []notice.Notice
}

// unread returns the ids of what was not read.
func (g Group) unread() (out []string) {
	for _, n := range g.Notices {
		if n.Unread() {
			out = append(out, n.ID)
		}
	}
	return out
}

// Of groups notices by their post-mortem, in the order of the first of each.
func Of(list []notice.Notice) View {
	v := View{Full: len(list) == notice.MaxShown}
	at := map[int64]int{}
	for _, n := range list {
		i, ok := at[n.Num]
		if !ok {
			i = len(v.Groups)
			at[n.Num] = i
			v.Groups = append(v.Groups, Group{Num: n.Num})
		}
		v.Groups[i].Notices = append(v.Groups[i].Notices, n)
		if n.Unread() {
			v.Unread++
		}
	}
	return v
}

func (h Handlers) page(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	list, err := h.Notice.List(r.Context(), v)
	if err != nil {
		return err
	}
	view := Of(list)
	for i, g := range view.Groups {
		if g.Num != 0 {
			view.Groups[i].Title = h.Title(r, v, g.Num)
		}
	}
	return h.Show(w, r, v, http.StatusOK, "Inbox", Page(view))
}

func (h Handlers) read(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	ids := r.PostForm["id"]
	if len(ids) > notice.MaxShown {
		return hindcast.Errorf(hindcast.Invalid, "mark at most %d things at once", notice.MaxShown)
	}
	if err := h.Notice.MarkRead(r.Context(), v, ids...); err != nil {
		return err
	}
	return answer.Redirect(w, r, "/inbox")
}

func (h Handlers) all(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	if err := h.Notice.MarkAll(r.Context(), v); err != nil {
		return err
	}
	return answer.Redirect(w, r, "/inbox")
}
