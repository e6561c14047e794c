package remote

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/client"
	"github.com/hindcast/hindcast/internal/cli/command"
)

type pushFlags struct {
	incident, title string
	severity        int
	force           bool
}

func newPush(env *command.Env) *cobra.Command {
	var f pushFlags
	cmd := &cobra.Command{
		Use:   "push [flags] FILE | EVIDENCE...",
		Short: "Bring a post-mortem, or evidence, to the server",
		Long: `Push brings a Markdown file back that pull wrote, as one change; it stops when
somebody else has changed the post-mortem meanwhile. A Markdown file of another
origin becomes a new post-mortem. Anything else is evidence: files, folders or
zips become a new post-mortem with the timeline that they give, or are added to
the one that --incident names, where what people edited stays.`,
		Example: `  hindcast push 12-checkout-failed.md
  hindcast push ./evidence
  hindcast push --incident 12 more-logs.zip`,
		Args: cobra.MinimumNArgs(1),
		RunE: command.Run(func(cmd *cobra.Command, args []string) error {
			c, err := connect()
			if err != nil {
				return err
			}
			if len(args) == 1 && strings.HasSuffix(strings.ToLower(args[0]), ".md") {
				return pushDocument(env, cmd.Context(), c, args[0], f)
			}
			return pushEvidence(env, cmd.Context(), c, args, f)
		}),
	}
	fl := cmd.Flags()
	fl.StringVar(&f.incident, "incident", "", "number or id of the post-mortem on the server")
	fl.StringVar(&f.title, "title", "", "title of the new post-mortem (default: from the first alert)")
	fl.IntVar(&f.severity, "severity", 0, "severity level of the new post-mortem")
	fl.BoolVar(&f.force, "force", false, "replace what is on the server although it has changed since pull")
	return cmd
}

func pushDocument(env *command.Env, ctx context.Context, c *client.Client, file string, f pushFlags) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("%s: %s", file, command.Reason(err))
	}
	p, known, err := findPulled(file, c.Address())
	if err != nil {
		return err
	}
	if f.incident != "" {
		p, known = pulled{ID: f.incident}, true
	}
	if !known {
		return pushNew(env, ctx, c, file, text, true)
	}
	if f.force {
		p.Version = 0
	}
	saved, err := c.PutMarkdown(ctx, p.ID, text, p.Version)
	if err != nil {
		if hindcast.CodeOf(err) == hindcast.Conflict {
			return fmt.Errorf("%w (pull into another file with -o to compare, or use --force)", err)
		}
		return err
	}
	env.Problems(saved.Problems)
	d, err := c.Incident(ctx, p.ID)
	if err != nil {
		return err
	}
	if err := remember(env, file, text, c, d.ID, d.Num, saved.Version); err != nil {
		return err
	}
	if saved.Revision == 0 {
		fmt.Fprintf(env.Stdout, "#%d says the same already.\n", d.Num)
		return nil
	}
	fmt.Fprintf(env.Stdout, "#%d is now version %d: %s\n", d.Num, saved.Version, page(c, d.Num))
	return nil
}

func remember(env *command.Env, file string, text []byte, c *client.Client, id string, num, version int64) error {
	if err := rememberPulled(file, pulled{c.Address(), id, num, version}); err != nil {
		return err
	}
	return writeConfig(baseFile(id), string(text))
}

// pushNew begins a post-mortem with a file, announced or not. Pushing the same text
// twice begins one.
func pushNew(env *command.Env, ctx context.Context, c *client.Client, file string, text []byte, announce bool) error {
	sum := sha256.Sum256(text)
	imported, err := c.Import(ctx, file, text, client.ImportOptions{Key: "push-" + hex.EncodeToString(sum[:16]), Announce: announce})
	if err != nil {
		return err
	}
	env.Problems(imported.Report.Problems)
	if len(imported.Report.Unknown) > 0 {
		fmt.Fprintf(env.Stderr, "kept as they are: %s\n", strings.Join(imported.Report.Unknown, ", "))
	}
	d, err := c.Incident(ctx, imported.ID)
	if err != nil {
		return err
	}
	if err := remember(env, file, text, c, d.ID, d.Num, d.Version); err != nil {
		return err
	}
	r := imported.Report
	fmt.Fprintf(env.Stdout, "#%d, with %d entries, %d factors and %d actions: %s\n", d.Num, r.Entries, r.Factors, r.Actions, page(c, d.Num))
	return nil
}

func pushEvidence(env *command.Env, ctx context.Context, c *client.Client, args []string, f pushFlags) error {
	sources, problems, err := env.Sources(args)
	if err != nil {
		return err
	}
	env.Problems(problems)
	var files []client.File
	for _, s := range sources {
		files = append(files, client.File{Name: s.Name, Open: s.Open})
	}
	var b client.Build
	if f.incident != "" {
		b, err = c.AddEvidence(ctx, f.incident, files)
	} else {
		b, err = c.Draft(ctx, files, f.title, f.severity, "")
	}
	if err != nil {
		return err
	}
	show := command.NewProgress(env.Stderr)
	b, err = c.Wait(ctx, b, func(b client.Build) { show.Bytes(b.Read) })
	show.Done()
	if err != nil {
		return err
	}
	fmt.Fprintf(env.Stdout, "#%d, with %d key entries: %s\n", b.Num, b.Result.Entries, page(c, b.Num))
	return nil
}
