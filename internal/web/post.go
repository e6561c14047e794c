package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/live"
	"github.com/hindcast/hindcast/internal/web/postmortem"
	readingpages "github.com/hindcast/hindcast/internal/web/reading"
	"github.com/hindcast/hindcast/internal/workflow"
)

// document returns the post-mortem that an address names.
func (h *Handler) document(r *http.Request, v hindcast.Viewer) (*workflow.Document, error) {
	return h.Workflow.Get(r.Context(), v, r.PathValue("num"))
}

// at returns the address of something of a post-mortem.
func at(d *workflow.Document, rest string) string { return fmt.Sprintf("/p/%d%s", d.Num, rest) }

// number leads from a reference in prose to the post-mortem, or to a search for
// it.
func (h *Handler) number(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("number"))
	if hindcast.CodeOf(err) == hindcast.NotFound {
		return answer.Redirect(w, r, "/library?q="+url.QueryEscape(r.PathValue("number")))
	}
	if err != nil {
		return err
	}
	return answer.Redirect(w, r, at(d, ""))
}

// view returns what the page of a post-mortem shows, but for what the lint says.
func (h *Handler) view(r *http.Request, v hindcast.Viewer, d *workflow.Document) (*postmortem.View, error) {
	view := h.paper(v, d)
	for _, p := range d.People {
		view.People = append(view.People, postmortem.Person{ID: p.PersonID, Name: h.name(r, v, p.PersonID), Role: p.Role})
	}
	var err error
	if view.Backlinks, err = h.backlinks(r, v, d.ID); err != nil {
		return nil, err
	}
	view.Look = lookOf(r.URL.Query())
	return view, nil
}

// lookOf reads how a timeline's picture is asked for.
func lookOf(q url.Values) postmortem.Look {
	zoom, err := strconv.Atoi(q.Get("zoom"))
	if err != nil || zoom < 1 || zoom > 8 {
		zoom = 1
	}
	return postmortem.Look{ByService: q.Get("lanes") == "service", Zoom: zoom}
}

// post is the page of a post-mortem.
func (h *Handler) post(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	if done, err := h.shown(w, r, v); done || err != nil {
		return err
	}
	d, err := h.document(r, v)
	if err != nil {
		return h.orReading(w, r, v, err)
	}
	if r.PathValue("num") != strconv.FormatInt(d.Num, 10) {
		return answer.Redirect(w, r, at(d, ""))
	}
	if d.Part() == "" && r.URL.RawQuery == "" && !answer.Scripted(r) {
		return answer.Redirect(w, r, readingpages.Address(d.Num)) // ?whole=1 leads here
	}
	view, err := h.view(r, v, d)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	if t, err := time.Parse(time.RFC3339, q.Get("at")); err == nil {
		view.AsOf(t)
	}
	if path := q.Get("edit"); path != "" {
		view.Edit = &postmortem.Edit{Path: path}
	}
	if q.Get("checks") != "" {
		view.Checks = h.checksOf(d)
	}
	if n, err := strconv.ParseInt(q.Get("saved"), 10, 64); err == nil {
		view.Saved = n
	}
	return h.showPost(w, r, v, d, view, http.StatusOK)
}

// orReading leads who may not see a document to what is published of it, if
// anything is.
func (h *Handler) orReading(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, err error) error {
	if hindcast.CodeOf(err) != hindcast.NotFound || answer.Scripted(r) {
		return err
	}
	p, missing := h.Reading.Get(r.Context(), v, r.PathValue("num"), 0)
	if missing != nil {
		return err
	}
	return answer.Redirect(w, r, readingpages.Address(p.Num))
}

// showPost answers with the page of a post-mortem that is made for this request.
func (h *Handler) showPost(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, d *workflow.Document, view *postmortem.View, status int) error {
	if view.Moment.IsZero() && d.Post.Status != hindcast.StatusPublished { // later it is too late to learn from them
		var err error
		if view.Echoes, err = h.Followup.Echoes(r.Context(), v, d); err != nil {
			return err
		}
	}
	return h.render(w, r, v, status, d.Post.Incident.Title, "library", postmortem.Page(view))
}

// checks answers with what rules say of a document.
func (h *Handler) checks(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	if !answer.Scripted(r) {
		return answer.Redirect(w, r, at(d, "?checks=1#checklist"))
	}
	view, err := h.view(r, v, d)
	if err != nil {
		return err
	}
	view.Checks = h.checksOf(d)
	return fragment(w, r, http.StatusOK, postmortem.ChecksOf(view))
}

// showAnalysis answers with a page of the analysis.
func (h *Handler) showAnalysis(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, title string, c templ.Component) error {
	return h.render(w, r, v, status, title, "library", c)
}

// showSettings answers with a page of the settings.
func (h *Handler) showSettings(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, title string, c templ.Component) error {
	return h.render(w, r, v, status, title, "settings", c)
}

// version tells a page whether what it shows is still the present.
func (h *Handler) version(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	said, err := h.said(r.Context(), v, d)
	if err != nil {
		return err
	}
	return answer.JSON(w, map[string]any{"version": d.Version, "by": h.name(r, v, d.UpdatedBy), "said": said})
}

// live streams the versions of a post-mortem to a page that shows it.
func (h *Handler) live(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	return h.hub.Serve(w, r, live.Source{
		Person: v.PersonID,
		Version: func(ctx context.Context) (int64, error) {
			v, err := h.Auth.Viewer(r) // who signed out is told nothing more
			if err != nil && hindcast.CodeOf(err) != hindcast.Denied {
				return 0, err
			}
			all, err := h.Workflow.Versions(ctx, v, []string{d.ID})
			if _, seen := all[d.ID]; err == nil && !seen {
				err = hindcast.Errorf(hindcast.NotFound, "this post-mortem is not shared with you any more, or was removed")
			}
			return all[d.ID], err
		},
		Tell: func(ctx context.Context, version int64) (any, error) {
			d, err := h.Workflow.Get(ctx, v, d.ID)
			if err != nil {
				return nil, err
			}
			return map[string]any{"version": max(version, d.Version), "by": h.name(r, v, d.UpdatedBy)}, nil
		},
		Beside: func(ctx context.Context) (int64, error) { return h.said(ctx, v, d) },
	})
}

func download(w http.ResponseWriter, name, kind string, data []byte) error {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	if _, err := w.Write(data); err != nil {
		return nil // the reader has gone
	}
	return nil
}

func (h *Handler) move(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	if _, err := h.Workflow.Move(r.Context(), v, d.ID, hindcast.Status(r.PostForm.Get("to")), r.PostForm.Get("reason")); err != nil {
		return err
	}
	return answer.Redirect(w, r, at(d, ""))
}
