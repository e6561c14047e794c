// Package cli is the command line: it puts the commands of the packages below it
// together. Each command is a file there, which reads its arguments, calls an
// engine and writes what the engine says.
//
//   - raw: those that read raw evidence
//   - written: those that read a written post-mortem
//   - quality: those that hold texts against the rules
//   - remote: those that talk to another machine, a server of ours or a vendor's
//   - operate: those of who runs a server
//
// Exit codes are 0 (done; problems in the evidence alone are 0), 1 (failure) and
// 2 (wrong usage). Results go to standard output; everything else goes to
// standard error, one line each.
package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/cli/operate"
	"github.com/hindcast/hindcast/internal/cli/quality"
	"github.com/hindcast/hindcast/internal/cli/raw"
	"github.com/hindcast/hindcast/internal/cli/remote"
	"github.com/hindcast/hindcast/internal/cli/written"
)

// Main runs the command that args name and returns the exit code.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	out := bufio.NewWriterSize(stdout, 64<<10)
	env := &command.Env{Stdin: stdin, Stdout: out, Stderr: stderr, Terminal: command.IsTerminal(stdout), Version: version()}
	root := newRoot(env)
	root.SetArgs(args)
	err := root.ExecuteContext(context.Background())
	if ferr := out.Flush(); err == nil && ferr != nil {
		err = command.Failed(fmt.Errorf("write the result: %w", ferr))
	}
	return command.Tell(stderr, err)
}

func newRoot(env *command.Env) *cobra.Command {
	root := &cobra.Command{
		Use:   "hindcast",
		Short: "From an incident's raw evidence to a blameless post-mortem",
		Long: `Hindcast rebuilds what happened in a software incident from the evidence it
left, shows what people could know at each moment, and drafts the post-mortem.
It needs no network and no configuration.`,
		Example: `  hindcast timeline ./evidence
  hindcast draft -o post-mortem.md ./evidence`,
		Version:       env.Version,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          known,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
		SuggestionsMinimumDistance: 2,
	}
	root.SetVersionTemplate("hindcast {{.Version}}\n")
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	root.AddCommand(slices.Concat(raw.Commands(env), written.Commands(env), quality.Commands(env), remote.Commands(env), operate.Commands(env))...)
	root.AddCommand(newVersion(env))
	return root
}

// known fails on what is no command, and names those that are spelled nearly so.
func known(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var near string
	if names := root.SuggestionsFor(args[0]); len(names) > 0 {
		near = " (did you mean " + strings.Join(names, " or ") + "?)"
	}
	return fmt.Errorf("unknown command %q%s", args[0], near)
}

func newVersion(env *command.Env) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of this program",
		Args:  cobra.NoArgs,
		RunE: command.Run(func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(env.Stdout, "hindcast "+env.Version)
			return err
		}),
	}
}

// release is the version that the build names; empty when it names none.
var release string

func version() string {
	if release != "" {
		return release
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return "unknown"
}
