package remote

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/client"
	"github.com/hindcast/hindcast/internal/cli/command"
)

func newActions(env *command.Env) *cobra.Command {
	var q client.ActionQuery
	var state, priority, effect, format string
	var all bool
	cmd := &cobra.Command{
		Use:   "actions [flags]",
		Short: "List the action items of a server, the first due first",
		Long: `Actions lists the action items of all post-mortems that you may read: those to
be done, unless a state or --all asks for others. The name in the first column
is what links and the API take.`,
		Example: "  hindcast actions --overdue --team 'Platform team'\n  hindcast actions --state done --format json\n  hindcast actions figures",
		Args:    cobra.NoArgs,
		RunE: command.Run(func(cmd *cobra.Command, _ []string) error {
			if format != "text" && format != "json" {
				return command.Usagef("there is no format %q; use text or json", format)
			}
			if err := actionWords(state, priority, effect); err != nil {
				return err
			}
			q.Status, q.Priority, q.Effect = hindcast.ActionStatus(state), hindcast.Priority(priority), hindcast.Effect(effect)
			q.Open = state == "" && !all && !q.Stale
			c, err := connect()
			if err != nil {
				return err
			}
			return listActions(cmd.Context(), env, c, q, format)
		}),
	}
	f := cmd.Flags()
	f.StringVar(&state, "state", "", "open, in-progress, done, verified or wont-do")
	f.BoolVar(&all, "all", false, "in any state")
	f.BoolVar(&q.Overdue, "overdue", false, "to be done, and past their day")
	f.BoolVar(&q.Stale, "stale", false, "what a weekly review goes through")
	f.BoolVar(&q.Mine, "mine", false, "that name you as owner, or of post-mortems in which you take part")
	f.StringVar(&q.Team, "team", "", "of a team; - for those without")
	f.StringVar(&q.Owner, "owner", "", "of an owner")
	f.StringVar(&q.Service, "service", "", "of incidents of a service")
	f.StringVar(&priority, "priority", "", "critical, high, medium or low")
	f.StringVar(&effect, "effect", "", "prevents-recurrence, improves-detection or improves-response")
	f.StringVar(&format, "format", "text", "text or json, one item a line")
	cmd.AddCommand(newActionFigures(env))
	return cmd
}

// actionWords refuses words that no action item has.
func actionWords(state, priority, effect string) error {
	var priorities, effects []string
	for _, p := range hindcast.Priorities() {
		priorities = append(priorities, string(p.Priority))
	}
	for _, e := range hindcast.Effects() {
		effects = append(effects, string(e))
	}
	for _, f := range []struct {
		flag, value string
		may         []string
	}{{"state", state, []string{"open", "in-progress", "done", "verified", "wont-do"}}, {"priority", priority, priorities}, {"effect", effect, effects}} {
		if f.value != "" && !slices.Contains(f.may, f.value) {
			return command.Usagef("there is no %s %q; choose one of %s", f.flag, f.value, strings.Join(f.may, ", "))
		}
	}
	return nil
}

// listActions writes a line for each action.
func listActions(ctx context.Context, env *command.Env, c *client.Client, q client.ActionQuery, format string) error {
	w := tabwriter.NewWriter(env.Stdout, 0, 4, 2, ' ', 0)
	lines := json.NewEncoder(env.Stdout)
	for a, err := range c.Actions(ctx, q) {
		if err == nil && format == "json" {
			err = lines.Encode(a)
		} else if err == nil {
			_, err = fmt.Fprintf(w, "#%d/%s\t%s\t%s\t%s\t%s\t%s\n", a.IncidentNum, a.Item.ID, orDash(a.Item.Due.String()), a.Item.Status, orDash(string(a.Item.Priority)), orDash(a.Item.Owner), a.Item.Description)
		}
		if err != nil {
			return err
		}
	}
	return w.Flush()
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func newActionFigures(env *command.Env) *cobra.Command {
	var q client.ActionQuery
	var days int
	var format string
	cmd := &cobra.Command{
		Use:     "figures [flags]",
		Short:   "Completion rate, overdue and time to close of action items",
		Long:    "Figures counts the action items that you may see and that were agreed in the last\ndays: as reliability metrics report them, and how it is with open ones counted in.",
		Example: "  hindcast actions figures --days 180 --team 'Platform team'",
		Args:    cobra.NoArgs,
		RunE: command.Run(func(cmd *cobra.Command, _ []string) error {
			if format != "text" && format != "json" {
				return command.Usagef("there is no format %q; use text or json", format)
			}
			if days < 0 {
				return command.Usagef("--days %d is no number of days; write how many, or 0 for all", days)
			}
			c, err := connect()
			if err != nil {
				return err
			}
			f, err := c.ActionFigures(cmd.Context(), q, days)
			if err != nil {
				return err
			}
			if format == "json" {
				return json.NewEncoder(env.Stdout).Encode(f)
			}
			return writeFigures(env, f)
		}),
	}
	cmd.Flags().IntVar(&days, "days", 90, "agreed in this many days before today; 0 for all")
	cmd.Flags().StringVar(&q.Team, "team", "", "of a team")
	cmd.Flags().StringVar(&q.Service, "service", "", "of incidents of a service")
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	return cmd
}

func writeFigures(env *command.Env, f client.ActionFigures) error {
	number := func(x *float64, unit string) string {
		if x == nil {
			return "-"
		}
		return strconv.FormatFloat(*x, 'f', -1, 64) + unit
	}
	median := "more than half are open"
	if f.Time.N == 0 {
		median = "-"
	} else if f.Time.Median != nil {
		median = fmt.Sprintf("%d days", *f.Time.Median)
	}
	w := tabwriter.NewWriter(env.Stdout, 0, 4, 2, ' ', 0)
	for _, row := range [][2]string{
		{"completion rate", fmt.Sprintf("%s, %d of %d closed", number(f.Method.CompletionRate, " %"), f.Method.Closed, f.Method.Total)},
		{"overdue", strconv.Itoa(f.Method.Overdue)},
		{"average time to close", number(f.Method.AverageDays, " days") + ", over closed ones alone"},
		{"median time to carry out", fmt.Sprintf("%s, n = %d, with open ones counted in", median, f.Time.N)},
		{"verified", fmt.Sprintf("%d, of which %d came back", f.Verified, f.CameBack)},
		{"decided against", strconv.Itoa(f.Declined)},
		{"velocity", fmt.Sprintf("%v a week, carried out in the last four whole weeks", f.Velocity)},
		{"overdue of all time", strconv.Itoa(f.Overdue)},
		{"not counted", f.LeftOut},
	} {
		if _, err := fmt.Fprintf(w, "%s\t%s\n", row[0], row[1]); err != nil {
			return err
		}
	}
	return w.Flush()
}
