// Package raw is the commands that read raw evidence: they rebuild the timeline,
// draft from it, explain it, hold a post-mortem against it, and read logs and
// changes alone. What they read is what their arguments name: files, folders, zips
// or standard input.
package raw

import (
	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast/internal/cli/command"
)

// Commands returns them, for the program to put together.
func Commands(env *command.Env) []*cobra.Command {
	return []*cobra.Command{newTimeline(env), newDraft(env), newExplain(env), newVerify(env), newReplay(env), newLogs(env), newChanges(env), newSample(env)}
}
