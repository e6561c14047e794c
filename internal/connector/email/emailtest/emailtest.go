// Package emailtest has a mail server for tests: a real one, which keeps what it
// takes.
package emailtest

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/hindcast/hindcast/internal/connector/email"
	"github.com/hindcast/hindcast/internal/secret"
)

// Password is the one that a [Server] accepts.
const Password = "s3cret-pass"

// Server is a mail server. It may be used by several goroutines at once.
type Server struct {
	Addr       string
	encryption string
	roots      *x509.CertPool

	mu      sync.Mutex
	taken   []Mail
	refuse  map[string]*smtp.SMTPError
	arrived func() // called before a mail is answered for
	conns   []net.Conn
}

// Mail is what the server took.
type Mail struct {
	From, User, Text string
	To               []string
	Encrypted        bool
}

// Start starts a server that ends with the test: "starttls", "tls" or "none".
func Start(t testing.TB, encryption string) *Server {
	t.Helper()
	https := httptest.NewTLSServer(nil) // for its certificate
	t.Cleanup(https.Close)
	p := &Server{encryption: encryption, roots: x509.NewCertPool(), refuse: map[string]*smtp.SMTPError{}}
	p.roots.AddCert(https.Certificate())
	config := &tls.Config{Certificates: https.TLS.Certificates}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.Addr = l.Addr().String()
	s := smtp.NewServer(p)
	s.Domain, s.ErrorLog = "mail.example.org", quiet{}
	switch encryption {
	case "tls":
		l = tls.NewListener(l, config)
	case "starttls":
		s.TLSConfig = config
	case "none":
		s.AllowInsecureAuth = true
	}
	t.Cleanup(func() { _ = s.Close() })
	go func() { _ = s.Serve(l) }() // it ends with the test
	return p
}

// Settings are those of somebody who sends through the server, without signing in.
func (p *Server) Settings() email.Server {
	return email.Server{Addr: p.Addr, From: "Hindcast <hindcast@example.org>", TLS: p.encryption, Roots: p.roots}
}

// SignedIn are the settings of somebody who signs in.
func (p *Server) SignedIn() email.Server {
	s := p.Settings()
	s.User, s.Password = "hindcast", secret.New(Password)
	return s
}

// Refuse has the server answer a command, such as MAIL or DATA, or a recipient with
// an error; nil ends that.
func (p *Server) Refuse(command string, e *smtp.SMTPError) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.refuse[command] = e; e == nil {
		delete(p.refuse, command)
	}
}

// Arrived has f called when the server has all of a mail and did not say so yet.
func (p *Server) Arrived(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.arrived = f
}

// Drop ends all connections without a word.
func (p *Server) Drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		_ = c.Close() // it may have ended
	}
	p.conns = nil
}

// Taken returns the mails that the server took, the first first.
func (p *Server) Taken() []Mail {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Mail(nil), p.taken...)
}

// NewSession begins to take mail.
func (p *Server) NewSession(c *smtp.Conn) (smtp.Session, error) {
	_, encrypted := c.TLSConnectionState()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conns = append(p.conns, c.Conn())
	return &session{server: p, mail: Mail{Encrypted: encrypted}}, nil
}

func (p *Server) refusal(name string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if e := p.refuse[name]; e != nil {
		return e
	}
	return nil
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

type session struct {
	server *Server
	mail   Mail
}

// AuthMechanisms says how people sign in.
func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth signs in. What it answers to a wrong password repeats that, as bad servers
// do.
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, pass string) error {
		if pass != Password {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "not accepted: " + pass}
		}
		s.mail.User = user
		return nil
	}), nil
}

// Mail names the sender.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.mail.From, s.mail.To = from, nil
	return s.server.refusal("MAIL")
}

// Rcpt names a recipient.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.To = append(s.mail.To, to)
	return s.server.refusal(to)
}

// Data takes the text.
func (s *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.server.refusal("DATA"); err != nil {
		return err
	}
	s.mail.Text = string(text)
	s.server.mu.Lock()
	arrived := s.server.arrived
	s.server.taken = append(s.server.taken, s.mail)
	s.server.mu.Unlock()
	if arrived != nil {
		arrived()
	}
	return nil
}

// Reset forgets a mail that was begun.
func (s *session) Reset() {}

// Logout ends the session.
func (s *session) Logout() error { return nil }
