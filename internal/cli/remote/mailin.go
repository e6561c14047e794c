package remote

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast/internal/cli/command"
)

// mailToken is the variable with the token of who brings mail.
const mailToken = "HINDCAST_MAIL_IN_TOKEN"

func newMailIn(env *command.Env) *cobra.Command {
	var server string
	var to []string
	cmd := &cobra.Command{
		Use:   "mail-in --server URL --to ADDRESS [flags] < MESSAGE",
		Short: "Bring a message of e-mail to a server",
		Long: `Mail-in reads a message from standard input and brings it to a server, as a mail
server does that passes mail on to a program. The token is that of mail_in.token
in the settings of the server, in the environment as ` + mailToken + `.
The exit code is 0 when the message is kept for good, 1 when it is refused for good,
and 75 when it is to be brought again later, which mail servers understand.`,
		Example: "  hindcast mail-in --server https://hindcast.example.org --to incident@hindcast.example.org < message.eml",
		Args:    cobra.NoArgs,
		RunE: command.Run(func(cmd *cobra.Command, _ []string) error {
			token := os.Getenv(mailToken)
			if u, err := url.Parse(server); err != nil || u.Host == "" || len(to) == 0 {
				return command.Usagef("say where to with --server URL and --to ADDRESS")
			}
			if token == "" {
				return command.Usagef("set %s to the token of the server", mailToken)
			}
			return bringMail(cmd.Context(), strings.TrimRight(server, "/"), token, to, env.Stdin)
		}),
	}
	f := cmd.Flags()
	f.StringVar(&server, "server", "", "address of the server")
	f.StringSliceVar(&to, "to", nil, "address to which the message came; any number of times")
	return cmd
}

// bringMail brings a message.
func bringMail(ctx context.Context, server, token string, to []string, message io.Reader) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, server+"/hooks/mail?"+url.Values{"to": to}.Encode(), message)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "message/rfc822")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return command.Again(fmt.Errorf("%s does not answer: %w", server, err))
	}
	defer func() { _ = res.Body.Close() }()               // all of it was read that is needed
	said, _ := io.ReadAll(io.LimitReader(res.Body, 1000)) // the status says enough
	switch {
	case res.StatusCode == http.StatusAccepted:
		return nil
	case res.StatusCode == http.StatusBadRequest, res.StatusCode == http.StatusNotFound:
		return fmt.Errorf("the message is refused: %s", strings.TrimSpace(string(said)))
	}
	return command.Again(fmt.Errorf("the message was not taken, status %d: %s", res.StatusCode, strings.TrimSpace(string(said))))
}
