package remote

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast/internal/cli/command"
)

func newPull(env *command.Env) *cobra.Command {
	var output string
	var force bool
	cmd := &cobra.Command{
		Use:   "pull [flags] INCIDENT",
		Short: "Get a post-mortem of the server as a Markdown file",
		Long: `Pull writes a post-mortem of the server to a file, which you edit in any editor
and bring back with push. It remembers the version, so that push can tell when
somebody else has changed the post-mortem meanwhile.`,
		Example: "  hindcast pull 12\n  hindcast pull -o outage.md '#4521'",
		Args:    cobra.ExactArgs(1),
		RunE: command.Run(func(cmd *cobra.Command, args []string) error {
			c, err := connect()
			if err != nil {
				return err
			}
			d, err := c.Incident(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			text, version, err := c.Markdown(cmd.Context(), d.ID)
			if err != nil {
				return err
			}
			if output == "-" {
				_, err := env.Stdout.Write(text)
				return err
			}
			file := output
			if file == "" {
				file = fileName(d.Num, d.Postmortem.Incident.Title)
			}
			if err := mayReplace(file, c.Address(), force); err != nil {
				return err
			}
			if err := command.WriteFile(file, text, true); err != nil {
				return err
			}
			if err := rememberPulled(file, pulled{c.Address(), d.ID, d.Num, version}); err != nil {
				return err
			}
			if err := writeConfig(baseFile(d.ID), string(text)); err != nil {
				return err
			}
			fmt.Fprintf(env.Stdout, "%s: #%d, version %d\n", file, d.Num, version)
			return nil
		}),
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "file to write, - for standard output (default: from number and title)")
	cmd.Flags().BoolVar(&force, "force", false, "replace the file although it has changes that were not pushed")
	cmd.AddCommand(newPullPagerDuty(env), newPullKubernetes(env), newPullGrafana(env))
	return cmd
}

// baseFile names where the text as it was pulled is kept.
func baseFile(id string) string { return "pulled-" + id + ".json" }

// mayReplace refuses to replace a file that was changed since it was pulled, or
// that did not come from pull.
func mayReplace(file, server string, force bool) error {
	have, err := os.ReadFile(file)
	if err != nil || force {
		return nil // there is nothing to lose
	}
	if p, ok, err := findPulled(file, server); err != nil {
		return err
	} else if ok {
		var base string
		if err := readConfig(baseFile(p.ID), &base); err != nil {
			return err
		}
		if bytes.Equal(have, []byte(base)) {
			return nil
		}
	}
	return fmt.Errorf("%s has changes that were not pushed; push it, or use --force to replace it", file)
}

// fileName makes a name of a number and a title.
func fileName(num int64, title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	name := fmt.Sprint(num)
	for _, w := range words {
		if len(name)+len(w) > 60 {
			break
		}
		name += "-" + w
	}
	return name + ".md"
}
