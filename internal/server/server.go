// Package server assembles a server from its configuration: the database, the
// evidence, the people, the rules, and what is served over HTTP. A [Server] is a
// value: tests start it on a port of the system's choice with a folder of their
// own.
package server

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/auth"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/collab"
	"github.com/hindcast/hindcast/internal/collect"
	"github.com/hindcast/hindcast/internal/collect/channel"
	"github.com/hindcast/hindcast/internal/collect/mailin"
	"github.com/hindcast/hindcast/internal/config"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/deliver/elsewhere"
	"github.com/hindcast/hindcast/internal/deliver/ticket"
	"github.com/hindcast/hindcast/internal/lint"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/secret"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/web"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/letter"
	"github.com/hindcast/hindcast/internal/workflow/notice"
	"github.com/hindcast/hindcast/internal/workflow/reading"
	"github.com/hindcast/hindcast/internal/workflow/review"
)

// Options are what a server needs beside its configuration.
type Options struct {
	Demo    bool         // everybody is in as one made-up person, with sample incidents
	Log     *slog.Logger // discarded when nil
	Version string
	Now     func() time.Time // time.Now when nil
	// Patience is how long a client may take to send a small body; 30 seconds when 0.
	Patience time.Duration
	// Settle is how long an incident that others tell of must be over before its
	// evidence is fetched; [collect.DefaultSettle] when 0.
	Settle time.Duration
	// Roots are whom the certificate of the mail server is checked by; the system's
	// when nil.
	Roots *x509.CertPool
}

// Server is an assembled server. Close it when it is not needed any more.
type Server struct {
	config   config.Config
	opt      Options
	store    *store.Store
	blobs    blob.Store
	auth     *auth.Auth
	sso      *auth.SSO
	workflow *workflow.Service
	lint     *lint.Linter
	collab   *collab.Service
	reading  *reading.Service
	queue    *queue.Queue
	box      *secret.Box
	deliver  *deliver.Service
	tickets  *ticket.Service
	outside  *elsewhere.Service
	collect  *collect.Service
	channels *channel.Service
	mailIn   *mailin.Service
	mailTLS  *tls.Config  // for mail that comes in; nil without
	mailAt   net.Listener // nil until it is listened to
	review   *review.Service
	notice   *notice.Service
	letters  *letter.Service
	registry *prometheus.Registry
	handler  http.Handler
	pages    *web.Handler
	proxies  []*net.IPNet
	traces   *sdktrace.TracerProvider // nil when nothing is traced
	asked    atomic.Int64             // requests of people and programs, but for those that watch it
}

// New opens everything that a server needs and brings the tables up to date. It
// listens to nothing yet; see [Server.Serve].
func New(ctx context.Context, c config.Config, opt Options) (*Server, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	s := &Server{config: c, opt: opt, registry: prometheus.NewRegistry(), proxies: networks(c.Proxies)}
	for _, step := range []func(context.Context) error{s.openStore, s.openAuth, s.openDeliver, s.openWorkflow, s.openCollect, s.openCollab, s.openDemo, s.openTraces, s.openHandler} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

func (s *Server) openStore(ctx context.Context) error {
	if err := os.MkdirAll(s.config.Data, 0o700); err != nil {
		return hindcast.Errorf(hindcast.Unavailable, "cannot make the data folder %s: %v; name another with --data", s.config.Data, err)
	}
	var err error
	if s.store, err = store.Open(ctx, s.config.Database()); err != nil {
		return err
	}
	s.blobs, err = OpenBlobs(ctx, s.config)
	return err
}

// OpenBlobs opens where a configuration keeps evidence: its bucket, or the data
// folder.
func OpenBlobs(ctx context.Context, c config.Config) (blob.Store, error) {
	if c.Bucket.Endpoint == "" {
		return blob.OpenDir(c.Blobs())
	}
	return blob.OpenBucket(ctx, blob.BucketConfig{Endpoint: c.Bucket.Endpoint, Bucket: c.Bucket.Name, Region: c.Bucket.Region, Prefix: c.Bucket.Prefix,
		AccessKey: c.Bucket.AccessKey, SecretKey: c.Bucket.SecretKey, Insecure: c.Bucket.Insecure})
}

func (s *Server) openAuth(context.Context) error {
	s.auth = auth.New(auth.Config{DB: s.store.DB(), Audit: s.record, Now: s.opt.Now})
	if s.config.SSO.Issuer == "" {
		return nil
	}
	var err error
	s.sso, err = s.auth.SSO(auth.OIDCConfig{
		Issuer: s.config.SSO.Issuer, ClientID: s.config.SSO.ClientID, ClientSecret: s.config.SSO.ClientSecret, Name: s.config.SSO.Name,
		Domains: s.config.SSO.Domains, Role: hindcast.Role(s.config.SSO.Role), RedirectURL: s.address() + "/sign-in/callback",
	}, &http.Client{Timeout: 15 * time.Second})
	return err
}

// record keeps what people do with their accounts in the audit trail.
func (s *Server) record(ctx context.Context, tx *sqldb.Tx, by hindcast.Viewer, act string, detail any) error {
	return store.Record(ctx, tx, store.AuditEntry{At: s.opt.Now(), PersonID: by.PersonID, TokenID: by.TokenID, Act: act, Detail: detail})
}

// ready asks the rules of review whether a post-mortem can move on.
func (s *Server) ready(ctx context.Context, h *workflow.Held, to hindcast.Status) error {
	return s.review.Ready(ctx, h, to)
}

func (s *Server) openWorkflow(context.Context) (err error) {
	if s.lint, err = lint.New(); err != nil {
		return err
	}
	policy := hindcast.DefaultPolicy()
	policy, _ = s.config.Review.Policy(policy) // checked before, both
	policy.Calendar, _ = s.config.Days.Calendar()
	s.notice = notice.New(notice.Config{DB: s.store.DB(), Calendar: policy.Calendar, Now: s.opt.Now})
	s.workflow = workflow.New(workflow.Config{Policy: policy, Lint: s.lint, Ready: s.ready, Store: s.store, Blobs: s.blobs, Now: s.opt.Now, Log: s.opt.Log, Announce: s.announce, Notify: s.notice.Post, Settle: s.settle, Freeze: reading.Freeze})
	s.review = review.New(review.Config{DB: s.store.DB(), Workflow: s.workflow, Names: auth.Names, IDs: auth.IDs, Now: s.opt.Now})
	s.reading = reading.New(reading.Config{Workflow: s.workflow, DB: s.store.DB(), Now: s.opt.Now})
	s.openLetters()
	s.tickets = ticket.New(ticket.Config{DB: s.store.DB(), Queue: s.queue, Workflow: s.workflow, Trackers: s.deliver, Address: s.address, Now: s.opt.Now, Tell: s.notice.Post})
	s.outside = elsewhere.New(elsewhere.Config{DB: s.store.DB(), Queue: s.queue, Workflow: s.workflow, Reading: s.reading, Connections: s.deliver, Address: s.address, Now: s.opt.Now})
	return nil
}

// announce lets what happens be told, and published elsewhere.
func (s *Server) announce(ctx context.Context, tx *sqldb.Tx, e workflow.Event) error {
	if err := s.deliver.Announce(ctx, tx, e); err != nil {
		return err
	}
	return s.outside.Announce(ctx, tx, e)
}

// openDemo fills a demo, and refuses to serve one as a library of real people.
func (s *Server) openDemo(ctx context.Context) error {
	if s.opt.Demo {
		return s.demo(ctx)
	}
	is, err := s.auth.IsDemo(ctx)
	if err == nil && is {
		err = hindcast.Errorf(hindcast.Conflict, "the data folder %s is that of a demo, which has no passwords; start with --demo, or with another --data folder", s.config.Data)
	}
	return err
}

// address is where people reach the server.
func (s *Server) address() string {
	if s.config.URL != "" {
		return s.config.URL
	}
	return "http://" + s.config.Addr
}

// Setup returns the link that makes the first account, for the terminal on which
// the server starts; empty when there are people.
func (s *Server) Setup(ctx context.Context) (string, error) {
	if s.opt.Demo {
		return "", nil
	}
	link, err := s.auth.Setup(ctx)
	if err != nil || link == nil {
		return "", err
	}
	return s.address() + "/link/" + link.Secret, nil
}

// Handler returns what is served, for tests.
func (s *Server) Handler() http.Handler { return s.handler }

// Workflow returns the rules of the library, for tests.
func (s *Server) Workflow() *workflow.Service { return s.workflow }

// Listen opens the address of the configuration. Port 0 lets the system choose.
func (s *Server) Listen() (net.Listener, error) {
	l, err := net.Listen("tcp", s.config.Addr)
	if err != nil {
		return nil, hindcast.Errorf(hindcast.Unavailable, "cannot listen on %s: %v; choose another with --addr", s.config.Addr, err)
	}
	if err := s.listenForMail(); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	if s.config.URL == "" {
		s.config.Addr = l.Addr().String()
	}
	return l, nil
}

// Serve answers requests until ctx ends, then lets those that run go on for a
// while and waits for work in the background.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	h := &http.Server{
		Handler: s.handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog:    slog.NewLogLogger(s.opt.Log.Handler(), slog.LevelDebug),
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	failed := make(chan error, 1)
	go func() { failed <- h.Serve(l) }()
	tidied := make(chan struct{})
	go func() { defer close(tidied); s.tidy(ctx) }()
	worked := make(chan struct{})
	go func() { defer close(worked); s.work(ctx) }()
	mailed := make(chan struct{})
	go func() { defer close(mailed); s.takeMail(ctx) }()
	written := make(chan struct{})
	go func() { defer close(written); s.collab.Run(ctx) }()
	filled := make(chan struct{})
	go func() { defer close(filled); s.pages.Fill(ctx) }()
	go s.rest(ctx)
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	<-tidied
	<-filled
	<-mailed
	s.opt.Log.Info("stopping", "after", s.config.Stop)
	// A name of its own: what began above may only now look at ctx.
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.config.Stop)
	defer cancel()
	s.collab.Close()
	s.pages.Close() // streams would go on as long as requests may
	err := h.Shutdown(last)
	if errors.Is(err, context.DeadlineExceeded) {
		err = h.Close()
	}
	s.workflow.Wait()
	<-written
	<-worked
	if s.traces != nil {
		err = errors.Join(err, s.traces.Shutdown(last))
	}
	return err
}

// tidy removes once a day what nobody needs any more, until ctx ends.
func (s *Server) tidy(ctx context.Context) {
	t := time.NewTicker(24 * time.Hour)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		if n, err := s.workflow.Tidy(ctx); err != nil {
			s.opt.Log.Error("removing what nobody needs failed", "error", err)
		} else {
			s.opt.Log.Info("removed what nobody needs", "incidents", n.Incidents, "blobs", n.Blobs)
		}
	}
}

// Close closes the database.
func (s *Server) Close() error {
	if s.mailAt != nil {
		_ = s.mailAt.Close() // it may be closed by who served it
	}
	if s.store == nil {
		return nil
	}
	return s.store.Close()
}

// health reports whether the server can do its work now.
func (s *Server) health(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if err := s.store.DB().Ping(ctx); err != nil {
		return err
	}
	return nil
}
