package actions

import (
	"fmt"
	"io"
	"strconv"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/pattern/progress"
	"github.com/hindcast/hindcast/internal/pattern/survival"
	"github.com/hindcast/hindcast/internal/picture/plot"
	"github.com/hindcast/hindcast/internal/web/ui"
)

// chartOf is of which actions charts are: all of the page, or those of a group of it.
type chartOf struct {
	of    string   // what stands behind titles, as " of Platform team"
	where []string // names and values of filters by which the lists behind are narrowed
	time  survival.Curve
	weeks []progress.Week
}

// chartOf returns the charts of all actions of the page.
func (v FiguresView) chartOf() chartOf { return chartOf{time: v.Time, weeks: v.Weeks} }

// groupOf returns the charts of one team or priority.
func groupOf(field, none string, g progress.Group) chartOf {
	return chartOf{of: " of " + groupName(g.Name, none), where: []string{field, orDash(g.Name)}, time: g.Time, weeks: g.Weeks}
}

// with returns pairs of names and values for a list behind a chart.
func (c chartOf) with(pairs ...string) []string { return append(pairs, c.where...) }

// drawWeeks draws what was agreed and carried out per week.
func (v FiguresView) drawWeeks(width int, of chartOf) templ.Component {
	c := plot.BarChart{Title: "Actions" + of.of + " per week", Series: []string{"agreed", "carried out", "decided against"}}
	opened, closed := 0, 0
	for _, w := range of.weeks {
		from, to := w.Monday, w.Monday.Add(6)
		opened, closed = opened+w.Opened, closed+w.Closed
		week := func(n int, what string) string { return fmt.Sprintf("%d %s in the week of %s", n, what, from) }
		c.Groups = append(c.Groups, plot.Group{Name: from.String()[5:], Values: []int{w.Opened, w.Closed, w.Declined},
			Words: []string{week(w.Opened, "agreed"), week(w.Closed, "carried out"), week(w.Declined, "decided against")},
			Links: []string{v.at(of.with("state", "all", "opened_from", from.String(), "opened_to", to.String())...),
				v.at(of.with("state", "carried-out", "closed_from", from.String(), "closed_to", to.String())...),
				v.at(of.with("state", string(hindcast.ActionDeclined), "closed_from", from.String(), "closed_to", to.String())...)}})
	}
	c.Desc = fmt.Sprintf("In %d weeks %d were agreed and %d carried out.", len(of.weeks), opened, closed)
	return drawn(func(w io.Writer) error { return plot.Bars(w, c, plot.Look{Width: width, Within: true}) })
}

// drawCurve draws how long actions stay open.
func (v FiguresView) drawCurve(width int, of chartOf) templ.Component {
	t := of.time
	c := plot.StepChart{Title: "How long actions" + of.of + " stay open", Last: t.Last, Median: t.Median,
		Desc: fmt.Sprintf("Of %d actions %d were carried out; half are after %s.", t.N, t.Over, median(t))}
	for _, s := range t.Steps {
		c.Steps = append(c.Steps, plot.Step{At: s.Days, Share: s.Open, Low: s.Low, Top: s.High, Left: s.Left > 0,
			Words: fmt.Sprintf("%d carried out after %s; then %.0f %% still open (%.0f to %.0f %%), %d at risk", s.Over, ui.Count(s.Days, "day", "days"), s.Open*100, s.Low*100, s.High*100, s.AtRisk),
			Link:  v.items("carried-out", of.with("took", strconv.Itoa(s.Days))...)})
	}
	return drawn(func(w io.Writer) error { return plot.Steps(w, c, plot.Look{Width: width, Within: true}) })
}

// velocity writes how many actions a week were carried out lately.
func (c chartOf) velocity() string {
	n, _, _ := progress.Velocity(c.weeks)
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// carriedOut returns the address of the list that the velocity counts.
func (v FiguresView) carriedOut(of chartOf) string {
	_, from, to := progress.Velocity(of.weeks)
	return v.at(of.with("state", "carried-out", "closed_from", from.String(), "closed_to", to.String())...)
}

// lately says how many were carried out in the weeks that are drawn.
func (c chartOf) lately() string {
	n := 0
	for _, w := range c.weeks {
		n += w.Closed
	}
	return fmt.Sprintf("%s carried out in %d weeks", ui.Count(n, "action", "actions"), len(c.weeks))
}
