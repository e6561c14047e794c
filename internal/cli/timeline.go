package cli

import (
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/evidence"
	"github.com/hindcast/hindcast/internal/evidence/formats"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/export"
	"github.com/hindcast/hindcast/internal/picture"
	"github.com/hindcast/hindcast/internal/timeline"
	"github.com/hindcast/hindcast/internal/timeline/collect"
)

// evidenceFlags are the flags of commands that build a timeline.
type evidenceFlags struct {
	from, to string
	zones    []string
	year     int
}

func (f *evidenceFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.from, "from", "", "begin of the incident, as 2024-03-15T14:30:00Z; evidence before it says what is normal")
	cmd.Flags().StringVar(&f.to, "to", "", "end of the incident")
	cmd.Flags().StringArrayVar(&f.zones, "zone", nil, "zone of the times in a file that carry none, as FILE=Europe/Berlin (repeatable; FILE may be a pattern)")
	cmd.Flags().IntVar(&f.year, "year", 0, "year of times without one (default: the year of the other evidence)")
}

// window reads --from and --to.
func (f *evidenceFlags) window() (from, to time.Time, err error) {
	if from, err = flagTime("from", f.from); err != nil {
		return from, to, err
	}
	if to, err = flagTime("to", f.to); err != nil {
		return from, to, err
	}
	if !from.IsZero() && !to.IsZero() && !from.Before(to) {
		return from, to, usagef("--from %s is not before --to %s", f.from, f.to)
	}
	return from, to, nil
}

func flagTime(name, value string) (time.Time, error) {
	if value == "" {
		return time.Time{}, nil
	}
	t, _, ok := stamp.Parse(value, time.UTC, 0)
	if !ok {
		return t, usagef("--%s %s: write a time as 2024-03-15T14:30:00Z", name, value)
	}
	return t, nil
}

// gathered is the evidence as read, with the timeline it gives.
type gathered struct {
	sources  []evidence.Source
	result   *collect.Result
	timeline hindcast.Timeline // with every candidate entry
}

// gather reads the evidence that args name and builds its timeline.
func (env *environment) gather(args []string, f *evidenceFlags) (*gathered, error) {
	from, to, err := f.window()
	if err != nil {
		return nil, err
	}
	if f.year < 0 || f.year > 9999 {
		return nil, usagef("--year %d: write a year as 2024", f.year)
	}
	zones, err := parseZones(f.zones)
	if err != nil {
		return nil, err
	}
	sources, problems, err := env.sources(args)
	if err != nil {
		return nil, err
	}
	show := newProgress(env.stderr)
	ev, sinks := evidence.Read(sources, evidence.Options{
		Scratch: func() (evidence.Scratch, error) { return blob.Scratch() },
		Formats: formats.All(), Zone: zones.of, Year: f.year, Progress: show.bytes,
	}, collect.New)
	show.done()
	if err := zones.unused(); err != nil {
		return nil, err
	}
	for _, p := range problems {
		sinks[0].Problem(p)
	}
	result := collect.Merge(sinks...)
	if !slices.ContainsFunc(ev, func(e hindcast.Evidence) bool { return e.Records > 0 || e.Format != "" }) {
		env.problems(result.Problems)
		return nil, fmt.Errorf("nothing could be read as evidence")
	}
	tl := timeline.Build(result, timeline.Options{From: from, To: to, Evidence: ev})
	return &gathered{sources: sources, result: result, timeline: tl}, nil
}

// problems prints what is wrong with the evidence.
func (env *environment) problems(list []hindcast.Problem) {
	for _, p := range list {
		fmt.Fprintln(env.stderr, p)
	}
}

func newTimeline(env *environment) *cobra.Command {
	var flags evidenceFlags
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
		RunE: run(func(_ *cobra.Command, args []string) error {
			write, ok := timelineFormats()[format]
			if !ok {
				return usagef("--format %s: choose text, json, csv, md or svg", format)
			}
			g, err := env.gather(args, &flags)
			if err != nil {
				return err
			}
			tl := g.timeline
			if !all {
				tl.Entries = slices.DeleteFunc(slices.Clone(tl.Entries), func(e hindcast.Entry) bool { return !e.Key })
			}
			if format != "json" {
				env.problems(tl.Problems)
				env.doubts(g.timeline)
			}
			return write(env.stdout, tl)
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

// progress shows on a terminal how much has been read.
type progress struct {
	w    io.Writer // nil when nobody watches
	next int64
}

// newProgress shows progress on w when it is a terminal.
func newProgress(w io.Writer) *progress {
	f, ok := w.(*os.File)
	if !ok {
		return &progress{}
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return &progress{}
	}
	return &progress{w: w}
}

// bytes shows the bytes read, every 16 MiB.
func (p *progress) bytes(n int64) {
	if p.w == nil || n < p.next {
		return
	}
	p.next = n + 16<<20
	fmt.Fprintf(p.w, "\rreading evidence: %d MiB", n>>20)
}

// done clears the line.
func (p *progress) done() {
	if p.w != nil && p.next > 0 {
		fmt.Fprint(p.w, "\r\033[K")
	}
}
