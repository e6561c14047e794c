// Package quality is the commands that hold a text against the rules: lint says
// what its wording hides, check whether it may be published, and lsp shows both in
// an editor.
package quality

import (
	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast/internal/cli/command"
)

// Commands returns them, for the program to put together.
func Commands(env *command.Env) []*cobra.Command {
	return []*cobra.Command{newLint(env), newCheck(env), newLSP(env)}
}
