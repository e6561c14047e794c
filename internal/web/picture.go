package web

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/asof"
	"github.com/hindcast/hindcast/internal/picture"
	"github.com/hindcast/hindcast/internal/picture/marks"
	"github.com/hindcast/hindcast/internal/picture/raster"
	"github.com/hindcast/hindcast/internal/publish"
	"github.com/hindcast/hindcast/internal/web/analysis"
	"github.com/hindcast/hindcast/internal/web/postmortem"
	"github.com/hindcast/hindcast/internal/workflow"
)

// picture answers with a picture of a post-mortem: the timeline as a part of its
// page, or one that stands alone, named after its view and its format.
func (h *Handler) picture(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	name := r.PathValue("name")
	if name == "timeline" {
		view := &postmortem.View{Num: d.Num, Post: &d.Post, Look: lookOf(r.URL.Query())}
		if t, err := time.Parse(time.RFC3339, r.URL.Query().Get("at")); err == nil {
			view.AsOf(t)
		}
		return fragment(w, r, http.StatusOK, postmortem.Picture(view))
	}
	format := publish.Format(strings.TrimPrefix(path.Ext(name), "."))
	svg, err := h.drawing(r, v, d, strings.TrimSuffix(name, path.Ext(name)))
	if err != nil {
		return err
	}
	if len(svg) == 0 || !slices.Contains(publish.PictureFormats(), format) {
		return hindcast.Errorf(hindcast.NotFound, "there is no such picture; there are timeline, metrics, whys, fishbone and graph, each as .svg, .png and .pdf")
	}
	return h.sendPicture(w, r, d, svg, format)
}

// drawing draws a picture that stands alone; nil when there is none of the name.
func (h *Handler) drawing(r *http.Request, v hindcast.Viewer, d *workflow.Document, view string) ([]byte, error) {
	if view != "timeline" {
		return h.analysis.Picture(r, v, d, view)
	}
	look := lookOf(r.URL.Query())
	alone := picture.Look{Width: 1200 * look.Zoom, ByService: look.ByService}
	if t, err := time.Parse(time.RFC3339, r.URL.Query().Get("at")); err == nil {
		alone.AsOf, alone.Note = t, asof.At(d.Post, t).Only(asof.Entry).Summary()
	}
	var b bytes.Buffer
	err := picture.DrawTimeline(&b, postmortem.Drawn(&d.Post), alone)
	return b.Bytes(), err
}

// sendPicture answers with a picture in a format. Few are drawn in pixels or for
// paper at a time: each takes a second of a processor.
func (h *Handler) sendPicture(w http.ResponseWriter, r *http.Request, d *workflow.Document, svg []byte, f publish.Format) error {
	still, err := stillOf(r.URL.Query())
	if err != nil {
		return err
	}
	still.Date = d.Post.Incident.StartedAt
	var b bytes.Buffer
	if f != publish.SVG {
		select {
		case h.stills <- struct{}{}:
			defer func() { <-h.stills }()
		case <-r.Context().Done():
			return nil // the reader has gone
		}
	}
	if _, err := publish.Picture(&b, svg, f, still); err != nil {
		return err
	}
	analysis.Keep(w, r, d)
	w.Header().Set("Content-Type", f.MediaType())
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	if f != publish.SVG {
		how := map[publish.Format]string{publish.PNG: "inline", publish.PDF: "attachment"}[f]
		name := strings.TrimSuffix(r.PathValue("name"), path.Ext(r.PathValue("name")))
		w.Header().Set("Content-Disposition", fmt.Sprintf(`%s; filename="%d-%s.%s"`, how, d.Num, name, f))
	}
	if _, err := b.WriteTo(w); err != nil {
		return nil // the reader has gone
	}
	return nil
}

// stillOf reads how a picture is to look: theme, scale and background.
func stillOf(q url.Values) (publish.Still, error) {
	s := publish.Still{Theme: marks.Theme(cmp.Or(q.Get("theme"), string(marks.Light))), Scale: raster.DefaultScale}
	if !slices.Contains(marks.Themes(), string(s.Theme)) {
		return s, hindcast.Errorf(hindcast.Invalid, "there is no theme %q; choose %s", s.Theme, strings.Join(marks.Themes(), " or "))
	}
	if asked := q.Get("scale"); asked != "" {
		n, err := strconv.ParseFloat(asked, 64)
		if err != nil {
			return s, hindcast.Errorf(hindcast.Invalid, "the scale %q is no number; choose one between %g and %g", asked, raster.LeastScale, raster.MostScale)
		}
		s.Scale = n
	}
	switch q.Get("background") {
	case "none":
		s.Clear = true
	case "", "paper":
	default:
		return s, hindcast.Errorf(hindcast.Invalid, "there is no background %q; choose paper or none", q.Get("background"))
	}
	return s, nil
}
