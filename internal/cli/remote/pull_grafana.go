package remote

import (
	"cmp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/grafana"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

func newPullGrafana(env *command.Env) *cobra.Command {
	var output, tokenFile, address, from, to, kind string
	var tags, dashboards, queries []string
	var private bool
	cmd := &cobra.Command{
		Use:   "grafana [flags] --url URL --from TIME --to TIME",
		Short: "Get annotations and metrics of Grafana as evidence files",
		Long: `Pull grafana writes the annotations of a span of time to files, which the other
commands read as evidence, and the answers to queries, which are asked of a
Prometheus through a data source. The token of a service account, for which the
role Viewer is enough, is in the variable HINDCAST_GRAFANA_TOKEN or in a file,
since other people of this machine can see arguments.`,
		Example: "  hindcast pull grafana --url https://grafana.example.org --from 2024-03-15T13:30 --to 2024-03-15T16:00\n" +
			"  hindcast pull grafana --url https://grafana.example.org --from 2024-03-15 --to 2024-03-16 --tag deploy --query '[abc123] up'",
		Args: cobra.NoArgs,
		RunE: command.Run(func(cmd *cobra.Command, _ []string) error {
			w, err := windowOf(from, to)
			if err != nil {
				return err
			}
			token, err := tokenOf("HINDCAST_GRAFANA_TOKEN", "token", tokenFile)
			if err != nil {
				return err
			}
			client := outhttp.New(outhttp.Config{Now: time.Now, Private: private})
			v, err := grafana.Vendor().Open(connector.Settings{
				"url": secret.New(address), "token": token, "type": secret.New(kind), "tags": secret.New(strings.Join(tags, "\n")),
				"dashboards": secret.New(strings.Join(dashboards, "\n")), "queries": secret.New(strings.Join(queries, "\n")),
			}, connector.Deps{HTTP: client, Now: time.Now})
			if err != nil {
				return err
			}
			return fetch(env, cmd.Context(), v.(connector.Source), w, cmp.Or(output, "grafana"))
		}),
	}
	fl := cmd.Flags()
	fl.StringVarP(&output, "output", "o", "", "folder to write to (default: grafana)")
	fl.StringVar(&tokenFile, "token-file", "", "file that holds the token")
	fl.StringVar(&address, "url", "", "where Grafana is")
	fl.StringVar(&from, "from", "", "a day or a time, in UTC unless it says otherwise")
	fl.StringVar(&to, "to", "", "a day or a time (default: now)")
	fl.StringArrayVar(&queries, "query", nil, "[UID] and a query in PromQL for the data source with that UID; may be repeated")
	fl.StringArrayVar(&tags, "tag", nil, "only annotations with this tag; may be repeated for any of several")
	fl.StringArrayVar(&dashboards, "dashboard", nil, "only annotations of the dashboard with this UID; may be repeated")
	fl.StringVar(&kind, "type", "", "only what alerting did (alert), or what was noted (annotation)")
	fl.BoolVar(&private, "allow-private-addresses", false, "let the address be a private one")
	return cmd
}

// windowOf reads the span of time that is asked for.
func windowOf(from, to string) (w connector.Window, err error) {
	if w.From, err = timeFlag("--from", from); err != nil {
		return w, err
	}
	w.To = time.Now()
	if to != "" {
		if w.To, err = timeFlag("--to", to); err != nil {
			return w, err
		}
	}
	if !w.From.Before(w.To) {
		return w, command.Usagef("--from is not before --to")
	}
	return w, nil
}

// timeFlag reads a day or a time that a flag has.
func timeFlag(flag, text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, command.Usagef("%s %q is no time; write 2024-03-15, 2024-03-15T14:00 or 2024-03-15T14:00:00Z", flag, text)
}
