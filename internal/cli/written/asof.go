package written

import (
	"fmt"
	"io"
	"regexp"
	"time"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/asof"
	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/export"
	"github.com/hindcast/hindcast/internal/picture/chart"
)

func newAsOf(env *command.Env) *cobra.Command {
	var at, format string
	cmd := &cobra.Command{
		Use:   "as-of [flags] FILE",
		Short: "Show what responders could know at a moment, or at each decision",
		Long: `As-of reads a post-mortem in Markdown or JSON (- for standard input) as of a
moment: what could be known then, what had happened and nobody knew yet, and what
was still to come. Without --at it shows each decision as of its own moment, and
what a decision says was known although it became known only later.`,
		Example: `  hindcast as-of --at 14:40:30 post-mortem.md
  hindcast as-of post-mortem.md
  hindcast as-of --at 2024-03-15T14:40:30Z --format json post-mortem.md | jq '.unknown[].title'`,
		Args: cobra.ExactArgs(1),
		RunE: command.Run(func(_ *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return command.Usagef("--format %s: choose text or json", format)
			}
			pm, err := env.ReadDocument(args[0])
			if err != nil {
				return err
			}
			if at == "" {
				return writeDecisions(env.Stdout, pm, format)
			}
			t, err := momentOf(pm, at)
			if err != nil {
				return err
			}
			v := asof.At(pm, t)
			if format == "json" {
				return command.WriteJSON(env.Stdout, v)
			}
			writeMoment(env.Stdout, v)
			return nil
		}),
	}
	cmd.Flags().StringVar(&at, "at", "", "the moment, as 2024-03-15T14:40:30Z, or 14:40:30 on the day on which the incident began")
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	return cmd
}

// writeMoment writes what could be known at a moment, for people.
func writeMoment(w io.Writer, v asof.View) {
	fmt.Fprintf(w, "As of %s: %s.\n", v.At.Format("2006-01-02 15:04:05 MST"), v.Summary())
	for _, part := range []struct {
		title string
		items []asof.Item
	}{{"Known", v.Known}, {"Had happened, and nobody knew yet", v.Unknown}, {"Still to come", v.Later}} {
		if len(part.items) > 0 {
			fmt.Fprintf(w, "\n%s\n", part.title)
		}
		for _, i := range part.items {
			fmt.Fprintf(w, "  %-8s %-11s %s%s\n", momentWords(i.At), i.Kind, export.Printable(i.Title), knownWords(i))
		}
	}
}

func momentWords(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Format(time.TimeOnly)
}

// knownWords says since when an item is known when that is not when it happened.
func knownWords(i asof.Item) string {
	switch {
	case i.After:
		return " (found out afterwards)"
	case i.KnownAt.IsZero():
		return " (nobody can say since when it is known)"
	case i.KnownAt.Truncate(time.Second).Equal(i.At.Truncate(time.Second)):
		return ""
	}
	return " (known from " + i.KnownAt.Format(time.TimeOnly) + ")"
}

// writeDecisions writes each decision as of its own moment.
func writeDecisions(w io.Writer, pm hindcast.Postmortem, format string) error {
	list := asof.Decisions(pm)
	if format == "json" {
		return command.WriteJSON(w, append([]asof.Moment{}, list...))
	}
	if len(list) == 0 {
		fmt.Fprintln(w, "The timeline has no decision with a time.")
	}
	entries := map[string]hindcast.Entry{}
	for _, e := range pm.Timeline {
		entries[e.ID] = e
	}
	for n, m := range list {
		if n > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s %s\n", m.At.Format("2006-01-02 15:04:05 MST"), export.Printable(m.Question))
		fmt.Fprintf(w, "  %s\n", m.View.Summary())
		for _, part := range []struct {
			title string
			ids   []string
		}{{"known then", m.Known}, {"not known then", m.NotKnown}, {"said to be known, and became known only later", m.Hindsight}} {
			for i, id := range part.ids {
				if i == 0 {
					fmt.Fprintf(w, "  %s:\n", part.title)
				}
				e := entries[id]
				fmt.Fprintf(w, "    %s %s\n", momentWords(e.At), export.Printable(e.Title))
			}
		}
	}
	return nil
}

// known is a post-mortem, or what could be known of it at a moment.
type known struct {
	hindcast.Postmortem
	all  []hindcast.Entry // of the timeline, known or not
	at   time.Time        // zero for today
	note string           // what is left out

	charts []chart.Series // of the evidence, for the view of metrics
}

func newKnown(pm hindcast.Postmortem) known { return known{Postmortem: pm, all: pm.Timeline} }

// knownAt returns what could be known at a moment.
func knownAt(pm hindcast.Postmortem, at time.Time) known {
	v := asof.At(pm, at)
	return known{Postmortem: v.Apply(pm), all: pm.Timeline, at: v.At, note: v.Only(asof.Entry, asof.Factor).Summary()}
}

var clockOnly = regexp.MustCompile(`^\d{1,2}:\d{2}(:\d{2})?$`)

// momentOf reads --as-of: a time, or a clock on the day on which the incident
// began.
func momentOf(pm hindcast.Postmortem, s string) (time.Time, error) {
	if !clockOnly.MatchString(s) {
		return command.FlagTime("as-of", s)
	}
	day := pm.Incident.StartedAt
	if day.IsZero() && len(pm.Timeline) > 0 {
		day = pm.Timeline[0].At
	}
	if day.IsZero() {
		return day, command.Usagef("--as-of %s: the post-mortem names no day; write a time as 2024-03-15T14:40:30Z", s)
	}
	layout := "2006-01-02 15:04:05"
	if len(s) < len("0:00:00") {
		layout = "2006-01-02 15:04"
	}
	t, err := time.Parse(layout, day.UTC().Format(time.DateOnly)+" "+s)
	if err != nil {
		return t, command.Usagef("--as-of %s: there is no such time of day", s)
	}
	return t, nil
}
