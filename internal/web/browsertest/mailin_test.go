package browsertest

import (
	"testing"

	"github.com/hindcast/hindcast/internal/config"
)

// TestMailThatCameIn decides about mail as a member does: begins a post-mortem with
// one, attaches another, dismisses a third and takes that back.
func TestMailThatCameIn(t *testing.T) {
	address := browser(t)
	const token = "token-of-the-mail-server-1"
	here, setup := serveAs(t, false, func(c *config.Config) {
		c.MailIn.Address, c.MailIn.Token, c.MailIn.Trusted = "incident@hindcast.example.org", token, "mx.example.org"
	})
	run(t, address, "mailin.mjs", here, setup, token)
}
