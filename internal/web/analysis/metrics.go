package analysis

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/picture/chart"
	"github.com/hindcast/hindcast/internal/workflow"
)

// metrics draws the charts of the metrics in the evidence, as of a moment
// when one is asked for.
func (h *Handlers) metrics(r *http.Request, v hindcast.Viewer, d *workflow.Document) ([]byte, error) {
	series, err := h.Workflow.Charts(r.Context(), v, d.ID)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = chart.Draw(&b, drawable(d), series, chart.Look{Width: width(r), AsOf: moment(r)})
	return b.Bytes(), err
}

// charts answers with the same charts as a part of the page: they carry their
// points for the script that reads values out.
func (h *Handlers) charts(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	series, err := h.Workflow.Charts(r.Context(), v, d.ID)
	if err != nil {
		return err
	}
	Keep(w, r, d)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return chart.Draw(w, drawable(d), series, chart.Look{Width: width(r), Within: true, AsOf: moment(r)})
}

// drawable is what charts show of a document beside its metrics.
func drawable(d *workflow.Document) hindcast.Timeline {
	return hindcast.Timeline{Incident: d.Post.Incident.Phases, Entries: d.Post.Timeline}
}

// moment reads as of when something is asked for, zero for today.
func moment(r *http.Request) time.Time {
	t, err := time.Parse(time.RFC3339, r.URL.Query().Get("at"))
	if err != nil {
		return time.Time{}
	}
	return t
}

// maxRows is how many rows a table of values has: longer series are thinned to
// their means, with the lowest and the highest sample beside.
const maxRows = 60

// Measured is the metrics of the evidence as tables.
type Measured struct {
	Num    int64
	Title  string
	AsOf   time.Time // zero for today
	Series []chart.Series

	post *hindcast.Postmortem
}

// values shows the metrics of the evidence as tables, as of a moment when one is
// asked for.
func (h *Handlers) values(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	series, err := h.Workflow.Charts(r.Context(), v, d.ID)
	if err != nil {
		return err
	}
	m := Measured{Num: d.Num, Title: d.Post.Incident.Title, AsOf: moment(r), post: &d.Post}
	for _, s := range series {
		if !m.AsOf.IsZero() {
			s = s.Until(m.AsOf)
		}
		m.Series = append(m.Series, s.Thin(time.UnixMilli(0), time.UnixMilli(1<<50), maxRows))
	}
	return h.Show(w, r, v, http.StatusOK, "Values of the metrics", Values(m))
}

// happened returns what was done, or was detected in the series, between a point
// and the one before it.
func (m Measured) happened(s chart.Series, i int) []string {
	to := time.UnixMilli(s.At[i])
	from := to
	if i > 0 {
		from = time.UnixMilli(s.At[i-1])
	}
	during := func(t time.Time) bool { return t.After(from) && !t.After(to) }
	var out []string
	for _, x := range s.Shifts {
		if during(x.From) {
			out = append(out, x.Title)
		}
	}
	for _, e := range m.post.Timeline {
		if during(e.At) && (e.Kind == hindcast.Change || e.Kind == hindcast.Action) && (m.AsOf.IsZero() || e.KnownBy(m.AsOf)) {
			out = append(out, fmt.Sprintf("%s: %s", e.Kind, e.Title))
		}
	}
	return slices.Compact(out)
}

// cell writes a value of a series without its unit.
func cell(list []float64, i int) string {
	if i >= len(list) {
		return ""
	}
	return chart.Number(list[i])
}
