package remote

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/client"
	"github.com/hindcast/hindcast/internal/cli/command"
)

func newLogin(env *command.Env) *cobra.Command {
	return &cobra.Command{
		Use:   "login SERVER",
		Short: "Keep the address of a server and your token",
		Long: `Login reads an API token, which you make on the page Settings of the server,
from standard input, tries it, and keeps both in your configuration folder in a
file that only you may read. The token is not taken as an argument, since other
people of this machine can see those. The variables HINDCAST_SERVER and
HINDCAST_TOKEN stand above what is kept.`,
		Example: `  hindcast login https://hindcast.example.org
  hindcast login http://127.0.0.1:8080 < token`,
		Args: cobra.ExactArgs(1),
		RunE: command.Run(func(cmd *cobra.Command, args []string) error { return login(env, cmd, args[0]) }),
	}
}

func login(env *command.Env, cmd *cobra.Command, server string) error {
	fmt.Fprint(env.Stderr, "Token: ")
	line, err := bufio.NewReader(env.Stdin).ReadString('\n')
	token := strings.TrimSpace(line)
	fmt.Fprintln(env.Stderr)
	if token == "" && err != nil {
		return errors.New("no token was given")
	}
	c, err := client.New(server, token)
	if err != nil {
		return command.Usage(err)
	}
	me, err := c.Me(cmd.Context())
	if err != nil {
		return err
	}
	if err := writeConfig("account.json", account{Server: c.Address(), Token: token}); err != nil {
		return err
	}
	fmt.Fprintf(env.Stdout, "You are %s (%s) at %s.\n", me.Name, me.Role, c.Address())
	return nil
}

func newOpen(env *command.Env) *cobra.Command {
	return &cobra.Command{
		Use:     "open INCIDENT",
		Short:   "Open a post-mortem of the server in a browser",
		Example: "  hindcast open 12\n  hindcast open '#4521'",
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
			address := page(c, d.Num)
			fmt.Fprintln(env.Stdout, address)
			if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
				return nil // nothing to open it in; the address is enough
			}
			if err := exec.CommandContext(cmd.Context(), "xdg-open", address).Start(); err != nil && !errors.Is(err, exec.ErrNotFound) {
				return hindcast.Errorf(hindcast.Unavailable, "cannot start a browser: %v; open %s", err, address)
			}
			return nil
		}),
	}
}

// page is the address of a post-mortem for people.
func page(c *client.Client, num int64) string { return fmt.Sprintf("%s/p/%d", c.Address(), num) }
