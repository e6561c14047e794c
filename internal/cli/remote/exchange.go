package remote

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast/client"
	"github.com/hindcast/hindcast/internal/cli/command"
)

func newExport(env *command.Env) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "export [flags]",
		Short: "Get the whole library of the server as a zip",
		Long: `Export writes all post-mortems that your token may see, in our Markdown format,
and the evidence of those in which you take part. Import adds them to another
server.`,
		Example: "  hindcast export -o library.zip",
		Args:    cobra.NoArgs,
		RunE: command.Run(func(cmd *cobra.Command, _ []string) error {
			c, err := connect()
			if err != nil {
				return err
			}
			if output == "-" {
				return c.ExportLibrary(cmd.Context(), env.Stdout)
			}
			f, err := os.OpenFile(output, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
			if err != nil {
				return fmt.Errorf("%s: %s", output, command.Reason(err))
			}
			err = c.ExportLibrary(cmd.Context(), f)
			if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
				return errors.Join(err, os.Remove(output))
			}
			fmt.Fprintln(env.Stdout, output)
			return nil
		}),
	}
	cmd.Flags().StringVarP(&output, "output", "o", "hindcast-library.zip", "file to write, which must not exist; - for standard output")
	return cmd
}

func newImport(env *command.Env) *cobra.Command {
	var announce bool
	cmd := &cobra.Command{
		Use:   "import [flags] FILE",
		Short: "Add an exported library, or one document, to the server",
		Long: `Import adds the post-mortems of a library that export wrote; what was imported
before is left alone. A Markdown, HTML or JSON file becomes one post-mortem, whatever
template it has: what is not understood stays as prose, and is told. Of an archive
that Notion (Markdown) or Confluence (HTML) exported every page becomes one. Who
follows the library from outside, by webhooks or mail, is not told unless you say so.`,
		Example: "  hindcast import library.zip\n  hindcast import old-postmortem.md\n  hindcast import Export-notion.zip",
		Args:    cobra.ExactArgs(1),
		RunE: command.Run(func(cmd *cobra.Command, args []string) error {
			c, err := connect()
			if err != nil {
				return err
			}
			f, err := os.Open(args[0])
			if err != nil {
				return fmt.Errorf("%s: %s", args[0], command.Reason(err))
			}
			defer func() { _ = f.Close() }() // it was only read
			magic := make([]byte, 4)
			n, _ := f.ReadAt(magic, 0) // a short file is no zip
			if string(magic[:n]) != "PK\x03\x04" {
				text, err := os.ReadFile(args[0])
				if err != nil {
					return fmt.Errorf("%s: %s", args[0], command.Reason(err))
				}
				return pushNew(env, cmd.Context(), c, args[0], text, announce)
			}
			got, err := c.ImportLibrary(cmd.Context(), f, client.ImportOptions{Announce: announce})
			if err != nil {
				return err
			}
			env.Problems(got.Problems)
			fmt.Fprintf(env.Stdout, "%d post-mortems added with %d files of evidence, %d were there already\n", got.Incidents, got.Files, got.Known)
			return nil
		}),
	}
	cmd.Flags().BoolVar(&announce, "announce", false, "tell webhooks and mail of what is added")
	return cmd
}
