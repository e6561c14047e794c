// Package command is what the commands of the program have in common: what a
// command has from outside, the flags and files that many of them read, and how an
// error becomes words and an exit code. It has no command of its own.
package command

import (
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast/internal/config"
)

// Env is what a command has from the outside.
type Env struct {
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer

	Terminal bool   // standard output is a terminal
	Version  string // of this program
}

// Logger writes what happens to standard error.
func (env *Env) Logger(l config.Log) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(l.Level)); err != nil {
		level = slog.LevelInfo // it was checked
	}
	opt := &slog.HandlerOptions{Level: level}
	if l.Format == "json" {
		return slog.New(slog.NewJSONHandler(env.Stderr, opt))
	}
	return slog.New(slog.NewTextHandler(env.Stderr, opt))
}

// The exit codes.
const (
	exitDone    = 0
	exitFailure = 1
	exitUsage   = 2
	exitAgain   = 75 // EX_TEMPFAIL of sysexits.h, which mail servers understand
)

// Run makes a command's function one whose errors are failures, unless they say
// that the command was used wrongly.
func Run(f func(cmd *cobra.Command, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		err := f(cmd, args)
		var wrong usageError
		if err == nil || errors.As(err, &wrong) || errors.Is(err, ErrSilent) {
			return err
		}
		return Failed(err)
	}
}

// Tell says on w, in a line, why a command failed, and returns the exit code. An
// error that Run did not see is one of the arguments: wrong usage.
func Tell(w io.Writer, err error) int {
	var failed failure
	var again againError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, ErrSilent):
		return exitFailure
	case errors.As(err, &again):
		fmt.Fprintln(w, "hindcast: "+err.Error())
		return exitAgain
	case errors.As(err, &failed):
		fmt.Fprintln(w, "hindcast: "+err.Error())
		return exitFailure
	}
	fmt.Fprintln(w, "hindcast: "+err.Error()+"; 'hindcast help' shows the commands, 'hindcast help COMMAND' one of them")
	return exitUsage
}

// ErrSilent is a failure that has been reported already.
var ErrSilent = errors.New("reported")

// failure is an error of a command that was used rightly.
type failure struct{ error }

// Unwrap returns the error.
func (f failure) Unwrap() error { return f.error }

// Failed returns an error as that of a command that was used rightly.
func Failed(err error) error { return failure{err} }

// usageError is a wrong flag or argument that only the command itself can see.
type usageError struct{ error }

// Usage returns an error as one of a wrong flag or argument.
func Usage(err error) error { return usageError{err} }

// Usagef makes an error of a wrong flag or argument.
func Usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// againError is a failure that may pass.
type againError struct{ error }

// Unwrap returns the error.
func (e againError) Unwrap() error { return e.error }

// Again returns an error as one that may have passed when the command is run again
// later.
func Again(err error) error { return againError{err} }
