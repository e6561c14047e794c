package quality

import (
	"errors"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/lint"
	"github.com/hindcast/hindcast/internal/lsp"
)

// rulePages is where the documentation of the rules is read.
const rulePages = "https://github.com/hindcast/hindcast/blob/main/docs/rules/"

func newLSP(env *command.Env) *cobra.Command {
	f := lintFlags{format: "text", failOn: "never", color: "never"}
	cmd := &cobra.Command{
		Use:   "lsp [flags]",
		Short: "Show the findings of lint in an editor, as a language server",
		Long: `Lsp speaks the Language Server Protocol on standard input and output. An editor
starts it; you do not. It shows the findings of 'hindcast lint' while you write,
offers the rewrites as quick fixes, and lists the sections and entries of a
post-mortem. docs/editor.md has the set-up of common editors.

The exit code is 0 after an orderly end of the session, else 1.`,
		Example: `  hindcast lsp
  hindcast lsp --config docs/post-mortems/rules.yaml`,
		Args: cobra.NoArgs,
		RunE: command.Run(func(cmd *cobra.Command, _ []string) error {
			return languageServer(env, cmd, f)
		}),
	}
	flags := cmd.Flags()
	flags.StringVar(&f.now, "now", "", "what counts as now, as 2024-03-22T09:00:00Z (default: the clock)")
	flags.StringArrayVar(&f.config, "config", nil, "file of rules to add, tune or switch off (repeatable)")
	flags.StringArrayVar(&f.people, "person", nil, "name of a person that must not stand among causes (repeatable)")
	flags.StringArrayVar(&f.actors, "actor", nil, "system or role to propose in rewrites (repeatable)")
	flags.Bool("stdio", true, "what it does anyway; some editors say it")
	return cmd
}

// languageServer serves an editor until it ends the session.
func languageServer(env *command.Env, cmd *cobra.Command, f lintFlags) error {
	r, err := newLintRun(env, f)
	if err != nil {
		return err
	}
	page, err := pageOfRule()
	if err != nil {
		return err
	}
	return lsp.Serve(cmd.Context(), env.Stdin, atOnce{env.Stdout}, lsp.Config{
		Lint:    func(source []byte) []hindcast.Finding { return r.today().document(source) },
		Page:    page,
		Version: env.Version,
	})
}

// today returns the run with the present day, unless --now fixes it: an editor
// may stay open for weeks.
func (r *lintRun) today() *lintRun {
	if r.flags.now != "" {
		return r
	}
	now := *r
	now.context.Today = hindcast.DateOf(time.Now())
	return &now
}

// pageOfRule returns what knows the addresses of the documentation of the rules
// that come with the program.
func pageOfRule() (func(rule string) string, error) {
	builtin, err := lint.New()
	if err != nil {
		return nil, err
	}
	pages := map[string]string{"lint-ignore": rulePages + "README.md#silence-a-finding"}
	for _, r := range builtin.Rules() {
		pages[r.Name] = rulePages + r.Name + ".md"
	}
	return func(rule string) string { return pages[rule] }, nil
}

// atOnce writes through the buffer of the command: an editor waits for each
// message.
type atOnce struct{ io.Writer }

// Write writes and flushes.
func (w atOnce) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	if f, ok := w.Writer.(interface{ Flush() error }); ok {
		err = errors.Join(err, f.Flush())
	}
	return n, err
}
