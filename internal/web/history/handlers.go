package history

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/diff"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/export"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/form"
	"github.com/hindcast/hindcast/internal/web/ui"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Config says what the pages work with. All of it must be set.
type Config struct {
	Workflow *workflow.Service
	// Who returns who made revisions of a post-mortem, by their numbers, with what name
	// says of the ids of people.
	Who func(ctx context.Context, num int64, list []workflow.Revision, name func(id string) string) (map[int64]string, error)
	// Name returns what a person is called.
	Name  func(r *http.Request, v hindcast.Viewer, id string) string
	Prose func(source string) string // Markdown as HTML that is safe on a page
	// Show answers with a page in its frame.
	Show func(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, title string, c templ.Component) error
}

// Handlers answer for the pages. They may be used by several goroutines at once.
type Handlers struct{ Config }

// Handler answers a request of somebody who is signed in, or says why not.
type Handler = func(http.ResponseWriter, *http.Request, hindcast.Viewer) error

// Pages returns the handlers by pattern.
func (h Handlers) Pages() map[string]Handler {
	return map[string]Handler{
		"GET /p/{num}/history":     h.list,
		"GET /p/{num}/history/{n}": h.comparison,
	}
}

func (h Handlers) document(r *http.Request, v hindcast.Viewer) (*workflow.Document, error) {
	return h.Workflow.Get(r.Context(), v, r.PathValue("num"))
}

// list lists the changes of a document.
func (h Handlers) list(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	page, err := h.Workflow.Revisions(r.Context(), v, d.ID, r.URL.Query().Get("after"), 0)
	if err != nil {
		return err
	}
	who, err := h.whoOf(r, v, d.Num, page.Items)
	if err != nil {
		return err
	}
	view := View{Num: d.Num, Title: d.Post.Incident.Title, Moves: d.Post.History, Next: answer.Later(r, page.Next), Takes: d.Part() != "" || v.MayAdminister()}
	for _, rev := range page.Items {
		x := Revision{N: rev.N, At: rev.At, Who: who[rev.N], Note: rev.Note}
		for i, p := range rev.Paths {
			if i == 6 {
				x.Parts = append(x.Parts, "and "+strconv.Itoa(len(rev.Paths)-6)+" more")
				break
			}
			x.Parts = append(x.Parts, PartWord(&d.Post, p))
		}
		view.Revisions = append(view.Revisions, x)
	}
	return h.Show(w, r, v, http.StatusOK, "History", Page(view))
}

// whoOf returns who made revisions, by their numbers.
func (h Handlers) whoOf(r *http.Request, v hindcast.Viewer, num int64, list []workflow.Revision) (map[int64]string, error) {
	return h.Who(r.Context(), num, list, func(id string) string { return h.Name(r, v, id) })
}

// PartWord is what people call a part.
func PartWord(pm *hindcast.Postmortem, path string) string {
	list, id, _ := strings.Cut(path, "/")
	switch list {
	case "sections":
		for i, key := range part.SectionKeys(pm.Sections) {
			if key == id {
				return pm.Sections[i].Heading
			}
		}
		return ui.Sentence(id)
	case "phases":
		return ui.PhaseWord(id)
	}
	for prefix, word := range map[string]string{"timeline": "Entry", "accounts": "Account", "factors": "Factor", "observations": "Observation", "actions": "Action", "related": "Related incident"} {
		if list == prefix {
			return word + titleOf(pm, path)
		}
	}
	return ui.Sentence(strings.ReplaceAll(path, "/", ", "))
}

// titleOf is what a record says first, to tell it from others.
func titleOf(pm *hindcast.Postmortem, path string) string {
	raw, err := part.Get(pm, path)
	if err != nil || raw == nil {
		return ""
	}
	var x struct{ Title, Description, Text string }
	if json.Unmarshal(raw, &x) != nil {
		return ""
	}
	s := []rune(x.Title + x.Description + x.Text)
	if len(s) > 60 {
		s = append(s[:58], '…')
	}
	return " “" + string(s) + "”"
}

// comparison shows what one revision changed, or all since another one; with whole,
// the document as it was then.
func (h Handlers) comparison(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	n, err := strconv.ParseInt(r.PathValue("n"), 10, 64)
	if err != nil || n < 0 || n == 0 && !q.Has("whole") {
		return hindcast.Errorf(hindcast.NotFound, "there is no such change")
	}
	last, err := h.Workflow.Revisions(r.Context(), v, d.ID, "", 1)
	if err != nil {
		return err
	}
	view := Comparison{Num: d.Num, Title: d.Post.Incident.Title, MayUndo: d.May(access.Write) == nil, Revision: Revision{N: n}, Since: n - 1}
	if len(last.Items) > 0 {
		view.Last = last.Items[0].N
	}
	if q.Has("whole") {
		return h.asItWas(w, r, v, d, view)
	}
	if since := q.Get("since"); since != "" {
		if view.Since, err = strconv.ParseInt(since, 10, 64); err != nil || view.Since < 0 || view.Since == n {
			return hindcast.Errorf(hindcast.Invalid, "compare with another version: 0 is how it began, %d how it is now", view.Last)
		}
	}
	if view.Since == n-1 {
		if view.Revision, err = h.revision(r, v, d, n); err != nil {
			return err
		}
	}
	if view.Changes, err = h.between(r, v, d, view.Since, n); err != nil {
		return err
	}
	title := fmt.Sprintf("Change %d", n)
	if view.Since != n-1 {
		title = fmt.Sprintf("Changes from %d to %d", view.Since, n)
	}
	return h.Show(w, r, v, http.StatusOK, title, Compare(view))
}

// revision returns a revision as pages show it.
func (h Handlers) revision(r *http.Request, v hindcast.Viewer, d *workflow.Document, n int64) (Revision, error) {
	rev, err := h.Workflow.Revision(r.Context(), v, d.ID, n)
	if err != nil {
		return Revision{}, err
	}
	who, err := h.whoOf(r, v, d.Num, []workflow.Revision{rev})
	return Revision{N: n, At: rev.At, Who: who[n], Note: rev.Note}, err
}

// between says what differs between two versions of a document.
func (h Handlers) between(r *http.Request, v hindcast.Viewer, d *workflow.Document, from, to int64) ([]Change, error) {
	after, err := h.Workflow.At(r.Context(), v, d.ID, to)
	if err != nil {
		return nil, err
	}
	before, err := h.Workflow.At(r.Context(), v, d.ID, from)
	if err != nil {
		return nil, err
	}
	var out []Change
	for _, c := range part.Diff(&before, &after) {
		if x := h.Changed(&before, &after, c.Path); len(x.Fields) > 0 {
			out = append(out, x)
		}
	}
	return out, nil
}

// asItWas shows a document as it was after a revision.
func (h Handlers) asItWas(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, d *workflow.Document, view Comparison) error {
	then, err := h.Workflow.At(r.Context(), v, d.ID, view.Revision.N)
	if err != nil {
		return err
	}
	if view.Revision.N > 0 {
		if view.Revision, err = h.revision(r, v, d, view.Revision.N); err != nil {
			return err
		}
	}
	text := string(export.Document{Postmortem: then, Markdown: document.Markdown(then)}.Text())
	text = strings.Replace(text, "\n# ", "\n## ", 1) // the page has a title
	return h.Show(w, r, v, http.StatusOK, fmt.Sprintf("Version %d", view.Revision.N), Version(view, h.Prose(text)))
}

// Changed says in words what became of one part.
func (h Handlers) Changed(before, after *hindcast.Postmortem, path string) Change {
	out := Change{Part: PartWord(after, path)}
	f, err := form.Of(after, h.Workflow.Policy(), path)
	if err != nil {
		return out // nothing that people write
	}
	was, err := part.Get(before, path)
	if err != nil {
		return out
	}
	old, err := f.Read(was)
	if err != nil {
		return out
	}
	if is, err := part.Get(after, path); err == nil && is == nil {
		out.Part = PartWord(before, path) + ", removed"
	}
	for _, x := range f.Fields {
		a, b := old.Text(x), f.Text(x)
		if a != b {
			out.Fields = append(out.Fields, Field{Name: x.Label, Spans: diff.Words(a, b)})
		}
	}
	return out
}
