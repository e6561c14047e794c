package pdf

import (
	"fmt"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/export"
	"github.com/hindcast/hindcast/internal/picture/marks"
)

// mostSide is the longest side of a page that readers of PDF must bear, in points.
const mostSide = 14_400

// Picture writes one picture on a page of its own size, with text that can be
// selected: without its ground when it is to be laid on another. It returns how many
// characters the fonts lack. date is that of the document.
func Picture(w io.Writer, d marks.Drawing, date time.Time, clear bool) (lacking int, err error) {
	width, height := d.Width*full, d.Height*full
	if max(width, height) > mostSide {
		return 0, hindcast.Errorf(hindcast.Invalid, "the picture would be %.0f by %.0f points, and a page of a PDF has at most %d; choose another width, or SVG", width, height, mostSide)
	}
	doc := export.Document{}
	doc.Postmortem.Incident.Title = d.Title
	doc.Postmortem.Incident.StartedAt = date
	x := newWriter(doc, Paper(""), nil)
	x.width, x.height = width, height
	x.f.SetSubject(x.chars.Plain(d.Desc), true)
	x.f.AddPageFormat("P", fpdf.SizeType{Wd: width, Ht: height})
	if clear {
		d.Marks = d.WithoutGround()
	}
	reader{writer: x}.draw(d, 0, 0, full, 0, d.Height)
	if err := x.f.Output(w); err != nil {
		return 0, fmt.Errorf("write a picture as PDF: %w", err)
	}
	return x.chars.Lacking(), nil
}
