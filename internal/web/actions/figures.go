package actions

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/pattern/survival"
	"github.com/hindcast/hindcast/internal/web/ui"
	"github.com/hindcast/hindcast/internal/workflow/followup"
)

// FiguresView is what the page of figures shows.
type FiguresView struct {
	Frame
	Filters Filters
	followup.Figures
}

// windows are the days that the figures are shown for.
var windows = []int{30, 90, 180, 365, 0}

func (h Handlers) figures(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	view := FiguresView{Frame: h.frame(r, v, "/actions/figures")}
	var err error
	if view.Filters, err = h.filters(r, v, "/actions/figures"); err != nil {
		return err
	}
	days := followup.DefaultDays
	if n, err := strconv.Atoi(r.URL.Query().Get("days")); err == nil && n >= 0 && n <= 3660 {
		days = n
	}
	if view.Figures, err = h.Followup.Figures(r.Context(), v, followup.FilterOf(view.Filters.Query), days); err != nil {
		return err
	}
	return h.Show(w, r, v, http.StatusOK, "Figures of actions", figuresPage(view))
}

// narrowed returns the filters of the page as part of an address.
func (v FiguresView) narrowed() url.Values {
	q := url.Values{}
	for _, name := range []string{"team", "owner", "priority", "service", "effect", "severity", "mine"} {
		if s := v.Filters.Query.Get(name); s != "" {
			q.Set(name, s)
		}
	}
	return q
}

// at returns the address of the list behind a figure: what the page is filtered by,
// and pairs of names and values.
func (v FiguresView) at(pairs ...string) string {
	q := v.narrowed()
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return "/actions?" + q.Encode()
}

// items returns the address of the list of items of the window in a state.
func (v FiguresView) items(state string, pairs ...string) string {
	pairs = append(pairs, "state", state)
	if from := v.Window.From(); !from.IsZero() {
		pairs = append(pairs, "opened_from", from.String())
	}
	return v.at(pairs...)
}

// windowAt returns the address of the page with another window.
func (v FiguresView) windowAt(days int) string {
	q := v.narrowed()
	q.Set("days", strconv.Itoa(days))
	return "/actions/figures?" + q.Encode()
}

func windowName(days int) string {
	if days == 0 {
		return "All"
	}
	return fmt.Sprintf("%d days", days)
}

// within says of which items the figures are.
func (v FiguresView) within() string {
	if v.Window.Days == 0 {
		return "of all time"
	}
	return fmt.Sprintf("of the last %d days", v.Window.Days)
}

func percent(x *float64) string {
	if x == nil {
		return "–"
	}
	return strconv.FormatFloat(*x, 'f', -1, 64) + " %"
}

func daysOf(x *float64) string {
	if x == nil {
		return "–"
	}
	return strconv.FormatFloat(*x, 'f', -1, 64) + " days"
}

// share writes a part of a whole with both numbers.
func share(n, of int) string {
	if of == 0 {
		return "–"
	}
	return fmt.Sprintf("%d of %d, %s %%", n, of, strconv.FormatFloat(float64(n)/float64(of)*100, 'f', 0, 64))
}

// median writes the median of a curve with its limits.
func median(c survival.Curve) string {
	if c.N == 0 {
		return "–"
	}
	if c.Median == nil {
		return fmt.Sprintf("more than %s", ui.Count(c.Last, "day", "days"))
	}
	return ui.Count(*c.Median, "day", "days")
}

// limits writes within which the median lies.
func limits(c survival.Curve) string {
	low, high := "0", "not known yet"
	if c.Low != nil {
		low = strconv.Itoa(*c.Low)
	} else if c.Median == nil {
		return ""
	}
	if c.High != nil {
		high = ui.Count(*c.High, "day", "days")
	}
	return fmt.Sprintf("95 %%: %s to %s;", low, high)
}

// groupName names a group of the tables.
func groupName(name, none string) string {
	if name == "" {
		return none
	}
	return name
}

// orDash is the value by which lists are filtered for those without.
func orDash(name string) string {
	if name == "" {
		return "-"
	}
	return name
}

// drawn is a picture as part of a page.
func drawn(draw func(io.Writer) error) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error { return draw(w) })
}
