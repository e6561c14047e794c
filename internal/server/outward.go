package server

import (
	"context"
	"maps"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/hindcast/hindcast/internal/collect"
	"github.com/hindcast/hindcast/internal/collect/mailin"
	"github.com/hindcast/hindcast/internal/connector/email"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/secret"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow/letter"
	"github.com/hindcast/hindcast/internal/workflow/remind"
)

// openDeliver opens what carries messages out of the library.
func (s *Server) openDeliver(context.Context) error {
	box, err := secret.Open(s.config.SecretKey, filepath.Join(s.config.Data, "secret.key"))
	if err != nil {
		return err
	}
	s.box = box
	s.queue = queue.New(queue.Config{DB: s.store.DB(), Now: s.opt.Now})
	s.deliver = deliver.New(deliver.Config{
		Again: func(ctx context.Context, tx *sqldb.Tx, endpoint string) error {
			return s.tickets.Again(ctx, tx, endpoint)
		},
		DB: s.store.DB(), Queue: s.queue, Box: box, Now: s.opt.Now, Address: s.address, Closed: s.closed(), Ref: collect.Ref,
		Vendors: vendors(s.mail()),
		HTTP:    outhttp.New(outhttp.Config{Now: time.Now, Private: s.config.Private, UserAgent: "Hindcast/" + s.opt.Version}),
	})
	s.registry.MustRegister(outward{s})
	return nil
}

// closed says why nothing may leave; empty when it may.
func (s *Server) closed() string {
	if s.opt.Demo {
		return "this is a demo, in which everybody is an admin; nothing leaves it"
	}
	return ""
}

// mail is the server for outgoing mail.
func (s *Server) mail() email.Server {
	c := s.config.SMTP
	return email.Server{Addr: c.Addr, User: c.User, Password: secret.New(c.Password), From: c.From, TLS: c.TLS, Roots: s.opt.Roots}
}

// handlers are those of all work for later.
func (s *Server) handlers() map[string]queue.Handler {
	all := s.deliver.Handlers()
	maps.Copy(all, s.tickets.Handlers())
	maps.Copy(all, s.outside.Handlers())
	maps.Copy(all, s.collect.Handlers())
	maps.Copy(all, s.channels.Handlers())
	maps.Copy(all, s.mailIn.Handlers())
	maps.Copy(all, s.notice.Handlers())
	maps.Copy(all, s.letters.Handlers())
	maps.Copy(all, s.reminders().Handlers())
	return all
}

// reminders tell people of what is due.
func (s *Server) reminders() *remind.Service {
	return remind.New(remind.Config{DB: s.store.DB(), Policy: s.workflow.Policy(), Post: s.notice.Post, Announce: s.deliver.Announce, Now: s.opt.Now})
}

// work does what is queued until ctx ends, and then what is begun.
func (s *Server) work(ctx context.Context) {
	w := &queue.Worker{Queue: s.queue, Handlers: s.handlers(), Log: s.opt.Log, Grace: s.config.Stop}
	if err := w.Run(ctx); err != nil {
		s.opt.Log.Error("the work for later has stopped", "error", err)
	}
}

// outward collects the figures of what leaves the library when they are asked for.
type outward struct{ *Server }

var (
	deliveriesDesc = prometheus.NewDesc("hindcast_deliveries", "Messages to others, by state.", []string{"state"}, nil)
	mailInDesc     = prometheus.NewDesc("hindcast_mail_in", "Mail that came in, by state.", []string{"state"}, nil)
	lettersDesc    = prometheus.NewDesc("hindcast_letters", "Mail to people, by state.", []string{"state"}, nil)
	jobsDesc       = prometheus.NewDesc("hindcast_jobs", "Work for later, by kind and state.", []string{"kind", "state"}, nil)
	lagDesc        = prometheus.NewDesc("hindcast_queue_lag_seconds", "For how long the work that waits longest has been due.", nil, nil)
)

// Describe tells which figures there are.
func (o outward) Describe(c chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{deliveriesDesc, lettersDesc, mailInDesc, jobsDesc, lagDesc} {
		c <- d
	}
}

// Collect reads the figures.
func (o outward) Collect(c chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	deliveries, err := o.deliver.Counts(ctx)
	if err != nil {
		c <- prometheus.NewInvalidMetric(deliveriesDesc, err)
		return
	}
	for _, state := range deliver.States() {
		c <- prometheus.MustNewConstMetric(deliveriesDesc, prometheus.GaugeValue, float64(deliveries[state]), string(state))
	}
	letters, err := o.letters.Counts(ctx)
	if err != nil {
		c <- prometheus.NewInvalidMetric(lettersDesc, err)
		return
	}
	for _, state := range letter.States() {
		c <- prometheus.MustNewConstMetric(lettersDesc, prometheus.GaugeValue, float64(letters[state]), string(state))
	}
	mail, err := o.mailIn.Counts(ctx)
	if err != nil {
		c <- prometheus.NewInvalidMetric(mailInDesc, err)
		return
	}
	for _, state := range mailin.States() {
		c <- prometheus.MustNewConstMetric(mailInDesc, prometheus.GaugeValue, float64(mail[state]), string(state))
	}
	jobs, err := o.queue.Counts(ctx)
	if err != nil {
		c <- prometheus.NewInvalidMetric(jobsDesc, err)
		return
	}
	for _, j := range jobs {
		c <- prometheus.MustNewConstMetric(jobsDesc, prometheus.GaugeValue, float64(j.Jobs), j.Kind, string(j.State))
	}
	lag, err := o.queue.Lag(ctx)
	if err != nil {
		c <- prometheus.NewInvalidMetric(lagDesc, err)
		return
	}
	c <- prometheus.MustNewConstMetric(lagDesc, prometheus.GaugeValue, lag.Seconds())
}
