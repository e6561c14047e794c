package remote

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/pagerduty"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

func newPullPagerDuty(env *command.Env) *cobra.Command {
	var output, tokenFile, address string
	var private bool
	cmd := &cobra.Command{
		Use:   "pagerduty [flags] INCIDENT",
		Short: "Get what PagerDuty knows of an incident as evidence files",
		Long: `Pull pagerduty writes what PagerDuty's API answers about an incident to files,
which the other commands read as evidence: the incident, its log, alerts, notes
and the changes near it. The API key, for which read-only is enough, is in the
variable HINDCAST_PAGERDUTY_TOKEN or in a file, since other people of this machine
can see arguments.`,
		Example: "  hindcast pull pagerduty 4521\n  hindcast pull pagerduty --token-file key -o evidence Q02JTSNZWHSEKV",
		Args:    cobra.ExactArgs(1),
		RunE: command.Run(func(cmd *cobra.Command, args []string) error {
			token, err := tokenOf("HINDCAST_PAGERDUTY_TOKEN", "API key", tokenFile)
			if err != nil {
				return err
			}
			client := outhttp.New(outhttp.Config{Now: time.Now, Private: private})
			v, err := pagerduty.Vendor().Open(connector.Settings{"url": secret.New(address), "token": token}, connector.Deps{HTTP: client, Now: time.Now})
			if err != nil {
				return err
			}
			return fetch(env, cmd.Context(), v.(connector.Source), connector.Window{Query: args[0]}, cmp.Or(output, "pagerduty-"+filepath.Base(args[0])))
		}),
	}
	fl := cmd.Flags()
	fl.StringVarP(&output, "output", "o", "", "folder to write to (default: pagerduty-INCIDENT)")
	fl.StringVar(&tokenFile, "token-file", "", "file that holds the API key")
	fl.StringVar(&address, "url", pagerduty.DefaultAddress, "address of the API")
	fl.BoolVar(&private, "allow-private-addresses", false, "let the address be a private one, such as a proxy's")
	return cmd
}

// tokenOf returns what proves who asks, of a file when one is named and else of a
// variable. what is what people call it there.
func tokenOf(variable, what, file string) (secret.Text, error) {
	text := os.Getenv(variable)
	if file != "" {
		raw, err := os.ReadFile(file)
		if err != nil {
			return secret.Text{}, fmt.Errorf("%s: %s", file, command.Reason(err))
		}
		text = string(raw)
	}
	if text = strings.TrimSpace(text); text == "" {
		return secret.Text{}, fmt.Errorf("there is no %s; put it in %s or name a file with --token-file", what, variable)
	}
	return secret.New(text), nil
}

// fetch writes everything that a source has in a window to a folder.
func fetch(env *command.Env, ctx context.Context, src connector.Source, w connector.Window, dir string) error {
	n := 0
	for after := ""; ; {
		b, err := src.Fetch(ctx, w, after)
		if err != nil {
			return err
		}
		for _, note := range b.Notes {
			fmt.Fprintf(env.Stderr, "without %s\n", note)
		}
		for _, f := range b.Files {
			file := filepath.Join(dir, filepath.FromSlash(f.Name))
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				return fmt.Errorf("%s: %s", file, command.Reason(err))
			}
			if err := command.WriteFile(file, f.Body, true); err != nil {
				return err
			}
			fmt.Fprintf(env.Stdout, "%s: %d bytes\n", file, len(f.Body))
		}
		n += len(b.Files)
		if after = b.Next; after == "" {
			if n == 0 {
				fmt.Fprintln(env.Stdout, "nothing was found")
			}
			return nil
		}
	}
}
