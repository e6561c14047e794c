// Package analysis holds the pages on which people look for causes together: the
// pictures of the factor graph, and beside them a panel with what is known of one
// factor and what can be done with it.
//
// What is chosen in a picture is named by the id of a factor, "incident", or
// "bone-" and a bone. Without scripts every choice and every act is a link or a
// form; with them the pictures are worked on where they stand.
package analysis

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/graph"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Config says what the pages work with. All of it must be set.
type Config struct {
	Workflow *workflow.Service
	Judge    graph.Judge
	Now      func() time.Time
	// Show answers with a page in its frame.
	Show func(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, title string, c templ.Component) error
	// Send answers a script of ours with a part of a page.
	Send func(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error
}

// Handlers answer for the pages. They may be used by several goroutines at once.
type Handlers struct {
	Config
	drawn drawings
}

// New returns Handlers.
func New(c Config) *Handlers { return &Handlers{Config: c} }

// Handler answers a request of somebody who is signed in, or says why not.
type Handler = func(http.ResponseWriter, *http.Request, hindcast.Viewer) error

// Pages returns the handlers by pattern.
func (h *Handlers) Pages() map[string]Handler {
	return map[string]Handler{
		"GET /p/{num}/analysis":          h.page,
		"GET /p/{num}/analysis/panel":    h.panel,
		"GET /p/{num}/analysis/picture":  h.inside,
		"GET /p/{num}/analysis/coverage": h.coverage,
		"GET /p/{num}/metrics":           h.values,
		"GET /p/{num}/metrics/picture":   h.charts,
		"GET /p/{num}/replay":            h.replay,
		"POST /p/{num}/replay":           h.attachReplay,
		"GET /p/{num}/integrity":         h.integrity,
		"POST /p/{num}/integrity":        h.clock,
		"GET /p/{num}/decision/{id}":     h.decisionPage,
		"POST /p/{num}/decision/{id}":    h.saveDecision,
		"POST /p/{num}/analysis":         h.act,
	}
}

// scripted reports whether a script of ours sent a request.
func scripted(r *http.Request) bool { return r.Header.Get("Hindcast-Script") != "" }

// view returns what the page of a post-mortem's analysis shows.
func (h *Handlers) view(d *workflow.Document, q url.Values) *View {
	v := &View{Num: d.Num, Version: d.Version, key: d.Key(), Post: &d.Post, MayWrite: d.May(access.Write) == nil, Shown: shown(q.Get("view")), At: q.Get("at"), Act: q.Get("act"),
		Width: wide, Graph: graph.Of(d.Post), judge: h.Judge}
	if n, err := strconv.ParseInt(q.Get("saved"), 10, 64); err == nil {
		v.Saved = n
	}
	v.settle()
	return v
}

func (h *Handlers) page(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	return h.show(w, r, v, http.StatusOK, h.view(d, r.URL.Query()))
}

// show answers with the whole page.
func (h *Handlers) show(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, view *View) error {
	return h.Show(w, r, v, status, "Analysis of "+view.Post.Incident.Title, Page(view))
}

// panel answers a script with what is known of what was chosen.
func (h *Handlers) panel(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	view := h.view(d, r.URL.Query())
	if view.At == "" {
		return hindcast.Errorf(hindcast.NotFound, "what was chosen is not there any more")
	}
	return h.Send(w, r, http.StatusOK, Panel(view))
}

// coverage answers a script with how much rests on evidence.
func (h *Handlers) coverage(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	return h.Send(w, r, http.StatusOK, Coverage(h.view(d, r.URL.Query())))
}

// act does what a form asks for.
func (h *Handlers) act(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	sent := r.PostForm
	done, err := decide(&d.Post, h.Workflow.Policy(), sent)
	var saved workflow.Saved
	if err == nil {
		saved, err = h.Workflow.Edit(r.Context(), v, d.ID, done.changes, done.note)
	}
	if err != nil {
		return h.refuse(w, r, v, sent, err)
	}
	if scripted(r) {
		w.Header().Set("Hindcast-Saved", fmt.Sprintf("%d %d", saved.Version, saved.Revision))
		w.Header().Set("Hindcast-At", done.at)
	}
	next := url.Values{"view": {shown(sent.Get("view"))}, "at": {done.at}, "act": {done.act}}
	if scripted(r) {
		if d, err = h.Workflow.Get(r.Context(), v, d.ID); err != nil {
			return err
		}
		return h.Send(w, r, http.StatusOK, Panel(h.view(d, next)))
	}
	next.Set("saved", strconv.FormatInt(saved.Revision, 10))
	http.Redirect(w, r, fmt.Sprintf("/p/%d/analysis?%s#panel", d.Num, next.Encode()), http.StatusSeeOther)
	return nil
}

// refuse shows the form again with what is wrong, where it is wrong.
func (h *Handlers) refuse(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, sent url.Values, err error) error {
	f, status, ok := faultOf(err)
	if !ok {
		return err
	}
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	view := h.view(d, url.Values{"view": {sent.Get("view")}, "at": {sent.Get("at")}, "act": {formOf(sent.Get("do"))}})
	if view.At == "" {
		return hindcast.Errorf(hindcast.Conflict, "somebody removed this factor while you were writing; the history has it")
	}
	f.Do, f.Values = sent.Get("do"), sent
	view.Fault = f
	if scripted(r) {
		return h.Send(w, r, status, Panel(view))
	}
	return h.show(w, r, v, status, view)
}

// faultOf says what a person is told of an error, unless it is none of theirs.
func faultOf(err error) (*Fault, int, bool) {
	var conflicts workflow.Conflicts
	if errors.As(err, &conflicts) {
		return &Fault{Conflict: &conflicts[0]}, http.StatusConflict, true
	}
	var faults workflow.Faults
	if errors.As(err, &faults) {
		var out []string
		for _, f := range faults {
			out = append(out, "This "+f.Message+".")
		}
		return &Fault{Message: strings.Join(out, " ")}, http.StatusUnprocessableEntity, true
	}
	switch hindcast.CodeOf(err) {
	case hindcast.Invalid:
		return &Fault{Message: sentence(err.Error())}, http.StatusUnprocessableEntity, true
	case hindcast.Conflict, hindcast.NotFound:
		return &Fault{Message: sentence(err.Error())}, http.StatusConflict, true
	}
	return nil, 0, false
}

// sentence makes a sentence of a message.
func sentence(s string) string { return answer.Sentence(s) }

// rebase lets changes of a factor be made from the version that the form showed,
// so that what changed since is noticed.
func rebase(changes []part.Change, id, base string) []part.Change {
	for i := range changes {
		if changes[i].Path == "factors/"+id && base != "" {
			seen := part.Tag(base)
			changes[i].Base = &seen
		}
	}
	return changes
}

// inside answers a script with a picture to work on.
func (h *Handlers) inside(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	view := h.view(d, r.URL.Query())
	view.Width, view.At = width(r), ""
	Keep(w, r, d)
	return h.Send(w, r, http.StatusOK, View.stage(*view, h))
}

// Keep lets the browser keep an answer whose address names the version it shows.
func Keep(w http.ResponseWriter, r *http.Request, d *workflow.Document) {
	if r.URL.Query().Get("v") == strconv.FormatInt(d.Version, 10) {
		w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
	}
}

// width reads how wide a picture is asked for.
func width(r *http.Request) int {
	n, err := strconv.Atoi(r.URL.Query().Get("width"))
	if err != nil {
		return wide
	}
	return min(max(n, 300), 4000)
}

// Picture returns a picture of a document that stands alone, as SVG; nil when there
// is none of the name.
func (h *Handlers) Picture(r *http.Request, v hindcast.Viewer, d *workflow.Document, view string) ([]byte, error) {
	if view == "metrics" {
		return h.metrics(r, v, d)
	}
	if shown(view) != view || view == table {
		return nil, nil
	}
	shows := h.view(d, url.Values{"view": {view}})
	shows.Width = width(r)
	if t := moment(r); !t.IsZero() {
		shows.asOf(t)
	}
	data, err := h.drawn.get(shows, false)
	if err != nil {
		return nil, err
	}
	return cutOut(data, r), nil
}
