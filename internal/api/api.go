// Package api is the REST interface, version 1, at /api/v1. Every handler calls
// one method of package workflow or auth; what may be done is decided there. The
// operations live below by what they are about: documents, people, actions and
// outside; this package puts them together and lets in who is signed in.
//
// The description of the API is made from the same types that answer: see
// [Description]. Errors are application/problem+json (RFC 9457) and name the
// fields that are wrong.
package api

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/api/actions"
	"github.com/hindcast/hindcast/internal/api/documents"
	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/api/outside"
	"github.com/hindcast/hindcast/internal/api/people"
	"github.com/hindcast/hindcast/internal/auth"
	"github.com/hindcast/hindcast/internal/collect"
	"github.com/hindcast/hindcast/internal/collect/channel"
	"github.com/hindcast/hindcast/internal/collect/mailin"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/deliver/elsewhere"
	"github.com/hindcast/hindcast/internal/deliver/ticket"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/followup"
	"github.com/hindcast/hindcast/internal/workflow/letter"
	"github.com/hindcast/hindcast/internal/workflow/meeting"
	"github.com/hindcast/hindcast/internal/workflow/notice"
	"github.com/hindcast/hindcast/internal/workflow/reading"
	"github.com/hindcast/hindcast/internal/workflow/review"
)

// Config says what the API works with. All but Log must be set, except that a
// description needs none.
type Config struct {
	Workflow *workflow.Service
	Auth     *auth.Auth
	Deliver  *deliver.Service
	Tickets  *ticket.Service
	Outside  *elsewhere.Service // publishes in other systems
	Followup *followup.Service
	Collect  *collect.Service
	Channels *channel.Service // brings talk in
	MailIn   *mailin.Service
	Review   *review.Service
	Notice   *notice.Service
	Letters  *letter.Service
	Meetings *meeting.Service
	Reading  *reading.Service
	Log      *slog.Logger     // of errors inside; discarded when nil
	Upload   int64            // the most bytes of one upload
	Now      func() time.Time // time.Now when nil
}

// API answers under [Prefix].
type API struct {
	Config
	huma  huma.API
	cross *http.CrossOriginProtection
}

// New adds the routes of the API to a mux.
func New(c Config, mux *http.ServeMux) *API {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	config := huma.DefaultConfig("Hindcast", "1")
	config.Info.Description = "Post-mortems of software incidents: evidence, timelines, documents, action items."
	config.CreateHooks = nil // no $schema in bodies
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "An API token from Settings."},
	}
	config.Security = []map[string][]string{{"token": {}}}
	a := &API{Config: c, huma: humago.New(mux, config), cross: http.NewCrossOriginProtection()}
	a.huma.UseMiddleware(a.signedIn)
	s := operation.NewSet(a.huma, c.Log)
	documents.Add(s, documents.Config{Workflow: c.Workflow, Collect: c.Collect, Deliver: c.Deliver, Now: c.Now, Upload: c.Upload})
	people.Add(s, people.Config{Workflow: c.Workflow, Auth: c.Auth, Review: c.Review, Notice: c.Notice, Letters: c.Letters, Meetings: c.Meetings, Reading: c.Reading, Now: c.Now})
	actions.Add(s, actions.Config{Workflow: c.Workflow, Followup: c.Followup, Tickets: c.Tickets})
	outside.Add(s, outside.Config{Workflow: c.Workflow, Deliver: c.Deliver, Outside: c.Outside, Collect: c.Collect, Channels: c.Channels, MailIn: c.MailIn})
	mux.HandleFunc("GET "+operation.Prefix+"/openapi.json", a.serveDescription)
	for _, method := range methods {
		mux.HandleFunc(method+" "+operation.Prefix+"/", a.nothing)
	}
	return a
}

var methods = []string{"GET", "POST", "PUT", "PATCH", "DELETE"}

// Mount adds the API to what is served. It is made when it is first asked for: to
// derive its description takes longer than all else that a server does to start.
func Mount(c Config, mux *http.ServeMux) {
	made := sync.OnceValue(func() http.Handler {
		own := http.NewServeMux()
		New(c, own)
		return own
	})
	for _, method := range methods {
		mux.HandleFunc(method+" "+operation.Prefix+"/", func(w http.ResponseWriter, r *http.Request) { made().ServeHTTP(w, r) })
	}
}

// Description returns the OpenAPI 3.1 description as JSON.
func (a *API) Description() ([]byte, error) { return a.huma.OpenAPI().MarshalJSON() }

func (a *API) serveDescription(w http.ResponseWriter, r *http.Request) {
	if _, err := a.Auth.Viewer(r); err != nil {
		a.refuse(w, http.StatusUnauthorized, err.Error())
		return
	}
	text, err := a.Description()
	if err != nil {
		a.refuse(w, http.StatusInternalServerError, "the description cannot be written")
		return
	}
	w.Header().Set("Content-Type", "application/openapi+json")
	_, _ = w.Write(text) // the client went away
}

// nothing answers for paths that do not exist.
func (a *API) nothing(w http.ResponseWriter, r *http.Request) {
	if _, err := a.Auth.Viewer(r); err != nil {
		a.refuse(w, http.StatusUnauthorized, err.Error())
		return
	}
	a.refuse(w, http.StatusNotFound, "there is no such path; "+operation.Prefix+"/openapi.json describes what there is")
}

// signedIn lets only those in who are signed in, by token or by session.
func (a *API) signedIn(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	v, err := a.Auth.Viewer(r)
	if err != nil {
		status := http.StatusUnauthorized
		switch hindcast.CodeOf(err) {
		case hindcast.Unavailable:
			status = http.StatusTooManyRequests
		case hindcast.Internal:
			status = http.StatusInternalServerError
			a.Log.Error("finding out who is there failed", "error", err)
			err = errors.New("something went wrong here")
		}
		a.refuse(w, status, err.Error())
		return
	}
	if v.TokenID == "" { // a browser may have been sent here by another site
		if err := a.cross.Check(r); err != nil {
			a.refuse(w, http.StatusForbidden, "this request comes from another site")
			return
		}
	}
	if !a.bounded(w, r, v) {
		return
	}
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	next(operation.WithViewer(ctx, v))
	if r.MultipartForm != nil { // also when its operation did not run
		_ = r.MultipartForm.RemoveAll() // temporary files
	}
}

// bounded bounds a form with files, which is read before its operation runs, and
// refuses it to who may not write. It reports whether to go on.
func (a *API) bounded(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) bool {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return true
	}
	if !v.MayWrite() {
		a.refuse(w, http.StatusForbidden, "you may read here, and not write; an admin can make you a member")
		return false
	}
	if r.ContentLength > a.Upload {
		a.refuse(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("more was sent than the %d MiB that are taken at once; send fewer files", a.Upload>>20))
		return false
	}
	r.Body = http.MaxBytesReader(w, r.Body, a.Upload)
	return true
}
