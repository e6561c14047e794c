package raw

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/draft"
)

// draftFlags are the flags of draft beside those of the evidence.
type draftFlags struct {
	Flags
	output, format, template string
	force                    bool
	draft.Options
}

func newDraft(env *command.Env) *cobra.Command {
	var f draftFlags
	cmd := &cobra.Command{
		Use:   "draft [flags] EVIDENCE...",
		Short: "Write the draft of a post-mortem from raw evidence",
		Long: `Draft builds the timeline of the evidence and composes the post-mortem around
it: metadata, timeline, decision points, durations and the list of evidence with
hashes are filled in; every other section asks its question. It states no cause
and names people by role. The same evidence gives the same draft.`,
		Example: `  hindcast draft -o post-mortem.md ./evidence
  hindcast draft --severity 1 --title 'Checkout down' --format json evidence.zip
  hindcast draft --template our-template.md ./evidence`,
		Args: cobra.MinimumNArgs(1),
		RunE: command.Run(func(_ *cobra.Command, args []string) error {
			return runDraft(env, args, &f)
		}),
	}
	f.add(cmd)
	fl := cmd.Flags()
	fl.StringVarP(&f.output, "output", "o", "", "file to write (default: standard output)")
	fl.BoolVar(&f.force, "force", false, "replace the file if it exists")
	fl.StringVar(&f.format, "format", "md", "md or json")
	fl.StringVar(&f.Title, "title", "", "title of the incident (default: from the first alert)")
	fl.IntVar(&f.Severity, "severity", 0, "severity level, 1 is the most severe")
	fl.StringVar(&f.Service, "service", "", "the service that the incident is about")
	fl.StringVar(&f.Number, "number", "", "number of the incident in the pager or tracker")
	fl.StringVar(&f.template, "template", "", "your own template, a Markdown file whose sections are filled")
	return cmd
}

// runDraft composes the post-mortem and writes it.
func runDraft(env *command.Env, args []string, f *draftFlags) error {
	if f.format != "md" && f.format != "json" {
		return command.Usagef("--format %s: choose md or json", f.format)
	}
	if f.Severity != 0 {
		if _, ok := hindcast.DefaultPolicy().Level(f.Severity); !ok {
			return command.Usagef("--severity %d: the severity policy has no such level", f.Severity)
		}
	}
	if f.template != "" {
		text, err := os.ReadFile(f.template)
		if err != nil {
			return fmt.Errorf("%s: %s", f.template, command.Reason(err))
		}
		outline := document.Outline(f.template, text)
		env.Problems(outline.Problems)
		f.Template = &outline.Postmortem
	}
	g, err := Gather(env, args, &f.Flags)
	if err != nil {
		return err
	}
	env.Problems(g.Timeline.Problems)
	pm := draft.Compose(g.Timeline, f.Options)
	data := document.Markdown(pm)
	if f.format == "json" {
		if data, err = document.JSON(pm); err != nil {
			return err
		}
	}
	if f.output == "" {
		_, err := env.Stdout.Write(data)
		return err
	}
	return command.WriteFile(f.output, data, f.force)
}
