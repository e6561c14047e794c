package server

import (
	"net/http"
	"path/filepath"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/hindcast/hindcast/internal/api"
	"github.com/hindcast/hindcast/internal/hook"
	"github.com/hindcast/hindcast/internal/secret"
	"github.com/hindcast/hindcast/internal/web"
	"github.com/hindcast/hindcast/internal/workflow/followup"
	"github.com/hindcast/hindcast/internal/workflow/kept"
	"github.com/hindcast/hindcast/internal/workflow/meeting"
)

// mount adds the pages and the API to what is served.
func (s *Server) mount(mux *http.ServeMux) error {
	actions := followup.New(followup.Config{Workflow: s.workflow, DB: s.store.DB(), Now: s.opt.Now})
	meetings := meeting.New(meeting.Config{Workflow: s.workflow, DB: s.store.DB(), Now: s.opt.Now})
	api.Mount(api.Config{Meetings: meetings, Reading: s.reading, Notice: s.notice, Letters: s.letters, Workflow: s.workflow, Auth: s.auth, Deliver: s.deliver, Tickets: s.tickets, Outside: s.outside, Followup: actions, Collect: s.collect, Channels: s.channels, MailIn: s.mailIn, Review: s.review, Log: s.opt.Log, Now: s.opt.Now, Upload: int64(s.config.UploadMB) << 20}, mux)
	hook.New(hook.Config{Receive: s.collect.Receive, Mail: s.mailIn.Receive, Token: secret.New(s.config.MailIn.Token), Log: s.opt.Log}).Mount(mux)
	pages, err := web.New(web.Config{Workflow: s.workflow, Notice: s.notice, Letters: s.letters, Lint: s.lint, Auth: s.auth, Deliver: s.deliver, Collab: s.collab, Tickets: s.tickets, Outside: s.outside, Collect: s.collect, Channels: s.channels, MailIn: s.mailIn, Review: s.review, Followup: actions, Reading: s.reading, Kept: kept.New(kept.Config{DB: s.store.DB(), Policy: s.workflow.Policy()}), SSO: s.sso, Demo: s.opt.Demo, Secure: s.secure(), Address: s.address,
		Meetings: meetings, Now: s.opt.Now, Log: s.opt.Log, MaxUpload: int64(s.config.UploadMB) << 20, Scratch: filepath.Join(s.config.Data, "uploads"), Rest: s.restBetween()})
	if err != nil {
		return err
	}
	pages.Mount(mux)
	s.pages = pages
	s.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "hindcast_live_streams", Help: "Pages that are told of changes by a stream now."}, func() float64 { return float64(pages.Streams()) }))
	return nil
}

// secure reports whether people reach the server by https.
func (s *Server) secure() bool { return strings.HasPrefix(s.address(), "https://") }
