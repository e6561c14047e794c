// Package connector names the roles that other systems play for a library:
// where evidence comes from, who tells of incidents, where action items are
// tracked, where post-mortems are published, and who is told. A vendor is one
// folder below, with its settings and an implementation of the roles it can play,
// which it names. All vendors are in one explicit list of the program that is
// assembled.
//
// What every vendor has to keep is in package connectortest:
//
//   - it talks through [outhttp.Client], so that limits, waits and the ban on
//     private addresses hold;
//   - an error has a [hindcast.Code] and holds no credential: Unavailable when
//     the same may succeed later, Denied when the credential is not accepted;
//   - what is sent twice under one key has one effect, where the other system
//     lets it.
package connector

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

// Source is a system that keeps what may be evidence.
type Source interface {
	// Fetch returns evidence of a span of time as the system exports it, a page at a
	// time: after is empty at first, then the Next of the page before.
	Fetch(ctx context.Context, w Window, after string) (Batch, error)
}

// Describer is a source that can say what an incident of its own is and when it
// was.
type Describer interface {
	// Describe returns what is known of the incident with a ref.
	Describe(ctx context.Context, ref string) (Incident, error)
}

// Lister is a source that can say which incidents it has.
type Lister interface {
	Describer
	// List returns the incidents that were opened within a span of time, a page at a
	// time: after is empty at first, then the next of the page before, which is empty
	// with the last page.
	List(ctx context.Context, from, to time.Time, after string) (list []Incident, next string, err error)
}

// Incident is what a source knows of an incident of its own.
type Incident struct {
	Notice             // that it was opened, and when
	Resolved time.Time // zero while it goes on
}

// Window says which evidence is wanted.
type Window struct {
	From, To time.Time
	Query    string // in the system's own language; empty for everything
}

// Batch is a page of evidence. Its files are immutable bytes for the parsers.
type Batch struct {
	Files []File
	Next  string // empty on the last page
	// Notes say in words what of the window is not in the evidence, although the system
	// answered: "events before 14:20, which the cluster has forgotten".
	Notes []string
}

// File is evidence as a system exported it.
type File struct {
	Name      string
	Body      []byte
	Source    string    // the system and where in it, for people; without credentials
	FetchedAt time.Time //
	ExpiresAt time.Time // when the system forgets it; zero when that is not known
	Messages  []string  // ids of the messages in it, of a chat
}

// Receiver is a system that tells of what happened there, by requests to us.
type Receiver interface {
	// Receive checks who sent a request before it reads the body, and returns what it
	// tells. A request that cannot be proved genuine is Denied.
	Receive(h http.Header, body []byte, now time.Time) ([]Notice, error)
}

// Notice is something a system told.
type Notice struct {
	ID       string     // the same when it is told again
	Kind     NoticeKind //
	Ref      string     // of the incident there; what it is asked for
	Number   string     // of the incident there, as people say it
	Title    string     //
	Severity string     // in the system's words
	Service  string     //
	At       time.Time  //
	URL      string     //
	Talk     *Talk      // of a command, a link and a channel; else nil
	Answer   string     // what the sender wants to hear at once; else empty
	Record   []byte     // of what happened, on one line, which is kept as evidence; else nil
}

// Talk is what people do in a channel of another system that concerns us.
type Talk struct {
	Channel string   `json:"channel"`           // its id there
	Name    string   `json:"name,omitempty"`    // of the channel, when it was told
	User    string   `json:"user,omitempty"`    // id of who did it
	Text    string   `json:"text,omitempty"`    // of a command, without the word that calls us
	Message string   `json:"message,omitempty"` // id of the message
	Links   []string `json:"links,omitempty"`   // to us, in the message
	Preview string   `json:"preview,omitempty"` // what the system knows the place of the links by, when it is none of a message
	Alone   bool     `json:"alone,omitempty"`   // the message is to be read by itself: an answer in a thread, or one that was marked, edited or deleted
}

// NoticeKind says what happened.
type NoticeKind string

// The kinds of notices.
const (
	IncidentOpened   NoticeKind = "incident.opened"
	IncidentResolved NoticeKind = "incident.resolved"
	IncidentChanged  NoticeKind = "incident.changed" // anything else about an incident
	TicketChanged    NoticeKind = "ticket.changed"   // Ref is the ticket
	ChannelChanged   NoticeKind = "channel.changed"  // people wrote or marked something; Ref is the channel
	LinkPosted       NoticeKind = "link.posted"      // a message links to us
	Happened         NoticeKind = "event"            // a change or another event, which is evidence of its time
	Commanded        NoticeKind = "command"          // a person asks something of us, and waits for the answer
	NothingToDo      NoticeKind = "ping"             // a sign of life, or what does not concern us
)

// Tracker is a system in which action items become tickets.
type Tracker interface {
	// CreateTicket makes a ticket, or returns the one that was made with the same key.
	CreateTicket(ctx context.Context, t Ticket) (Ref, error)
	// TicketState reports how a ticket is.
	TicketState(ctx context.Context, id string) (TicketState, error)
}

// Ticket is what a tracker is asked to make.
type Ticket struct {
	Key         string // the same for the same ticket, always
	Title, Text string
	Labels      []string
	Priority    hindcast.Priority // empty for none
	Due         hindcast.Date     // zero for none
	URL         string            // of the action item
}

// TicketState is how a ticket is.
type TicketState struct {
	Done     bool
	Declined bool   // it was decided not to do it
	Status   string // in the tracker's words
	Changed  time.Time
}

// Publisher is a system in which people read documents.
type Publisher interface {
	// Publish puts a page there, or brings the one that is Known up to date. When
	// somebody has changed that one there since we wrote it, it stays as it is and the
	// error is a Conflict, unless the page says Overwrite. It also is when that one was
	// deleted, or moved to where we do not find it: the error wraps ErrGone then, and
	// Overwrite makes a new one.
	Publish(ctx context.Context, p Page) (Ref, error)
}

// ErrGone says of a page that we wrote that it is not where it was.
var ErrGone = errors.New("is not there any more")

// Importer is a system from which pages can be taken over.
type Importer interface {
	// ReadPage returns the page with an address or id as people see it there.
	ReadPage(ctx context.Context, ref string) (Page, error)
}

// Page is a document in another system.
type Page struct {
	Key      string // the same for the same document, always
	Title    string
	Markdown string // without the title; HTML in it is left out
	URL      string // of the post-mortem; of a page that was read, its own
	Labels   []string
	Pictures []Picture // where the system takes any
	Known    Ref       // what the last call returned; zero before the first
	// Overwrite says that a person has decided to replace what others wrote.
	Overwrite bool
}

// Picture is one that stands in a page.
type Picture struct {
	Name    string // of the file: "timeline.svg"
	Below   string // the heading it stands below
	Caption string // what it shows, also for those who do not see it
	Body    []byte // SVG
}

// Ref names what was made in another system.
type Ref struct {
	ID, URL string
	Version string // of a page, in the system's own words
}

// Announcer is a system that passes messages on to people or programs.
type Announcer interface {
	// Announce passes a message on. Of messages with one ID a receiver can tell that
	// they are the same.
	Announce(ctx context.Context, m Message) (answer string, err error)
}

// Message is something to tell. Programs read Data, people the rest.
type Message struct {
	ID      string          `json:"-"`
	Ref     string          `json:"ref,omitempty"` // of the incident in the system that is told, where it knows its own only
	Type    string          `json:"type"`          // "postmortem.published"
	At      time.Time       `json:"at"`
	Subject string          `json:"subject"`
	Text    string          `json:"text"`
	URL     string          `json:"url"` // where to read on
	Data    json.RawMessage `json:"data"`
}

// Talker is a system in which people talk in channels: it gives what they said as
// evidence, for which the query of a window is the id of a channel, tells what
// they ask of us and is answered there.
type Talker interface {
	Source
	Receiver
	// Reply returns an answer to a command that only who gave it sees. The text is
	// plain; addresses in it can be followed.
	Reply(text string) Answer
	// Message returns one message as evidence, as it is now; nothing when it is there no
	// more.
	Message(ctx context.Context, channel, id string) ([]File, error)
	// Gone returns as evidence that messages which were read are there no more.
	Gone(ctx context.Context, channel string, ids []string) (File, error)
	// Names returns what people are called, by their ids there. Those that are not
	// known are left out.
	Names(ctx context.Context, users []string) (map[string]string, error)
	// Show puts below a message what its links lead to.
	Show(ctx context.Context, t Talk, cards []Card) error
}

// Answer is what is answered to a request of another system at once. The zero
// Answer says no more than that the request arrived.
type Answer struct {
	Type string // of the body, for the header
	Body []byte
}

// Card says what one of our links leads to.
type Card struct {
	Link  string // as it was posted
	Title string // one line, plain text
	Text  string // more, plain text; may be empty
}

// Prober is a system that can say what our credential may do there, without
// changing anything. What announces is tested by a message instead.
type Prober interface {
	// Probe returns in a sentence what may be seen and done, or what is missing.
	Probe(ctx context.Context) (string, error)
}

// Role is one of the roles above.
type Role string

// The roles.
const (
	Fetches   Role = "source"
	Receives  Role = "receiver"
	Tracks    Role = "tracker"
	Publishes Role = "publisher"
	Imports   Role = "importer"
	Announces Role = "announcer"
	Talks     Role = "talker"
	Reports   Role = "reporter" // of changes and other events, as a receiver
)

// Deps are what vendors work with.
type Deps struct {
	HTTP *outhttp.Client
	Now  func() time.Time
}

// Settings are a vendor's settings by the name of their [Field]. Whole settings
// are kept sealed.
type Settings map[string]secret.Text

// Wrong returns an error that names every setting that is wrong, each as "name: what
// to write".
func Wrong(faults []string) error {
	return hindcast.Errorf(hindcast.Invalid, "%s", strings.Join(faults, "; "))
}

// Field is one setting of a vendor.
type Field struct {
	Name  string `json:"name"`
	Title string `json:"title"` // for people
	Help  string `json:"help"`
	// Secret settings are entered and never shown.
	Secret bool `json:"secret"`
	// Optional settings may be left empty.
	Optional bool `json:"optional"`
	// ForEvents settings may be left empty only by who is told of nothing.
	ForEvents bool `json:"-"`
	// Long settings have several lines.
	Long bool `json:"long"`
	// Generate, when not nil, makes the value: people do not enter it, see it once,
	// and can have it replaced. After that the value before is in NAME.old until the
	// time in NAME.until (RFC 3339).
	Generate func() string `json:"-"`
}

// Vendor is a kind of system.
type Vendor struct {
	Name  string // "webhook"
	Title string // for people
	Roles []Role // that an opened value plays
	// ByRef says that a source is asked about one incident of its own, by its ref, and
	// has nothing to say about others.
	ByRef bool
	// Asks says that a source answers queries of people's own, which are the Query of a
	// window. A query that it cannot read is Invalid, in the system's own words.
	Asks bool
	// Silent says that an announcer may be told of nothing, because it is good for
	// more.
	Silent bool
	// Tells are the only events that an announcer can be told of; all when nil.
	Tells  []string
	Fields []Field
	// Manifest, when not nil, returns what an app is made from in the other system,
	// which sends what happens there to hook and knows our links by our address.
	Manifest func(hook, address string) ([]byte, error)
	// Setup, when not nil, says for people how the other system is told to send what
	// happens there to hook, and what of that is copied there; empty for nothing.
	Setup func(hook string) (say, copied string)
	// Check returns where the settings lead, for people and without secrets, or what
	// is wrong with them.
	Check func(s Settings) (where string, err error)
	// Open returns a value that plays the vendor's roles.
	Open func(s Settings, d Deps) (any, error)
}

// Plays reports whether what the vendor opens plays a role.
func (v Vendor) Plays(r Role) bool { return slices.Contains(v.Roles, r) }

// TellsOfIncidents reports whether post-mortems can begin by what the vendor's
// systems tell.
func (v Vendor) TellsOfIncidents() bool {
	return v.Plays(Receives) && !v.Plays(Tracks) && !v.Plays(Talks) && !v.Plays(Reports)
}
