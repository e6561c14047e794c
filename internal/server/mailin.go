package server

import (
	"context"
	"crypto/tls"
	"net"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/collect/mailin"
	"github.com/hindcast/hindcast/internal/hook/smtp"
)

// openMailIn opens what takes mail in.
func (s *Server) openMailIn() error {
	c := s.config.MailIn
	s.mailIn = mailin.New(mailin.Config{DB: s.store.DB(), Queue: s.queue, Blobs: s.blobs, Workflow: s.workflow, Review: s.review, Person: s.auth.Active, Now: s.opt.Now,
		Settings: mailin.Settings{Address: c.Address, Domains: c.Domains, Trusted: c.Trusted, Most: int64(c.MaxMB) << 20, PerHour: c.PerHour, Listen: c.Listen, ByToken: c.Token != ""}})
	if c.Cert == "" {
		return nil
	}
	cert, err := tls.LoadX509KeyPair(c.Cert, c.Key)
	if err != nil {
		return hindcast.Errorf(hindcast.Unavailable, "the certificate for mail that comes in cannot be read: %v; look at mail_in.tls_cert and mail_in.tls_key", err)
	}
	s.mailTLS = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	return nil
}

// listenForMail opens the address at which the mail server passes mail on.
func (s *Server) listenForMail() error {
	if s.config.MailIn.Listen == "" {
		return nil
	}
	l, err := net.Listen("tcp", s.config.MailIn.Listen)
	if err != nil {
		return hindcast.Errorf(hindcast.Unavailable, "cannot listen for mail on %s: %v; choose another with mail_in.listen", s.config.MailIn.Listen, err)
	}
	s.mailAt = l
	s.opt.Log.Info("mail is taken in", "at", l.Addr().String(), "protocol", s.config.MailIn.Protocol)
	return nil
}

// MailAddr returns where mail is taken in; empty when it is not.
func (s *Server) MailAddr() string {
	if s.mailAt == nil {
		return ""
	}
	return s.mailAt.Addr().String()
}

// takeMail takes mail until ctx ends.
func (s *Server) takeMail(ctx context.Context) {
	if s.mailAt == nil {
		return
	}
	_, domain, _ := strings.Cut(s.config.MailIn.Address, "@")
	server := smtp.New(smtp.Config{Known: s.mailIn.Known, Receive: s.mailIn.Receive, Domain: domain, Most: int64(s.config.MailIn.MaxMB) << 20,
		LMTP: s.config.MailIn.Protocol == "lmtp", TLS: s.mailTLS, Log: s.opt.Log})
	if err := server.Serve(ctx, s.mailAt); err != nil {
		s.opt.Log.Error("taking mail in has stopped", "error", err)
	}
}
