// Package email tells people of what happens, by mail through an SMTP server.
//
// A message keeps its Message-ID however often it is sent, so that mail programs
// show it once. Nothing that a message says can add a header or a recipient.
package email

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/secret"
)

// Server is the server that takes mail.
type Server struct {
	Addr     string // host:port; empty when there is none
	User     string // empty to send without signing in
	Password secret.Text
	From     string         // "Hindcast <hindcast@example.org>"
	TLS      string         // starttls, tls, or none, which is refused with a password except on this machine
	Roots    *x509.CertPool // the system's when nil
}

// timeout bounds the sending of one mail.
const timeout = time.Minute

// Vendor returns the vendor for a list.
func Vendor(s Server) connector.Vendor {
	return connector.Vendor{
		Name: "email", Title: "E-mail", Roles: []connector.Role{connector.Announces},
		Fields: []connector.Field{{Name: "to", Title: "Recipients", Help: "addresses separated by commas; better a list than people"}},
		Check: func(c connector.Settings) (string, error) {
			if s.Addr == "" {
				return "", hindcast.Errorf(hindcast.Invalid, "no mail server is configured; set smtp.addr and smtp.from, see docs/operate.md")
			}
			to, err := recipients(c["to"].Reveal())
			return strings.Join(to, ", "), err
		},
		Open: func(c connector.Settings, d connector.Deps) (any, error) {
			to, err := recipients(c["to"].Reveal())
			if err != nil {
				return nil, err
			}
			return &Mailer{server: s, to: to, now: d.Now}, nil
		},
	}
}

// maxRecipients bounds the recipients of one mail.
const maxRecipients = 50

// recipients reads addresses.
func recipients(text string) ([]string, error) {
	list, err := mail.ParseAddressList(text)
	if err != nil || len(list) > maxRecipients {
		return nil, hindcast.Errorf(hindcast.Invalid, "to: write up to %d addresses separated by commas, such as ops@example.org", maxRecipients)
	}
	var out []string
	for _, a := range list {
		if strings.ContainsFunc(a.Address, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || strings.ContainsRune("<>,", r) }) {
			return nil, hindcast.Errorf(hindcast.Invalid, "to: %q is no address that mail can be sent to", a.Address)
		}
		if !slices.Contains(out, a.Address) {
			out = append(out, a.Address)
		}
	}
	return out, nil
}

// Mailer sends mail to one list of recipients.
type Mailer struct {
	server Server
	to     []string
	now    func() time.Time
}

// Announce sends a message as one mail. It is sent to all recipients or to none:
// when the server refuses one of them, the error names it.
func (m *Mailer) Announce(ctx context.Context, msg connector.Message) (string, error) {
	from, err := mail.ParseAddress(m.server.From)
	if err != nil {
		return "", hindcast.Errorf(hindcast.Invalid, "smtp.from is no mail address; write one such as hindcast@example.org")
	}
	text, err := m.compose(from, msg)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := m.send(ctx, from.Address, text, func() error { return nil }); err != nil {
		return "", m.fault(err)
	}
	return fmt.Sprintf("the mail server took it for %d recipients", len(m.to)), nil
}

// compose writes a mail.
func (m *Mailer) compose(from *mail.Address, msg connector.Message) ([]byte, error) {
	var b bytes.Buffer
	_, domain, _ := strings.Cut(from.Address, "@")
	var to []string
	for _, a := range m.to {
		to = append(to, (&mail.Address{Address: a}).String())
	}
	for _, h := range [][2]string{
		{"From", from.String()}, {"To", strings.Join(to, ",\r\n ")},
		{"Subject", mime.QEncoding.Encode("utf-8", oneLine(msg.Subject))},
		{"Date", m.now().UTC().Format(time.RFC1123Z)}, {"Message-ID", "<" + token(msg.ID) + "@" + domain + ">"},
		{"Auto-Submitted", "auto-generated"}, {"X-Hindcast-Event", token(msg.Type)},
		{"MIME-Version", "1.0"}, {"Content-Type", "text/plain; charset=utf-8"}, {"Content-Transfer-Encoding", "quoted-printable"},
	} {
		fmt.Fprintf(&b, "%s: %s\r\n", h[0], h[1])
	}
	b.WriteString("\r\n")
	q := quotedprintable.NewWriter(&b)
	text := strings.ReplaceAll(strings.TrimSpace(msg.Text)+"\n\n"+oneLine(msg.URL)+"\n", "\r", "")
	_, err := io.WriteString(q, strings.ReplaceAll(text, "\n", "\r\n"))
	if err = errors.Join(err, q.Close()); err != nil {
		return nil, fmt.Errorf("write mail %s: %w", msg.ID, err)
	}
	return b.Bytes(), nil
}

// oneLine replaces what would end a header.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }), " ")
}

// token keeps letters, digits and a few signs.
func token(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_.", r)) {
			return r
		}
		return '-'
	}, s)
}

// send passes a mail to the server. leave is called when all but its end was sent;
// when that fails, the server forgets what it has.
func (m *Mailer) send(ctx context.Context, from string, text []byte, leave func() error) error {
	c, done, err := m.dial(ctx)
	if err != nil {
		return &greetError{err}
	}
	defer done()
	if err := c.Mail(from); err != nil {
		return err
	}
	for _, to := range m.to {
		if err := c.Rcpt(to); err != nil {
			return &refusedError{to, err}
		}
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	if err := leave(); err != nil {
		return err // the connection is closed without the end of the mail
	}
	if err := w.Close(); err != nil { // now the server has it, or not
		return &endError{err}
	}
	_ = c.Quit() // it has the mail
	return nil
}

// dial connects and signs in. done closes the connection.
func (m *Mailer) dial(ctx context.Context) (c *smtp.Client, done func(), err error) {
	host, _, err := net.SplitHostPort(m.server.Addr)
	if err != nil {
		return nil, nil, hindcast.Errorf(hindcast.Invalid, "smtp.addr is not HOST:PORT")
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", m.server.Addr)
	if err != nil {
		return nil, nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) }) // what waits on it fails
	done = func() { stop(); _ = conn.Close() }                                       // Quit has said good-bye
	config := &tls.Config{ServerName: host, RootCAs: m.server.Roots, MinVersion: tls.VersionTLS12}
	if m.server.TLS == "tls" {
		conn = tls.Client(conn, config)
	}
	if c, err = smtp.NewClient(conn, host); err == nil {
		err = m.greet(c, host, config)
	}
	if err != nil {
		done()
		return nil, nil, err
	}
	return c, done, nil
}

// greet begins encryption and signs in, as configured.
func (m *Mailer) greet(c *smtp.Client, host string, config *tls.Config) error {
	if m.server.TLS == "starttls" {
		if ok, _ := c.Extension("STARTTLS"); !ok {
			return hindcast.Errorf(hindcast.Invalid, "mail server %s offers no STARTTLS; set smtp.tls to tls, or to none for a server on this machine", m.server.Addr)
		}
		if err := c.StartTLS(config); err != nil {
			return err
		}
	}
	if m.server.User == "" {
		return nil
	}
	return c.Auth(smtp.PlainAuth("", m.server.User, m.server.Password.Reveal(), host))
}

// refusedError says whom the server does not take mail for.
type refusedError struct {
	to  string
	err error
}

// Error names the recipient.
func (e *refusedError) Error() string { return e.to + ": " + e.err.Error() }

// Unwrap returns what the server said.
func (e *refusedError) Unwrap() error { return e.err }

// fault says what an error of the server or of the way there means.
func (m *Mailer) fault(err error) error {
	var ours *hindcast.Error
	if errors.As(err, &ours) {
		return err
	}
	said := err.Error()
	if p := m.server.Password.Reveal(); p != "" {
		said = strings.ReplaceAll(said, p, "***")
	}
	said = oneLine(said)
	var answer *textproto.Error
	var certificate *tls.CertificateVerificationError
	code := hindcast.Unavailable
	switch {
	case errors.As(err, &answer) && answer.Code/100 == 5, errors.As(err, &certificate), strings.Contains(said, "unencrypted connection"):
		code = hindcast.Invalid // the same would come again
		if answer != nil && (answer.Code == 530 || answer.Code == 534 || answer.Code == 535) {
			code = hindcast.Denied
		}
	}
	return &hindcast.Error{Code: code, Message: fmt.Sprintf("mail server %s: %s", m.server.Addr, said)}
}
