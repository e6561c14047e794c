package raw

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/evidence"
	"github.com/hindcast/hindcast/internal/evidence/formats"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/export"
	"github.com/hindcast/hindcast/internal/redact"
	"github.com/hindcast/hindcast/internal/timeline/collect"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

func newLogs(env *command.Env) *cobra.Command {
	var flags Flags
	var assign bool
	var format string
	cmd := &cobra.Command{
		Use:   "logs [--assign] [--format text|json] FILE...",
		Short: "Print the log templates of any log file",
		Long: `Logs finds the templates behind log lines: the text that a program's logging
statements have in common, with <*> where they vary. It prints how often each
occurs, first and last, and its level. With --assign it prints the id and the
template of every input line, separated by a tab, and nothing else.`,
		Example: `  hindcast logs app.log
  zcat app.log.gz | hindcast logs --format json -
  hindcast logs --assign app.log | cut -f1 | sort | uniq -c`,
		Args: cobra.MinimumNArgs(1),
		RunE: command.Run(func(_ *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return command.Usagef("--format %s: choose text or json", format)
			}
			sources, problems, err := env.Sources(args)
			if err != nil {
				return err
			}
			if assign {
				env.Problems(problems)
				return assignLines(env.Stdout, sources)
			}
			return templates(env, sources, &flags, format)
		}),
	}
	cmd.Flags().StringArrayVar(&flags.zones, "zone", nil, "zone of the times in a file that carry none, as FILE=Europe/Berlin (repeatable)")
	cmd.Flags().IntVar(&flags.year, "year", 0, "year of times without one")
	cmd.Flags().BoolVar(&assign, "assign", false, "print the id and the template of every input line")
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	return cmd
}

// templates prints the templates of the logs in sources, the most frequent first.
func templates(env *command.Env, sources []evidence.Source, flags *Flags, format string) error {
	zones, err := parseZones(flags.zones)
	if err != nil {
		return err
	}
	show := command.NewProgress(env.Stderr)
	_, sinks := evidence.Read(sources, evidence.Options{Formats: formats.All(), Zone: zones.of, Year: flags.year, Unhashed: true, Progress: show.Bytes}, collect.New)
	show.Done()
	result := collect.Merge(sinks...)
	env.Problems(result.Problems)
	list := slices.Clone(result.Signals.Templates)
	if len(list) == 0 {
		return errors.New("no log lines were found")
	}
	slices.SortStableFunc(list, func(a, b signal.Template) int { return cmp.Compare(b.Total, a.Total) })
	if format == "json" {
		return templatesJSON(env.Stdout, list)
	}
	clean := redact.New()
	for _, t := range list {
		first, last := span(t)
		fmt.Fprintf(env.Stdout, "%9d  %s  %-5s  %s  %s  %s\n", t.Total, t.ID, cmp.Or(t.Level.String(), "-"), stampOf(first), stampOf(last), export.Printable(clean.Text(t.Text)))
	}
	return nil
}

// templateJSON is one template as JSON.
type templateJSON struct {
	ID       string    `json:"id"`
	Count    int       `json:"count"`
	First    time.Time `json:"first,omitzero"`
	Last     time.Time `json:"last,omitzero"`
	Level    string    `json:"level,omitempty"`
	Template string    `json:"template"`
	Services []string  `json:"services,omitempty"`
}

func templatesJSON(w io.Writer, list []signal.Template) error {
	clean := redact.New()
	out := make([]templateJSON, 0, len(list))
	for _, t := range list {
		first, last := span(t)
		j := templateJSON{ID: t.ID, Count: t.Total, First: first, Last: last, Level: t.Level.String(), Template: clean.Text(t.Text)}
		for _, c := range t.Services {
			if c.Service != "" {
				j.Services = append(j.Services, c.Service)
			}
		}
		out = append(out, j)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

// span returns the times of a template's first and last record; zero when its
// records have none.
func span(t signal.Template) (first, last time.Time) {
	for _, c := range t.Services {
		if at := moment(c.First); !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
		if at := moment(c.Last); at.After(last) {
			last = at
		}
	}
	return first, last
}

func moment(m signal.Mark) time.Time {
	if m.At == record.NoTime {
		return time.Time{}
	}
	return time.Unix(0, m.At).UTC()
}

func stampOf(t time.Time) string {
	if t.IsZero() {
		return strings.Repeat(" ", len(time.DateTime))
	}
	return t.Format(time.DateTime)
}
