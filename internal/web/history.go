package web

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/diff"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/form"
	"github.com/hindcast/hindcast/internal/web/history"
	"github.com/hindcast/hindcast/internal/web/ui"
	"github.com/hindcast/hindcast/internal/workflow"
)

// history lists the changes of a document.
func (h *Handler) history(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
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
	view := history.View{Num: d.Num, Title: d.Post.Incident.Title, Moves: d.Post.History, Next: answer.Later(r, page.Next), Takes: d.Part() != "" || v.MayAdminister()}
	for _, rev := range page.Items {
		x := history.Revision{N: rev.N, At: rev.At, Who: who[rev.N], Note: rev.Note}
		for i, p := range rev.Paths {
			if i == 6 {
				x.Parts = append(x.Parts, "and "+strconv.Itoa(len(rev.Paths)-6)+" more")
				break
			}
			x.Parts = append(x.Parts, partWord(&d.Post, p))
		}
		view.Revisions = append(view.Revisions, x)
	}
	return h.render(w, r, v, http.StatusOK, "History", "library", history.Page(view))
}

// whoOf returns who made revisions, by their numbers.
func (h *Handler) whoOf(r *http.Request, v hindcast.Viewer, num int64, list []workflow.Revision) (map[int64]string, error) {
	return h.writing().Who(r.Context(), num, list, func(id string) string { return h.name(r, v, id) })
}

// partWord is what people call a part.
func partWord(pm *hindcast.Postmortem, path string) string {
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

// comparison shows what one revision changed.
func (h *Handler) comparison(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(r.PathValue("n"), 10, 64)
	if err != nil || n < 1 {
		return hindcast.Errorf(hindcast.NotFound, "there is no such change")
	}
	rev, err := h.Workflow.Revision(r.Context(), v, d.ID, n)
	if err != nil {
		return err
	}
	after, err := h.Workflow.At(r.Context(), v, d.ID, n)
	if err != nil {
		return err
	}
	before, err := h.Workflow.At(r.Context(), v, d.ID, n-1)
	if err != nil {
		return err
	}
	who, err := h.whoOf(r, v, d.Num, []workflow.Revision{rev})
	if err != nil {
		return err
	}
	view := history.Comparison{Num: d.Num, Title: d.Post.Incident.Title, MayUndo: d.May(access.Write) == nil,
		Revision: history.Revision{N: n, At: rev.At, Who: who[n], Note: rev.Note}}
	for _, c := range part.Diff(&before, &after) {
		if x := h.changed(&before, &after, c.Path); len(x.Fields) > 0 {
			view.Changes = append(view.Changes, x)
		}
	}
	return h.render(w, r, v, http.StatusOK, "Change "+strconv.FormatInt(n, 10), "library", history.Compare(view))
}

// changed says in words what became of one part.
func (h *Handler) changed(before, after *hindcast.Postmortem, path string) history.Change {
	out := history.Change{Part: partWord(after, path)}
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
		out.Part = partWord(before, path) + ", removed"
	}
	for _, x := range f.Fields {
		a, b := old.Text(x), f.Text(x)
		if a != b {
			out.Fields = append(out.Fields, history.Field{Name: x.Label, Spans: diff.Words(a, b)})
		}
	}
	return out
}
