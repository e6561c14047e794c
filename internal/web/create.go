package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/create"
	"github.com/hindcast/hindcast/internal/workflow"
)

func (h *Handler) newPage(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	if err := mayBegin(v); err != nil {
		return err
	}
	return h.render(w, r, v, http.StatusOK, "New", "", create.Page(create.View{Policy: h.Workflow.Policy()}))
}

// mayBegin refuses who only reads, before anything is taken from them.
func mayBegin(v hindcast.Viewer) error {
	if v.MayWrite() {
		return nil
	}
	return hindcast.Errorf(hindcast.Denied, "you may read here, and not write; an admin can make you a member")
}

// newAgain shows the page with a form that was not taken.
func (h *Handler) newAgain(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, form string, values url.Values, err error) error {
	var faults workflow.Faults
	if code := hindcast.CodeOf(err); code != hindcast.Invalid {
		return err
	}
	message := answer.Sentence(err.Error())
	if errors.As(err, &faults) && len(faults) > 0 {
		message = answer.Sentence(strings.TrimSpace(faults[0].Path + " " + faults[0].Field + " " + faults[0].Message))
	}
	if answer.Scripted(r) {
		return hindcast.Errorf(hindcast.Invalid, "%s", message)
	}
	view := create.View{Policy: h.Workflow.Policy(), Form: form, Fault: message, Values: values}
	return h.render(w, r, v, http.StatusUnprocessableEntity, "New", "", create.Page(view))
}

// begun reads what a form says of a new incident.
func begun(f url.Values) (workflow.NewIncident, error) {
	n := workflow.NewIncident{Title: f.Get("title"), PrivateReason: strings.TrimSpace(f.Get("private_reason"))}
	n.Private = n.PrivateReason != ""
	for s := range strings.SplitSeq(f.Get("services"), ",") {
		if s = strings.TrimSpace(s); s != "" {
			n.Services = append(n.Services, s)
		}
	}
	if s := f.Get("severity"); s != "" {
		level, err := strconv.Atoi(s)
		if err != nil {
			return n, hindcast.Errorf(hindcast.Invalid, "severity %q is no level", s)
		}
		n.Severity = level
	}
	for name, to := range map[string]*time.Time{"started": &n.Phases.StartedAt, "resolved": &n.Phases.ResolvedAt} {
		if s := f.Get(name); s != "" {
			t, err := moment(s)
			if err != nil {
				return n, hindcast.Errorf(hindcast.Invalid, "%s %q is no time; write it like 2024-03-15T14:38, in UTC", name, s)
			}
			*to = t
		}
	}
	return n, nil
}

// moment reads what the input of a moment sends.
func moment(s string) (time.Time, error) {
	t, err := time.Parse("2006-01-02T15:04:05.999", s)
	if err != nil {
		t, err = time.Parse("2006-01-02T15:04", s)
	}
	return t.UTC(), err
}

// newFromEvidence keeps the files and builds the timeline in the background.
func (h *Handler) newFromEvidence(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) (err error) {
	if err := mayBegin(v); err != nil {
		return err
	}
	u, err := h.receive(w, r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, u.close()) }()
	n, err := begun(u.values)
	if err != nil {
		return h.newAgain(w, r, v, "evidence", u.values, err)
	}
	d, err := h.Workflow.Begin(r.Context(), v, n, u.files)
	if err != nil {
		return h.newAgain(w, r, v, "evidence", u.values, err)
	}
	return h.startBuild(w, r, v, d.ID)
}

// startBuild begins to build and goes to the page that shows how far it is.
func (h *Handler) startBuild(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, id string) error {
	b, err := h.Workflow.StartBuild(r.Context(), v, id)
	if err != nil {
		return err
	}
	to := fmt.Sprintf("/builds/%s?p=%d", b.ID, b.Num)
	if answer.Scripted(r) {
		return answer.JSON(w, map[string]string{"to": to})
	}
	return answer.Redirect(w, r, to)
}

// build shows how far a build is.
func (h *Handler) build(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	b, err := h.Workflow.Building(v, r.PathValue("id"))
	if num, nerr := strconv.ParseInt(r.URL.Query().Get("p"), 10, 64); hindcast.CodeOf(err) == hindcast.NotFound && nerr == nil && !answer.Scripted(r) {
		return answer.Redirect(w, r, fmt.Sprintf("/p/%d", num)) // it is long over, or another server builds it
	}
	if err != nil {
		return err
	}
	p := b.Progress()
	if answer.Scripted(r) {
		return answer.JSON(w, p)
	}
	view := create.Progress{ID: p.ID, Num: p.Num, Read: p.Read, Total: p.Total, Done: p.State == workflow.BuildDone, Error: p.Error}
	if p.Result != nil {
		view.Entries, view.Kept, view.Problems = p.Result.Entries, len(p.Result.Kept), p.Result.Problems
	}
	if p.State == workflow.BuildReading {
		w.Header().Set("Refresh", "2")
	}
	return h.render(w, r, v, http.StatusOK, "Reading the evidence", "", create.Build(view))
}

func (h *Handler) newFromMarkdown(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) (err error) {
	if err := mayBegin(v); err != nil {
		return err
	}
	u, err := h.receive(w, r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, u.close()) }()
	name, text := "pasted.md", []byte(u.values.Get("text"))
	if len(u.files) > 0 {
		if name, text, err = content(u.files[0]); err != nil {
			return err
		}
	}
	n, err := begun(u.values)
	if err == nil && len(strings.TrimSpace(string(text))) == 0 {
		err = hindcast.Errorf(hindcast.Invalid, "choose a file or paste the text")
	}
	if err != nil {
		return h.newAgain(w, r, v, "markdown", u.values, err)
	}
	n.Quiet = true // it was written elsewhere, of an incident of the past
	d, report, err := h.Workflow.CreateFromMarkdown(r.Context(), v, name, text, n)
	if err != nil {
		return h.newAgain(w, r, v, "markdown", u.values, err)
	}
	if report.Ours && len(report.Problems) == 0 {
		return answer.Redirect(w, r, at(d, ""))
	}
	view := create.Import{Num: d.Num, Ours: report.Ours, Sections: report.Sections, Unknown: report.Unknown, Metadata: report.Metadata,
		Entries: report.Entries, Untimed: report.Untimed, Factors: report.Factors, Observations: report.Observations, Actions: report.Actions, Problems: report.Problems}
	h.imports.put(d.ID, view)
	return answer.Redirect(w, r, at(d, "/imported"))
}

// imported shows what was understood of a document, as long as it is known.
func (h *Handler) imported(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	view, ok := h.imports.get(d.ID)
	if !ok {
		return answer.Redirect(w, r, at(d, ""))
	}
	return h.render(w, r, v, http.StatusOK, "Imported", "", create.Imported(view))
}

// imports are the reports of the last imports, by post-mortem. The zero value is
// ready.
type imports struct {
	mu   sync.Mutex
	list map[string]create.Import
}

// maxImports is how many are kept.
const maxImports = 128

func (i *imports) put(id string, report create.Import) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.list == nil || len(i.list) >= maxImports {
		i.list = map[string]create.Import{}
	}
	i.list[id] = report
}

func (i *imports) get(id string) (create.Import, bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	report, ok := i.list[id]
	return report, ok
}

// content reads a file that is a text.
func content(f workflow.File) (string, []byte, error) {
	if f.Size > maxForm {
		return "", nil, hindcast.Errorf(hindcast.Invalid, "%s is larger than 4 MB; a post-mortem is shorter", f.Name)
	}
	rd, err := f.Open()
	if err != nil {
		return "", nil, err
	}
	text, err := io.ReadAll(rd)
	return f.Name, text, errors.Join(err, rd.Close())
}

func (h *Handler) newBlank(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	n, err := begun(r.PostForm)
	if err != nil {
		return h.newAgain(w, r, v, "blank", r.PostForm, err)
	}
	d, err := h.Workflow.Create(r.Context(), v, n)
	if err != nil {
		return h.newAgain(w, r, v, "blank", r.PostForm, err)
	}
	return answer.Redirect(w, r, at(d, ""))
}

// newNearMiss keeps a near miss with what kept it from happening and what would
// have caught it.
func (h *Handler) newNearMiss(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	n, err := begun(r.PostForm)
	n.Kind = hindcast.KindNearMiss
	if err != nil {
		return h.newAgain(w, r, v, "near-miss", r.PostForm, err)
	}
	d, err := h.Workflow.Create(r.Context(), v, n)
	if err != nil {
		return h.newAgain(w, r, v, "near-miss", r.PostForm, err)
	}
	var changes []part.Change
	if s := strings.TrimSpace(r.PostForm.Get("saved")); s != "" {
		changes = append(changes, part.Change{Path: "observations/" + newID(), Value: workflow.JSON(hindcast.Observation{Kind: hindcast.Luck, Text: s})})
	}
	if s := strings.TrimSpace(r.PostForm.Get("gap")); s != "" {
		changes = append(changes, part.Change{Path: "observations/" + newID(), Value: workflow.JSON(hindcast.Observation{Kind: hindcast.WentPoorly, Text: s, Stage: hindcast.StageDetection})})
	}
	if changes != nil {
		if _, err := h.Workflow.Edit(r.Context(), v, d.ID, changes, ""); err != nil {
			return err
		}
	}
	return answer.Redirect(w, r, at(d, ""))
}
