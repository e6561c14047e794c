// Package smtp takes mail from the organization's own mail server, by SMTP or LMTP.
// It knows its recipients, passes nothing on to anybody, and says that it took a
// message only when that is kept for good. It is no server for the internet: it
// neither looks for spam nor proves who sends.
package smtp

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/hindcast/hindcast"
)

// Config says what a [Server] works with. Known and Receive must be set.
type Config struct {
	// Known returns nil for an address of ours, and a NotFound error for others.
	Known func(ctx context.Context, address string) error
	// Receive keeps a message for good. Its errors are those of mailin.Receive.
	Receive func(ctx context.Context, to []string, raw io.Reader) error
	Domain  string // by which it greets
	Most    int64  // bytes of a message
	LMTP    bool
	TLS     *tls.Config // for STARTTLS; nil without
	Log     *slog.Logger
}

// Server takes mail. It may be used by several goroutines at once.
type Server struct {
	Config
	server *smtp.Server
}

// The bounds of a conversation.
const (
	mostTo      = 20
	mostAtOnce  = 20       // conversations
	longestLine = 64 << 10 // some programs write text in one line
	patience    = 2 * time.Minute
)

// New returns a Server.
func New(c Config) *Server {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{Config: c}
	s.server = smtp.NewServer(s)
	s.server.Domain, s.server.LMTP, s.server.TLSConfig = c.Domain, c.LMTP, c.TLS
	s.server.MaxMessageBytes, s.server.MaxRecipients, s.server.MaxLineLength = c.Most, mostTo, longestLine
	s.server.ReadTimeout, s.server.WriteTimeout = patience, patience
	s.server.EnableSMTPUTF8 = true
	s.server.ErrorLog = slog.NewLogLogger(c.Log.Handler(), slog.LevelDebug)
	return s
}

// Serve takes mail until ctx ends, and then what is under way for a while.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- s.server.Serve(&few{Listener: l, places: make(chan struct{}, mostAtOnce)}) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := s.server.Shutdown(end)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.server.Close()
	}
	if errors.Is(err, smtp.ErrServerClosed) {
		err = nil
	}
	return err
}

// few lets in a number of conversations at once; others wait.
type few struct {
	net.Listener
	places chan struct{}
}

// Accept waits for a place, and for who takes it.
func (f *few) Accept() (net.Conn, error) {
	f.places <- struct{}{}
	c, err := f.Listener.Accept()
	if err != nil {
		<-f.places
		return nil, err
	}
	return &placed{Conn: c, leave: func() { <-f.places }}, nil
}

// placed is a conversation that has a place.
type placed struct {
	net.Conn
	leave func()
	left  sync.Once
}

// Close ends the conversation, and gives its place up.
func (p *placed) Close() error {
	p.left.Do(p.leave)
	return p.Conn.Close()
}

// NewSession begins a conversation.
func (s *Server) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{server: s}, nil }

// session is one conversation.
type session struct {
	server *Server
	to     []string
}

// Mail takes the sender of the envelope, which nothing depends on: who wrote a
// message is in the message.
func (t *session) Mail(string, *smtp.MailOptions) error { return nil }

// Rcpt takes a recipient that is known.
func (t *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := t.server.Known(ctx, to); err != nil {
		return t.server.answer(err)
	}
	t.to = append(t.to, to)
	return nil
}

// Data takes the message.
func (t *session) Data(r io.Reader) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := t.server.Receive(ctx, t.to, r); err != nil {
		return t.server.answer(err)
	}
	return nil
}

// Reset begins anew.
func (t *session) Reset() { t.to = nil }

// Logout ends the conversation.
func (t *session) Logout() error { return nil }

// answer says what an error means in SMTP. What is refused for good is 5xx, and
// what is to come again 4xx; a fault of ours says nothing of what went wrong.
func (s *Server) answer(err error) error {
	var spoken *smtp.SMTPError
	if errors.As(err, &spoken) {
		return spoken
	}
	said := strings.Map(printable, err.Error())
	switch hindcast.CodeOf(err) {
	case hindcast.NotFound:
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: said}
	case hindcast.Invalid:
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: said}
	case hindcast.Unavailable, hindcast.Conflict:
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: said}
	}
	s.Log.Error("mail that came in could not be kept", "error", err)
	return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "it could not be kept; send it again later"}
}

// printable leaves what may stand in an answer.
func printable(r rune) rune {
	if r < ' ' || r > '~' {
		return '?'
	}
	return r
}
