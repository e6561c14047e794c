// Package mailin holds the pages of mail that came in: what waits for a person, one
// message, and the address of a post-mortem.
package mailin

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/collect/mailin"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Config says what the pages work with. All of it must be set.
type Config struct {
	Workflow *workflow.Service
	Mail     *mailin.Service
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
		"GET /mail":                h.list,
		"GET /mail/{id}":           h.one,
		"POST /mail/{id}/attach":   h.attach,
		"POST /mail/{id}/draft":    h.draft,
		"POST /mail/{id}/dismiss":  h.act((*mailin.Service).Dismiss, "dismissed"),
		"POST /mail/{id}/restore":  h.act((*mailin.Service).Restore, "restored"),
		"GET /p/{num}/mail":        h.post,
		"POST /p/{num}/mail/renew": h.renew,
	}
}

// List is what the page of the mail that waits shows.
type List struct {
	Rows      []mailin.Mail
	Dismissed bool
	Next      string
	General   string      // address
	Done      string      // what was done just now
	ID        string      // to which message
	Settled   mailin.Mail // that somebody else decided about meanwhile
}

// why is what the reasons in the list are reasons for.
func (l List) why() string {
	if l.Dismissed {
		return "Why it waited, or nobody needs it"
	}
	return "Why it waits"
}

func (h Handlers) list(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	q := r.URL.Query()
	view := List{Dismissed: q.Get("dismissed") != "", General: h.Mail.General(), Done: q.Get("done"), ID: q.Get("id")}
	page, err := h.Mail.List(r.Context(), v, mailin.Filter{Dismissed: view.Dismissed, After: q.Get("after")})
	if err != nil {
		return err
	}
	view.Rows, view.Next = page.Items, answer.Later(r, page.Next)
	if view.Done == "meanwhile" {
		m, err := h.Mail.Read(r.Context(), v, view.ID)
		if err != nil {
			return err
		}
		view.Settled = m.Mail
	}
	return h.Show(w, r, v, http.StatusOK, "Mail that came in", ListPage(view))
}

// One is what the page of a message shows.
type One struct {
	mailin.Opened
	Incident string // that was entered
	Fault    string
}

// because says of what a reason is given; empty when none is.
func (o One) because() string {
	switch {
	case o.Said == "" || o.State == mailin.Kept || o.State == mailin.Said:
		return ""
	case o.State == mailin.Waiting:
		return "Waits because"
	case o.State == mailin.Dismissed && o.DoneBy == "":
		return "Dismissed because"
	}
	return ""
}

func (h Handlers) one(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.show(w, r, v, http.StatusOK, One{})
}

func (h Handlers) show(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, view One) error {
	m, err := h.Mail.Read(r.Context(), v, r.PathValue("id"))
	if err != nil {
		return err
	}
	if view.Opened = m; view.Incident == "" && m.Num > 0 {
		view.Incident = "#" + number(m.Num)
	}
	return h.Show(w, r, v, status, subject(m.Mail), OnePage(view))
}

func (h Handlers) attach(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	incident := r.PostForm.Get("incident")
	num, err := h.Mail.Attach(r.Context(), v, r.PathValue("id"), incident)
	switch code := hindcast.CodeOf(err); {
	case code == hindcast.Invalid, code == hindcast.Denied, code == hindcast.NotFound && incident != "":
		return h.show(w, r, v, http.StatusUnprocessableEntity, One{Incident: incident, Fault: answer.Sentence(err.Error())})
	case err != nil:
		return h.settled(w, r, v, err)
	}
	return answer.Redirect(w, r, "/p/"+number(num)+"/evidence")
}

func (h Handlers) draft(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	num, err := h.Mail.Draft(r.Context(), v, r.PathValue("id"))
	if err != nil {
		return h.settled(w, r, v, err)
	}
	return answer.Redirect(w, r, "/p/"+number(num))
}

// settled answers for err when a message is not to be decided about any more. Who
// decided, as by pressing twice, is led to where the message is now, anybody else to
// the list, which says what happened.
func (h Handlers) settled(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, err error) error {
	if hindcast.CodeOf(err) != hindcast.Conflict {
		return err
	}
	m, unread := h.Mail.Read(r.Context(), v, r.PathValue("id"))
	switch {
	case unread != nil || m.Became == 0:
		return err
	case m.DoneBy == v.PersonID:
		return answer.Redirect(w, r, "/p/"+number(m.Became))
	}
	return answer.Redirect(w, r, "/mail?done=meanwhile&id="+m.ID)
}

// act does something with a message that can be taken back.
func (h Handlers) act(f func(*mailin.Service, context.Context, hindcast.Viewer, string) error, done string) Handler {
	return func(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
		if err := f(h.Mail, r.Context(), v, r.PathValue("id")); err != nil {
			return h.settled(w, r, v, err)
		}
		return answer.Redirect(w, r, "/mail?done="+done+"&id="+r.PathValue("id"))
	}
}

// Post is what the page of the mail for a post-mortem shows.
type Post struct {
	Num      int64
	Title    string
	Address  string // empty when no mail is taken in
	MayWrite bool
	Admin    bool
	Rows     []mailin.Mail
	Renewed  bool
}

func (h Handlers) post(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	view := Post{Num: d.Num, Title: d.Post.Incident.Title, MayWrite: d.May(access.Write) == nil, Admin: v.MayAdminister(), Renewed: r.URL.Query().Get("done") == "renewed"}
	if d.Part() == "" {
		return hindcast.Errorf(hindcast.Denied, "only who takes part here sees its mail; ask a lead to add you")
	}
	if h.Mail.Open() {
		if view.Address, err = h.Mail.Address(r.Context(), v, d.ID); err != nil {
			return err
		}
	}
	if v.MayWrite() {
		page, err := h.Mail.List(r.Context(), v, mailin.Filter{Incident: d.ID})
		if err != nil {
			return err
		}
		view.Rows = page.Items
	}
	return h.Show(w, r, v, http.StatusOK, "Mail for "+view.Title, PostPage(view))
}

func (h Handlers) renew(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	if _, err := h.Mail.Renew(r.Context(), v, r.PathValue("num")); err != nil {
		return err
	}
	return answer.Redirect(w, r, "/p/"+r.PathValue("num")+"/mail?done=renewed")
}
