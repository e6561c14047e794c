// Package sharing is about who may see a post-mortem, and whether it stays: who takes
// part in it, whether it is private, and the way into the trash and back.
package sharing

import (
	"fmt"
	"net/http"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/auth"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/postmortem"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/review"
)

// Config says what the pages work with. All of it must be set.
type Config struct {
	Workflow *workflow.Service
	Auth     *auth.Auth
	Review   *review.Service // which asks for what people remember
	// View returns what a page of a post-mortem shows of it.
	View func(r *http.Request, v hindcast.Viewer, d *workflow.Document) (*postmortem.View, error)
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
		"GET /p/{num}/sharing":  h.show,
		"POST /p/{num}/share":   h.share,
		"POST /p/{num}/unshare": h.unshare,
		"POST /p/{num}/private": h.setPrivate,
		"POST /p/{num}/join":    h.join,
		"POST /p/{num}/remove":  h.remove,
		"POST /p/{num}/restore": h.restore,
	}
}

func (h Handlers) document(r *http.Request, v hindcast.Viewer) (*workflow.Document, error) {
	return h.Workflow.Get(r.Context(), v, r.PathValue("num"))
}

// show is the page of who takes part.
func (h Handlers) show(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	view, err := h.View(r, v, d)
	if err != nil {
		return err
	}
	people, err := h.Auth.People(r.Context(), v)
	if err != nil {
		return err
	}
	s := postmortem.Sharing{View: view, Reason: d.PrivateReason, MayAsk: d.Post.Status != hindcast.StatusPublished}
	for _, p := range people {
		if !p.Disabled && !d.Participates(p.ID) {
			s.Others = append(s.Others, postmortem.Person{ID: p.ID, Name: p.Name, Role: string(p.Role)})
		}
	}
	for _, p := range access.Parts() {
		s.Parts = append(s.Parts, string(p))
	}
	return h.Show(w, r, v, http.StatusOK, "Sharing", postmortem.Shared(s))
}

// act carries out a form about a post-mortem and goes on to a page of it.
func (h Handlers) act(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, then string, do func(id string) error) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	if err := do(d.ID); err != nil {
		return err
	}
	return answer.Redirect(w, r, fmt.Sprintf("/p/%d%s", d.Num, then))
}

func (h Handlers) share(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.act(w, r, v, "/sharing", func(id string) error {
		// Somebody who is not here could not lead it.
		if _, err := h.Auth.Active(r.Context(), r.PostForm.Get("person")); err != nil {
			return err
		}
		as := access.Part(r.PostForm.Get("part"))
		_, err := h.Workflow.Share(r.Context(), v, id, r.PostForm.Get("person"), as)
		if err != nil || r.PostForm.Get("account") == "" || as == access.Reviewer {
			return err
		}
		return h.Review.AskAccounts(r.Context(), v, id, []string{r.PostForm.Get("person")})
	})
}

func (h Handlers) unshare(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	then := "/sharing"
	if r.PostForm.Get("person") == v.PersonID {
		then = "" // who left may not see the page of who takes part
	}
	return h.act(w, r, v, then, func(id string) error {
		return h.Workflow.Unshare(r.Context(), v, id, r.PostForm.Get("person"))
	})
}

func (h Handlers) setPrivate(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.act(w, r, v, "/sharing", func(id string) error {
		_, err := h.Workflow.SetPrivate(r.Context(), v, id, r.PostForm.Get("private") != "", r.PostForm.Get("reason"))
		return err
	})
}

func (h Handlers) join(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.act(w, r, v, "", func(id string) error {
		_, err := h.Workflow.Join(r.Context(), v, id, r.PostForm.Get("reason"))
		return err
	})
}

func (h Handlers) remove(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	if err := h.Workflow.Remove(r.Context(), v, d.ID, r.PostForm.Get("reason")); err != nil {
		return err
	}
	return answer.Redirect(w, r, "/library?deleted=1")
}

// restore brings a post-mortem back from the trash, which the form names by its
// id: what is in the trash has no page.
func (h Handlers) restore(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Restore(r.Context(), v, r.PostForm.Get("id"))
	if err != nil {
		return err
	}
	return answer.Redirect(w, r, fmt.Sprintf("/p/%d", d.Num))
}
