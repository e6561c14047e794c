// Package reading holds the pages of those who read what others learned: a
// published post-mortem with what readers leave at it, the same as slides for a
// learning review, what is published, and what each audience sees.
//
// They show what [reading.Service] gives, and so nothing of what is written after
// publication by those who take part.
package reading

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/audience"
	"github.com/hindcast/hindcast/internal/export/pdf"
	"github.com/hindcast/hindcast/internal/picture"
	"github.com/hindcast/hindcast/internal/publish"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/sheet"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/kept"
	"github.com/hindcast/hindcast/internal/workflow/reading"
)

// Config says what the pages work with. All of it must be set.
type Config struct {
	Workflow *workflow.Service
	Reading  *reading.Service
	Now      func() time.Time
	Prose    func(source string) string // Markdown as HTML that is safe on a page
	// Show answers with a page in its frame.
	Show func(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, title string, c templ.Component) error
	// Send answers a script of ours with a part of a page.
	Send func(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error
	// Pieces answers with a page in its frame of which all but its slots is there.
	Pieces func(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, p *sheet.Pieces, in func(sheet.Slot) templ.Component) error
	Keeper *sheet.Keeper
	Kept   *kept.Service
}

// Handlers answer for the pages. They may be used by several goroutines at once.
type Handlers struct{ Config }

// Handler answers a request of somebody who is signed in, or says why not.
type Handler = func(http.ResponseWriter, *http.Request, hindcast.Viewer) error

// Pages returns the handlers by pattern.
func (h Handlers) Pages() map[string]Handler {
	return map[string]Handler{
		"GET /published":                   h.published,
		"GET /p/{num}/read":                h.read,
		"GET /p/{num}/read/{n}":            h.read,
		"GET /p/{num}/read/{n}/{file}":     h.file,
		"GET /p/{num}/present":             h.present,
		"GET /p/{num}/present/{name}":      h.slidePicture,
		"GET /p/{num}/audiences":           h.audiences,
		"GET /p/{num}/audiences/{name}":    h.rendering,
		"POST /p/{num}/read/thanks":        h.thanks,
		"POST /p/{num}/read/questions":     h.ask,
		"POST /p/{num}/read/answers":       h.answer,
		"POST /p/{num}/read/take-back":     h.takeBack,
		"POST /p/{num}/read/uses":          h.use,
		"POST /p/{num}/read/withdrawn/{n}": h.withdraw,
	}
}

// Address is where a post-mortem is read.
func Address(num int64) string { return fmt.Sprintf("/p/%d/read", num) }

// edition reads which publication an address names; 0 is the last.
func edition(r *http.Request) (int64, error) {
	text := r.PathValue("n")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, hindcast.Errorf(hindcast.NotFound, "there is no publication %q; publications are numbered from 1", text)
	}
	return n, nil
}

// publication returns the publication that an address names.
func (h Handlers) publication(r *http.Request, v hindcast.Viewer) (*reading.Publication, error) {
	n, err := edition(r)
	if err != nil {
		return nil, err
	}
	return h.Reading.Get(r.Context(), v, r.PathValue("num"), n)
}

func (h Handlers) read(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	if done, err := h.shown(w, r, v); done || err != nil {
		return err
	}
	return h.Fresh(w, r, v)
}

// Fresh answers with the reading page made of nothing that was kept.
func (h Handlers) Fresh(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	p, err := h.publication(r, v)
	if err != nil {
		return err
	}
	return h.show(w, r, v, p, http.StatusOK, Form{})
}

// Form is what a reader sent last and what is wrong with it.
type Form struct {
	At    string // the form: "question", "answer-" and an id, "use"
	Text  string
	Fault string
}

// show answers with the reading page.
func (h Handlers) show(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, p *reading.Publication, status int, f Form) error {
	view, err := h.beside(r.Context(), v, p)
	if err != nil {
		return err
	}
	view.Form = f
	return h.Show(w, r, v, status, p.Title(), Page(view))
}

// file answers with a publication as a file, or with one of its pictures.
func (h Handlers) file(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	p, err := h.publication(r, v)
	if err != nil {
		return err
	}
	name := r.PathValue("file")
	if view, ok := strings.CutSuffix(name, ".svg"); ok {
		return h.draw(w, r, p.Post, view)
	}
	format, ok := strings.CutPrefix(name, "post-mortem.")
	f := publish.Format(format)
	if !ok || f.MediaType() == "" {
		return hindcast.Errorf(hindcast.NotFound, "there is no such file; there are post-mortem.html, .pdf, .md and .json")
	}
	var b bytes.Buffer
	seen := audience.View{Audience: audience.Engineering, Postmortem: p.Post}
	if err := publish.Write(&b, seen, f, pdf.Paper(r.URL.Query().Get("paper"))); err != nil {
		return err
	}
	return download(w, fmt.Sprintf("post-mortem-%d.%s", p.Num, f), f, b.Bytes())
}

// download answers with a file to be kept.
func download(w http.ResponseWriter, name string, f publish.Format, data []byte) error {
	set := w.Header()
	set.Set("Content-Type", f.MediaType())
	set.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	set.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	set.Set("Content-Length", strconv.Itoa(len(data)))
	_, err := w.Write(data)
	return gone(err)
}

// gone takes the error of writing to a reader, who has gone.
func gone(error) error { return nil }

// draw answers with a picture that stands alone.
func (h Handlers) draw(w http.ResponseWriter, r *http.Request, post hindcast.Postmortem, view string) error {
	if !drawable(post, view) {
		return hindcast.Errorf(hindcast.NotFound, "there is no such picture")
	}
	width, err := strconv.Atoi(r.URL.Query().Get("width"))
	if err != nil {
		width = 980
	}
	var b bytes.Buffer
	if err := publish.Draw(&b, post, view, picture.Frame{Width: min(max(width, 300), 2400)}); err != nil {
		return err
	}
	set := w.Header()
	set.Set("Content-Type", "image/svg+xml")
	set.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	_, err = w.Write(b.Bytes())
	return gone(err)
}

// drawable reports whether there is something to draw.
func drawable(p hindcast.Postmortem, view string) bool {
	switch view {
	case "timeline":
		return len(p.Timeline) > 0
	case "whys", "graph", "fishbone":
		return len(p.Factors) > 0
	}
	return false
}

func (h Handlers) published(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	service := strings.TrimSpace(r.URL.Query().Get("service"))
	list, err := h.Reading.List(r.Context(), v, service)
	if err != nil {
		return err
	}
	lessons, err := h.Reading.Lessons(r.Context(), v, service)
	if err != nil {
		return err
	}
	return h.Show(w, r, v, http.StatusOK, "Published", Shelf(service, list, lessons))
}

func (h Handlers) thanks(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	err := h.Reading.Thank(r.Context(), v, r.PathValue("num"), r.PostForm.Get("on") != "")
	return h.done(w, r, v, err, "thanks", Form{})
}

func (h Handlers) ask(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	text := r.PostForm.Get("text")
	id, err := h.Reading.Ask(r.Context(), v, r.PathValue("num"), text)
	return h.done(w, r, v, err, "question-"+id, Form{At: "question", Text: text})
}

func (h Handlers) answer(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	id, text := r.PostForm.Get("question"), r.PostForm.Get("text")
	err := h.Reading.Answer(r.Context(), v, r.PathValue("num"), id, text)
	return h.done(w, r, v, err, "question-"+id, Form{At: "answer-" + id, Text: text})
}

func (h Handlers) takeBack(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	err := h.Reading.TakeBack(r.Context(), v, r.PathValue("num"), r.PostForm.Get("question"))
	return h.done(w, r, v, err, "questions", Form{})
}

func (h Handlers) use(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	service, note := r.PostForm.Get("service"), r.PostForm.Get("note")
	if r.PostForm.Get("remove") != "" {
		note = ""
	} else if strings.TrimSpace(note) == "" {
		err := hindcast.Errorf(hindcast.Invalid, "the note is empty; say in a few words what is useful")
		return h.done(w, r, v, err, "", Form{At: "use", Text: service})
	}
	err := h.Reading.Use(r.Context(), v, r.PathValue("num"), service, note)
	return h.done(w, r, v, err, "uses", Form{At: "use", Text: service})
}

func (h Handlers) withdraw(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	n, err := edition(r)
	if err != nil {
		return err
	}
	if err := h.Reading.Withdraw(r.Context(), v, r.PathValue("num"), n, r.PostForm.Get("reason")); err != nil {
		return err
	}
	return answer.Redirect(w, r, "/p/"+r.PathValue("num"))
}

// done goes back to where a reader left something, or shows the form again with
// what is wrong.
func (h Handlers) done(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, err error, at string, f Form) error {
	code := hindcast.CodeOf(err)
	if f.At != "" && (code == hindcast.Invalid || code == hindcast.Conflict) {
		p, gone := h.Reading.Get(r.Context(), v, r.PathValue("num"), 0)
		if gone != nil {
			return gone
		}
		f.Fault = answer.Sentence(err.Error())
		return h.show(w, r, v, p, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return answer.Redirect(w, r, "/p/"+r.PathValue("num")+"/read#"+cmp.Or(at, "readers"))
}
