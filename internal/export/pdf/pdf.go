// Package pdf writes a post-mortem as PDF: text that can be selected, headings as
// bookmarks, contents, tables that go on over pages, pictures as vectors, links.
//
// The same document gives the same bytes: its date is that of the document. The
// fonts are the Go fonts; a character that they lack is written in letters where
// that is possible, else as a box. The file names its language and title but has
// no tags, which the library that writes it cannot make.
package pdf

import (
	"fmt"
	"io"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gobolditalic"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/goregular"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/export"
	"github.com/hindcast/hindcast/internal/picture/marks"
)

// Paper is a size of paper.
type Paper string

// The sizes.
const (
	A4     Paper = "a4"
	Letter Paper = "letter"
)

// Papers returns the names of the sizes.
func Papers() []string { return []string{string(A4), string(Letter)} }

// size returns width and height in points.
func (p Paper) size() (w, h float64) {
	if p == Letter {
		return 612, 792
	}
	return 595.28, 841.89
}

// Write writes a post-mortem as PDF. Of each picture it takes the form that is
// legible on paper.
func Write(w io.Writer, d export.Document, paper Paper) error {
	first := newWriter(d, paper, nil)
	first.document()
	if err := first.f.Error(); err != nil {
		return fmt.Errorf("write the PDF: %w", err)
	}
	final := newWriter(d, paper, first.starts) // the contents know their pages now
	final.pages = first.f.PageCount()
	final.document()
	if err := final.f.Output(w); err != nil {
		return fmt.Errorf("write the PDF: %w", err)
	}
	return nil
}

// writer writes pages from the top; y is where the next thing begins, in points.
type writer struct {
	f             *fpdf.Fpdf
	doc           export.Document
	chars         *marks.Chars
	width, height float64 // of the paper upright
	wide          bool    // the page lies on its side
	lone          bool    // it is a picture's, and nothing else comes on it
	y             float64
	left, right   float64 // of the text
	pages         int
	starts        []int          // pages of the headings in the contents, as they come
	known         []int          // the same from the first run
	links         map[string]int // by what they point at

}

const (
	marginSide   = 60.0
	marginTop    = 62.0
	marginBottom = 66.0
)

func newWriter(d export.Document, paper Paper, known []int) *writer {
	w := &writer{doc: d, known: known, links: map[string]int{}, chars: marks.NewChars()}
	w.width, w.height = paper.size()
	w.f = fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: w.width, Ht: w.height}})
	w.f.SetAutoPageBreak(false, 0)
	w.f.SetMargins(0, 0, 0)
	w.f.SetCatalogSort(true)
	date := dateOf(d.Postmortem)
	w.f.SetCreationDate(date)
	w.f.SetModificationDate(date)
	w.f.SetProducer("Hindcast", true)
	w.f.SetCreator("Hindcast", true)
	w.f.SetTitle(w.chars.Plain(d.Postmortem.Incident.Title), true)
	w.f.SetSubject(w.chars.Plain(d.Byline()), true)
	if owner := w.chars.Plain(d.Postmortem.Owner); owner != "" {
		w.f.SetAuthor(owner, true)
	}
	w.f.SetLang("en")
	for _, x := range []struct {
		family, style string
		data          []byte
	}{
		{"go", "", goregular.TTF}, {"go", "B", gobold.TTF}, {"go", "I", goitalic.TTF}, {"go", "BI", gobolditalic.TTF},
		{"mono", "", gomono.TTF}, {"mono", "B", gomonobold.TTF},
	} {
		w.f.AddUTF8FontFromBytes(x.family, x.style, append([]byte(nil), x.data...))
	}
	return w
}

// dateOf returns the date of a document: that of its last change of status, else
// of the incident, else the beginning of time as computers count it.
func dateOf(p hindcast.Postmortem) time.Time {
	out := time.Unix(0, 0)
	for _, t := range []time.Time{p.Incident.StartedAt, p.Incident.ResolvedAt} {
		if t.After(out) {
			out = t
		}
	}
	for _, h := range p.History {
		if h.At.After(out) {
			out = h.At
		}
	}
	return out.UTC()
}

// document writes everything.
func (w *writer) document() {
	w.newPage(false)
	w.front()
	w.body()
	if w.chars.Lacking() > 0 {
		w.space(16)
		w.flow([]span{{text: fmt.Sprintf("%d characters are not in the fonts of this file and stand as boxes; the page (HTML) and the Markdown have them.", w.chars.Lacking()), style: style{size: small, color: soft}}}, w.left, w.right, 12)
	}
}

// front writes the title and the contents.
func (w *writer) front() {
	w.y += 8
	w.flow([]span{{text: w.doc.Byline(), style: style{size: 9.5, color: soft}}}, w.left, w.right, 13)
	w.y += 4
	w.flow([]span{{text: w.doc.Postmortem.Incident.Title, style: style{size: 23, color: ink, bold: true}}}, w.left, w.right, 29)
	w.y += 10
	w.contents()
}

// newPage begins a page, upright or on its side.
func (w *writer) newPage(wide bool) {
	size, orientation := fpdf.SizeType{Wd: w.width, Ht: w.height}, "P"
	if wide {
		orientation = "L"
	}
	w.f.AddPageFormat(orientation, size)
	w.wide, w.lone = wide, false
	w.left, w.right, w.y = marginSide, w.pageWidth()-marginSide, marginTop
	w.footer()
}

func (w *writer) pageWidth() float64 {
	if w.wide {
		return w.height
	}
	return w.width
}

// bottom is where text ends on the page.
func (w *writer) bottom() float64 {
	if w.wide {
		return w.width - marginBottom
	}
	return w.height - marginBottom
}

// need begins a page when there are not h points left on this one.
func (w *writer) need(h float64) {
	switch {
	case w.lone:
		w.newPage(false)
	case w.y+h > w.bottom() && w.y > marginTop:
		w.newPage(w.wide)
	}
}

// space leaves room, but not at the top of a page.
func (w *writer) space(h float64) {
	if w.y > marginTop {
		w.y += h
	}
}

// footer writes title and page number.
func (w *writer) footer() {
	y := w.bottom() + 34
	st := style{size: 8, color: soft}
	number := fmt.Sprintf("%d", w.f.PageNo())
	if w.pages > 0 {
		number = fmt.Sprintf("%d / %d", w.f.PageNo(), w.pages)
	}
	room := w.right - w.left - 70
	title := w.chars.Plain(w.doc.Postmortem.Incident.Title)
	if w.measure(title, st) > room {
		title = w.short(title, room, st)
	}
	w.put(w.left, y, title, st)
	w.put(w.right-w.measure(number, st), y, number, st)
}

// short cuts plain text to a width.
func (w *writer) short(s string, room float64, st style) string {
	used := w.measure("…", st)
	for i, r := range s {
		if used += w.measure(string(r), st); used > room {
			return strings.TrimRight(s[:i], " ") + "…"
		}
	}
	return s
}

// target returns the link to what has a name in the document.
func (w *writer) target(name string) int {
	if id, ok := w.links[name]; ok {
		return id
	}
	id := w.f.AddLink()
	w.f.SetLink(id, 0, 1) // until it is found
	w.links[name] = id
	return id
}

// arrive says that a name is here.
func (w *writer) arrive(name string) {
	if name != "" {
		w.f.SetLink(w.target(name), max(w.y-14, 0), w.f.PageNo())
	}
}
