package written

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/export"
	"github.com/hindcast/hindcast/internal/impact"
)

// impactOf is what impact prints, for programs.
type impactOf struct {
	Metrics  hindcast.Metrics          `json:"metrics"`
	Formulas map[string]string         `json:"formulas"` // of the metrics, by their names
	Response *response                 `json:"response,omitempty"`
	Impact   hindcast.Impact           `json:"impact"` // with budgets and burn rates that follow from it
	Severity *proposal                 `json:"proposed_severity,omitempty"`
	Changes  []hindcast.SeverityChange `json:"severity_changes,omitempty"`
}

// response holds the time to acknowledge against what the severity asks.
type response struct {
	WithinS int64  `json:"within_s"`
	TookS   int64  `json:"took_s"`
	Met     bool   `json:"met"`
	Reason  string `json:"reason"`
}

// proposal is a severity that the numbers speak for.
type proposal struct {
	Level  int    `json:"level"`
	Reason string `json:"reason"`
}

func newImpact(env *command.Env) *cobra.Command {
	var format, policy string
	cmd := &cobra.Command{
		Use:   "impact [flags] FILE",
		Short: "Compute an incident's durations, budgets and severity, with the formulas",
		Long: `Impact reads a post-mortem in Markdown or JSON (- for standard input) and prints
the times between its phases - the incident length counts from the start, detection
to resolution from when people noticed -, the error budget and burn rate of its
objectives where a target and the share of users are stated, the time to acknowledge
held against the response time of the severity, and the severity that the numbers
speak for, each with the formula or the reason. A number that somebody stated is
never replaced.`,
		Example: `  hindcast impact post-mortem.md
  hindcast impact --policy severities.yaml --format json post-mortem.md`,
		Args: cobra.ExactArgs(1),
		RunE: command.Run(func(_ *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return command.Usagef("--format %s: choose text or json", format)
			}
			p, err := command.PolicyFrom(policy)
			if err != nil {
				return err
			}
			pm, err := env.ReadDocument(args[0])
			if err != nil {
				return err
			}
			if format == "json" {
				return command.WriteJSON(env.Stdout, impactFor(p, pm.Incident))
			}
			writeImpact(env.Stdout, p, pm.Incident)
			return nil
		}),
	}
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	cmd.Flags().StringVar(&policy, "policy", "", "file that describes the severities")
	return cmd
}

func impactFor(p hindcast.Policy, inc hindcast.Incident) impactOf {
	out := impactOf{Metrics: inc.Metrics(), Formulas: map[string]string{}, Impact: inc.Impact, Changes: inc.SeverityChanges}
	for _, d := range impact.Durations(inc.Phases) {
		out.Formulas[d.Name] = d.Formula
	}
	if r, ok := impact.Acknowledged(p, inc); ok {
		out.Response = &response{int64(r.Within / time.Second), int64(r.Took / time.Second), r.Met, r.Reason}
	}
	out.Impact.SLOs = impact.Complete(inc)
	if s, ok := impact.Severity(p, out.Impact); ok {
		out.Severity = &proposal{s.Level, s.Reason}
	}
	return out
}

// writeImpact writes the same for people.
func writeImpact(w io.Writer, p hindcast.Policy, inc hindcast.Incident) {
	for _, d := range impact.Durations(inc.Phases) {
		took := "not known"
		if d.Known {
			took = hindcast.FormatDuration(d.Took)
		}
		fmt.Fprintf(w, "%-24s %-12s %s\n", d.Title, took, d.Formula)
	}
	if r, ok := impact.Acknowledged(p, inc); ok {
		fmt.Fprintf(w, "\n%s\n", r.Reason)
	}
	i := inc.Impact
	i.SLOs = impact.Complete(inc)
	fmt.Fprintln(w)
	writeNumber(w, "Users affected", i.Users)
	for _, m := range i.Counts {
		writeNumber(w, m.Name, m.Number)
	}
	for _, m := range i.Business {
		writeNumber(w, m.Name, m.Number)
	}
	for _, s := range i.SLOs {
		writeNumber(w, s.Name+": budget consumed", s.Budget)
		writeNumber(w, s.Name+": burn rate", s.BurnRate)
	}
	if s, ok := impact.Severity(p, i); ok {
		word := "the numbers speak for severity"
		if s.Level == inc.Severity {
			word = "the numbers confirm severity"
		}
		fmt.Fprintf(w, "\n%s %d: %s\n", word, s.Level, s.Reason)
	}
	for _, c := range inc.SeverityChanges {
		fmt.Fprintf(w, "severity changed from %d to %d: %s\n", c.From, c.To, export.Printable(c.Reason))
	}
}

// writeNumber writes a number with its state and how it came about.
func writeNumber(w io.Writer, name string, n hindcast.Number) {
	if n.IsZero() {
		return
	}
	state := string(n.State)
	if n.By != "" {
		state += " by " + n.By
	}
	if n.How != "" {
		state += ": " + n.How
	}
	value := ""
	if n.Known() {
		value = n.String()
	}
	fmt.Fprintf(w, "%s: %s\n", export.Printable(name), export.Printable(joinWords(value, state)))
}

func joinWords(value, state string) string {
	if value == "" {
		return state
	}
	return value + ", " + state
}
