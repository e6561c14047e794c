package web

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/form"
	"github.com/hindcast/hindcast/internal/web/postmortem"
	"github.com/hindcast/hindcast/internal/workflow"
)

// showPart answers with one part, as it reads or with its form, for scripts.
func (h *Handler) showPart(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	path := r.URL.Query().Get("path")
	if !answer.Scripted(r) {
		return answer.Redirect(w, r, at(d, "?edit="+url.QueryEscape(path)+"#"+path))
	}
	view, err := h.view(r, v, d)
	if err != nil {
		return err
	}
	if r.URL.Query().Get("edit") != "" {
		view.Edit = &postmortem.Edit{Path: path}
	}
	return fragment(w, r, http.StatusOK, postmortem.Part(view, path))
}

// savePart keeps what a form says.
func (h *Handler) savePart(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	sent := r.PostForm
	f, err := form.Of(&d.Post, h.Workflow.Policy(), sent.Get("path"))
	if err != nil {
		return err
	}
	change, faults := changeOf(f, sent)
	if faults != nil {
		return h.formAgain(w, r, v, d, http.StatusUnprocessableEntity, &postmortem.Edit{Path: f.Path, Values: sent, Faults: faults})
	}
	if err := h.titled(r, v, &change); err != nil {
		return err
	}
	note := strings.TrimSpace(sent.Get("note"))
	if lacksReason(&d.Post, change, note) {
		return h.formAgain(w, r, v, d, http.StatusUnprocessableEntity, &postmortem.Edit{Path: f.Path, Values: sent,
			Faults: []hindcast.Fault{{Path: "note", Message: "change of a severity needs a reason, which stays with the incident"}}})
	}
	saved, err := h.keep(r, v, d, f.New, &change, note)
	var conflicts workflow.Conflicts
	var wrong workflow.Faults
	switch {
	case errors.As(err, &conflicts):
		// The form comes back with the version of now as its base.
		if d, err = h.document(r, v); err != nil {
			return err
		}
		return h.formAgain(w, r, v, d, http.StatusConflict, &postmortem.Edit{Path: f.Path, Values: sent, Conflict: &conflicts[0]})
	case errors.As(err, &wrong):
		return h.formAgain(w, r, v, d, http.StatusUnprocessableEntity, &postmortem.Edit{Path: f.Path, Values: sent, Faults: faultsOf(f, wrong)})
	case err != nil:
		return err
	}
	if answer.Scripted(r) {
		return answer.JSON(w, map[string]any{"path": change.Path, "base": saved.Tags[change.Path], "revision": saved.Revision, "version": saved.Version})
	}
	return answer.Redirect(w, r, at(d, fmt.Sprintf("?saved=%d#%s", saved.Revision, change.Path)))
}

// keep makes the change of a form. The form of a new record that comes again, as when
// somebody pressed twice or no answer came, changes nothing; when it says something
// else by then, as after going back to it, it makes a record of its own.
func (h *Handler) keep(r *http.Request, v hindcast.Viewer, d *workflow.Document, isNew bool, c *part.Change, note string) (workflow.Saved, error) {
	saved, err := h.Workflow.Edit(r.Context(), v, d.ID, []part.Change{*c}, note)
	var conflicts workflow.Conflicts
	if !isNew || !errors.As(err, &conflicts) {
		return saved, err
	}
	if !holds(conflicts[0].Theirs, c.Value) {
		c.Path = another(c.Path, newID())
		return h.Workflow.Edit(r.Context(), v, d.ID, []part.Change{*c}, note)
	}
	now, err := h.document(r, v)
	if err != nil {
		return saved, err
	}
	return workflow.Saved{Version: now.Version, Tags: map[string]part.Tag{c.Path: conflicts[0].Tag}}, nil
}

// another returns the path of a record beside the one at path.
func another(path, id string) string { return path[:strings.LastIndexByte(path, '/')+1] + id }

// holds reports whether a record has every field of what was sent, as it was sent.
func holds(record, sent json.RawMessage) bool {
	var has, want map[string]json.RawMessage
	if json.Unmarshal(record, &has) != nil || json.Unmarshal(sent, &want) != nil {
		return false
	}
	for name, value := range want {
		if !bytes.Equal(has[name], value) {
			return false
		}
	}
	return true
}

// lacksReason reports whether a change of a severity that was decided says no reason.
func lacksReason(p *hindcast.Postmortem, c part.Change, note string) bool {
	var level int
	return c.Path == "severity" && note == "" && p.Incident.Severity > 0 &&
		(len(c.Value) == 0 || json.Unmarshal(c.Value, &level) == nil && level != p.Incident.Severity)
}

// changeOf returns the change that a form asks for.
func changeOf(f *form.Form, sent url.Values) (part.Change, []hindcast.Fault) {
	base := part.Tag(sent.Get("base"))
	c := part.Change{Path: f.Path, Base: &base}
	if sent.Get("remove") != "" {
		return c, nil
	}
	value, faults := f.Decode(sent)
	if f.New {
		if value == nil && faults == nil {
			return c, []hindcast.Fault{{Message: "is empty; fill in the first field"}}
		}
		id := sent.Get("new") // of this form, so that it makes one record however often it comes
		if !recordID.MatchString(id) {
			id = newID()
		}
		c.Path = another(f.Path, id)
	}
	c.Value = value
	return c, faults
}

// titled gives a related incident that is only named by its number the title that
// it has here, where the viewer may see it.
func (h *Handler) titled(r *http.Request, v hindcast.Viewer, c *part.Change) error {
	if !strings.HasPrefix(c.Path, "related/") || len(c.Value) == 0 {
		return nil
	}
	var x hindcast.RelatedIncident
	if err := json.Unmarshal(c.Value, &x); err != nil || x.Title != "" || !strings.HasPrefix(x.Ref, "#") {
		return nil // the workflow says what is wrong with it
	}
	there, err := h.Workflow.Get(r.Context(), v, strings.TrimPrefix(x.Ref, "#"))
	if hindcast.CodeOf(err) == hindcast.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	x.Title = there.Post.Incident.Title
	c.Value = workflow.JSON(x)
	return nil
}

// recordID is what [newID] returns.
var recordID = lazyregexp.New(`^[a-z2-7]{12}$`)

// newID returns the id of a record made by hand.
func newID() string { return strings.ToLower(rand.Text()[:12]) }

// faultsOf returns faults at the fields of the form. What is wrong with a group of
// fields stands at its first.
func faultsOf(f *form.Form, list workflow.Faults) []hindcast.Fault {
	var out []hindcast.Fault
	for _, x := range list {
		at := x.Field
		if f.Whole {
			at = f.Fields[0].Name
		}
		if !slices.ContainsFunc(f.Fields, func(field form.Field) bool { return field.Name == at }) && at != "" {
			if i := slices.IndexFunc(f.Fields, func(field form.Field) bool { return strings.HasPrefix(field.Name, at+".") }); i >= 0 {
				at = f.Fields[i].Name
			}
		}
		out = append(out, hindcast.Fault{Path: at, Message: x.Message})
	}
	return out
}

// formAgain shows a form that was not kept, with what was sent.
func (h *Handler) formAgain(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, d *workflow.Document, status int, e *postmortem.Edit) error {
	view, err := h.view(r, v, d)
	if err != nil {
		return err
	}
	view.Edit = e
	if answer.Scripted(r) {
		return fragment(w, r, status, postmortem.Part(view, e.Path))
	}
	return h.showPost(w, r, v, d, view, status)
}

func (h *Handler) undo(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(r.PostForm.Get("revision"), 10, 64)
	if err != nil {
		return hindcast.Errorf(hindcast.Invalid, "say which change to take back")
	}
	saved, err := h.Workflow.Undo(r.Context(), v, d.ID, n)
	if err != nil {
		return err
	}
	if answer.Scripted(r) {
		return answer.JSON(w, map[string]any{"revision": saved.Revision, "version": saved.Version})
	}
	if back := r.PostForm.Get("back"); back == "analysis" || back == "integrity" {
		return answer.Redirect(w, r, at(d, "/"+back))
	}
	return answer.Redirect(w, r, at(d, ""))
}

func (h *Handler) bringBack(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(r.PostForm.Get("revision"), 10, 64)
	if err != nil {
		return hindcast.Errorf(hindcast.Invalid, "say which version to bring back")
	}
	if _, err := h.Workflow.BringBack(r.Context(), v, d.ID, n); err != nil {
		return err
	}
	return answer.Redirect(w, r, at(d, ""))
}

// withField returns a part's value with another text in one of its fields.
func withField(value json.RawMessage, field, text string) (json.RawMessage, error) {
	var m map[string]json.RawMessage
	if err := json.Unmarshal(value, &m); err != nil {
		return nil, fmt.Errorf("read the part: %w", err)
	}
	raw, err := json.Marshal(text)
	if err != nil {
		return nil, fmt.Errorf("write the text: %w", err)
	}
	m[field] = raw
	return json.Marshal(m)
}
