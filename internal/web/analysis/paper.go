package analysis

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"

	"github.com/hindcast/hindcast/internal/picture"
)

// Measures of an A4 page in pixels of a style sheet, without its margins.
const (
	paperWidth, paperHeight = 680, 900
	lyingWidth, lyingHeight = 1040, 620
	legible                 = 0.75 // the least scale at which notes are read on paper
	paperForm               = 620  // width of the narrow form, which is always legible
)

// leaf is a part of a picture on a page of paper.
type leaf struct {
	source        string
	width, height int
	lying         bool // on a page that lies on its side
}

// leaves are the pictures of a view on paper: as on a screen where that is legible
// on a page, upright or lying, else in the narrow form over as many pages as it
// needs.
func (v *View) leaves(view string) ([]leaf, error) {
	if len(v.Post.Factors) == 0 {
		return nil, nil
	}
	svg, err := v.alone(view, wide)
	if err != nil {
		return nil, err
	}
	form := wide
	w, h := picture.Size(svg)
	if at := fit(w, lyingWidth); fit(w, paperWidth) < legible && at >= legible && float64(h)*at <= lyingHeight {
		return []leaf{v.leaf(view, form, w, picture.Sheet{To: h}, true)}, nil
	}
	if fit(w, paperWidth) < legible {
		form = paperForm
		if svg, err = v.alone(view, form); err != nil {
			return nil, err
		}
		w, _ = picture.Size(svg)
	}
	var out []leaf
	for _, s := range picture.Sheets(svg, int(paperHeight/fit(w, paperWidth))) {
		out = append(out, v.leaf(view, form, w, s, false))
	}
	return out, nil
}

// fit is the scale at which a width fits into a room; pictures are not enlarged.
func fit(width, room int) float64 { return min(float64(room)/float64(max(width, 1)), 1) }

// alone draws a view as a picture that stands alone.
func (v *View) alone(view string, width int) ([]byte, error) {
	as := *v
	as.Shown, as.Width = view, width
	var b bytes.Buffer
	if err := as.draw(&b, false); err != nil {
		return nil, fmt.Errorf("draw the %s of #%d: %w", view, v.Num, err)
	}
	return b.Bytes(), nil
}

func (v *View) leaf(view string, form, width int, s picture.Sheet, lying bool) leaf {
	return leaf{v.post(fmt.Sprintf("/picture/%s.svg?width=%d&from=%d&to=%d&v=%d", view, form, s.From, s.To, v.Version)) + v.since(), width, s.To - s.From, lying}
}

// cutOut returns the part of a picture that is asked for, all of it when nothing is.
func cutOut(svg []byte, r *http.Request) []byte {
	from, errFrom := strconv.Atoi(r.URL.Query().Get("from"))
	to, errTo := strconv.Atoi(r.URL.Query().Get("to"))
	if errFrom != nil || errTo != nil || from < 0 {
		return svg
	}
	_, all := picture.Size(svg)
	return picture.Cut(svg, picture.Sheet{From: from, To: min(to, all)})
}
