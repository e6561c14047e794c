package web

import (
	"fmt"
	"hash/maphash"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/lint"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/postmortem"
	"github.com/hindcast/hindcast/internal/workflow"
)

// target is a text of a post-mortem that the lint reads.
type target struct {
	path, field string
	text        string
	section     hindcast.SectionKind
	key         string // of the section in which it stands
}

// targets returns the texts that people write, in the order of the document.
func targets(pm *hindcast.Postmortem) []target {
	var out []target
	keys := part.SectionKeys(pm.Sections)
	for i, s := range pm.Sections {
		out = append(out, target{"sections/" + keys[i], "text", s.Text, s.Kind, keys[i]})
	}
	add := func(path, field, text string, kind hindcast.SectionKind) {
		if text != "" {
			out = append(out, target{path, field, text, kind, string(kind)})
		}
	}
	for _, f := range pm.Factors {
		add("factors/"+f.ID, "description", f.Description, f.Section())
		add("factors/"+f.ID, "detail", f.Detail, f.Section())
	}
	for _, o := range pm.Observations {
		add("observations/"+o.ID, "text", o.Text, o.Section())
		add("observations/"+o.ID, "detail", o.Detail, o.Section())
	}
	for _, a := range pm.Actions {
		add("actions/"+a.ID, "description", a.Description, hindcast.SectionActions)
	}
	return out
}

// maxFound is how many texts keep their findings.
const maxFound = 4096

// findingsOf keeps the findings of texts, since most of a document stays as it is
// from one edit to the next. The zero value is ready.
type findingsOf struct {
	mu   sync.Mutex
	list map[uint64][]hindcast.Finding
}

var seed = maphash.MakeSeed()

// look returns what the lint says of a text in its document.
func (h *Handler) look(t target, pm *hindcast.Postmortem, around string) []hindcast.Finding {
	key := maphash.String(seed, strings.Join([]string{string(t.section), t.text, around}, "\x00"))
	h.found.mu.Lock()
	found, ok := h.found.list[key]
	h.found.mu.Unlock()
	if ok {
		return found
	}
	c := lint.Context{Section: t.section, Today: hindcast.DateOf(h.Now()), Incomplete: true}.With(*pm)
	found = h.lint.Document([]byte(t.text), c)
	h.found.mu.Lock()
	defer h.found.mu.Unlock()
	if h.found.list == nil || len(h.found.list) >= maxFound {
		h.found.list = map[uint64][]hindcast.Finding{}
	}
	h.found.list[key] = found
	return found
}

// around is what findings depend on beside the text: the day, and what was known
// when.
func (h *Handler) around(pm *hindcast.Postmortem) string {
	var b strings.Builder
	fmt.Fprint(&b, hindcast.DateOf(h.Now()), pm.Incident.ResolvedAt.Unix())
	for _, e := range pm.Timeline {
		fmt.Fprint(&b, e.ID, e.At.UnixMicro(), e.KnownAt.UnixMicro(), len(e.Title), e.Decision != nil)
	}
	return b.String()
}

// findings returns what the lint says of a document.
func (h *Handler) findings(d *workflow.Document) []postmortem.Finding {
	var out []postmortem.Finding
	around := h.around(&d.Post)
	for _, t := range targets(&d.Post) {
		found := h.look(t, &d.Post, around)
		if len(found) == 0 {
			continue
		}
		value, err := part.Get(&d.Post, t.path)
		if err != nil {
			continue // every target is a part
		}
		for _, f := range found {
			out = append(out, postmortem.Finding{Path: t.path, Field: t.field, Section: t.key, Tag: part.TagOf(value), Finding: f})
		}
	}
	return out
}

// lintText answers with the findings of a text that is being written.
func (h *Handler) lintText(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	t := target{path: r.PostForm.Get("path"), text: r.PostForm.Get("text")}
	if len(t.text) > workflow.MaxText {
		return hindcast.Errorf(hindcast.Invalid, "the text is longer than %d KiB; keep what nobody reads through as evidence", workflow.MaxText>>10)
	}
	for _, x := range targets(&d.Post) {
		if x.path == t.path {
			t.section = x.section
		}
	}
	if key, ok := strings.CutPrefix(t.path, "sections/"); ok && t.section == "" {
		t.section = hindcast.SectionKind(key)
	}
	notes := lint.NewNotes([]byte(t.text))
	out := []shownFinding{}
	for _, f := range h.look(t, &d.Post, h.around(&d.Post)) {
		x := shownFinding{Rule: f.Rule, Level: f.Level, From: f.StartUTF16, To: f.EndUTF16, Message: f.Message, Why: f.Why, Question: f.Question}
		if f.Edit != nil {
			x.Suggestion = inEditor(t.text, *f.Edit)
		} else {
			x.Hints = f.Suggestions
		}
		if e, ok := notes.Ignore(f); ok {
			x.Ignore = inEditor(t.text, e)
		}
		out = append(out, x)
	}
	return answer.JSON(w, map[string]any{"findings": out})
}

// shownFinding is a finding as the editor shows it. Places are UTF-16 code units.
type shownFinding struct {
	Rule       string                `json:"rule"`
	Level      hindcast.FindingLevel `json:"level"`
	From       int                   `json:"from"`
	To         int                   `json:"to"`
	Message    string                `json:"message"`
	Why        string                `json:"why"`
	Question   string                `json:"question,omitempty"`
	Hints      []string              `json:"hints,omitempty"` // ways to say it that only the writer can complete
	Suggestion *editorChange         `json:"suggestion,omitempty"`
	Ignore     *editorChange         `json:"ignore,omitempty"`
}

// editorChange is a change of the text in an editor.
type editorChange struct {
	From int    `json:"from"`
	To   int    `json:"to"`
	Text string `json:"text"`
}

// inEditor counts as the editor does.
func inEditor(text string, e hindcast.Edit) *editorChange {
	from := units(text[:e.Start])
	return &editorChange{from, from + units(text[e.Start:e.End]), e.Text}
}

// units counts UTF-16 code units.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

// meant returns the finding that a form names, with its text.
func (h *Handler) meant(r *http.Request, d *workflow.Document) (target, hindcast.Finding, error) {
	f := r.PostForm
	start, err := strconv.Atoi(f.Get("start"))
	if err != nil {
		return target{}, hindcast.Finding{}, hindcast.Errorf(hindcast.Invalid, "say which finding is meant")
	}
	for _, t := range targets(&d.Post) {
		if t.path != f.Get("path") || t.field != f.Get("field") {
			continue
		}
		for _, x := range h.look(t, &d.Post, h.around(&d.Post)) {
			if x.Rule == f.Get("rule") && x.Start == start {
				return t, x, nil
			}
		}
	}
	return target{}, hindcast.Finding{}, hindcast.Errorf(hindcast.Conflict, "the text has changed, and this finding is not there any more; look at the page again")
}

// acceptSuggestion writes what the lint proposes.
func (h *Handler) acceptSuggestion(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	t, f, err := h.meant(r, d)
	if err != nil {
		return err
	}
	if f.Edit == nil {
		return hindcast.Errorf(hindcast.Invalid, "there is no proposal for this; only you can say it better")
	}
	return h.rewrite(w, r, v, d, t, *f.Edit, "suggestion of "+f.Rule)
}

// ignoreFinding writes the comment that silences a finding.
func (h *Handler) ignoreFinding(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(r.PostForm.Get("reason"))
	if reason == "" {
		return hindcast.Errorf(hindcast.Invalid, "say why this is fine here; the reason stays in the text as a comment")
	}
	t, f, err := h.meant(r, d)
	if err != nil {
		return err
	}
	e, ok := lint.NewNotes([]byte(t.text)).Beside(f, "lint-ignore "+f.Rule+": "+reason)
	if !ok || t.field != "text" || !strings.HasPrefix(t.path, "sections/") {
		return hindcast.Errorf(hindcast.Invalid, "this cannot be ignored here; only a section's text holds comments")
	}
	return h.rewrite(w, r, v, d, t, e, "ignored "+f.Rule)
}

// rewrite makes one change of a text.
func (h *Handler) rewrite(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, d *workflow.Document, t target, e hindcast.Edit, note string) error {
	value, err := part.Get(&d.Post, t.path)
	if err != nil {
		return err
	}
	next, err := withField(value, t.field, string(lint.Apply([]byte(t.text), []hindcast.Edit{e})))
	if err != nil {
		return err
	}
	base := part.TagOf(value)
	saved, err := h.Workflow.Edit(r.Context(), v, d.ID, []part.Change{{Path: t.path, Base: &base, Value: next}}, note)
	if err != nil {
		return err
	}
	if answer.Scripted(r) {
		return answer.JSON(w, map[string]any{"path": t.path, "revision": saved.Revision, "version": saved.Version})
	}
	return answer.Redirect(w, r, at(d, fmt.Sprintf("?saved=%d#%s", saved.Revision, t.path)))
}
