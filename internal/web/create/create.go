// Package create is the page on which a post-mortem begins, and the page that
// shows how far its evidence is read.
package create

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/deliver/elsewhere"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/upload"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Config says what the pages work with. All fields must be set.
type Config struct {
	Workflow  *workflow.Service
	Elsewhere *elsewhere.Service
	Uploads   upload.Limits
	// Show answers with a page in its frame. here is the place it belongs to.
	Show func(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, title, here string, c templ.Component) error
	// Mail returns how many messages wait that a viewer could begin with.
	Mail func(ctx context.Context, v hindcast.Viewer) (int, error)
}

// Handlers answer for the pages. They may be used by several goroutines at once.
type Handlers struct {
	Config
	imports imports
}

// New returns Handlers.
func New(c Config) *Handlers { return &Handlers{Config: c} }

// Handler answers a request of somebody who is signed in, or says why not.
type Handler = func(http.ResponseWriter, *http.Request, hindcast.Viewer) error

// Pages returns the handlers by pattern.
func (h *Handlers) Pages() map[string]Handler {
	return map[string]Handler{
		"GET /new":              h.begin,
		"POST /new/evidence":    h.fromEvidence,
		"POST /new/markdown":    h.fromMarkdown,
		"POST /new/page":        h.fromPage,
		"POST /new/near-miss":   h.nearMiss,
		"POST /new/blank":       h.blank,
		"GET /builds/{id}":      h.build,
		"GET /p/{num}/imported": h.imported,
	}
}

func (h *Handlers) begin(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	if err := MayBegin(v); err != nil {
		return err
	}
	sources, err := h.Elsewhere.Sources(r.Context(), v)
	if err != nil {
		return err
	}
	mail, err := h.Mail(r.Context(), v)
	if err != nil {
		return err
	}
	return h.Show(w, r, v, http.StatusOK, "New", "", Page(View{Policy: h.Workflow.Policy(), Sources: sources, Mail: mail}))
}

// MayBegin refuses who only reads, before anything is taken from them.
func MayBegin(v hindcast.Viewer) error {
	if v.MayWrite() {
		return nil
	}
	return hindcast.Errorf(hindcast.Denied, "you may read here, and not write; an admin can make you a member")
}

// again shows the page with a form that was not taken.
func (h *Handlers) again(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, form string, values url.Values, err error) error {
	var faults workflow.Faults
	if code := hindcast.CodeOf(err); code != hindcast.Invalid {
		return err
	}
	message := answer.Sentence(err.Error())
	if errors.As(err, &faults) && len(faults) > 0 {
		message = answer.Sentence(named(faults[0].Path, faults[0].Field, faults[0].Message))
	}
	if answer.Scripted(r) {
		return hindcast.Errorf(hindcast.Invalid, "%s", message)
	}
	sources, err := h.Elsewhere.Sources(r.Context(), v)
	if err != nil {
		return err
	}
	view := View{Policy: h.Workflow.Policy(), Form: form, Fault: message, Values: values, Sources: sources}
	return h.Show(w, r, v, http.StatusUnprocessableEntity, "New", "", Page(view))
}

// labels are the fields of the forms by the parts that they fill; what is wrong with
// one without a label says what it is about.
var labels = map[string]string{"title": "What happened", "services": "Services", "phases/started_at": "Started", "phases/resolved_at": "Resolved", "severity": "", "private": ""}

// named says what is wrong with the field in which it was written.
func named(path, field, message string) string {
	if label, ok := labels[path]; ok {
		return strings.TrimSpace(label + " " + message)
	}
	return strings.TrimSpace(path + " " + field + " " + message)
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

// address returns that of a page of a post-mortem.
func address(d *workflow.Document, rest string) string { return fmt.Sprintf("/p/%d%s", d.Num, rest) }

// moment reads what the input of a moment sends.
func moment(s string) (time.Time, error) {
	t, err := time.Parse("2006-01-02T15:04:05.999", s)
	if err != nil {
		t, err = time.Parse("2006-01-02T15:04", s)
	}
	return t.UTC(), err
}

// fromEvidence keeps the files and builds the timeline in the background.
func (h *Handlers) fromEvidence(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) (err error) {
	if err := MayBegin(v); err != nil {
		return err
	}
	u, err := h.Uploads.Receive(w, r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, u.Close()) }()
	n, err := begun(u.Values)
	if err != nil {
		return h.again(w, r, v, "evidence", u.Values, err)
	}
	d, err := h.Workflow.Begin(r.Context(), v, n, u.Files)
	if err != nil {
		return h.again(w, r, v, "evidence", u.Values, err)
	}
	return h.Start(w, r, v, d.ID)
}

// Start begins to build and goes to the page that shows how far it is.
func (h *Handlers) Start(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, id string) error {
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
func (h *Handlers) build(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
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
	view := Progress{ID: p.ID, Num: p.Num, Read: p.Read, Total: p.Total, Done: p.State == workflow.BuildDone, Error: p.Error}
	if p.Result != nil {
		view.Entries, view.Kept, view.Problems = p.Result.Entries, len(p.Result.Kept), p.Result.Problems
	}
	if p.State == workflow.BuildReading {
		w.Header().Set("Refresh", "2")
	}
	return h.Show(w, r, v, http.StatusOK, "Reading the evidence", "", Build(view))
}

func (h *Handlers) fromMarkdown(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) (err error) {
	if err := MayBegin(v); err != nil {
		return err
	}
	u, err := h.Uploads.Receive(w, r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, u.Close()) }()
	name, text := "pasted.md", []byte(u.Values.Get("text"))
	if len(u.Files) > 0 {
		if name, text, err = content(u.Files[0]); err != nil {
			return err
		}
	}
	n, err := begun(u.Values)
	if err == nil && len(strings.TrimSpace(string(text))) == 0 {
		err = hindcast.Errorf(hindcast.Invalid, "choose a file or paste the text")
	}
	if err != nil {
		return h.again(w, r, v, "markdown", u.Values, err)
	}
	n.Quiet = true // it was written elsewhere, of an incident of the past
	d, report, err := h.Workflow.CreateFromMarkdown(r.Context(), v, name, text, n)
	if err != nil {
		return h.again(w, r, v, "markdown", u.Values, err)
	}
	return h.taken(w, r, d, report)
}

// fromPage takes over a page of another system.
func (h *Handlers) fromPage(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	n, err := begun(r.PostForm)
	if err != nil {
		return h.again(w, r, v, "page", r.PostForm, err)
	}
	n.Quiet = true
	d, report, err := h.Elsewhere.Take(r.Context(), v, r.PostForm.Get("place"), r.PostForm.Get("address"), n)
	switch hindcast.CodeOf(err) {
	case "":
		return h.taken(w, r, d, report)
	case hindcast.NotFound, hindcast.Unavailable, hindcast.Conflict:
		err = hindcast.Errorf(hindcast.Invalid, "the page could not be read: %v", err)
	}
	return h.again(w, r, v, "page", r.PostForm, err)
}

// taken leads to what became of a document, past what was not understood.
func (h *Handlers) taken(w http.ResponseWriter, r *http.Request, d *workflow.Document, report workflow.Imported) error {
	if report.Ours && len(report.Problems) == 0 {
		return answer.Redirect(w, r, address(d, ""))
	}
	view := Import{Num: d.Num, Ours: report.Ours, Sections: report.Sections, Unknown: report.Unknown, Metadata: report.Metadata,
		Entries: report.Entries, Untimed: report.Untimed, Factors: report.Factors, Observations: report.Observations, Actions: report.Actions, Problems: report.Problems}
	h.imports.put(d.ID, view)
	return answer.Redirect(w, r, address(d, "/imported"))
}

// imported shows what was understood of a document, as long as it is known.
func (h *Handlers) imported(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	view, ok := h.imports.get(d.ID)
	if !ok {
		return answer.Redirect(w, r, address(d, ""))
	}
	return h.Show(w, r, v, http.StatusOK, "Imported", "", Imported(view))
}

// imports are the reports of the last imports, by post-mortem. The zero value is
// ready.
type imports struct {
	mu   sync.Mutex
	list map[string]Import
}

// maxImports is how many are kept.
const maxImports = 128

func (i *imports) put(id string, report Import) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.list == nil || len(i.list) >= maxImports {
		i.list = map[string]Import{}
	}
	i.list[id] = report
}

func (i *imports) get(id string) (Import, bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	report, ok := i.list[id]
	return report, ok
}

// content reads a file that is a text.
func content(f workflow.File) (string, []byte, error) {
	if f.Size > upload.MaxText {
		return "", nil, hindcast.Errorf(hindcast.Invalid, "%s is larger than 4 MB; a post-mortem is shorter", f.Name)
	}
	rd, err := f.Open()
	if err != nil {
		return "", nil, err
	}
	text, err := io.ReadAll(rd)
	return f.Name, text, errors.Join(err, rd.Close())
}

func (h *Handlers) blank(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	n, err := begun(r.PostForm)
	if err != nil {
		return h.again(w, r, v, "blank", r.PostForm, err)
	}
	d, err := h.Workflow.Create(r.Context(), v, n)
	if err != nil {
		return h.again(w, r, v, "blank", r.PostForm, err)
	}
	return answer.Redirect(w, r, address(d, ""))
}

// nearMiss keeps a near miss with what kept it from happening and what would
// have caught it.
func (h *Handlers) nearMiss(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	n, err := begun(r.PostForm)
	n.Kind = hindcast.KindNearMiss
	if err != nil {
		return h.again(w, r, v, "near-miss", r.PostForm, err)
	}
	d, err := h.Workflow.Create(r.Context(), v, n)
	if err != nil {
		return h.again(w, r, v, "near-miss", r.PostForm, err)
	}
	var changes []part.Change
	if s := strings.TrimSpace(r.PostForm.Get("saved")); s != "" {
		changes = append(changes, part.Change{Path: "observations/" + id(), Value: workflow.JSON(hindcast.Observation{Kind: hindcast.Luck, Text: s})})
	}
	if s := strings.TrimSpace(r.PostForm.Get("gap")); s != "" {
		changes = append(changes, part.Change{Path: "observations/" + id(), Value: workflow.JSON(hindcast.Observation{Kind: hindcast.WentPoorly, Text: s, Stage: hindcast.StageDetection})})
	}
	if changes != nil {
		if _, err := h.Workflow.Edit(r.Context(), v, d.ID, changes, ""); err != nil {
			return err
		}
	}
	return answer.Redirect(w, r, address(d, ""))
}

// id returns one that no part has.
func id() string { return strings.ToLower(rand.Text()[:12]) }
