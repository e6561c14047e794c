package raw

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/evidence"
	"github.com/hindcast/hindcast/internal/evidence/formats"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/export"
	"github.com/hindcast/hindcast/internal/redact"
	"github.com/hindcast/hindcast/internal/timeline/collect"
	"github.com/hindcast/hindcast/internal/timeline/signal"
	"github.com/hindcast/hindcast/internal/timeline/template"
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

// assignLines prints the id and the template of every line of the sources, in
// their order. A line that belongs to no record by itself, such as one of a
// stack trace, is its own message.
func assignLines(w io.Writer, sources []evidence.Source) error {
	miner := template.New()
	var messages []messageOf
	for _, s := range sources {
		err := eachLine(s, func(m messageOf) {
			miner.Add(&record.Log{Message: m.text, Status: m.status, At: record.NoTime})
			m.text = bytes.Clone(m.text)
			messages = append(messages, m)
		})
		if err != nil {
			return err
		}
	}
	result := template.Merge(miner)
	for _, m := range messages {
		id, text, _ := result.AssignLog(&record.Log{Message: m.text, Status: m.status, At: record.NoTime})
		fmt.Fprintf(w, "%s\t%s\n", id, text)
	}
	return nil
}

// messageOf is the message of one line.
type messageOf struct {
	text   []byte
	status int
}

// eachLine calls fn with the message of every line of a source. The message is
// valid only during the call.
func eachLine(s evidence.Source, fn func(messageOf)) error {
	r, err := s.Open()
	if err != nil {
		return fmt.Errorf("%s: %s", s.Name, command.Reason(err))
	}
	defer func() { _ = r.Close() }() // opened for reading only
	in := bufio.NewReaderSize(r, 64<<10)
	head, err := in.Peek(64 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %s", s.Name, command.Reason(err))
	}
	parser := lineParser(s.Name, record.Head{Name: s.Name, Bytes: bytes.Clone(head), Whole: err != nil})
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			m := messageOf{text: bytes.TrimRight(line, "\r\n")}
			if parser != nil {
				parser.Chunk(line, 1, 0, (*messageSink)(&m))
			}
			fn(m)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %s", s.Name, command.Reason(err))
		}
	}
}

// lineParser returns the parser of the log format that head is in; nil when it
// is in none.
func lineParser(name string, head record.Head) record.LineParser {
	best, found := 0, record.Format{}
	for _, f := range formats.All() {
		if n := f.Recognize(head); n > best && f.Lines != nil {
			best, found = n, f
		}
	}
	if best == 0 {
		return nil
	}
	return found.Lines(&record.File{Name: name}, head)
}

// messageSink takes the message of the first log record.
type messageSink messageOf

func (m *messageSink) Log(l *record.Log) { m.text, m.status = l.Message, l.Status }

func (*messageSink) Event(hindcast.Event)     {}
func (*messageSink) Sample(*record.Sample)    {}
func (*messageSink) Span(*record.Span)        {}
func (*messageSink) Problem(hindcast.Problem) {}
