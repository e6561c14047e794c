package web

import (
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/lint"
	"github.com/hindcast/hindcast/internal/lint/gate"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/postmortem"
	"github.com/hindcast/hindcast/internal/workflow"
)

// gates keep the checklists of the versions of documents that were looked at
// last. The zero value is ready.
type gates struct {
	mu   sync.Mutex
	list map[string]gate.Report
}

// maxGates is how many are kept.
const maxGates = 256

// report holds a document against the checklist.
func (h *Handler) report(d *workflow.Document) gate.Report {
	today := hindcast.DateOf(h.Now())
	key := fmt.Sprint(d.Key(), " ", today)
	h.gates.mu.Lock()
	r, ok := h.gates.list[key]
	h.gates.mu.Unlock()
	if ok {
		return r
	}
	source := document.Markdown(d.Post)
	found := h.lint.Document(source, lint.Context{Today: today}.With(d.Post))
	r = gate.Check(gate.Document{Source: source, Parsed: document.Parse("", source), Findings: found}, gate.Options{Policy: h.Workflow.Policy(), Today: today})
	h.gates.mu.Lock()
	defer h.gates.mu.Unlock()
	if h.gates.list == nil || len(h.gates.list) >= maxGates {
		h.gates.list = map[string]gate.Report{}
	}
	h.gates.list[key] = r
	return r
}

// checksOf returns what rules say of a document.
func (h *Handler) checksOf(d *workflow.Document) *postmortem.Checks {
	r := h.report(d)
	out := &postmortem.Checks{Findings: h.findings(d), Passed: r.Passed, WaiveUntil: hindcast.DateOf(h.Now()).Add(waiverDays)}
	items := hindcast.Checklist()
	for _, c := range r.Criteria {
		check := postmortem.Check{State: postmortem.Vouch, Reason: c.Reason, Blocks: c.Blocks, Vouched: c.Attestation, Waived: c.Waiver}
		switch c.State {
		case gate.Pass:
			check.State = postmortem.Met
		case gate.Fail:
			check.State = postmortem.Lacking
		}
		for _, item := range items {
			if item.Criterion == c.Criterion {
				check.ChecklistItem = item
			}
		}
		for i, m := range c.Missing {
			if i == 8 {
				check.Missing = append(check.Missing, fmt.Sprintf("and %d more", len(c.Missing)-8))
				break
			}
			check.Missing = append(check.Missing, m.Message)
		}
		out.Checklist = append(out.Checklist, check)
	}
	return out
}

// attest keeps a person's word that a line of the checklist is met.
func (h *Handler) attest(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.say(w, r, v, "attestations", "vouched for "+r.PostForm.Get("criterion"), func(pm *hindcast.Postmortem) any {
		return append(pm.Attestations[:len(pm.Attestations):len(pm.Attestations)], hindcast.Attestation{
			Criterion: hindcast.Criterion(r.PostForm.Get("criterion")), By: said(r, "by"), On: hindcast.DateOf(h.Now()), Note: said(r, "note")})
	})
}

// waiverDays is for how many days a waiver is proposed.
const waiverDays = 30

// waive lets a document pass although it lacks a line of the checklist, until a day.
func (h *Handler) waive(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	until := hindcast.DateOf(h.Now()).Add(waiverDays)
	if text := said(r, "until"); text != "" {
		var err error
		if until, err = hindcast.ParseDate(text); err != nil || until.Compare(hindcast.DateOf(h.Now())) < 0 {
			return hindcast.Errorf(hindcast.Invalid, "until: choose the last day on which the waiver holds, from today on")
		}
	}
	if said(r, "reason") == "" {
		return hindcast.Errorf(hindcast.Invalid, "reason: say why it may pass without; the reason stays in the document")
	}
	return h.say(w, r, v, "waivers", "waived "+r.PostForm.Get("criterion"), func(pm *hindcast.Postmortem) any {
		return append(pm.Waivers[:len(pm.Waivers):len(pm.Waivers)], hindcast.Waiver{Rule: r.PostForm.Get("criterion"), Reason: said(r, "reason"), By: said(r, "by"), Until: until})
	})
}

func said(r *http.Request, name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }

// say replaces a list of the document by one with an entry more.
func (h *Handler) say(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, path, note string, next func(*hindcast.Postmortem) any) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	if said(r, "by") == "" {
		return hindcast.Errorf(hindcast.Invalid, "say in which role you speak, such as reviewer")
	}
	now, err := part.Get(&d.Post, path)
	if err != nil {
		return err
	}
	base := part.TagOf(now)
	saved, err := h.Workflow.Edit(r.Context(), v, d.ID, []part.Change{{Path: path, Base: &base, Value: workflow.JSON(next(&d.Post))}}, note)
	if err != nil {
		return err
	}
	if answer.Scripted(r) {
		return answer.JSON(w, map[string]any{"path": path, "revision": saved.Revision, "version": saved.Version})
	}
	return answer.Redirect(w, r, at(d, fmt.Sprintf("?checks=1&saved=%d#checklist", saved.Revision)))
}
