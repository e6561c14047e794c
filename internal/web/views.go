package web

import (
	"net/http"
	"net/url"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/library"
)

// saveView keeps what the library shows as a view of the viewer.
func (h *Handler) saveView(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	name, query := r.PostForm.Get("name"), r.PostForm.Get("query")
	view, err := h.Workflow.SaveView(r.Context(), v, name, query)
	if code := hindcast.CodeOf(err); code == hindcast.Invalid || code == hindcast.Conflict {
		q, perr := url.ParseQuery(query)
		if perr != nil {
			return err
		}
		return h.showLibrary(w, r, v, http.StatusUnprocessableEntity, library.View{Query: q, Fault: answer.Sentence(err.Error()), Name: name})
	}
	if err != nil {
		return err
	}
	return answer.Redirect(w, r, "/library?"+view.Query)
}

func (h *Handler) removeView(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	if err := h.Workflow.RemoveView(r.Context(), v, r.PostForm.Get("name")); err != nil {
		return err
	}
	return answer.Redirect(w, r, "/library")
}
