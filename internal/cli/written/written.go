// Package written is the commands that read a post-mortem that is written: they
// show it, as of a moment, for an audience, and what follows from it. What
// they change, they write to another file.
package written

import (
	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast/internal/cli/command"
)

// Commands returns them, for the program to put together.
func Commands(env *command.Env) []*cobra.Command {
	return []*cobra.Command{newRender(env), newAsOf(env), newImpact(env), newAudience(env), newIntegrity(env)}
}
