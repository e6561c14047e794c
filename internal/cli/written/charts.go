package written

import (
	"fmt"
	"io"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/cli/raw"
	"github.com/hindcast/hindcast/internal/export"
	"github.com/hindcast/hindcast/internal/picture/chart"
	"github.com/hindcast/hindcast/internal/timeline/plot"
)

// viewChart is the view that is drawn from evidence.
const viewChart = "chart"

// mostCharts is how many metrics a picture shows.
const mostCharts = 12

// charts reads the metrics in evidence that are worth looking at beside a
// post-mortem.
func charts(env *command.Env, from []string, pm hindcast.Postmortem) ([]chart.Series, error) {
	g, err := raw.Gather(env, from, &raw.Flags{})
	if err != nil {
		return nil, err
	}
	tl := hindcast.Timeline{Incident: pm.Incident.Phases, Entries: pm.Timeline, Suspects: g.Timeline.Suspects}
	return plot.Choose(g.Result.Signals.Series, tl, plot.Options{Most: mostCharts}), nil
}

// writeCharts writes metrics as a picture, in words or for programs.
func writeCharts(w io.Writer, k known, f renderFlags) error {
	series := k.charts
	if !k.at.IsZero() {
		series = nil
		for _, s := range k.charts {
			series = append(series, s.Until(k.at))
		}
	}
	switch f.format {
	case "json":
		return command.WriteJSON(w, append([]chart.Series{}, series...))
	case "md":
		for _, s := range series {
			fmt.Fprintf(w, "- %s\n", export.Printable(s.Describe()))
		}
		if !k.at.IsZero() {
			fmt.Fprintf(w, "\nAs of %s: %d points were still to come.\n", k.at.Format("2006-01-02 15:04:05 MST"), chart.Hidden(k.charts, k.at))
		}
	}
	return nil
}

// drawCharts draws metrics.
func drawCharts(w io.Writer, k known, f renderFlags) error {
	tl := hindcast.Timeline{Incident: k.Incident.Phases, Entries: k.all}
	return chart.Draw(w, tl, k.charts, chart.Look{Width: f.width, AsOf: k.at})
}
