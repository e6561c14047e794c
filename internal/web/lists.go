package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/failure"
	"github.com/hindcast/hindcast/internal/web/home"
	"github.com/hindcast/hindcast/internal/web/library"
	"github.com/hindcast/hindcast/internal/workflow"
)

func (h *Handler) keys(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.render(w, r, v, http.StatusOK, "Keys", "", failure.Keys())
}

func (h *Handler) home(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	got, err := h.Workflow.Home(r.Context(), v)
	if err != nil {
		return err
	}
	view := home.View{Name: v.Name, MayWrite: v.MayWrite(), Now: got.Now, Calendar: h.Workflow.Policy().Calendar, Overdue: got.Counts.ActionsOverdue, Late: got.Counts.OverdueDrafts,
		Drafts: homeRows(got.Drafts), Reviews: homeRows(got.Reviews), Published: homeRows(got.Published)}
	for _, a := range got.Actions {
		view.Actions = append(view.Actions, home.Action{Num: a.IncidentNum, ID: a.Item.ID, Description: a.Item.Description, Owner: a.Item.Owner, Due: a.Item.Due, Status: a.Item.Status})
	}
	return h.render(w, r, v, http.StatusOK, "Home", "home", home.Page(view))
}

func homeRows(list []workflow.Summary) []home.Row {
	var out []home.Row
	for _, s := range list {
		r := home.Row{Num: s.Num, Title: s.Title, Status: s.Status, Severity: s.Severity, Happened: s.HappenedAt, Excerpt: s.Excerpt, Private: s.Private}
		_, r.Due = dueNext(s)
		out = append(out, r)
	}
	return out
}

// filterOf reads what a list of incidents is asked for. What cannot be
// understood is left out.
func filterOf(q url.Values) workflow.Filter {
	f := workflow.Filter{
		Kind: hindcast.IncidentKind(q.Get("kind")), Service: q.Get("service"), Status: hindcast.Status(q.Get("status")),
		Category: hindcast.Category(q.Get("category")), After: q.Get("after"), Mine: q.Get("mine") != "", Deleted: q.Get("deleted") != "",
	}
	if n, err := strconv.Atoi(q.Get("severity")); err == nil {
		f.Severity = n
	}
	if d, err := hindcast.ParseDate(q.Get("from")); err == nil {
		f.From = d.Time()
	}
	if d, err := hindcast.ParseDate(q.Get("to")); err == nil {
		f.To = d.Add(1).Time()
	}
	return f
}

// services are the names of services that people may see, read again after a
// while: they are only there to be chosen from, and cost as much as the list. The
// zero value is ready.
type services struct {
	mu   sync.Mutex
	list map[string]seenServices // by person
}

type seenServices struct {
	at    time.Time
	names []string
}

// servicesFor is how long a new service may be missing from the choices, and
// maxServices for how many people the choices are kept.
const (
	servicesFor = time.Minute
	maxServices = 512
)

// serviceNames returns the services that a viewer may choose from.
func (h *Handler) serviceNames(ctx context.Context, v hindcast.Viewer) ([]string, error) {
	h.services.mu.Lock()
	seen, ok := h.services.list[v.PersonID]
	h.services.mu.Unlock()
	now := h.Now()
	if ok && now.Sub(seen.at) < servicesFor {
		return seen.names, nil
	}
	names, err := h.Workflow.Services(ctx, v, "", 100)
	if err != nil {
		return nil, err
	}
	h.services.mu.Lock()
	defer h.services.mu.Unlock()
	if h.services.list == nil || len(h.services.list) >= maxServices {
		h.services.list = map[string]seenServices{}
	}
	h.services.list[v.PersonID] = seenServices{now, names}
	return names, nil
}

func (h *Handler) library(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.showLibrary(w, r, v, http.StatusOK, library.View{Query: r.URL.Query()})
}

// showLibrary fills what the page shows of what it is asked for.
func (h *Handler) showLibrary(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, view library.View) error {
	q := view.Query
	view.Policy, view.MayWrite = h.Workflow.Policy(), v.MayWrite()
	kept, err := h.Workflow.Views(r.Context(), v)
	if err != nil {
		return err
	}
	for _, k := range kept {
		view.Views = append(view.Views, library.Saved{Name: k.Name, Query: k.Query})
	}
	if view.Services, err = h.serviceNames(r.Context(), v); err != nil {
		return err
	}
	if text := q.Get("q"); text != "" {
		found, err := h.Workflow.Search(r.Context(), v, workflow.Search{Text: text, Filter: filterOf(q)})
		if err != nil {
			return err
		}
		for _, hit := range found.Items {
			row := h.listRow(hit.Summary)
			row.Title, row.Excerpt = spansOf(hit.TitleSpans), spansOf(hit.Snippet)
			view.Rows = append(view.Rows, row)
		}
		view.Next = answer.Later(r, found.Next)
	} else {
		list, err := h.Workflow.List(r.Context(), v, filterOf(q))
		if err != nil {
			return err
		}
		for _, s := range list.Items {
			view.Rows = append(view.Rows, h.listRow(s))
		}
		view.Next = answer.Later(r, list.Next)
	}
	return h.render(w, r, v, status, "Library", "library", library.Page(view))
}

func spansOf(list []workflow.Span) []library.Span {
	var out []library.Span
	for _, s := range list {
		out = append(out, library.Span{Text: s.Text, Found: s.Match})
	}
	return out
}

func (h *Handler) listRow(s workflow.Summary) library.Row {
	var length time.Duration
	if !s.StartedAt.IsZero() && !s.ResolvedAt.IsZero() {
		length = s.ResolvedAt.Sub(s.StartedAt)
	}
	row := library.Row{ID: s.ID, Deleted: s.DeletedAt, Num: s.Num, Title: library.Plain(s.Title), Status: s.Status, Kind: s.Kind, Severity: s.Severity, Services: s.Services,
		Happened: s.HappenedAt, Length: length, Private: s.Private, Open: s.ActionsOpen, Actions: s.ActionsTotal}
	if s.Excerpt != "" {
		row.Excerpt = library.Plain(s.Excerpt)
	}
	if s.DeletedAt.IsZero() {
		row.Late = h.late(s)
	}
	return row
}

// late says of what the policy requires that its day has passed, and by how much;
// empty when there is time.
func (h *Handler) late(s workflow.Summary) string {
	what, due := dueNext(s)
	now := h.Now()
	if due.IsZero() || !due.Before(now) {
		return ""
	}
	return what + " " + h.Workflow.Policy().Calendar.Until(due, now)
}

// dueNext returns what is due next of a post-mortem that the policy requires, and by
// when; nothing when none is, or when it is published.
func dueNext(s workflow.Summary) (what string, due time.Time) {
	switch {
	case !s.Required || s.Status == hindcast.StatusPublished:
		return "", time.Time{}
	case s.Status == hindcast.StatusDraft:
		return "draft", s.DraftDue
	}
	return "publication", s.PublishDue
}
