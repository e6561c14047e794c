// Package actions holds the pages on which action items of all post-mortems that one
// may see get done: the list, the board, one action, the weekly review, the figures,
// and what was decided against.
//
// Every act is a link or a form; with scripts cards are dragged and keys work.
package actions

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/deliver/ticket"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/followup"
)

// Config says what the pages work with. All of it must be set.
type Config struct {
	Workflow *workflow.Service
	Followup *followup.Service
	Tickets  *ticket.Service
	// Name returns what a person is called.
	Name func(r *http.Request, v hindcast.Viewer, id string) string
	// Show answers with a page in its frame.
	Show func(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, title string, c templ.Component) error
	// Send answers a script of ours with a part of a page.
	Send func(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error
}

// Handlers answer for the pages. They may be used by several goroutines at once.
type Handlers struct{ Config }

// Handler answers a request of somebody who is signed in, or says why not.
type Handler = func(http.ResponseWriter, *http.Request, hindcast.Viewer) error

// Pages returns the handlers by pattern.
func (h Handlers) Pages() map[string]Handler {
	return map[string]Handler{
		"GET /actions":                  h.list,
		"GET /actions/board":            h.board,
		"GET /actions/decided":          h.decided,
		"GET /actions/figures":          h.figures,
		"GET /actions/review":           h.reviews,
		"POST /actions/review":          h.begin,
		"GET /actions/review/{id}":      h.review,
		"POST /actions/review/{id}":     h.look,
		"POST /actions/review/{id}/end": h.end,
		"GET /actions/{num}/{id}":       h.item,
		"POST /actions/change":          h.change,
		"POST /actions/bulk":            h.bulk,
		"POST /actions/undo":            h.undo,
		"POST /actions/filters":         h.saveView,
		"POST /actions/filters/remove":  h.removeView,
		"POST /actions/filters/rename":  h.renameView,
	}
}

// Frame is what all pages of actions show.
type Frame struct {
	Here     string // the page of the tabs
	Path     string // with what was asked for, to come back to
	Today    hindcast.Date
	Undo     string // what was just changed, for its undo
	Changed  int    // how much that was
	Refused  []Refused
	Fault    string
	MayWrite bool
}

// Refused is an action that could not be changed.
type Refused struct{ What, Why string }

func (h Handlers) frame(r *http.Request, v hindcast.Viewer, here string) Frame {
	q := r.URL.Query()
	f := Frame{Here: here, Path: r.URL.Path, Today: h.Followup.Today(), Undo: q.Get("undo"), MayWrite: v.MayWrite()}
	if f.Changed = len(parseUndo(f.Undo)); f.Changed == 0 {
		f.Undo = ""
	}
	if q.Del("undo"); len(q) > 0 {
		f.Path += "?" + q.Encode()
	}
	return f
}

// asked reads the filters of an address, also in the words of earlier versions.
func asked(r *http.Request) url.Values {
	q := r.URL.Query()
	if q.Get("late") != "" && q.Get("state") == "" {
		q.Set("state", "overdue")
	}
	if s := q.Get("status"); s != "" && q.Get("state") == "" {
		q.Set("state", s)
	}
	return q
}

// ListView is what the list shows.
type ListView struct {
	Frame
	Filters Filters
	Rows    []followup.Row
	Next    string
	Chosen  map[string]bool // what was chosen in a form that could not be kept
	Sent    url.Values      // the rest of that form
}

// Filters are what lists are filtered by, and the filters that the viewer keeps.
type Filters struct {
	Query   url.Values
	Action  string // path of the page
	Choices followup.Choices
	Policy  hindcast.Policy
	Views   []followup.View
	Name    string // of one that could not be kept
	Fault   string
}

func (h Handlers) filters(r *http.Request, v hindcast.Viewer, path string) (Filters, error) {
	f := Filters{Query: asked(r), Action: path, Policy: h.Workflow.Policy()}
	var err error
	if f.Choices, err = h.Followup.Choices(r.Context(), v); err != nil {
		return f, err
	}
	f.Views, err = h.Followup.Views(r.Context(), v)
	return f, err
}

func (h Handlers) list(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.showList(w, r, v, http.StatusOK, ListView{Frame: h.frame(r, v, "/actions")})
}

func (h Handlers) showList(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, view ListView) error {
	fault, name := view.Filters.Fault, view.Filters.Name
	var err error
	if view.Filters, err = h.filters(r, v, "/actions"); err != nil {
		return err
	}
	view.Filters.Fault, view.Filters.Name = fault, name
	f := followup.FilterOf(view.Filters.Query)
	f.Limit = 50
	page, err := h.Followup.List(r.Context(), v, f)
	if err != nil {
		return err
	}
	view.Rows, view.Next = page.Items, answer.Later(r, page.Next)
	return h.Show(w, r, v, status, "Actions", listPage(view))
}

// BoardView is what the board shows.
type BoardView struct {
	Frame
	Filters Filters
	Columns []Column
	Waits   map[string]string // why tickets wait, by the names of actions
}

// Column are the actions of one state.
type Column struct {
	Status hindcast.ActionStatus
	Cards  []followup.Row
	N      int // in this state, of which Cards are the first
}

// cards is how many cards a column shows.
const cards = 40

var statuses = []hindcast.ActionStatus{hindcast.ActionOpen, hindcast.ActionInProgress, hindcast.ActionDone, hindcast.ActionVerified, hindcast.ActionDeclined}

func (h Handlers) board(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	view := BoardView{Frame: h.frame(r, v, "/actions/board")}
	var err error
	if view.Filters, err = h.filters(r, v, "/actions/board"); err != nil {
		return err
	}
	if view.Waits, err = h.Tickets.Waits(r.Context(), v); err != nil {
		return err
	}
	f := followup.FilterOf(view.Filters.Query)
	f.Open, f.Closed, f.Carried, f.Status, f.After = false, false, false, "", ""
	counts, err := h.Followup.Counts(r.Context(), v, f)
	if err != nil {
		return err
	}
	for _, status := range statuses {
		f.Status, f.Limit = status, cards
		f.Latest = status != hindcast.ActionOpen && status != hindcast.ActionInProgress
		page, err := h.Followup.List(r.Context(), v, f)
		if err != nil {
			return err
		}
		view.Columns = append(view.Columns, Column{status, page.Items, max(counts[status], len(page.Items))})
	}
	return h.Show(w, r, v, http.StatusOK, "Board of actions", boardPage(view))
}

// DecidedView is the ledger of what was decided against.
type DecidedView struct {
	Frame
	Rows []followup.Row
}

func (h Handlers) decided(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	page, err := h.Followup.List(r.Context(), v, followup.Filter{Status: hindcast.ActionDeclined, Latest: true, Limit: 200})
	if err != nil {
		return err
	}
	return h.Show(w, r, v, http.StatusOK, "Decided against", decidedPage(DecidedView{h.frame(r, v, "/actions/decided"), page.Items}))
}

// back returns where a form came from, the list when it does not say.
func back(sent url.Values) *url.URL {
	u, err := url.Parse(sent.Get("back"))
	if err != nil || u.Host != "" || u.Scheme != "" || u.Path != "/actions" && !strings.HasPrefix(u.Path, "/actions/") {
		return &url.URL{Path: "/actions"}
	}
	return u
}

// went sends the browser back after changes were made, with their undo.
func went(w http.ResponseWriter, r *http.Request, to *url.URL, made []followup.Done) error {
	q := to.Query()
	q.Del("undo")
	if undo := formatUndo(made); undo != "" {
		q.Set("undo", undo)
	}
	to.RawQuery = q.Encode()
	return answer.Redirect(w, r, to.String())
}

// formatUndo writes what was changed as NUMBER.REVISION, between commas.
func formatUndo(made []followup.Done) string {
	var out []string
	for _, d := range made {
		if d.Revision != 0 {
			out = append(out, fmt.Sprintf("%d.%d", d.Num, d.Revision))
		}
	}
	return strings.Join(out, ",")
}

func parseUndo(text string) []followup.Done {
	var out []followup.Done
	for part := range strings.SplitSeq(text, ",") {
		num, revision, _ := strings.Cut(part, ".")
		n, err := strconv.ParseInt(num, 10, 64)
		m, wrong := strconv.ParseInt(revision, 10, 64)
		if err == nil && wrong == nil && len(out) < followup.MaxAtOnce {
			out = append(out, followup.Done{Incident: num, Num: n, Revision: m})
		}
	}
	return out
}

// told returns the message of an error that a person can do something about; ok is
// false for any other.
func told(err error) (message string, status int, ok bool) {
	var faults workflow.Faults
	var conflicts workflow.Conflicts
	switch {
	case errors.As(err, &conflicts):
		return "Somebody changed this action meanwhile; look at it again and decide anew.", http.StatusConflict, true
	case errors.As(err, &faults):
		var out []string
		for _, f := range faults {
			out = append(out, answer.Sentence(cmp.Or(strings.ReplaceAll(f.Field, "_", " ")+" ", "")+f.Message))
		}
		return strings.Join(out, " "), http.StatusUnprocessableEntity, true
	}
	switch hindcast.CodeOf(err) {
	case hindcast.Invalid:
		status = http.StatusUnprocessableEntity
	case hindcast.Conflict:
		status = http.StatusConflict
	case hindcast.Denied:
		status = http.StatusForbidden
	default:
		return "", 0, false
	}
	return answer.Sentence(err.Error()), status, true
}
