package settings

import (
	"encoding/json"
	"net/http"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/workflow"
)

// audit is the trail of who did what.
func (h Handlers) audit(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	page, err := h.Workflow.Audit(r.Context(), v, workflow.AuditFilter{After: r.URL.Query().Get("after")})
	if err != nil {
		return err
	}
	view := Audit{Next: later(r, page.Next)}
	for _, a := range page.Items {
		view.Acts = append(view.Acts, Act{At: a.At, Who: h.Name(r, v, a.PersonID), Act: a.Act, Detail: detail(a.Detail)})
	}
	return h.Show(w, r, v, http.StatusOK, "Audit trail", AuditPage(view))
}

// detail writes what an audit line says beside its act.
func detail(d any) string {
	raw, ok := d.(json.RawMessage)
	if !ok || string(raw) == "null" {
		return ""
	}
	return string(raw)
}
