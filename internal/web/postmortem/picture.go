package postmortem

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/picture"
)

// pictureWidth is the width of the picture that fits the page.
const pictureWidth = 728

// query is what a look is called in an address.
func (l Look) query() string {
	lanes := "actor"
	if l.ByService {
		lanes = "service"
	}
	return fmt.Sprintf("lanes=%s&zoom=%d", lanes, max(l.Zoom, 1))
}

// Picture draws the timeline of a post-mortem for its page.
func Picture(v *View) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		look := picture.Look{Width: pictureWidth * max(v.Look.Zoom, 1), ByService: v.Look.ByService, Within: true}
		if v.whole != nil {
			look.AsOf, look.Note = v.Moment, v.bar.Summary // what came later leaves its place empty
			return picture.DrawTimeline(w, Drawn(v.whole), look)
		}
		return picture.DrawTimeline(w, Drawn(v.Post), look)
	})
}

// hasMetrics reports whether there is evidence of metrics.
func (v *View) hasMetrics() bool {
	return slices.ContainsFunc(v.Post.Evidence, func(e hindcast.Evidence) bool {
		return strings.HasPrefix(e.Format, "metrics") || strings.HasPrefix(e.Format, "prometheus") || strings.HasPrefix(e.Format, "victoriametrics")
	})
}

// chart is the address of the charts at a width, as of the moment of the page.
func (v *View) chart(width int) string {
	s := v.at(fmt.Sprintf("/picture/metrics.svg?width=%d&v=%d", width, v.Version))
	if !v.Moment.IsZero() {
		s += "&at=" + url.QueryEscape(v.asked())
	}
	return s
}

// alone is what a picture that stands alone is asked for.
func (v *View) alone() string {
	s := v.Look.query()
	if !v.Moment.IsZero() {
		s += "&at=" + url.QueryEscape(v.asked())
	}
	return s
}

// asked is the moment of the page as addresses write it, empty for today.
func (v *View) asked() string {
	if v.Moment.IsZero() {
		return ""
	}
	return v.Moment.UTC().Format(time.RFC3339)
}

// values is the address of the metrics as tables.
func (v *View) values() string {
	if v.Moment.IsZero() {
		return v.at("/metrics")
	}
	return v.at("/metrics?at=" + url.QueryEscape(v.asked()))
}

// Drawn returns the timeline of a post-mortem as pictures draw it.
func Drawn(p *hindcast.Postmortem) hindcast.Timeline {
	return hindcast.Timeline{Incident: p.Incident.Phases, Entries: p.Timeline}
}

// entryPart is an entry as a row, or as its form.
func entryPart(v *View, e hindcast.Entry) templ.Component {
	if v.Edit != nil && v.Edit.Path == "timeline/"+e.ID {
		return Part(v, v.Edit.Path)
	}
	return entryShown(v, e)
}

// refsShown is how many foot marks stand beside an entry.
const refsShown = 3

// foot are the foot marks of what stands in the evidence. A page has hundreds, so
// they are written by hand.
type foot struct {
	v    *View
	list []hindcast.Ref
}

func refs(v *View, list []hindcast.Ref) templ.Component { return foot{v, list} }

// Render writes a link for each of the first references.
func (f foot) Render(_ context.Context, w io.Writer) error {
	if len(f.list) == 0 {
		return nil
	}
	b := append(make([]byte, 0, 1024), `<span class="refs">`...)
	for i, r := range f.list[:min(len(f.list), refsShown)] {
		n, line := strconv.Itoa(i+1), strconv.Itoa(r.Line)
		name := templ.EscapeString(r.File) + ":" + line
		b = append(b, `<a href="/p/`...)
		b = strconv.AppendInt(b, f.v.Num, 10)
		for _, s := range []string{"/evidence/", templ.EscapeString(r.SHA256), "?line=", line, "#line-", line, `" data-line title="`, name, `" aria-label="`, n, ", evidence ", name, `">`, n, `</a>`} {
			b = append(b, s...)
		}
	}
	if more := len(f.list) - refsShown; more > 0 {
		b = append(strconv.AppendInt(append(b, `<small>+`...), int64(more), 10), `</small>`...)
	}
	_, err := w.Write(append(b, `</span>`...))
	return err
}
