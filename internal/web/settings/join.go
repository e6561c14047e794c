package settings

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/web/answer"
)

// joinPage is where an admin joins a post-mortem that they cannot see. It says
// nothing of the post-mortem, not even whether there is one.
func (h Handlers) joinPage(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	if !v.MayAdminister() {
		return hindcast.Errorf(hindcast.Denied, "only an admin may join what is not shared with them")
	}
	return h.show(w, r, v, http.StatusOK, "Join", JoinPage(Join{Ref: r.URL.Query().Get("ref")}))
}

func (h Handlers) join(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	view := Join{Ref: strings.TrimSpace(r.PostForm.Get("ref")), Reason: r.PostForm.Get("reason"), Faults: map[string]string{}}
	if view.Ref == "" {
		view.Faults["ref"] = "Write the number of the post-mortem, such as #12."
		return h.show(w, r, v, http.StatusUnprocessableEntity, "Join", JoinPage(view))
	}
	d, err := h.Workflow.Join(r.Context(), v, view.Ref, view.Reason)
	switch hindcast.CodeOf(err) {
	case "":
		if !d.DeletedAt.IsZero() {
			return answer.Redirect(w, r, "/library?deleted=1")
		}
		return answer.Redirect(w, r, fmt.Sprintf("/p/%d", d.Num))
	case hindcast.Invalid:
		view.Faults["reason"] = answer.Sentence(err.Error())
	case hindcast.NotFound:
		view.Faults["ref"] = "There is no such post-mortem."
	default:
		return err
	}
	return h.show(w, r, v, http.StatusUnprocessableEntity, "Join", JoinPage(view))
}
