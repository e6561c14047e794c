package raw

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/sample"
)

func newSample(env *command.Env) *cobra.Command {
	return &cobra.Command{
		Use:   "sample DIR",
		Short: "Write the three sample incidents into a new folder, to try things on",
		Example: `  hindcast sample ./samples
  hindcast draft ./samples/2024-03-15-mobile-api/evidence`,
		Args: cobra.ExactArgs(1),
		RunE: command.Run(func(_ *cobra.Command, args []string) error {
			dir := args[0]
			if _, err := os.Stat(dir); err == nil {
				return fmt.Errorf("%s exists already; name a folder that does not", dir)
			}
			for _, inc := range sample.All() {
				if err := os.CopyFS(filepath.Join(dir, inc.Slug), inc.Files()); err != nil {
					return fmt.Errorf("write the samples: %w", err)
				}
				fmt.Fprintf(env.Stdout, "%s  %s\n", filepath.Join(dir, inc.Slug, "evidence"), inc.Title)
			}
			return nil
		}),
	}
}
