// Package cli is the command line: one file for each command, each of which
// reads its arguments, calls an engine and writes what the engine says.
//
// Exit codes are 0 (done; problems in the evidence alone are 0), 1 (failure) and
// 2 (wrong usage). Results go to standard output; everything else goes to
// standard error, one line each.
package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// The exit codes.
const (
	exitDone    = 0
	exitFailure = 1
	exitUsage   = 2
)

// environment is what a command has from the outside.
type environment struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer

	terminal bool // standard output is a terminal
}

// Main runs the command that args name and returns the exit code.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	out := bufio.NewWriterSize(stdout, 64<<10)
	env := &environment{stdin: stdin, stdout: out, stderr: stderr, terminal: isTerminal(stdout)}
	root := newRoot(env)
	root.SetArgs(args)
	err := root.ExecuteContext(context.Background())
	if ferr := out.Flush(); err == nil && ferr != nil {
		err = failure{fmt.Errorf("write the result: %w", ferr)}
	}
	var failed failure
	var again againError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errSilent):
		return exitFailure
	case errors.As(err, &again):
		fmt.Fprintln(stderr, "hindcast: "+err.Error())
		return exitAgain
	case errors.As(err, &failed):
		fmt.Fprintln(stderr, "hindcast: "+err.Error())
		return exitFailure
	}
	fmt.Fprintln(stderr, "hindcast: "+err.Error()+"; 'hindcast help' shows the commands, 'hindcast help COMMAND' one of them")
	return exitUsage
}

// failure is an error of a command that was used rightly.
type failure struct{ error }

// Unwrap returns the error.
func (f failure) Unwrap() error { return f.error }

// errSilent is a failure that has been reported already.
var errSilent = errors.New("reported")

// run makes a command's function one whose errors are failures, unless they say
// that the command was used wrongly.
func run(f func(cmd *cobra.Command, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		err := f(cmd, args)
		var wrong usageError
		if err == nil || errors.As(err, &wrong) || errors.Is(err, errSilent) {
			return err
		}
		return failure{err}
	}
}

// usageError is a wrong flag or argument that only the command itself can see.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

func newRoot(env *environment) *cobra.Command {
	root := &cobra.Command{
		Use:   "hindcast",
		Short: "From an incident's raw evidence to a blameless post-mortem",
		Long: `Hindcast rebuilds what happened in a software incident from the evidence it
left, shows what people could know at each moment, and drafts the post-mortem.
It needs no network and no configuration.`,
		Example: `  hindcast timeline ./evidence
  hindcast draft -o post-mortem.md ./evidence`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	root.SetIn(env.stdin)
	root.SetOut(env.stdout)
	root.SetErr(env.stderr)
	root.AddCommand(newTimeline(env), newDraft(env), newExplain(env), newVerify(env), newRender(env), newAsOf(env), newReplay(env), newIntegrity(env), newImpact(env), newAudience(env), newLogs(env), newChanges(env), newLint(env), newCheck(env), newLSP(env), newServe(env), newLogin(env), newPull(env), newPush(env), newOpen(env), newActions(env), newSync(env), newMailIn(env), newWatch(env), newExport(env), newImport(env), newBackup(env), newRestore(env), newSample(env), newVersion(env))
	return root
}

func newVersion(env *environment) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of this program",
		Args:  cobra.NoArgs,
		RunE: run(func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(env.stdout, "hindcast "+version())
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
