// Package mailin takes in e-mail: for a post-mortem, for whoever looks what came in,
// and as an answer to a letter of ours.
//
// A message is kept as it came before it is acknowledged, and once, however often it
// is sent. What becomes of it is decided by a job afterwards. Mail to the address of
// a post-mortem is evidence of it, and an entry of its timeline, when its sender is
// known here or comes from a domain that the settings trust; an answer to a letter
// is a comment in the thread that the letter told of, when its sender is who got
// the letter, and our mail server proved it. All else waits for a person. Nothing
// is ever answered by mail, so that no two programs can write to each other without
// end, and nobody learns what there is.
package mailin

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/auth"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/redact"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/review"
)

// Settings are what an organization chooses.
type Settings struct {
	Address string   // to which mail is sent, "incident@hindcast.example.org"; empty takes none in
	Domains []string // of senders who need no account
	// Trusted is the name by which our mail server signs what it found about senders
	// (RFC 8601); empty when nothing it says is believed.
	Trusted string
	Most    int64 // bytes of a message
	PerHour int   // messages of one sender
	// Listen is where the mail server passes mail on, and ByToken whether it is brought
	// by HTTP, for people to look at.
	Listen  string
	ByToken bool
}

// Config says what a [Service] works with. All but Now must be set.
type Config struct {
	DB       *sqldb.DB // with the tables mail_in, mail_address and mail_reply
	Queue    *queue.Queue
	Blobs    blob.Store
	Workflow *workflow.Service
	Review   *review.Service
	// Person returns the person with an id who may sign in.
	Person   func(ctx context.Context, id string) (auth.Person, error)
	Settings Settings
	Now      func() time.Time // time.Now when nil
}

// Service takes mail in. It may be used by several goroutines at once.
type Service struct {
	Config
	local, domain string // of the address
	redactor      *redact.Redactor
}

// New returns a Service.
func New(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	s := &Service{Config: c, redactor: redact.New()}
	s.local, s.domain, _ = strings.Cut(strings.ToLower(c.Settings.Address), "@")
	return s
}

// Open reports whether mail is taken in.
func (s *Service) Open() bool { return s.Settings.Address != "" }

// now is the present in the precision that is kept.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// State says what became of a message.
type State string

// The states of a message.
const (
	Fresh     State = "new"       // it is being looked at
	Waiting   State = "waiting"   // for a person
	Kept      State = "kept"      // it is evidence
	Said      State = "said"      // it is a comment
	Dismissed State = "dismissed" // nobody needs it
)

// States returns the states in the order in which a message can have them.
func States() []State { return []State{Fresh, Waiting, Kept, Said, Dismissed} }

// Route says by which kind of address a message came.
type Route string

// The routes.
const (
	General    Route = "general"
	ToIncident Route = "incident"
	Reply      Route = "reply"
)

// Mail is a message that came in.
type Mail struct {
	ID         string    `json:"id"`
	Route      Route     `json:"route" enum:"general,incident,reply"`
	Num        int64     `json:"number,omitempty"` // of the post-mortem to whose address it came
	Sender     string    `json:"sender"`           // address
	Name       string    `json:"name,omitempty"`
	Subject    string    `json:"subject"`
	WrittenAt  time.Time `json:"written_at,omitzero"`
	ReceivedAt time.Time `json:"received_at"`
	Size       int64     `json:"size"`
	Auth       string    `json:"auth,omitempty"` // what the mail server found about the sender
	Proved     bool      `json:"proved"`
	Automatic  bool      `json:"automatic"`
	State      State     `json:"state" enum:"new,waiting,kept,said,dismissed"`
	Said       string    `json:"said,omitempty"`   // why
	Became     int64     `json:"became,omitempty"` // number of the post-mortem that has it now
	DoneBy     string    `json:"done_by,omitempty"`
	DoneAt     time.Time `json:"done_at,omitzero"`

	key, thread, reader, sha string
}

const columns = `m.id, m.key, m.route, coalesce(m.incident, 0), m.thread, m.reader, m.sender, m.name, m.subject, m.written_at, m.received_at, m.size, m.sha256, m.auth, m.proved, m.automatic, m.state, m.said, m.became, m.done_by, m.done_at`

func scan(scan func(...any) error) (m Mail, err error) {
	var written, received, done int64
	err = scan(&m.ID, &m.key, &m.Route, &m.Num, &m.thread, &m.reader, &m.Sender, &m.Name, &m.Subject, &written, &received, &m.Size, &m.sha, &m.Auth, &m.Proved, &m.Automatic, &m.State, &m.Said, &m.Became, &m.DoneBy, &done)
	m.WrittenAt, m.ReceivedAt, m.DoneAt = sqldb.Time(written), sqldb.Time(received), sqldb.Time(done)
	return m, err
}

// find returns a message by its id.
func find(ctx context.Context, q sqldb.Querier, id string) (Mail, error) {
	list, err := sqldb.All(ctx, q, scan, `select `+columns+` from mail_in m where m.id = $1`, id)
	if err != nil {
		return Mail{}, fmt.Errorf("read message %s: %w", id, err)
	}
	if len(list) == 0 {
		return Mail{}, hindcast.Errorf(hindcast.NotFound, "there is no such message; it may be older than %d days", int(keep.Hours()/24))
	}
	return list[0], nil
}

// The kinds of our jobs.
const (
	decideKind = "keep-mail"
	cleanKind  = "clean-mail"
)

// keep is how long it is known what came in.
const keep = 90 * 24 * time.Hour

// Handlers returns the handlers of our jobs, for a worker.
func (s *Service) Handlers() map[string]queue.Handler {
	return map[string]queue.Handler{decideKind: {Run: s.decide, Ended: s.ended}, cleanKind: {Run: s.clean, Every: 24 * time.Hour}}
}

// clean forgets what came in long ago.
func (s *Service) clean(ctx context.Context, _ *queue.Job) error {
	before := sqldb.Micros(s.now().Add(-keep))
	return s.DB.Fault(s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		if _, err := tx.Exec(ctx, `delete from mail_in where received_at < $1`, before); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `delete from mail_reply where at < $1`, before)
		return err
	}))
}

// Counts returns how many messages there are in each state.
func (s *Service) Counts(ctx context.Context) (map[State]int64, error) {
	out, err := sqldb.Counts[State](ctx, s.DB, `select state, count(*) from mail_in group by state`)
	return out, s.DB.Fault(err)
}
