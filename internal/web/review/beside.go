package review

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/form"
	"github.com/hindcast/hindcast/internal/web/prose"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/review"
)

// beside answers a script with what stands in the margin of the post-mortem. It is
// no part of that page, which is kept and goes to everybody.
func (h Handlers) beside(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	if !answer.Scripted(r) {
		return back(w, r, "")
	}
	said, err := h.Review.Said(r.Context(), v, d.Num) // before what it counts, so that nothing is missed
	if err != nil {
		return err
	}
	view, err := h.view(r, v, d, View{})
	if err != nil {
		return err
	}
	return h.Send(w, r, http.StatusOK, Beside(view, said))
}

// names are those that can be mentioned, as JSON for the script.
func (v View) names() string {
	names := []string{}
	for _, p := range v.People {
		if p.ID != v.Me && !slices.Contains(names, p.Name) {
			names = append(names, p.Name)
		}
	}
	data, err := json.Marshal(names)
	if err != nil {
		return "[]" // strings are always JSON
	}
	return string(data)
}

// resolved are the threads that are over.
func (v View) resolved() int { return len(v.Closed) }

// reader finds what is read on the page in the texts of a document.
type reader struct {
	prose *prose.Renderer
	post  *hindcast.Postmortem
	read  map[string]*prose.Words
}

// words returns the words of a section, nil when the path leads to none.
func (r *reader) words(path string) *prose.Words {
	key, ok := strings.CutPrefix(path, "sections/")
	i := slices.Index(part.SectionKeys(r.post.Sections), key)
	if !ok || i < 0 {
		return nil
	}
	if r.read[path] == nil {
		r.read[path] = r.prose.Words(r.post.Sections[i].Text)
	}
	return r.read[path]
}

// around is how much of a text is kept on either side of a quote, in bytes.
const around = 64

// anchor returns what a form says that it is about. Words that were selected on
// the page are found in the text that it was made of.
func (h Handlers) anchor(d *workflow.Document, sent url.Values) (review.Anchor, error) {
	a := review.Anchor{Path: sent.Get("path"), Quote: sent.Get("quote"), Prefix: sent.Get("prefix"), Suffix: sent.Get("suffix")}
	if sent.Get("read") == "" || a.Quote == "" {
		return a, nil
	}
	rd := reader{h.Prose, &d.Post, map[string]*prose.Words{}}
	words := rd.words(a.Path)
	if words == nil { // a record: its words as they are, where they stand once
		raw, err := part.Get(&d.Post, a.Path)
		if err != nil || strings.Count(string(raw), a.Quote) != 1 {
			return review.Anchor{Path: a.Path}, nil
		}
		return review.Anchor{Path: a.Path, Quote: a.Quote}, nil
	}
	start, end, ok := words.Find(a.Quote, a.Prefix, a.Suffix)
	if !ok {
		return a, hindcast.Errorf(hindcast.Conflict, "these words are not there any more; select them again")
	}
	if sent.Has("words") {
		if start, end, ok = words.Whole(start, end); !ok {
			return a, hindcast.Errorf(hindcast.Invalid, "the words begin or end within a link; select all of it, or suggest another version of the whole text")
		}
	}
	text := words.Source()
	return review.Anchor{Path: a.Path, Quote: text[start:end], Prefix: tail(text[:start]), Suffix: head(text[end:])}, nil
}

// tail returns the end of a text, and head its beginning, without half characters.
func tail(s string) string { return strings.ToValidUTF8(s[max(0, len(s)-around):], "") }

func head(s string) string { return strings.ToValidUTF8(s[:min(len(s), around)], "") }

// from fills the form of something new with what stands where somebody suggests it:
// the time of the entry that it comes after.
func (h Handlers) from(d *workflow.Document, f *form.Form, about string) (url.Values, error) {
	if !f.New || !strings.HasPrefix(f.Path, "timeline/") || !strings.HasPrefix(about, "timeline/") {
		return nil, nil
	}
	there, err := form.Of(&d.Post, h.Workflow.Policy(), about)
	if err != nil {
		return nil, err
	}
	for _, x := range there.Fields {
		if x.Name == "at" {
			return url.Values{"at": {there.Text(x)}}, nil
		}
	}
	return nil, nil
}

// about returns what a suggestion is about: the part that it changes, or what
// something new was suggested at; the whole when that is not there yet.
func about(p *hindcast.Postmortem, f *form.Form, sent url.Values) review.Anchor {
	at := f.Path
	if f.New {
		at = sent.Get("about")
	}
	if strings.HasPrefix(at, "pictures/") {
		return review.Anchor{Path: at}
	}
	if raw, err := part.Get(p, at); err != nil || raw == nil && !strings.HasPrefix(at, "sections/") {
		return review.Anchor{}
	}
	return review.Anchor{Path: at}
}

// place says where a thread is on the page, for the script.
func (t Thread) place() templ.Attributes {
	a := templ.Attributes{"data-path": t.Anchor.Path, "data-name": t.About.Name}
	if t.Anchor.Quote != "" { // for an open editor, which has the source
		a["data-quote"], a["data-prefix"], a["data-suffix"] = t.Anchor.Quote, t.Anchor.Prefix, t.Anchor.Suffix
	}
	switch {
	case t.Lost:
		a["data-lost"] = true
	case t.Span.Text != "":
		a["data-from"], a["data-words"] = strconv.Itoa(t.Span.From), t.Span.Text
	case t.Anchor.Quote != "":
		a["data-words"] = t.Anchor.Quote
	}
	return a
}

// lands is the part that a suggestion changes.
func (c Comment) lands(t Thread) string {
	if len(c.Changes) > 0 {
		return c.Changes[0].Path
	}
	return t.Anchor.Path
}
