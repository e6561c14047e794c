package reading

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/web/sheet"
	"github.com/hindcast/hindcast/internal/workflow/kept"
	"github.com/hindcast/hindcast/internal/workflow/reading"
)

// The slots of the reading page. What is not in one follows from the publication
// alone, and for the last one from the document: see [sheet].
const (
	slotBelow sheet.Slot = "below" // what refers to it, and what readers left
	slotLate  sheet.Slot = "late " // and a day: whether it has passed
)

// in returns what v shows in a slot.
func in(v *View, s sheet.Slot) templ.Component {
	if s == slotBelow {
		return below(v)
	}
	due, err := hindcast.ParseDate(strings.TrimPrefix(string(s), string(slotLate)))
	if err == nil && due.Compare(v.Day) < 0 {
		return overdue()
	}
	return templ.NopComponent
}

// slot shows what is in a slot, or leaves a mark where it stands.
func (v *View) slot(s sheet.Slot) templ.Component {
	if v.mark == "" {
		return in(v, s)
	}
	return v.mark.Slot(s)
}

// late tells of an action item in a slot when its day has passed, as far as its
// state is of today.
func (v *View) late(a hindcast.ActionItem) templ.Component {
	if !v.Today || !a.Open() || a.Due.IsZero() {
		return templ.NopComponent
	}
	return v.slot(slotLate + sheet.Slot(a.Due.String()))
}

// paper returns v with what sheets may show and nothing else. What is not here is
// the zero value on a sheet.
func (v *View) paper() *View { return &View{Publication: v.Publication, Prose: v.Prose} }

// shown answers with the reading page made of what is kept. It reports false when
// it has to be made for this request.
func (h Handlers) shown(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) (bool, error) {
	num, err := strconv.ParseInt(r.PathValue("num"), 10, 64)
	if err != nil || strconv.FormatInt(num, 10) != r.PathValue("num") {
		return false, nil
	}
	n, err := edition(r)
	if err != nil {
		return false, err
	}
	front, head, err := h.Reading.Front(r.Context(), v, num, n)
	if err != nil || front == nil {
		return false, err
	}
	p, err := h.page(v, front, head, n)
	if err != nil {
		return false, err
	}
	p.Plain = !sheet.Takes(r, "gzip")
	inside, err := h.Keeper.Get(r.Context(), p)
	if err != nil || inside == nil {
		return false, err
	}
	view, err := h.beside(r.Context(), v, &reading.Publication{Front: *front})
	if err != nil {
		return false, err
	}
	return true, h.Pieces(w, r, v, inside, func(s sheet.Slot) templ.Component { return in(view, s) })
}

// page says how what of the reading page follows from a publication is kept, and
// made. It is stored with the document as long as that is published.
func (h Handlers) page(v hindcast.Viewer, f *reading.Front, head *kept.Head, n int64) (sheet.Page, error) {
	key, err := h.Kept.ReadingKey(f.Facts(), f.Part != "")
	p := sheet.Page{Key: key, Make: func(ctx context.Context) (*sheet.Pieces, error) { return h.made(ctx, v, f, n) }}
	if f.Today {
		p.Head = head
	}
	return p, err
}

// made renders what of the reading page follows from a publication; nil when that is
// not any more what its front says.
func (h Handlers) made(ctx context.Context, v hindcast.Viewer, f *reading.Front, n int64) (*sheet.Pieces, error) {
	p, err := h.Reading.Get(ctx, v, strconv.FormatInt(f.Num, 10), n)
	if err != nil || !f.Shows(p) {
		return nil, err
	}
	view := &View{Publication: p, Prose: h.Prose}
	sheets, err := sheet.Divide(ctx, func(m sheet.Mark) templ.Component {
		paper := view.paper()
		paper.mark = m
		return Page(paper)
	})
	if err != nil {
		return nil, fmt.Errorf("render what readers have of #%d: %w", f.Num, err)
	}
	return sheet.New(p.Title(), sheets), nil
}

// Ahead makes and stores what everybody reads of a post-mortem. What is not
// published any more is left out.
func (h Handlers) Ahead(ctx context.Context, num int64) error {
	v := kept.Reader()
	front, head, err := h.Reading.Front(ctx, v, num, 0)
	if err != nil || front == nil || !front.Today {
		return err
	}
	p, err := h.page(v, front, head, 0)
	if err != nil {
		return err
	}
	if err := h.Keeper.Ahead(ctx, p); hindcast.CodeOf(err) != hindcast.NotFound {
		return err
	}
	return nil
}

// beside returns what of the reading page does not follow from a publication alone.
func (h Handlers) beside(ctx context.Context, v hindcast.Viewer, p *reading.Publication) (*View, error) {
	view := &View{Publication: p, Prose: h.Prose, Day: hindcast.DateOf(h.Now()), Manages: p.Part == access.Lead && v.MayWrite()}
	var err error
	if view.Marks, err = h.Reading.Marks(ctx, v, &p.Front); err != nil {
		return nil, err
	}
	if view.Editions, err = h.Reading.Editions(ctx, &p.Front); err != nil {
		return nil, err
	}
	links, err := h.Workflow.Backlinks(ctx, v, p.ID)
	if err != nil && hindcast.CodeOf(err) != hindcast.NotFound { // what is taken up again is not found there
		return nil, err
	}
	for _, l := range links {
		if l.Status == hindcast.StatusPublished {
			view.Backlinks = append(view.Backlinks, Link{l.Num, l.Title})
		}
	}
	return view, nil
}
