package written

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/export"
	"github.com/hindcast/hindcast/internal/integrity"
)

// integrityFlags are the flags of integrity.
type integrityFlags struct {
	format, now              string
	accept, withdraw, by, to string
	force                    bool
}

func newIntegrity(env *command.Env) *cobra.Command {
	var f integrityFlags
	cmd := &cobra.Command{
		Use:   "integrity [flags] FILE",
		Short: "Look for what in a post-mortem's timeline cannot be right",
		Long: `Integrity reads a post-mortem in Markdown or JSON (- for standard input) and names
gaps during the incident, moments in an impossible order or in the future, times
without a zone, sources that disagree about one fact, and clocks that seem wrong,
each with its entries and a question. Nothing is corrected by itself.

--accept FILE corrects the entries that have their time from a clock that the
evidence shows to be wrong; what the clock said stays, and --withdraw FILE takes
the correction back. Both write the post-mortem to standard output or to -o.

The exit code is 1 when something cannot be right.`,
		Example: `  hindcast integrity post-mortem.md
  hindcast integrity --accept slack-export/incidents.json --by 'incident commander' -o post-mortem.md --force post-mortem.md`,
		Args: cobra.ExactArgs(1),
		RunE: command.Run(func(_ *cobra.Command, args []string) error {
			return runIntegrity(env, args[0], f)
		}),
	}
	fl := cmd.Flags()
	fl.StringVar(&f.format, "format", "text", "text or json")
	fl.StringVar(&f.now, "now", "", "what counts as now, as 2024-03-22T09:00:00Z (default: the clock)")
	fl.StringVar(&f.accept, "accept", "", "file of the evidence whose clock was wrong")
	fl.StringVar(&f.withdraw, "withdraw", "", "file of the evidence whose clock was right after all")
	fl.StringVar(&f.by, "by", "", "who accepts it, as a role")
	fl.StringVarP(&f.to, "output", "o", "", "file to write the corrected post-mortem to (default: standard output)")
	fl.BoolVar(&f.force, "force", false, "replace the file if it exists")
	return cmd
}

func runIntegrity(env *command.Env, name string, f integrityFlags) error {
	now := time.Now()
	if f.now != "" {
		var err error
		if now, err = command.FlagTime("now", f.now); err != nil {
			return err
		}
	}
	switch {
	case f.format != "text" && f.format != "json":
		return command.Usagef("--format %s: choose text or json", f.format)
	case f.accept != "" && f.withdraw != "":
		return command.Usagef("--accept and --withdraw are opposites: use one")
	}
	pm, err := env.ReadDocument(name)
	if err != nil {
		return err
	}
	if f.accept != "" || f.withdraw != "" {
		return correct(env, pm, f, now)
	}
	found := integrity.Check(pm, integrity.Options{Now: now})
	if f.format == "json" {
		err = command.WriteJSON(env.Stdout, found)
	} else {
		writeIntegrity(env.Stdout, pm, found)
	}
	if len(found) > 0 && found[0].Level == hindcast.FindingError && err == nil {
		return command.ErrSilent
	}
	return err
}

// correct writes a post-mortem with a clock corrected, or not any more.
func correct(env *command.Env, pm hindcast.Postmortem, f integrityFlags, now time.Time) error {
	var err error
	if f.accept != "" {
		pm, err = integrity.Accept(pm, f.accept, f.by, hindcast.DateOf(now))
	} else {
		pm, err = integrity.Withdraw(pm, f.withdraw)
	}
	if err != nil {
		return err
	}
	text := document.Markdown(pm)
	if f.to == "" {
		_, err := env.Stdout.Write(text)
		return err
	}
	return command.WriteFile(f.to, text, f.force)
}

// mostEntries is how many entries are named with a finding.
const mostEntries = 12

// writeIntegrity writes findings for people.
func writeIntegrity(w io.Writer, pm hindcast.Postmortem, found []integrity.Finding) {
	if len(found) == 0 {
		fmt.Fprintln(w, "Nothing in the timeline contradicts itself.")
	}
	entries := map[string]hindcast.Entry{}
	for _, e := range pm.Timeline {
		entries[e.ID] = e
	}
	for _, f := range found {
		fmt.Fprintf(w, "%s %s: %s\n", f.Level, f.Rule, export.Printable(f.Message))
		if f.Question != "" {
			fmt.Fprintf(w, "  %s\n", f.Question)
		}
		for i, id := range f.Entries {
			if i == mostEntries {
				fmt.Fprintf(w, "    and %d more entries\n", len(f.Entries)-mostEntries)
				break
			}
			e := entries[id]
			recorded := ""
			if !e.RecordedAt.IsZero() {
				recorded = " (its clock said " + momentWords(e.RecordedAt) + ")"
			}
			fmt.Fprintf(w, "    %s %s%s\n", momentWords(e.At), export.Printable(e.Title), recorded)
		}
	}
}
