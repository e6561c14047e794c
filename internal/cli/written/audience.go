package written

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/audience"
	"github.com/hindcast/hindcast/internal/cli/command"
)

func newAudience(env *command.Env) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "audience [flags] FILE",
		Short: "Show what each audience sees of a post-mortem, and what is withheld",
		Long: `Audience reads a post-mortem in Markdown or JSON (- for standard input) and says,
field by field, how many of its values engineers, executives and customers see
when it is rendered for them (hindcast render --audience), and how many of those
are changed: names put as roles, quotations and hosts taken out. What still looks
like a secret or personal data is told on standard error with its field.`,
		Example: `  hindcast audience post-mortem.md
  hindcast audience --format json post-mortem.md | jq '.fields[] | select(.by.customer.shown > 0)'`,
		Args: cobra.ExactArgs(1),
		RunE: command.Run(func(_ *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return command.Usagef("--format %s: choose text or json", format)
			}
			pm, err := env.ReadDocument(args[0])
			if err != nil {
				return err
			}
			for _, a := range audience.All() {
				reportFindings(env, args[0], audience.For(a, pm))
			}
			list := audience.Compare(pm)
			if format == "json" {
				enc := json.NewEncoder(env.Stdout)
				enc.SetIndent("", "  ")
				return enc.Encode(map[string]any{"file": args[0], "fields": append([]audience.Difference{}, list...)})
			}
			return writeDifferences(env.Stdout, list)
		}),
	}
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	return cmd
}

// writeDifferences writes what the audiences see as a table.
func writeDifferences(w io.Writer, list []audience.Difference) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "field\tvalues\t%s\n", strings.Join(audience.Names(), "\t"))
	for _, d := range list {
		fmt.Fprintf(t, "%s\t%d", d.Field, d.Of)
		for _, a := range audience.All() {
			fmt.Fprintf(t, "\t%s", seenWords(d.By[a], d.Of))
		}
		fmt.Fprintln(t)
	}
	return t.Flush()
}

// seenWords says how much of a field an audience sees.
func seenWords(s audience.Seen, of int) string {
	shown := fmt.Sprintf("%d of %d", s.Shown, of)
	switch s.Shown {
	case 0:
		return "withheld"
	case of:
		shown = "all"
	}
	if s.Changed > 0 {
		return fmt.Sprintf("%s, %d changed", shown, s.Changed)
	}
	return shown
}

// reportFindings tells what was taken out of texts before they leave.
func reportFindings(env *command.Env, name string, v audience.View) {
	for _, f := range v.Findings {
		fmt.Fprintf(env.Stderr, "%s: %s: looked like %s and was replaced for %s; take it out of the post-mortem, and renew it if it is a secret\n", name, f.Field, findingWords(string(f.Kind)), v.Audience)
	}
}

// findingWords names what was found.
func findingWords(kind string) string {
	return cmp.Or(map[string]string{
		"credential": "a password or key", "url-user": "a password in an address", "token": "a token", "private-key": "a private key",
		"email": "a mail address", "phone": "a telephone number", "card": "a payment card's number", "address": "an Internet address",
	}[kind], kind)
}

// seenBy returns what an audience sees of a post-mortem; all of it without one.
func seenBy(env *command.Env, name, who string, pm hindcast.Postmortem) hindcast.Postmortem {
	if who == "" {
		return pm
	}
	v := audience.For(audience.Audience(who), pm)
	reportFindings(env, name, v)
	return v.Postmortem
}

// checkAudience refuses an audience that there is not, and views that hold nothing which an audience sees.
func checkAudience(who, view string) error {
	if who == "" {
		return nil
	}
	a, err := audience.Parse(who)
	switch {
	case err != nil:
		return command.Usagef("--audience %s: choose %s", who, strings.Join(audience.Names(), ", "))
	case view == "":
		return nil
	case view == "timeline" && !a.SeesEntries():
		return command.Usagef("--view %s: the entries of a timeline are not for the audience %s; leave out --view for what it sees", view, who)
	case view != "timeline" && (!a.SeesCauses() || view == "chart" && !a.SeesEntries()):
		return command.Usagef("--view %s: what it shows is not for the audience %s; leave out --view for what it sees", view, who)
	}
	return nil
}
