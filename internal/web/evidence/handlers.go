package evidence

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/collect"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/upload"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Config says what the pages work with. All of it must be set.
type Config struct {
	Workflow *workflow.Service
	Deliver  *deliver.Service
	Collect  *collect.Service
	Mail     func() bool // whether mail is taken in
	Uploads  upload.Limits
	Now      func() time.Time
	// Name returns what a person is called.
	Name func(r *http.Request, v hindcast.Viewer, id string) string
	// Built answers with how far the timeline is that is built with new evidence.
	Built func(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, id string) error
	// Show answers with a page in its frame.
	Show func(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, title string, c templ.Component) error
	// Send answers with a part of a page, for scripts.
	Send func(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error
}

// Handlers answer for the pages. They may be used by several goroutines at once.
type Handlers struct{ Config }

// Handler answers a request of somebody who is signed in, or says why not.
type Handler = func(http.ResponseWriter, *http.Request, hindcast.Viewer) error

// Pages returns the handlers by pattern.
func (h Handlers) Pages() map[string]Handler {
	return map[string]Handler{
		"GET /p/{num}/evidence":              h.list,
		"POST /p/{num}/evidence":             h.add,
		"GET /p/{num}/evidence/{sha}":        h.lines,
		"GET /p/{num}/evidence/{sha}/bytes":  h.bytes,
		"POST /p/{num}/evidence/{sha}/purge": h.purge,
	}
}

func (h Handlers) document(r *http.Request, v hindcast.Viewer) (*workflow.Document, error) {
	return h.Workflow.Get(r.Context(), v, r.PathValue("num"))
}

// list lists what is kept of an incident.
func (h Handlers) list(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.show(w, r, v, http.StatusOK, "")
}

func (h Handlers) show(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, fault string) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	rows, err := h.Workflow.Evidence(r.Context(), v, d.ID)
	if err != nil {
		return err
	}
	cited := citations(&d.Post)
	view := View{Num: d.Num, Title: d.Post.Incident.Title, Now: h.Now(), Fault: fault,
		MayWrite: d.May(access.Write) == nil, MayPurge: d.May(access.Manage) == nil, Awaited: d.Awaited()}
	if d.Part() != "" {
		places, err := h.Deliver.Talkers(r.Context(), v)
		if err != nil {
			return err
		}
		view.Channels, view.Mail = len(places) > 0, h.Mail()
		if view.Notes, err = h.Collect.Notes(r.Context(), v, d.ID); err != nil {
			return err
		}
	}
	if view.MayWrite {
		places, err := h.Deliver.Askable(r.Context(), v)
		if err != nil {
			return err
		}
		view.Asks = len(places) > 0
	}
	for _, e := range rows {
		f := File{Name: e.Name, SHA256: e.SHA256, Format: e.Format, Source: e.Source, Query: e.Query, Size: e.Size, Records: e.Records, Problems: e.Problems,
			From: e.From, To: e.To, FetchedAt: e.FetchedAt, ExpiresAt: e.ExpiresAt, AddedAt: e.AddedAt, AddedBy: h.Name(r, v, e.AddedBy),
			PurgedAt: e.PurgedAt, PurgeReason: e.PurgeReason, Cited: cited[e.SHA256]}
		if e.Purged() {
			f.PurgedBy = h.Name(r, v, e.PurgedBy)
		}
		view.Files = append(view.Files, f)
	}
	return h.Show(w, r, v, status, "Evidence", Page(view))
}

// citations counts how often a document points to each file, by hash.
func citations(pm *hindcast.Postmortem) map[string]int {
	out := map[string]int{}
	add := func(refs []hindcast.Ref) {
		for _, r := range refs {
			out[r.SHA256]++
		}
	}
	for _, e := range pm.Timeline {
		add(e.Evidence)
	}
	for _, f := range pm.Factors {
		add(f.Evidence)
	}
	for _, o := range pm.Observations {
		add(o.Evidence)
	}
	return out
}

func (h Handlers) add(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) (err error) {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	if err := d.May(access.Write); err != nil {
		return err
	}
	u, err := h.Uploads.Receive(w, r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, u.Close()) }()
	if len(u.Files) == 0 {
		err = hindcast.Errorf(hindcast.Invalid, "choose at least one file")
	} else {
		_, _, err = h.Workflow.AddEvidence(r.Context(), v, d.ID, u.Files)
	}
	if hindcast.CodeOf(err) == hindcast.Invalid && !answer.Scripted(r) {
		return h.show(w, r, v, http.StatusUnprocessableEntity, answer.Sentence(err.Error()))
	}
	if err != nil {
		return err
	}
	return h.Built(w, r, v, d.ID)
}

// linesAround is how many lines are shown before and after the one that is meant.
const linesAround = 60

// lines shows lines of a file, for scripts only those close by.
func (h Handlers) lines(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	line, err := strconv.Atoi(r.URL.Query().Get("line"))
	if err != nil || line < 1 {
		line = 1
	}
	around := linesAround
	if answer.Scripted(r) {
		around = 3
	}
	row, lines, err := h.Workflow.Lines(r.Context(), v, d.ID, r.PathValue("sha"), line-around, line+around)
	if err != nil {
		return err
	}
	view := Lines{Num: d.Num, Name: row.Name, SHA256: row.SHA256, Format: row.Format, Marked: line, MarkEnd: endOf(&d.Post, row.SHA256, line), MayFetch: d.Part() != ""}
	for _, l := range lines {
		view.Lines = append(view.Lines, Line{Number: l.Number, Text: l.Text})
	}
	if answer.Scripted(r) {
		return h.Send(w, r, http.StatusOK, Raw(view))
	}
	if line > around+1 {
		view.Previous = max(1, line-2*around)
	}
	if len(lines) > 0 && lines[len(lines)-1].Number == line+around {
		view.Next = line + 2*around
	}
	return h.Show(w, r, v, http.StatusOK, row.Name, Stretch(view))
}

// endOf returns the last line of the record that an entry points to.
func endOf(pm *hindcast.Postmortem, sha string, line int) int {
	for _, e := range pm.Timeline {
		for _, ref := range e.Evidence {
			if ref.SHA256 == sha && ref.Line == line {
				return max(line, ref.EndLine)
			}
		}
	}
	return line
}

// bytes gives a file as it was given. A browser keeps it and never shows
// it, whatever it is.
func (h Handlers) bytes(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) (err error) {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	row, data, err := h.Workflow.Bytes(r.Context(), v, d.ID, r.PathValue("sha"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	set := w.Header()
	set.Set("Content-Type", "application/octet-stream")
	ext := path.Ext(row.Name)
	set.Set("Content-Disposition", `attachment; filename="`+answer.FileName(row.Name[:len(row.Name)-len(ext)])+"."+answer.FileName(ext)+`"`)
	set.Set("Content-Length", strconv.FormatInt(row.Size, 10))
	if _, err := io.Copy(w, data); err != nil {
		return nil // the reader has gone
	}
	return nil
}

func (h Handlers) purge(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	if err := h.Workflow.Purge(r.Context(), v, d.ID, r.PathValue("sha"), r.PostForm.Get("reason")); err != nil {
		return err
	}
	return answer.Redirect(w, r, fmt.Sprintf("/p/%d/evidence", d.Num))
}
