// Package review holds the page on which people speak about a post-mortem before it
// is published: who was asked to review it, what they say, and what they suggest.
package review

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/form"
	"github.com/hindcast/hindcast/internal/web/history"
	"github.com/hindcast/hindcast/internal/web/postmortem"
	"github.com/hindcast/hindcast/internal/web/prose"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/review"
)

// Config says what the page works with. All of it must be set.
type Config struct {
	Workflow *workflow.Service
	Review   *review.Service
	// Name returns what a person is called.
	Name func(r *http.Request, v hindcast.Viewer, id string) string
	// Changed says in words what became of one part.
	Changed func(before, after *hindcast.Postmortem, path string) history.Change
	// Part says what a part is called.
	Part func(p *hindcast.Postmortem, path string) string
	// Change returns the change that a form of a part asks for.
	Change func(f *form.Form, sent url.Values) (part.Change, []hindcast.Fault)
	// Show answers with a page in its frame.
	Show func(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, title string, c templ.Component) error
	// Send answers with a part of a page, for a script.
	Send  func(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error
	Prose *prose.Renderer // of the page of the post-mortem
}

// Handlers answer for the page. They may be used by several goroutines at once.
type Handlers struct{ Config }

// Handler answers a request of somebody who is signed in, or says why not.
type Handler = func(http.ResponseWriter, *http.Request, hindcast.Viewer) error

// Pages returns the handlers by pattern.
func (h Handlers) Pages() map[string]Handler {
	return map[string]Handler{
		"GET /p/{num}/review":               h.page,
		"GET /p/{num}/review/beside":        h.beside,
		"POST /p/{num}/review":              h.open,
		"GET /p/{num}/review/suggest":       h.suggestForm,
		"POST /p/{num}/review/suggest":      h.suggest,
		"POST /p/{num}/review/ask":          h.ask,
		"POST /p/{num}/review/answer":       h.answer,
		"POST /p/{num}/review/thread/{id}":  h.reply,
		"POST /p/{num}/review/edit/{id}":    h.edit,
		"POST /p/{num}/review/resolve/{id}": h.resolve,
		"POST /p/{num}/review/accept/{id}":  h.accept,
		"POST /p/{num}/review/decline/{id}": h.decline,
		"GET /p/{num}/account":              h.rememberForm,
		"POST /p/{num}/account":             h.remember,
		"POST /p/{num}/account/decline":     h.declineAccount,
		"POST /p/{num}/account/ask":         h.askAccounts,
	}
}

// View is what the page shows.
type View struct {
	Num      int64
	Title    string
	Status   hindcast.Status
	Me       string
	MayWrite bool
	People   []Person
	Requests []Request
	Asked    bool // the viewer was, in the last round, or may answer by the policy
	Open     []Thread
	Closed   []Thread
	On       Target   // what a new comment is about
	Targets  []Target // what can be commented on and suggested
	Text     string   // of a comment that came back
	Fault    string

	MayManage bool
	Accounts  []Account // of what people remember; of the viewer alone when they do not lead
	Unasked   []Person  // who could be asked for one
	Shown     bool      // others see accounts at once, by the policy
	Standing  review.Standing
	Given     []string // names of whose approval counts
	Not       []Discounted
	MayHide   bool // a comment may go without a name
}

// Person takes part.
type Person struct{ ID, Name, Role string }

// Target is a part.
type Target struct{ Path, Name string }

// Request is a review that somebody was asked for.
type Request struct {
	review.Request
	Name string
	Last bool // of its person
}

// ReviewedBy returns the names of those who have read it in the round that they were
// last asked for, whether they approve or not.
func (v View) ReviewedBy() []string {
	var names []string
	for _, q := range v.Requests {
		if q.Last && (q.Answer == review.Reviewed || q.Answer == review.Approved) {
			names = append(names, q.Name)
		}
	}
	return names
}

// Thread is what is said about one thing.
type Thread struct {
	review.Thread
	About    Target
	Comments []Comment
	By       string // who resolved it
	Quote    string // as it is read
	Span     prose.Span
}

// Comment is one thing that somebody said.
type Comment struct {
	review.Comment
	Who, Judge string
	Mine       bool
	Changed    []history.Change // what it suggests
}

func (h Handlers) page(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.show(w, r, v, http.StatusOK, View{On: Target{Path: r.URL.Query().Get("on")}})
}

// show fills what the page always shows.
func (h Handlers) show(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, view View) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	if view, err = h.view(r, v, d, view); err != nil {
		return err
	}
	requests, err := h.Review.Requests(r.Context(), v, d.ID)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, q := range requests {
		view.Requests = append(view.Requests, Request{q, h.Name(r, v, q.PersonID), !seen[q.PersonID]})
		view.Asked = view.Asked || q.PersonID == v.PersonID
		seen[q.PersonID] = true
	}
	if err := h.rules(r, v, d, &view); err != nil {
		return err
	}
	view.Targets = h.targets(&d.Post)
	view.On.Name = h.nameOf(&d.Post, view.On.Path)
	return h.Show(w, r, v, status, "Review of "+view.Title, Page(view))
}

// view fills what is said and by whom.
func (h Handlers) view(r *http.Request, v hindcast.Viewer, d *workflow.Document, view View) (View, error) {
	threads, err := h.Review.Threads(r.Context(), v, d.ID)
	if err != nil {
		return view, err
	}
	view.MayHide = h.Review.MayHide(d) == nil
	view.Num, view.Title, view.Status, view.Me, view.MayWrite = d.Num, d.Post.Incident.Title, d.Post.Status, v.PersonID, d.May(access.Write) == nil
	for _, p := range d.People {
		view.People = append(view.People, Person{p.PersonID, h.Name(r, v, p.PersonID), p.Role})
	}
	rd := &reader{h.Prose, &d.Post, map[string]*prose.Words{}}
	for _, t := range threads {
		x := h.thread(r, v, rd, t)
		if t.ResolvedAt.IsZero() {
			view.Open = append(view.Open, x)
		} else {
			view.Closed = append(view.Closed, x)
		}
	}
	slices.Reverse(view.Closed)
	return view, nil
}

// thread turns a thread into what is shown of it.
func (h Handlers) thread(r *http.Request, v hindcast.Viewer, rd *reader, t review.Thread) Thread {
	x := Thread{Thread: t, About: Target{t.Anchor.Path, h.nameOf(rd.post, t.Anchor.Path)}, By: h.Name(r, v, t.ResolvedBy), Quote: t.Anchor.Quote}
	if words := rd.words(t.Anchor.Path); words != nil && t.End > t.Start {
		x.Quote, x.Span = words.Read(t.Start, t.End), words.Span(t.Start, t.End)
	}
	for _, c := range t.Comments {
		y := Comment{Comment: c, Who: h.Name(r, v, c.PersonID), Judge: h.Name(r, v, c.JudgedBy), Mine: c.PersonID == v.PersonID && c.PersonID != ""}
		if c.Verdict != review.Accepted && c.Words == nil {
			y.Changed = h.changes(rd.post, c.Changes)
		}
		x.Comments = append(x.Comments, y)
	}
	return x
}

// changes says what would become of a document by changes, whatever they were made
// from.
func (h Handlers) changes(p *hindcast.Postmortem, list []part.Change) (out []history.Change) {
	var loose []part.Change
	for _, c := range list {
		c.Base = nil
		loose = append(loose, c)
	}
	next, _, err := part.Apply(*p, loose)
	if err != nil {
		return nil
	}
	for _, c := range list {
		out = append(out, h.Changed(p, &next, c.Path))
	}
	return out
}

// nameOf says what a part is called.
func (h Handlers) nameOf(p *hindcast.Postmortem, path string) string {
	switch path {
	case "":
		return "the whole post-mortem"
	case "pictures/timeline":
		return "the picture of the timeline"
	case "pictures/metrics":
		return "the charts of the metrics"
	case "pictures/causes":
		return "the picture of the causes"
	}
	return h.Part(p, path)
}

// targets are the parts that can be commented on.
func (h Handlers) targets(p *hindcast.Postmortem) []Target {
	out := []Target{{"", "the whole post-mortem"}}
	for _, key := range part.SectionKeys(p.Sections) {
		out = append(out, Target{"sections/" + key, h.Part(p, "sections/"+key)})
	}
	for _, path := range review.Pictures() {
		out = append(out, Target{path, h.nameOf(p, path)})
	}
	for _, list := range []string{"timeline", "factors", "observations", "actions"} {
		for _, id := range part.IDs(p, list) {
			out = append(out, Target{list + "/" + id, h.Part(p, list+"/"+id)})
		}
	}
	return out
}

// back leads to the page, at a thread, or tells a script which that is.
func back(w http.ResponseWriter, r *http.Request, thread string) error {
	if answer.Scripted(r) && r.Method == http.MethodPost {
		return answer.JSON(w, map[string]string{"thread": thread})
	}
	to := fmt.Sprintf("/p/%s/review", url.PathEscape(r.PathValue("num")))
	if thread != "" {
		to += "#thread-" + thread
	}
	return answer.Redirect(w, r, to)
}

// again shows the page once more when what was sent cannot be done.
func (h Handlers) again(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, err error, view View) error {
	if answer.Scripted(r) {
		return err
	}
	switch hindcast.CodeOf(err) {
	case hindcast.Invalid:
		view.Fault = answer.Sentence(err.Error())
		return h.show(w, r, v, http.StatusUnprocessableEntity, view)
	case hindcast.Conflict:
		view.Fault = answer.Sentence(err.Error())
		return h.show(w, r, v, http.StatusConflict, view)
	}
	return err
}

func (h Handlers) open(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	text := r.PostForm.Get("text")
	id := ""
	a, err := h.anchor(d, r.PostForm)
	switch {
	case err != nil:
	case r.PostForm.Has("words") && r.PostForm.Get("unnamed") != "":
		err = hindcast.Errorf(hindcast.Invalid, "a suggestion has a name, so that somebody can ask what is meant; take the mark away, or say it in a comment")
	case r.PostForm.Has("words"):
		id, err = h.Review.Reword(r.Context(), v, d.ID, a, text, strings.ReplaceAll(r.PostForm.Get("words"), "\r\n", "\n"))
	case r.PostForm.Get("unnamed") != "":
		id, err = h.Review.OpenUnnamed(r.Context(), v, d.ID, a, text)
	default:
		id, err = h.Review.Open(r.Context(), v, d.ID, a, text, nil)
	}
	if err != nil {
		return h.again(w, r, v, err, View{On: Target{Path: a.Path}, Text: text})
	}
	return back(w, r, id)
}

// answerThread adds to a thread what a form says.
func (h Handlers) answerThread(r *http.Request, v hindcast.Viewer) error {
	if r.PostForm.Get("unnamed") != "" {
		return h.Review.ReplyUnnamed(r.Context(), v, r.PathValue("num"), r.PathValue("id"), r.PostForm.Get("text"))
	}
	return h.Review.Reply(r.Context(), v, r.PathValue("num"), r.PathValue("id"), r.PostForm.Get("text"), nil)
}

func (h Handlers) reply(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	if err := h.answerThread(r, v); err != nil {
		return h.again(w, r, v, err, View{})
	}
	return back(w, r, r.PathValue("id"))
}

// edit changes what the viewer said.
func (h Handlers) edit(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	thread := r.PostForm.Get("thread")
	if err := h.Review.Edit(r.Context(), v, r.PathValue("num"), thread, r.PathValue("id"), r.PostForm.Get("text")); err != nil {
		return h.again(w, r, v, err, View{})
	}
	return back(w, r, thread)
}

func (h Handlers) resolve(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	if err := h.Review.Resolve(r.Context(), v, r.PathValue("num"), r.PathValue("id"), r.PostForm.Get("open") == ""); err != nil {
		return h.again(w, r, v, err, View{})
	}
	return back(w, r, r.PathValue("id"))
}

// suggestForm is the form of one part, filled in as it is now.
func (h Handlers) suggestForm(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.suggestAgain(w, r, v, http.StatusOK, r.URL.Query().Get("path"), &postmortem.Edit{})
}

func (h Handlers) suggestAgain(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, path string, e *postmortem.Edit) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	if err := d.May(access.Comment); err != nil {
		return err
	}
	f, err := form.Of(&d.Post, h.Workflow.Policy(), path)
	if err != nil {
		return err
	}
	e.Path = f.Path
	about := r.FormValue("about")
	if e.Values == nil {
		if e.Values, err = h.from(d, f, about); err != nil {
			return err
		}
	}
	name := h.nameOf(&d.Post, path)
	if f.New {
		name = "something new"
	}
	if answer.Scripted(r) {
		return h.Send(w, r, status, SuggestForm(d.Num, name, about, f, e))
	}
	return h.Show(w, r, v, status, "Suggest a change", SuggestPage(d.Num, d.Post.Incident.Title, name, about, f, e))
}

func (h Handlers) suggest(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	f, err := form.Of(&d.Post, h.Workflow.Policy(), r.PostForm.Get("path"))
	if err != nil {
		return err
	}
	c, faults := h.Change(f, r.PostForm)
	if faults != nil {
		return h.suggestAgain(w, r, v, http.StatusUnprocessableEntity, f.Path, &postmortem.Edit{Values: r.PostForm, Faults: faults})
	}
	id, err := h.Review.Open(r.Context(), v, d.ID, about(&d.Post, f, r.PostForm), r.PostForm.Get("why"), []part.Change{c})
	var conflicts workflow.Conflicts
	switch {
	case errors.As(err, &conflicts):
		return h.suggestAgain(w, r, v, http.StatusConflict, f.Path, &postmortem.Edit{Values: r.PostForm, Faults: []hindcast.Fault{{Message: "Somebody changed this meanwhile. The form has your version; look at the post-mortem, then suggest it again"}}})
	case hindcast.CodeOf(err) == hindcast.Invalid:
		return h.suggestAgain(w, r, v, http.StatusUnprocessableEntity, f.Path, &postmortem.Edit{Values: r.PostForm, Faults: []hindcast.Fault{{Message: err.Error()}}})
	case err != nil:
		return err
	}
	return back(w, r, id)
}

func (h Handlers) accept(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	saved, err := h.Review.Accept(r.Context(), v, r.PathValue("num"), r.PostForm.Get("thread"), r.PathValue("id"))
	var conflicts workflow.Conflicts
	if errors.As(err, &conflicts) && answer.Scripted(r) {
		return hindcast.Errorf(hindcast.Conflict, "what the suggestion was made from has changed since; make the change by hand, or decline it")
	}
	if errors.As(err, &conflicts) {
		return h.show(w, r, v, http.StatusConflict, View{Fault: "What the suggestion was made from has changed since. Below it stands what it would do to the post-mortem as it is now; make the change by hand, or decline it."})
	}
	if err != nil {
		return h.again(w, r, v, err, View{})
	}
	if answer.Scripted(r) {
		return answer.JSON(w, map[string]any{"thread": r.PostForm.Get("thread"), "version": saved.Version, "revision": saved.Revision})
	}
	return answer.Redirect(w, r, fmt.Sprintf("/p/%s?saved=%d#%s", url.PathEscape(r.PathValue("num")), saved.Revision, url.PathEscape(strings.TrimSpace(r.PostForm.Get("at")))))
}

func (h Handlers) decline(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	if err := h.Review.Decline(r.Context(), v, r.PathValue("num"), r.PostForm.Get("thread"), r.PathValue("id"), r.PostForm.Get("reason")); err != nil {
		return h.again(w, r, v, err, View{})
	}
	return back(w, r, r.PostForm.Get("thread"))
}

func (h Handlers) ask(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	var due hindcast.Date
	if text := strings.TrimSpace(r.PostForm.Get("due")); text != "" {
		var err error
		if due, err = hindcast.ParseDate(text); err != nil {
			return h.again(w, r, v, hindcast.Errorf(hindcast.Invalid, "due: choose a day"), View{})
		}
	}
	if err := h.Review.Ask(r.Context(), v, r.PathValue("num"), r.PostForm["person"], due, r.PostForm.Get("approves") != ""); err != nil {
		return h.again(w, r, v, err, View{})
	}
	return back(w, r, "")
}

func (h Handlers) answer(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	if err := h.Review.Answer(r.Context(), v, r.PathValue("num"), review.Answer(r.PostForm.Get("answer")), r.PostForm.Get("said")); err != nil {
		return h.again(w, r, v, err, View{})
	}
	return back(w, r, "")
}
