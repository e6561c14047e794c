package reading

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/audience"
	"github.com/hindcast/hindcast/internal/export/pdf"
	"github.com/hindcast/hindcast/internal/publish"
	"github.com/hindcast/hindcast/internal/redact"
	"github.com/hindcast/hindcast/internal/web/ui"
)

// Audiences is what the page of audiences shows.
type Audiences struct {
	Num       int64
	Title     string
	Status    hindcast.Status
	Findings  []Place // what was replaced, wherever it is shown
	Readings  []Reading
	Fields    []audience.Difference
	Published bool
	Prose     func(string) string
	All       bool // fields that every audience sees whole are listed, too
}

// Place is where something looks like a secret or personal data, and what is read
// there by whom.
type Place struct {
	Field string
	Kind  redact.Kind
	By    []audience.Audience // whose rendering has something in its place
}

// Reading is what one audience reads.
type Reading struct {
	Audience audience.Audience
	HTML     string
	Words    int
	Replaced int
}

// audiences shows those who take part what each audience reads.
func (h Handlers) audiences(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	if d.Part() == "" {
		return hindcast.Errorf(hindcast.Denied, "what each audience sees is compared by those who take part; ask a lead to add you")
	}
	view := Audiences{Num: d.Num, Title: d.Post.Incident.Title, Status: d.Post.Status, Prose: h.Prose, All: r.URL.Query().Get("all") != ""}
	for _, a := range audience.All() {
		seen := audience.For(a, d.Post)
		text := withoutFront(string(seen.Markdown()))
		view.Readings = append(view.Readings, Reading{a, h.Prose(text), len(strings.Fields(text)), len(seen.Findings)})
		view.add(seen.Findings, a)
	}
	for _, f := range audience.Compare(d.Post) {
		if view.All || differs(f) {
			view.Fields = append(view.Fields, f)
		}
	}
	return h.Show(w, r, v, http.StatusOK, "Audiences of "+view.Title, AudiencesPage(&view))
}

// add collects findings by place.
func (v *Audiences) add(list []audience.Finding, a audience.Audience) {
next:
	for _, f := range list {
		for i, p := range v.Findings {
			if p.Field != f.Field || p.Kind != f.Kind {
				continue
			}
			if p.By[len(p.By)-1] != a {
				v.Findings[i].By = append(p.By, a)
			}
			continue next
		}
		v.Findings = append(v.Findings, Place{f.Field, f.Kind, []audience.Audience{a}})
	}
}

// differs reports whether an audience sees less of a field than all of it.
func differs(d audience.Difference) bool {
	for _, s := range d.By {
		if s.Shown != d.Of || s.Changed > 0 {
			return true
		}
	}
	return false
}

// seenWord says how much of a field an audience sees.
func seenWord(s audience.Seen, of int) string {
	if s.Shown == 0 {
		return "withheld"
	}
	out := "shown"
	if s.Shown < of {
		out = fmt.Sprintf("%d of %d", s.Shown, of)
	}
	if s.Changed > 0 {
		out += fmt.Sprintf(", %d changed", s.Changed)
	}
	return out
}

// fieldWord writes the name of a field for people: "ActionItem.done_when" is
// "Action item: done when".
func fieldWord(name string) string {
	typ, field, _ := strings.Cut(name, ".")
	var b strings.Builder
	for i, c := range typ {
		if i > 0 && 'A' <= c && c <= 'Z' && !('A' <= typ[i-1] && typ[i-1] <= 'Z') {
			b.WriteByte(' ')
			c += 'a' - 'A'
		}
		b.WriteRune(c)
	}
	return b.String() + ": " + ui.Words(field)
}

// withoutFront returns Markdown without front matter and without comments, which
// no reader sees.
func withoutFront(text string) string {
	if _, rest, ok := strings.Cut(text, "\n---\n"); ok && strings.HasPrefix(text, "---\n") {
		text = rest
	}
	for {
		before, rest, ok := strings.Cut(text, "<!--")
		_, after, closed := strings.Cut(rest, "-->")
		if !ok || !closed {
			return text
		}
		text = before + after
	}
}

// rendering answers with what an audience reads, as a file: customer.pdf.
func (h Handlers) rendering(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	if d.Part() == "" {
		return hindcast.Errorf(hindcast.Denied, "renderings for an audience are made by those who take part; ask a lead to add you")
	}
	name, ext, _ := strings.Cut(r.PathValue("name"), ".")
	f := publish.Format(ext)
	a, err := audience.Parse(name)
	if err != nil || f.MediaType() == "" {
		return hindcast.Errorf(hindcast.NotFound, "there is no such file; there are customer.pdf, executive.html and their like")
	}
	seen := audience.For(a, d.Post)
	var b bytes.Buffer
	if err := publish.Write(&b, seen, f, pdf.Paper(r.URL.Query().Get("paper"))); err != nil {
		return err
	}
	w.Header().Set("Hindcast-Replaced", strconv.Itoa(len(seen.Findings)))
	return download(w, fmt.Sprintf("post-mortem-%d-%s.%s", d.Num, a, f), f, b.Bytes())
}
