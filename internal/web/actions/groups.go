package actions

import (
	"fmt"
	"io"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast/internal/pattern/progress"
	"github.com/hindcast/hindcast/internal/picture/plot"
	"github.com/hindcast/hindcast/internal/web/ui"
)

// fewActions is below how many actions the figures say that they are few.
const fewActions = 5

// few says what figures of few actions are good for.
func few(n int) string {
	return fmt.Sprintf("These are figures of %s: they say what became of %s, and not yet how it usually goes here.", ui.Count(n, "action", "actions"), map[bool]string{true: "it", false: "them"}[n == 1])
}

// mostGroups bounds how many groups a picture has.
const mostGroups = 8

// groups draws what became of the actions of each team or priority.
func (v FiguresView) groups(width int, title, field, none string, list []progress.Group) templ.Component {
	list = list[:min(len(list), mostGroups)]
	c := plot.BarChart{Title: "Actions " + title, Series: []string{"closed", "overdue", "came back"}}
	closed, overdue, back := 0, 0, 0
	for _, g := range list {
		name := groupName(g.Name, none)
		closed, overdue, back = closed+g.Plain.Closed, overdue+g.Plain.Overdue, back+g.CameBack
		say := func(n int, what string) string { return fmt.Sprintf("%s: %d of %d %s", name, n, g.Plain.Total, what) }
		c.Groups = append(c.Groups, plot.Group{Name: shortName(name, (width-80)/len(list)/8), Values: []int{g.Plain.Closed, g.Plain.Overdue, g.CameBack},
			Words: []string{say(g.Plain.Closed, "closed"), say(g.Plain.Overdue, "overdue"), say(g.CameBack, "verified, and came back")},
			Links: []string{v.items("closed", field, orDash(g.Name)), v.items("overdue", field, orDash(g.Name)), v.items("verified", field, orDash(g.Name))}})
	}
	c.Desc = fmt.Sprintf("Of the actions of %d groups %d are closed, %d overdue, and %d were verified and came back.", len(list), closed, overdue, back)
	return drawn(func(w io.Writer) error { return plot.Bars(w, c, plot.Look{Width: width, Within: true}) })
}

// shortName cuts a name to so many letters, at least a few.
func shortName(name string, most int) string {
	r := []rune(name)
	most = max(most, 4)
	if len(r) <= most {
		return name
	}
	return string(r[:most-1]) + "…"
}
