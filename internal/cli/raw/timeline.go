package raw

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/evidence"
	"github.com/hindcast/hindcast/internal/evidence/formats"
	"github.com/hindcast/hindcast/internal/export"
	"github.com/hindcast/hindcast/internal/integrity"
	"github.com/hindcast/hindcast/internal/picture"
	"github.com/hindcast/hindcast/internal/timeline"
	"github.com/hindcast/hindcast/internal/timeline/collect"
	"github.com/hindcast/hindcast/internal/timeline/localtime"
)

// Flags are the flags of commands that build a timeline.
type Flags struct {
	from, to string
	zones    []string
	year     int
}

func (f *Flags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.from, "from", "", "begin of the incident, as 2024-03-15T14:30:00Z; evidence before it says what is normal")
	cmd.Flags().StringVar(&f.to, "to", "", "end of the incident")
	cmd.Flags().StringArrayVar(&f.zones, "zone", nil, "zone of the times in a file that carry none, as FILE=Europe/Berlin (repeatable; FILE may be a pattern)")
	cmd.Flags().IntVar(&f.year, "year", 0, "year of times without one (default: the year of the other evidence)")
}

// window reads --from and --to.
func (f *Flags) window() (from, to time.Time, err error) {
	if from, err = command.FlagTime("from", f.from); err != nil {
		return from, to, err
	}
	if to, err = command.FlagTime("to", f.to); err != nil {
		return from, to, err
	}
	if !from.IsZero() && !to.IsZero() && !from.Before(to) {
		return from, to, command.Usagef("--from %s is not before --to %s", f.from, f.to)
	}
	return from, to, nil
}

// Gathered is the evidence as read, with the timeline it gives.
type Gathered struct {
	sources  []evidence.Source
	Result   *collect.Result
	Timeline hindcast.Timeline // with every candidate entry
}

// Gather reads the evidence that args name and builds its timeline.
func Gather(env *command.Env, args []string, f *Flags) (*Gathered, error) {
	from, to, err := f.window()
	if err != nil {
		return nil, err
	}
	if f.year < 0 || f.year > 9999 {
		return nil, command.Usagef("--year %d: write a year as 2024", f.year)
	}
	zones, err := parseZones(f.zones)
	if err != nil {
		return nil, err
	}
	sources, problems, err := env.Sources(args)
	if err != nil {
		return nil, err
	}
	read := func(zone localtime.Zone) (*collect.Result, []hindcast.Evidence, error) {
		show := command.NewProgress(env.Stderr)
		ev, sinks := evidence.Read(sources, evidence.Options{
			Scratch: func() (evidence.Scratch, error) { return blob.Scratch() },
			Formats: formats.All(), Zone: zone, Year: f.year, Progress: show.Bytes,
		}, collect.New)
		show.Done()
		if err := zones.unused(); err != nil {
			return nil, nil, err
		}
		for _, p := range problems {
			sinks[0].Problem(p)
		}
		result := collect.Merge(sinks...)
		if !slices.ContainsFunc(ev, readable) {
			env.Problems(result.Problems)
			return nil, nil, fmt.Errorf("nothing could be read as evidence; the documentation lists the formats that are known")
		}
		return result, ev, nil
	}
	result, tl, err := localtime.Build(read, zones.of, timeline.Options{From: from, To: to})
	if err != nil {
		return nil, err
	}
	return &Gathered{sources: sources, Result: result, Timeline: tl}, nil
}

// readable reports whether a file was read as what it is: something was found in it, or it is
// in order and there is nothing. What is only kept and hashed was not.
func readable(e hindcast.Evidence) bool {
	return e.Format != "attachment" && (e.Records > 0 || e.Format != "" && e.Problems == 0)
}

func newTimeline(env *command.Env) *cobra.Command {
	var flags Flags
	var all bool
	var format string
	cmd := &cobra.Command{
		Use:   "timeline [flags] EVIDENCE...",
		Short: "Rebuild what happened from raw evidence",
		Long: `Timeline reads exports of pagers, chat, deploys, Kubernetes, logs, metrics,
traces, alerts and shell histories - files, folders or zips - and prints the
entries a reader needs, the phases of the incident and the times between them.
Every entry names its evidence by file and line and says why it was chosen.`,
		Example: `  hindcast timeline ./evidence
  hindcast timeline --format json --all ./evidence | jq '.entries[].why'
  hindcast timeline --zone 'db*.log=America/New_York' evidence.zip`,
		Args: cobra.MinimumNArgs(1),
		RunE: command.Run(func(_ *cobra.Command, args []string) error {
			write, ok := timelineFormats()[format]
			if !ok {
				return command.Usagef("--format %s: choose text, json, csv, md or svg", format)
			}
			g, err := Gather(env, args, &flags)
			if err != nil {
				return err
			}
			tl := g.Timeline
			if !all {
				tl.Entries = slices.DeleteFunc(slices.Clone(tl.Entries), func(e hindcast.Entry) bool { return !e.Key })
			}
			if format != "json" {
				env.Problems(tl.Problems)
				doubts(env, g.Timeline)
			}
			return write(env.Stdout, tl)
		}),
	}
	flags.add(cmd)
	cmd.Flags().BoolVar(&all, "all", false, "print every candidate entry, not only those a reader needs")
	cmd.Flags().StringVar(&format, "format", "text", "text, json, csv, md or svg")
	return cmd
}

func timelineFormats() map[string]func(io.Writer, hindcast.Timeline) error {
	return map[string]func(io.Writer, hindcast.Timeline) error{
		"text": export.TimelineText, "json": export.TimelineJSON, "csv": export.TimelineCSV,
		"md":  export.TimelineMarkdown,
		"svg": func(w io.Writer, tl hindcast.Timeline) error { return picture.Timeline(w, tl, 1200) },
	}
}

// doubts prints what in a timeline of the evidence is to be looked at.
func doubts(env *command.Env, tl hindcast.Timeline) {
	pm := hindcast.Postmortem{Incident: hindcast.Incident{Phases: tl.Incident}, Evidence: tl.Evidence, Clocks: tl.Offsets}
	for _, e := range tl.Entries {
		if e.Key {
			pm.Timeline = append(pm.Timeline, e)
		}
	}
	for _, f := range integrity.Check(pm, integrity.Options{}) {
		fmt.Fprintf(env.Stderr, "%s: %s\n", f.Rule, export.Printable(f.Message))
	}
}
