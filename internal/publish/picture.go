package publish

import (
	"fmt"
	"io"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/export/pdf"
	"github.com/hindcast/hindcast/internal/picture/marks"
	"github.com/hindcast/hindcast/internal/picture/raster"
)

// Still says how a picture looks in a format that does not adapt to its reader.
type Still struct {
	Theme marks.Theme
	Scale float64   // pixels of a PNG for one of the picture
	Clear bool      // without its ground
	Date  time.Time // of the document, which a PDF names
}

// PictureFormats returns the formats of a picture.
func PictureFormats() []Format { return []Format{SVG, PNG, PDF} }

// Picture writes a picture of ours, which is given as SVG, in a format. It returns how
// many characters stand as boxes since the fonts of that format lack them.
func Picture(w io.Writer, svg []byte, f Format, s Still) (lacking int, err error) {
	switch f {
	case SVG:
		_, err := w.Write(svg)
		return 0, err
	case PNG:
		return raster.PNG(w, string(svg), raster.Options{Theme: s.Theme, Scale: s.Scale, Clear: s.Clear})
	case PDF:
		d, err := marks.Parse(string(svg), s.Theme)
		if err != nil {
			return 0, fmt.Errorf("read a picture: %w", err)
		}
		return pdf.Picture(w, d, s.Date, s.Clear)
	}
	return 0, hindcast.Errorf(hindcast.NotFound, "there is no picture as %q; there are svg, png and pdf", f)
}
