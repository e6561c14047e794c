package web

import (
	"net/http"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/postmortem"
)

// sharing is the page of who takes part.
func (h *Handler) sharing(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	view, err := h.view(r, v, d)
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
	return h.render(w, r, v, http.StatusOK, "Sharing", "library", postmortem.Shared(s))
}

// act carries out a form about a post-mortem and goes on to a page of it.
func (h *Handler) act(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, then string, do func(id string) error) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	if err := do(d.ID); err != nil {
		return err
	}
	return answer.Redirect(w, r, at(d, then))
}

func (h *Handler) share(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
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

func (h *Handler) unshare(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	then := "/sharing"
	if r.PostForm.Get("person") == v.PersonID {
		then = "" // who left may not see the page of who takes part
	}
	return h.act(w, r, v, then, func(id string) error {
		return h.Workflow.Unshare(r.Context(), v, id, r.PostForm.Get("person"))
	})
}

func (h *Handler) setPrivate(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.act(w, r, v, "/sharing", func(id string) error {
		_, err := h.Workflow.SetPrivate(r.Context(), v, id, r.PostForm.Get("private") != "", r.PostForm.Get("reason"))
		return err
	})
}

func (h *Handler) join(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.act(w, r, v, "", func(id string) error {
		_, err := h.Workflow.Join(r.Context(), v, id, r.PostForm.Get("reason"))
		return err
	})
}

func (h *Handler) remove(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
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
func (h *Handler) restore(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Restore(r.Context(), v, r.PostForm.Get("id"))
	if err != nil {
		return err
	}
	return answer.Redirect(w, r, at(d, ""))
}
