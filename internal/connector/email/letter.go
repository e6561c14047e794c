package email

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
)

// Letter is a mail to one person, as text and as HTML that say the same.
type Letter struct {
	ID         string    // it keeps its Message-ID however often it is sent
	Date       time.Time // and its date
	To         string    // an address
	Subject    string
	Text, HTML string
	Thread     string // letters of one thread are shown together; empty for none
	// Unsubscribe is an address that stops such letters on POST (RFC 8058); empty for
	// letters that people ask for.
	Unsubscribe string
	ReplyTo     string // an address for answers; empty for none
}

// ErrUnsure is that nobody knows whether the server took a letter: the connection
// ended after it had all of it and before it answered.
var ErrUnsure = errors.New("the mail server did not say whether it took the letter")

// ErrRefused is that the server will not take this letter, however often it is
// asked. Others may pass.
var ErrRefused = errors.New("the mail server does not take the letter")

// patience bounds the wait for the answer to a whole letter: servers look into what
// they get.
const patience = 5 * time.Minute

// Send passes a letter to the server. leave is called when only its end is left to
// be sent; when it fails, the server does not get the letter. After any error but
// [ErrUnsure] the server does not have it.
func (s Server) Send(ctx context.Context, l Letter, leave func() error) error {
	from, err := mail.ParseAddress(s.From)
	if err != nil {
		return hindcast.Errorf(hindcast.Invalid, "smtp.from is no mail address; write one such as hindcast@example.org")
	}
	to, err := recipients(l.To)
	if err != nil || len(to) != 1 {
		return fmt.Errorf("%w: no mail can be sent to the address of the person", ErrRefused)
	}
	text, err := l.compose(from, to[0])
	if err != nil {
		return err
	}
	m := &Mailer{server: s, to: to}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	late := time.AfterFunc(timeout, cancel)
	defer late.Stop()
	var left error
	err = m.send(ctx, from.Address, text, func() error {
		left = leave()
		late.Reset(patience)
		return left
	})
	if err == nil || left != nil {
		return left
	}
	return m.outcome(err)
}

// outcome says what an error means for the letter.
func (m *Mailer) outcome(err error) error {
	said := m.fault(err)
	var answer *textproto.Error
	var end *endError
	switch {
	case !errors.As(err, &answer):
		if errors.As(err, &end) {
			return fmt.Errorf("%w: %w", ErrUnsure, said)
		}
	case answer.Code/100 == 5 && hindcast.CodeOf(said) != hindcast.Denied && !errors.As(err, new(*greetError)):
		return fmt.Errorf("%w: %w", ErrRefused, said)
	}
	return said
}

// endError is an error after all of a mail was sent.
type endError struct{ err error }

// Error says what went wrong.
func (e *endError) Error() string { return e.err.Error() }

// Unwrap returns what the connection said.
func (e *endError) Unwrap() error { return e.err }

// greetError is an error before the server was asked to take a mail.
type greetError struct{ err error }

// Error says what went wrong.
func (e *greetError) Error() string { return e.err.Error() }

// Unwrap returns what the server said.
func (e *greetError) Unwrap() error { return e.err }

// compose writes a letter, with the same bytes each time.
func (l Letter) compose(from *mail.Address, to string) ([]byte, error) {
	var b bytes.Buffer
	_, domain, _ := strings.Cut(from.Address, "@")
	parts := multipart.NewWriter(&b)
	if err := parts.SetBoundary("=_" + token(l.ID)); err != nil {
		return nil, fmt.Errorf("write letter %s: %w", l.ID, err)
	}
	headers := [][2]string{
		{"From", from.String()}, {"To", (&mail.Address{Address: to}).String()},
		{"Subject", strings.ReplaceAll(mime.QEncoding.Encode("utf-8", oneLine(l.Subject)), "?= =?", "?=\r\n =?")},
		{"Date", l.Date.UTC().Format(time.RFC1123Z)}, {"Message-ID", "<" + token(l.ID) + "@" + domain + ">"},
		{"Auto-Submitted", "auto-generated"},
	}
	if l.ReplyTo != "" {
		headers = append(headers, [2]string{"Reply-To", "<" + oneLine(l.ReplyTo) + ">"})
	}
	if l.Thread != "" {
		headers = append(headers, [2]string{"References", "<" + token(l.Thread) + "@" + domain + ">"})
	}
	if l.Unsubscribe != "" {
		headers = append(headers, [2]string{"List-Unsubscribe", "<" + oneLine(l.Unsubscribe) + ">"}, [2]string{"List-Unsubscribe-Post", "List-Unsubscribe=One-Click"})
	}
	headers = append(headers, [2]string{"MIME-Version", "1.0"}, [2]string{"Content-Type", `multipart/alternative; boundary="` + parts.Boundary() + `"`})
	for _, h := range headers {
		fmt.Fprintf(&b, "%s: %s\r\n", h[0], h[1])
	}
	b.WriteString("\r\n")
	for _, p := range [][2]string{{"text/plain", l.Text}, {"text/html", l.HTML}} {
		if err := addPart(parts, p[0], p[1]); err != nil {
			return nil, fmt.Errorf("write letter %s: %w", l.ID, err)
		}
	}
	err := parts.Close()
	return b.Bytes(), err
}

// addPart adds a text of a kind.
func addPart(parts *multipart.Writer, kind, text string) error {
	w, err := parts.CreatePart(textproto.MIMEHeader{"Content-Type": {kind + "; charset=utf-8"}, "Content-Transfer-Encoding": {"quoted-printable"}})
	if err != nil {
		return err
	}
	q := quotedprintable.NewWriter(w)
	_, err = io.WriteString(q, strings.ReplaceAll(strings.ReplaceAll(text, "\r", ""), "\n", "\r\n"))
	return errors.Join(err, q.Close())
}
