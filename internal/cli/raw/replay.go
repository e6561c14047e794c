package raw

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/export"
	"github.com/hindcast/hindcast/internal/timeline/replay"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// replayFlags are the flags of replay.
type replayFlags struct {
	Flags
	rules                  []string
	file, document, format string
	action, output         string
	force                  bool
}

func newReplay(env *command.Env) *cobra.Command {
	var f replayFlags
	cmd := &cobra.Command{
		Use:   "replay [flags] --rule RULE EVIDENCE...",
		Short: "Say whether an alert would have helped: replay its rule over the evidence",
		Long: `Replay evaluates alert rules on the metrics and logs of an incident and prints
when each would have fired, how much earlier than the incident was detected, and
how often it would have fired without one. A rule is one line:

  METRIC > NUMBER [for 2m]                      also SERVICE METRIC{label="value"}
  "TEXT" [in SERVICE] >= NUMBER per 1m [for 30s]  counts log messages whose template
                                                (see hindcast logs) contains the text

with > >= < <= == or !=. As in Prometheus, a rule is pending from the first sample
at which it holds, fires at the first one at least 'for' later, and a series
without a sample for five minutes (or twice the usual distance) has no value. Counters are compared as increase
per second. The incident is that of --document, or the one that the evidence shows.
With --action the rule and its result become part of that action item, and the
post-mortem is written to standard output or to -o.`,
		Example: `  hindcast replay --rule 'http_success_ratio < 0.95 for 1m' ./evidence
  hindcast replay --rule '"connection is not available" >= 5 per 1m' ./evidence
  hindcast replay --rule 'queue_depth > 1000 for 5m' --document pm.md --action alert -o pm.md --force ./evidence
  hindcast replay --rules alerts.txt --document post-mortem.md --format json ./evidence`,
		Args: cobra.MinimumNArgs(1),
		RunE: command.Run(func(_ *cobra.Command, args []string) error {
			return runReplay(env, args, f)
		}),
	}
	f.add(cmd)
	fl := cmd.Flags()
	fl.StringArrayVar(&f.rules, "rule", nil, "rule to replay (repeatable)")
	fl.StringVar(&f.file, "rules", "", "file with a rule on each line; empty lines and those that begin with # count for nothing")
	fl.StringVar(&f.document, "document", "", "post-mortem that says when the incident was")
	fl.StringVar(&f.format, "format", "text", "text or json")
	fl.StringVar(&f.action, "action", "", "id of the action item in --document that proposes the rule")
	fl.StringVarP(&f.output, "output", "o", "", "file to write the post-mortem to, with --action (default: standard output)")
	fl.BoolVar(&f.force, "force", false, "replace the file if it exists")
	return cmd
}

func runReplay(env *command.Env, args []string, f replayFlags) error {
	if f.format != "text" && f.format != "json" {
		return command.Usagef("--format %s: choose text or json", f.format)
	}
	rules, err := readRules(f.rules, f.file)
	if err != nil {
		return err
	}
	if f.action != "" && (f.document == "" || len(rules) != 1) {
		return command.Usagef("--action keeps one rule with an action item: name the post-mortem with --document and one --rule")
	}
	g, err := Gather(env, args, &f.Flags)
	if err != nil {
		return err
	}
	incident := g.Timeline.Incident
	var pm hindcast.Postmortem
	if f.document != "" {
		if pm, err = env.ReadDocument(f.document); err != nil {
			return err
		}
		incident = pm.Incident.Phases
	}
	results := []replay.Result{}
	for _, r := range rules {
		results = append(results, replay.Run(r, g.Result.Signals, incident))
	}
	if f.action != "" {
		return attach(env, pm, f, results[0])
	}
	if f.format == "json" {
		return command.WriteJSON(env.Stdout, results)
	}
	for i, r := range results {
		if i > 0 {
			fmt.Fprintln(env.Stdout)
		}
		writeReplay(env.Stdout, r, rules[i], g.Result.Signals)
	}
	if incident == (hindcast.Phases{}) {
		fmt.Fprintln(env.Stderr, "the evidence shows no incident, so every firing counts as false; name the post-mortem with --document")
	}
	return nil
}

// attach writes a post-mortem in which an action item has a rule with its result.
func attach(env *command.Env, pm hindcast.Postmortem, f replayFlags, r replay.Result) error {
	i := slices.IndexFunc(pm.Actions, func(a hindcast.ActionItem) bool { return a.ID == f.action })
	switch {
	case i < 0:
		return fmt.Errorf("%s has no action item %q", f.document, f.action)
	case len(r.Watched) == 0:
		return fmt.Errorf("%s: nothing in the evidence matches it, so nothing was attached", r.Rule)
	}
	alert := r.Alert()
	pm.Actions[i].Alert = &alert
	fmt.Fprintf(env.Stderr, "%s: %s\n", export.Printable(r.Rule), r.Verdict())
	if f.output == "" {
		_, err := env.Stdout.Write(document.Markdown(pm))
		return err
	}
	return command.WriteFile(f.output, document.Markdown(pm), f.force)
}

// readRules reads the rules of the flags. Every rule that is not understood is
// told, with its line.
func readRules(given []string, file string) ([]replay.Rule, error) {
	var out []replay.Rule
	var faults []error
	for _, text := range given {
		r, err := replay.Parse(text)
		if err != nil {
			return nil, command.Usagef("--rule %q: %s", text, err)
		}
		out = append(out, r)
	}
	if file != "" {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %s", file, command.Reason(err))
		}
		for i, text := range strings.Split(string(data), "\n") {
			if text = strings.TrimSpace(text); text == "" || strings.HasPrefix(text, "#") {
				continue
			}
			r, err := replay.Parse(text)
			if err != nil {
				faults = append(faults, fmt.Errorf("%s:%d: %w", file, i+1, err))
			}
			out = append(out, r)
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	if len(out) == 0 {
		return nil, command.Usagef("there is no rule to replay: use --rule RULE or --rules FILE")
	}
	return out, nil
}

// mostFirings is how many firings are printed of one rule.
const mostFirings = 20

func writeReplay(w io.Writer, r replay.Result, rule replay.Rule, set signal.Set) {
	verdict := r.Verdict()
	fmt.Fprintf(w, "%s\n  %s\n", export.Printable(r.Rule), strings.ToUpper(verdict[:1])+verdict[1:]+".")
	if len(r.Watched) == 0 {
		if names := available(rule, set); len(names) > 0 {
			fmt.Fprintf(w, "  The evidence has: %s\n", export.Printable(strings.Join(names, ", ")))
		}
		return
	}
	if r.FalsePerDay != nil {
		fmt.Fprintf(w, "  False alarms a day: %.2g = %d / %d s outside the incident x 86400\n", *r.FalsePerDay, r.False, r.OutsideS)
	} else {
		fmt.Fprintln(w, "  The evidence holds less than an hour outside the incident: too little to say how often it would fire falsely.")
	}
	if rule.Text != "" {
		fmt.Fprintf(w, "  counts: %s\n", export.Printable(strings.Join(r.Watched[:min(len(r.Watched), mostNames)], "; ")))
	}
	for i, f := range r.Firings {
		if i == mostFirings {
			fmt.Fprintf(w, "  and %d more\n", len(r.Firings)-mostFirings)
			break
		}
		where := "outside the incident"
		if f.During {
			where = "in the incident"
		}
		fmt.Fprintf(w, "  fires %s until %s, pending from %s, value %.4g, %s: %s\n", f.At.Format("2006-01-02 15:04:05"), f.Until.Format("15:04:05"),
			f.Pending.Format("15:04:05"), f.Value, where, export.Printable(f.Subject))
	}
}

// mostNames is how many metrics are named when a rule matches none.
const mostNames = 12

// available names what a rule that matches nothing could watch.
func available(rule replay.Rule, set signal.Set) []string {
	if rule.Text != "" {
		return nil
	}
	names := map[string]bool{}
	for _, s := range set.Series {
		names[strings.TrimSpace(s.Service+" "+s.Name)] = true
	}
	list := slices.Sorted(maps.Keys(names))
	return list[:min(len(list), mostNames)]
}
