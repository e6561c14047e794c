// Package web is the interface that people use: pages made on the server, which
// work without JavaScript, and small scripts that improve them.
//
// A page is a folder with its template, its style and its script. This package
// joins them: it reads requests, calls the workflow, which decides what the
// viewer may, and fills the pages.
package web

import (
	"io"
	"log/slog"
	"maps"
	"net/http"
	"runtime"
	"time"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/auth"
	"github.com/hindcast/hindcast/internal/collab"
	"github.com/hindcast/hindcast/internal/collect"
	"github.com/hindcast/hindcast/internal/collect/channel"
	"github.com/hindcast/hindcast/internal/collect/mailin"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/deliver/elsewhere"
	"github.com/hindcast/hindcast/internal/deliver/ticket"
	"github.com/hindcast/hindcast/internal/graph"
	"github.com/hindcast/hindcast/internal/lint"
	"github.com/hindcast/hindcast/internal/publish"
	"github.com/hindcast/hindcast/internal/web/account"
	"github.com/hindcast/hindcast/internal/web/analysis"
	"github.com/hindcast/hindcast/internal/web/asking"
	"github.com/hindcast/hindcast/internal/web/channels"
	"github.com/hindcast/hindcast/internal/web/create"
	elsewherepages "github.com/hindcast/hindcast/internal/web/elsewhere"
	"github.com/hindcast/hindcast/internal/web/evidence"
	"github.com/hindcast/hindcast/internal/web/feed"
	"github.com/hindcast/hindcast/internal/web/history"
	"github.com/hindcast/hindcast/internal/web/incoming"
	"github.com/hindcast/hindcast/internal/web/live"
	mailpages "github.com/hindcast/hindcast/internal/web/mailin"
	meetingpages "github.com/hindcast/hindcast/internal/web/meeting"
	"github.com/hindcast/hindcast/internal/web/people"
	"github.com/hindcast/hindcast/internal/web/prose"
	readingpages "github.com/hindcast/hindcast/internal/web/reading"
	"github.com/hindcast/hindcast/internal/web/settings"
	"github.com/hindcast/hindcast/internal/web/sharing"
	"github.com/hindcast/hindcast/internal/web/sheet"
	"github.com/hindcast/hindcast/internal/web/tickets"
	"github.com/hindcast/hindcast/internal/web/upload"
	"github.com/hindcast/hindcast/internal/web/waiting"
	"github.com/hindcast/hindcast/internal/web/write"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/followup"
	"github.com/hindcast/hindcast/internal/workflow/kept"
	"github.com/hindcast/hindcast/internal/workflow/letter"
	"github.com/hindcast/hindcast/internal/workflow/meeting"
	"github.com/hindcast/hindcast/internal/workflow/notice"
	"github.com/hindcast/hindcast/internal/workflow/reading"
	"github.com/hindcast/hindcast/internal/workflow/review"
)

// Config says what the pages work with. Workflow, Auth, Deliver, Collab, Tickets
// and Reading must be set.
type Config struct {
	Workflow *workflow.Service
	Auth     *auth.Auth
	Deliver  *deliver.Service
	Collab   *collab.Service // how people write together
	Tickets  *ticket.Service
	Outside  *elsewhere.Service
	Collect  *collect.Service
	Channels *channel.Service // of a chat
	MailIn   *mailin.Service  // must be set
	Review   *review.Service
	Notice   *notice.Service   // what people are told; must be set
	Letters  *letter.Service   // which brings that by mail; must be set
	Lint     *lint.Linter      // that of the quality gate; one of its own when nil
	Followup *followup.Service // of action items; must be set
	Reading  *reading.Service  // what readers have
	Meetings *meeting.Service  // about post-mortems; must be set
	Kept     *kept.Service     // pages that were made ahead; must be set
	SSO      *auth.SSO         // nil without single sign-on
	Demo     bool              // nobody signs in
	Secure   bool              // people reach the server by https
	Address  func() string     // where people reach the server, for links that leave it: "https://hindcast.example"
	Now      func() time.Time  // time.Now when nil
	Log      *slog.Logger      // of failures of ours; discarded when nil
	// Rest is called when pages were made ahead and some time goes by before more are
	// made: memory can be given back. It may be nil.
	Rest func()
	// MaxUpload is the most bytes that one upload may have; 2 GB when 0.
	MaxUpload int64
	// Scratch is the folder in which uploads wait until they are kept; that of the
	// system when empty.
	Scratch string
}

// Handler serves the pages. It may be used by several goroutines at once.
type Handler struct {
	Config
	assets *assets
	mux    *http.ServeMux // that leads to the pages
	lint   *lint.Linter
	prose  *prose.Renderer
	names  names
	keeper *sheet.Keeper
	found  findingsOf
	gates  gates
	cross  *http.CrossOriginProtection
	hub    *live.Hub
	talks  *live.Hub // of meetings

	services services
	begin    *create.Handlers
	analysis *analysis.Handlers
	stills   chan struct{} // one for each picture that is being drawn in pixels or for paper
}

// New returns a Handler.
func New(c Config) (*Handler, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	if c.MaxUpload == 0 {
		c.MaxUpload = 2 << 30
	}
	if err := upload.Sweep(c.Scratch, c.Now()); err != nil {
		return nil, err
	}
	h := &Handler{Config: c, prose: prose.New(), cross: http.NewCrossOriginProtection(), hub: live.New(live.Config{}), talks: meetingpages.NewHub(), keeper: sheet.NewKeeper(c.Kept, c.Log),
		stills: make(chan struct{}, runtime.GOMAXPROCS(0))}
	var err error
	if h.assets, err = loadAssets(); err != nil {
		return nil, err
	}
	if h.lint = c.Lint; h.lint == nil {
		if h.lint, err = lint.New(); err != nil {
			return nil, err
		}
	}
	h.begin = create.New(create.Config{Workflow: c.Workflow, Elsewhere: c.Outside, Mail: c.MailIn.Waits, Uploads: h.uploads(), Show: h.render})
	h.analysis = analysis.New(analysis.Config{Workflow: c.Workflow, Now: c.Now, Judge: graph.JudgeBy(h.lint.Cause), Show: h.showAnalysis, Send: fragment})
	return h, nil
}

// Mount adds the pages to what a server serves. It is called once.
func (h *Handler) Mount(mux *http.ServeMux) {
	h.mux = mux
	mux.HandleFunc("GET /assets/{name}", h.serveAsset)
	for pattern, p := range h.open() {
		mux.Handle(pattern, h.guard(p))
	}
	for pattern, p := range h.pages() {
		mux.Handle(pattern, h.guard(h.signedIn(p)))
	}
}

// Close ends the streams by which pages are told of changes, which do not end by
// themselves when a server is told to stop, and waits for what is being kept.
func (h *Handler) Close() {
	h.hub.Close()
	h.talks.Close()
	h.keeper.Close()
}

// Streams returns how many pages are told of changes now.
func (h *Handler) Streams() int { return h.hub.Streams() + h.talks.Streams() }

// open are the pages that need no sign-in.
func (h *Handler) open() map[string]handler {
	all := map[string]handler{
		"GET /feed/{secret}": h.feed().Linked,

		"GET /unsubscribe/{secret}":  h.mail().Stop,
		"POST /unsubscribe/{secret}": h.mail().Stopped,
	}
	for pattern, p := range h.entry().Pages() {
		all[pattern] = p
	}
	return all
}

// pages are those that need sign-in.
func (h *Handler) pages() map[string]page {
	all := map[string]page{
		"GET /{$}":         h.home,
		"GET /library":     h.library,
		"GET /keys":        h.keys,
		"GET " + feed.Path: h.feed().Mine,

		"POST /library/views":        h.saveView,
		"POST /library/views/remove": h.removeView,

		"/":              h.missing,
		"POST /sign-out": h.entry().SignOut,
	}
	maps.Copy(all, h.postPages())
	for _, more := range h.rooms() {
		for pattern, p := range more {
			all[pattern] = p
		}
	}
	return all
}

// rooms are the pages that have packages of their own.
func (h *Handler) rooms() []map[string]func(http.ResponseWriter, *http.Request, hindcast.Viewer) error {
	told := incoming.Handlers{Config: incoming.Config{Collect: h.Collect, Deliver: h.Deliver, Workflow: h.Workflow, MailIn: h.MailIn, Show: h.showSettings}}
	held := waiting.Handlers{Config: waiting.Config{Deliver: h.Deliver, Tickets: h.Tickets, Name: h.name, Show: h.showSettings}}
	made := tickets.Handlers{Config: tickets.Config{Workflow: h.Workflow, Tickets: h.Tickets, Show: h.showAnalysis}}
	outside := elsewherepages.Handlers{Config: elsewherepages.Config{Workflow: h.Workflow, Reading: h.Reading, Elsewhere: h.Outside, Show: h.showAnalysis}}
	post := mailpages.Handlers{Config: mailpages.Config{Workflow: h.Workflow, Mail: h.MailIn, Show: h.showAnalysis}}
	ask := asking.Handlers{Config: asking.Config{Workflow: h.Workflow, Deliver: h.Deliver, Collect: h.Collect, Now: h.Now, Built: h.begin.Start, Show: h.showAnalysis}}
	talk := channels.Handlers{Config: channels.Config{Workflow: h.Workflow, Deliver: h.Deliver, Channels: h.Channels, Name: h.name, Show: h.showAnalysis}}
	return []map[string]func(http.ResponseWriter, *http.Request, hindcast.Viewer) error{
		h.begin.Pages(), h.settings().Pages(), h.writing().Pages(), h.analysis.Pages(), h.actions().Pages(), told.Pages(), made.Pages(), outside.Pages(), talk.Pages(), ask.Pages(), post.Pages(), held.Pages(),
		h.reviewing().Pages(), h.meeting().Pages(), h.inbox().Pages(), h.mail().Pages(), h.reading().Pages(), h.history().Pages(), h.evidence().Pages(), h.people().Pages(), h.sharing().Pages(),
	}
}

// postPages are about one post-mortem.
func (h *Handler) postPages() map[string]page {
	return map[string]page{
		"GET /number/{number}":        h.number,
		"GET /p/{num}":                h.post,
		"GET /p/{num}/part":           h.showPart,
		"POST /p/{num}/part":          h.savePart,
		"POST /p/{num}/undo":          h.undo,
		"GET /p/{num}/checks":         h.checks,
		"POST /p/{num}/lint":          h.lintText,
		"POST /p/{num}/suggestion":    h.acceptSuggestion,
		"POST /p/{num}/ignore":        h.ignoreFinding,
		"POST /p/{num}/attest":        h.attest,
		"POST /p/{num}/waive":         h.waive,
		"POST /p/{num}/move":          h.move,
		"GET /p/{num}/version":        h.version,
		"GET /p/{num}/live":           h.live,
		"GET /p/{num}/export":         h.exportAs(""),
		"GET /p/{num}/export.md":      h.exportAs(publish.Markdown),
		"GET /p/{num}/export.json":    h.exportAs(publish.JSON),
		"GET /p/{num}/export.html":    h.exportAs(publish.HTML),
		"GET /p/{num}/export.pdf":     h.exportAs(publish.PDF),
		"GET /p/{num}/picture/{name}": h.picture,
		"POST /p/{num}/bring-back":    h.bringBack,
	}
}

// reading are the pages of those who read what is published.
func (h *Handler) reading() readingpages.Handlers {
	return readingpages.Handlers{Config: readingpages.Config{Workflow: h.Workflow, Reading: h.Reading, Now: h.Now, Prose: h.prose.HTML, Show: h.showAnalysis, Send: fragment, Pieces: h.renderPieces, Keeper: h.keeper, Kept: h.Kept}}
}

// sharing are the pages on who may see a post-mortem, and whether it stays.
func (h *Handler) sharing() sharing.Handlers {
	return sharing.Handlers{Config: sharing.Config{Workflow: h.Workflow, Auth: h.Auth, Review: h.Review, View: h.view, Show: h.showAnalysis}}
}

// entry are the pages of who is not signed in yet.
func (h *Handler) entry() account.Handlers {
	return account.Handlers{Config: account.Config{Auth: h.Auth, SSO: h.SSO, Secure: h.Secure, Show: func(w http.ResponseWriter, r *http.Request, status int, title string, c templ.Component) error {
		return h.render(w, r, hindcast.Viewer{}, status, title, "", c)
	}}}
}

// people is the page of everybody with an account.
func (h *Handler) people() people.Handlers {
	return people.Handlers{Config: people.Config{Auth: h.Auth, Address: h.Address, Show: func(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, title string, c templ.Component) error {
		return h.render(w, r, v, status, title, "people", c)
	}}}
}

// history are the pages on how a post-mortem came to be what it is.
func (h *Handler) history() history.Handlers {
	return history.Handlers{Config: history.Config{Workflow: h.Workflow, Who: h.writing().Who, Name: h.name, Prose: h.prose.HTML, Show: h.showAnalysis}}
}

// evidence are the pages that show and take evidence.
func (h *Handler) evidence() evidence.Handlers {
	return evidence.Handlers{Config: evidence.Config{Workflow: h.Workflow, Deliver: h.Deliver, Collect: h.Collect, Mail: h.MailIn.Open, Uploads: h.uploads(), Now: h.Now, Name: h.name, Built: h.begin.Start, Show: h.showAnalysis, Send: fragment}}
}

// uploads says where forms with files wait, and how much is taken.
func (h *Handler) uploads() upload.Limits { return upload.Limits{Scratch: h.Scratch, Max: h.MaxUpload} }

// feed is the library for programs that read news.
func (h *Handler) feed() feed.Handlers {
	return feed.Handlers{Workflow: h.Workflow, Reading: h.Reading, Auth: h.Auth, Address: h.Address, Filter: filterOf}
}

// writing is where people write prose together.
func (h *Handler) writing() *write.Handlers {
	return &write.Handlers{Config: write.Config{Workflow: h.Workflow, Collab: h.Collab, Viewer: h.Auth.Viewer}}
}

// settings are the pages of what people set.
func (h *Handler) settings() settings.Handlers {
	return settings.Handlers{Config: settings.Config{Workflow: h.Workflow, Auth: h.Auth, Deliver: h.Deliver, Collect: h.Collect, Tickets: h.Tickets, Demo: h.Demo, Now: h.Now, Address: h.Address, Name: h.name, Changed: h.history().Changed, Show: h.render}}
}
