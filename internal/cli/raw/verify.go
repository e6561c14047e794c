package raw

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/draft"
	"github.com/hindcast/hindcast/internal/export"
	"github.com/hindcast/hindcast/internal/proof"
)

func newVerify(env *command.Env) *cobra.Command {
	var flags Flags
	var format string
	cmd := &cobra.Command{
		Use:   "verify [flags] FILE EVIDENCE...",
		Short: "Check that a post-mortem's timeline still follows from its evidence",
		Long: `Verify hashes the evidence again, rebuilds the timeline and holds the
post-mortem in FILE against both. It exits with 1 when a file changed or is
missing, or when the evidence does not give an entry that the document has or
lacks what it refers to. What a person edited of an entry or a phase, and key
entries that they left out, are told and break nothing.`,
		Example: `  hindcast verify post-mortem.md ./evidence`,
		Args:    cobra.MinimumNArgs(2),
		RunE: command.Run(func(_ *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return command.Usagef("--format %s: choose text or json", format)
			}
			pm, err := readPostmortem(env, args[0])
			if err != nil {
				return err
			}
			g, err := Gather(env, args[1:], &flags)
			if err != nil {
				return err
			}
			g.Timeline.Entries = draft.Shown(g.Timeline.Entries)
			r := proof.Check(pm, g.Timeline)
			if format == "json" {
				enc := json.NewEncoder(env.Stdout)
				enc.SetEscapeHTML(false)
				enc.SetIndent("", "  ")
				if err := enc.Encode(r); err != nil {
					return err
				}
			} else {
				writeReport(env.Stdout, r)
			}
			if !r.Holds {
				return command.ErrSilent
			}
			return nil
		}),
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	return cmd
}

// readPostmortem reads a post-mortem file that has something to verify.
func readPostmortem(env *command.Env, name string) (hindcast.Postmortem, error) {
	pm, err := env.ReadDocument(name)
	if err == nil && len(pm.Timeline) == 0 && len(pm.Evidence) == 0 {
		err = fmt.Errorf("%s: it has neither a timeline nor a list of evidence to verify", name)
	}
	return pm, err
}

func writeReport(w io.Writer, r proof.Report) {
	for _, part := range []struct {
		title    string
		findings []proof.Finding
	}{{"Evidence", r.Evidence}, {"Timeline", r.Entries}, {"Phases", r.Phases}} {
		same := 0
		for _, f := range part.findings {
			if f.State == proof.Same {
				same++
			}
		}
		fmt.Fprintf(w, "%s: %d of %d the same\n", part.title, same, len(part.findings))
		for _, f := range part.findings {
			if f.State != proof.Same {
				fmt.Fprintf(w, "  %-8s %s  %s\n", f.State, export.Printable(f.Name), export.Printable(f.Note))
			}
		}
	}
	if r.Holds {
		fmt.Fprintln(w, "The timeline follows from the evidence.")
	} else {
		fmt.Fprintln(w, "The timeline does not follow from this evidence.")
	}
}
