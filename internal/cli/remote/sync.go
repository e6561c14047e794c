package remote

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/client"
	"github.com/hindcast/hindcast/internal/cli/command"
)

// synced is what sync writes as JSON.
type synced struct {
	Tickets   client.TicketsLooked   `json:"tickets"`
	Incidents *client.EpisodesLooked `json:"incidents,omitempty"` // absent for those who are no admin
}

func newSync(env *command.Env) *cobra.Command {
	var since, format string
	var wait time.Duration
	cmd := &cobra.Command{
		Use:   "sync [flags]",
		Short: "Have a server look now at tickets and at the pager",
		Long: `Sync has the server ask the trackers how the tickets of action items are, and,
for an admin, the pager for incidents since the last time; it says what changed.
Action items follow their tickets, and what is over is drafted as the severity
policy asks. Without a token that may administer the tickets alone are looked at.
Where the server cannot be reached by webhooks, run it from time to time. The exit
code is 1 when a system did not answer.`,
		Example: "  hindcast sync\n  hindcast sync --since 2024-03-01 --wait 5m\n  hindcast sync --format json",
		Args:    cobra.NoArgs,
		RunE: command.Run(func(cmd *cobra.Command, _ []string) error {
			from, err := sinceTime(since)
			if err != nil {
				return err
			}
			if format != "text" && format != "json" {
				return command.Usagef("there is no format %q; use text or json", format)
			}
			c, err := connect()
			if err != nil {
				return err
			}
			out, err := sync(cmd.Context(), c, from, wait)
			if err != nil {
				return err
			}
			return writeSynced(env, out, format)
		}),
	}
	f := cmd.Flags()
	f.StringVar(&since, "since", "", "look for incidents opened from this day or time on, in UTC (default: since the last time)")
	f.DurationVar(&wait, "wait", 0, "wait this long for the drafts of what is over")
	f.StringVar(&format, "format", "text", "text or json")
	return cmd
}

// sinceTime reads a day or a time; without one it is zero.
func sinceTime(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil || text == "" {
			return t, nil
		}
	}
	return time.Time{}, command.Usagef("--since %q is no time; write 2024-03-15 or 2024-03-15T14:00:00Z", text)
}

// sync asks for both looks, the second as an admin only.
func sync(ctx context.Context, c *client.Client, since time.Time, wait time.Duration) (out synced, err error) {
	me, err := c.Me(ctx)
	if err != nil {
		return out, err
	}
	admin := me.Role == hindcast.RoleAdmin && (len(me.Scopes) == 0 || slices.Contains(me.Scopes, hindcast.ScopeAdmin))
	if !admin && (!since.IsZero() || wait > 0) {
		return out, fmt.Errorf("only an admin may have the pager asked, with a token that may administer; leave out --since and --wait to look at the tickets alone")
	}
	if out.Tickets, err = c.LookAtTickets(ctx); err != nil || !admin {
		return out, err
	}
	looked, err := c.LookForEpisodes(ctx, since)
	if err != nil {
		return out, err
	}
	out.Incidents = &looked
	return out, awaitDrafts(ctx, c, looked.Changed, wait)
}

// awaitDrafts asks how episodes are until none is to be drafted or the time is up.
func awaitDrafts(ctx context.Context, c *client.Client, list []client.Episode, wait time.Duration) error {
	end := time.NewTimer(wait)
	defer end.Stop()
	next := time.NewTicker(2 * time.Second)
	defer next.Stop()
	for due := wait > 0; due; {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-end.C:
			return nil
		case <-next.C:
		}
		is := map[string]client.Episode{}
		for e, err := range c.Episodes(ctx) {
			if err != nil {
				return err
			}
			if is[e.ID] = e; len(is) == 500 {
				break // what was found just now is among the last
			}
		}
		due = false
		for i, e := range list {
			if now, ok := is[e.ID]; ok {
				list[i] = now
			}
			due = due || list[i].State == "due"
		}
	}
	return nil
}

func writeSynced(env *command.Env, out synced, format string) error {
	faults := out.Tickets.Faults
	if out.Incidents != nil {
		faults = append(faults, out.Incidents.Faults...)
	}
	if format == "json" {
		if err := json.NewEncoder(env.Stdout).Encode(out); err != nil {
			return err
		}
	} else {
		tellSynced(env, out)
	}
	for _, f := range faults {
		fmt.Fprintln(env.Stderr, "hindcast: "+f)
	}
	if len(faults) > 0 {
		return command.ErrSilent
	}
	return nil
}

// tellSynced writes a line for each change, and one for all.
func tellSynced(env *command.Env, out synced) {
	for _, t := range out.Tickets.Changed {
		fmt.Fprintf(env.Stdout, "%s %s: was %s, is %s; action #%d/%s is %s: %s\n", t.Place, t.Ref, t.Was, t.State, t.IncidentNum, t.ActionID, t.Status, t.Description)
	}
	fmt.Fprintf(env.Stdout, "tickets: %d looked at, %d changed", out.Tickets.Looked, len(out.Tickets.Changed))
	if out.Tickets.Left > 0 {
		fmt.Fprintf(env.Stdout, ", %d left; run sync again", out.Tickets.Left)
	}
	fmt.Fprintln(env.Stdout)
	if out.Incidents == nil {
		return
	}
	for _, e := range out.Incidents.Changed {
		fmt.Fprintf(env.Stdout, "incident %s %s: %s\n", orDash(e.Number), e.Title, episodeWords(e))
	}
	fmt.Fprintf(env.Stdout, "incidents: %d new or over\n", len(out.Incidents.Changed))
}

// episodeWords says how an episode is.
func episodeWords(e client.Episode) string {
	switch e.State {
	case "open":
		return "goes on"
	case "due":
		return "is over; its evidence is being fetched"
	case "drafted":
		if e.Said != "" {
			return "is drafted, " + e.Said
		}
		return "is drafted"
	case "skipped":
		return "is over; no post-mortem: " + e.Said
	case "failed":
		return "is over; no post-mortem could be begun: " + e.Said
	}
	return e.State
}
