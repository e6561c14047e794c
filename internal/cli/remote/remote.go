// Package remote is the commands that talk to another machine: to a server of
// ours, as the person that login keeps the token of, and to those of vendors, from
// which they fetch evidence.
package remote

import (
	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast/internal/cli/command"
)

// Commands returns them, for the program to put together.
func Commands(env *command.Env) []*cobra.Command {
	return []*cobra.Command{newLogin(env), newOpen(env), newPull(env), newPush(env), newActions(env), newSync(env), newExport(env), newImport(env), newMailIn(env), newWatch(env)}
}
