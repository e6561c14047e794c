package web

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"strconv"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/export/pdf"
	"github.com/hindcast/hindcast/internal/publish"
	"github.com/hindcast/hindcast/internal/web/answer"
)

// exportAs answers with a post-mortem as a file of a format, which the query names
// when the address does not. With an audience it is what that audience may see.
func (h *Handler) exportAs(format publish.Format) page {
	return func(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
		d, err := h.document(r, v)
		if err != nil {
			return err
		}
		q := r.URL.Query()
		who := q.Get("audience")
		seen, err := publish.View(d.Post, who)
		if err != nil {
			return err
		}
		f := cmp.Or(format, publish.Format(q.Get("format")))
		var b bytes.Buffer
		if err := publish.Write(&b, seen, f, pdf.Paper(q.Get("paper"))); err != nil {
			return err
		}
		if who != "" {
			who = "-" + who
		}
		w.Header().Set("Hindcast-Replaced", strconv.Itoa(len(seen.Findings)))
		name := fmt.Sprintf("%s-%d%s.%s", answer.FileName(seen.Postmortem.Incident.Title), d.Num, who, f)
		return download(w, name, f.MediaType(), b.Bytes())
	}
}
