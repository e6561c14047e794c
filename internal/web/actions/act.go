package actions

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/pattern/recur"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/workflow/followup"
)

// said returns what a field of a form holds.
func said(sent url.Values, name string) string { return strings.TrimSpace(sent.Get(name)) }

// changeOf reads what a form asks to change. keep is a value that means no change.
func changeOf(sent url.Values) (followup.Change, error) {
	c := followup.Change{To: hindcast.ActionStatus(said(sent, "to")), Reason: said(sent, "reason")}
	if s := said(sent, "owner"); s != "" {
		c.Owner = &s
	}
	if s := said(sent, "priority"); s != "" {
		p := hindcast.Priority(s)
		c.Priority = &p
	}
	var err error
	day := func(name string) hindcast.Date {
		s := said(sent, name)
		if s == "" || err != nil {
			return hindcast.Date{}
		}
		var d hindcast.Date
		d, err = hindcast.ParseDate(s)
		return d
	}
	if due := day("due"); !due.IsZero() {
		c.Due = &due
	}
	c.Revisit = day("revisit")
	if how, by := said(sent, "how"), said(sent, "by"); how != "" || by != "" {
		c.Verification = &hindcast.Verification{How: how, By: by, Own: said(sent, "own"), On: day("on"), Evidence: refsOf(sent["evidence"])}
	}
	return c, err
}

// refsOf reads which files of the evidence were chosen: HASH NAME.
func refsOf(list []string) []hindcast.Ref {
	var out []hindcast.Ref
	for _, s := range list {
		if sha, name, ok := strings.Cut(s, " "); ok && name != "" {
			out = append(out, hindcast.Ref{File: name, SHA256: sha})
		}
	}
	return out
}

// targetOf reads which action a form is about: NUMBER/ID.
func targetOf(text string) followup.Target {
	num, id, _ := strings.Cut(text, "/")
	return followup.Target{Incident: num, Action: id}
}

// change changes one action.
func (h Handlers) change(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	sent := r.PostForm
	t := targetOf(sent.Get("action"))
	t.Base = part.Tag(sent.Get("base"))
	c, err := changeOf(sent)
	var done followup.Done
	if err == nil {
		done, err = h.Followup.Change(r.Context(), v, t, c)
	}
	if err != nil {
		return h.refuse(w, r, v, t, sent, err)
	}
	if answer.Scripted(r) {
		row, err := h.Followup.Get(r.Context(), v, t.Incident, t.Action)
		if err != nil {
			return err
		}
		w.Header().Set("Hindcast-Undo", formatUndo([]followup.Done{done}))
		waits, err := h.Tickets.Waits(r.Context(), v)
		if err != nil {
			return err
		}
		return h.Send(w, r, http.StatusOK, card(row, h.Followup.Today(), back(sent).String(), waits[name(row)]))
	}
	return went(w, r, back(sent), []followup.Done{done})
}

// refuse shows the action with what is wrong with a change of it.
func (h Handlers) refuse(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, t followup.Target, sent url.Values, err error) error {
	message, status, ok := told(err)
	if !ok {
		return err
	}
	if answer.Scripted(r) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, message) // the reader has gone
		return nil
	}
	view, err := h.itemView(r, v, t.Incident, t.Action)
	if err != nil {
		return err
	}
	view.Path = back(sent).String()
	view.Fault, view.Open, view.Sent = message, hindcast.ActionStatus(sent.Get("to")), sent
	return h.Show(w, r, v, status, view.Row.Item.Description, itemPage(view))
}

// bulk changes all actions that were chosen.
func (h Handlers) bulk(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	sent := r.PostForm
	var list []followup.Target
	chosen := map[string]bool{}
	for _, s := range sent["action"] {
		list, chosen[s] = append(list, targetOf(s)), true
	}
	c, err := changeOf(sent)
	var made []followup.Done
	var refused []followup.Refused
	if err == nil {
		made, refused, err = h.Followup.ChangeAll(r.Context(), v, list, c)
	}
	if err == nil && len(refused) == 0 {
		return went(w, r, back(sent), made)
	}
	message, status := "", http.StatusOK
	if err != nil {
		var ok bool
		if message, status, ok = told(err); !ok {
			return err
		}
	} else if len(made) == 0 {
		status = http.StatusUnprocessableEntity
	}
	to := back(sent)
	r.URL.Path, r.URL.RawQuery = to.Path, to.RawQuery
	view := ListView{Frame: h.frame(r, v, "/actions"), Chosen: chosen, Sent: sent}
	view.Fault, view.Undo, view.Changed = message, formatUndo(made), len(made)
	for _, x := range refused {
		view.Refused = append(view.Refused, Refused{"#" + x.Incident + " " + h.described(r, v, x.Target), answer.Sentence(x.Why)})
	}
	return h.showList(w, r, v, status, view)
}

// described names an action for people.
func (h Handlers) described(r *http.Request, v hindcast.Viewer, t followup.Target) string {
	row, err := h.Followup.Get(r.Context(), v, t.Incident, t.Action)
	if err != nil {
		return t.Action
	}
	return row.Item.Description
}

// undo takes back what was just changed.
func (h Handlers) undo(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	list := parseUndo(r.PostForm.Get("undo"))
	for i, d := range list {
		doc, err := h.Workflow.Get(r.Context(), v, d.Incident)
		if err != nil {
			return err
		}
		list[i].Incident = doc.ID
	}
	if err := h.Followup.Undo(r.Context(), v, list); err != nil {
		return err
	}
	if answer.Scripted(r) {
		return answer.JSON(w, map[string]int{"undone": len(list)})
	}
	return went(w, r, back(r.PostForm), nil)
}

func (h Handlers) saveView(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	sent := r.PostForm
	x, err := h.Followup.SaveView(r.Context(), v, sent.Get("name"), sent.Get("query"))
	if err != nil {
		message, status, ok := told(err)
		if !ok {
			return err
		}
		r.URL.Path, r.URL.RawQuery = "/actions", sent.Get("query")
		return h.showList(w, r, v, status, ListView{Frame: h.frame(r, v, "/actions"), Filters: Filters{Fault: message, Name: sent.Get("name")}})
	}
	return answer.Redirect(w, r, "/actions?"+x.Query)
}

// renameView gives a filter that the viewer keeps another name.
func (h Handlers) renameView(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	sent := r.PostForm
	x, err := h.Followup.RenameView(r.Context(), v, sent.Get("name"), sent.Get("to"))
	if err != nil {
		message, status, ok := told(err)
		if !ok {
			return err
		}
		r.URL.Path, r.URL.RawQuery = "/actions", x.Query
		return h.showList(w, r, v, status, ListView{Frame: h.frame(r, v, "/actions"), Filters: Filters{Fault: message, Name: sent.Get("to")}})
	}
	return answer.Redirect(w, r, "/actions?"+x.Query)
}

func (h Handlers) removeView(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	if err := h.Followup.RemoveView(r.Context(), v, r.PostForm.Get("name")); err != nil {
		return err
	}
	return answer.Redirect(w, r, "/actions")
}

// ItemView is what the page of one action shows.
type ItemView struct {
	Frame
	Row     followup.Row
	Factors []hindcast.Factor // that it answers
	Files   []hindcast.Evidence
	Since   []recur.Echo // later incidents like the one that it answers
	Looked  string       // who looked at it last
	Open    hindcast.ActionStatus
	Sent    url.Values // a form that could not be kept
}

func (h Handlers) item(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	view, err := h.itemView(r, v, r.PathValue("num"), r.PathValue("id"))
	if err != nil {
		return err
	}
	view.Open = hindcast.ActionStatus(r.URL.Query().Get("to"))
	return h.Show(w, r, v, http.StatusOK, view.Row.Item.Description, itemPage(view))
}

func (h Handlers) itemView(r *http.Request, v hindcast.Viewer, ref, id string) (ItemView, error) {
	view := ItemView{Frame: h.frame(r, v, "")}
	row, err := h.Followup.Get(r.Context(), v, ref, id)
	if err != nil {
		return view, err
	}
	view.Row = row
	d, err := h.Workflow.Get(r.Context(), v, row.IncidentID)
	if err != nil {
		return view, err
	}
	if row.MayFollow {
		view.Files = d.Post.Evidence
	}
	for _, f := range d.Post.Factors {
		for _, answered := range row.Item.Factors {
			if f.ID == answered {
				view.Factors = append(view.Factors, f)
			}
		}
	}
	if view.Since, err = h.Followup.Since(r.Context(), v, d, id); err != nil {
		return view, err
	}
	if row.Looked.PersonID != "" {
		view.Looked = h.Name(r, v, row.Looked.PersonID)
	}
	return view, nil
}
