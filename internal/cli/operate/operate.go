// Package operate is the commands of who runs a server: serve, and backup and
// restore of what it keeps.
package operate

import (
	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast/internal/cli/command"
)

// Commands returns them, for the program to put together.
func Commands(env *command.Env) []*cobra.Command {
	return []*cobra.Command{newServe(env), newBackup(env), newRestore(env)}
}
