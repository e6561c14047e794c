// Package letter tells people by mail what they are told in the inbox: at once,
// or as a digest, as each of them chose (see package notice).
//
// A letter is a record first. It is queued in the transaction of the notice that
// it tells, with no words in it: what it says is read when it is sent, so that
// nobody gets mail about what they may not see any more, have read, or do not want
// any more. Notices about one post-mortem that come within [Gather] go together.
//
// A letter arrives once. It keeps its Message-ID and is tried again while the mail
// server says that it does not have it. Just before its end is sent it is kept
// that it leaves; when the program ends then, or the server does not answer, nobody
// knows whether it arrived, and it is not sent again by itself: what it says is in
// the inbox, and an admin sees that it is so.
//
//	l := letter.New(letter.Config{DB: db, Queue: q, Notice: notices, ...})
//	notices.Mail = l.Take
//	worker := queue.Worker{Queue: q, Handlers: l.Handlers()}
package letter

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector/email"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/secret"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/followup"
	"github.com/hindcast/hindcast/internal/workflow/notice"
)

// Config says what a [Service] works with. All but Server, Closed, ReplyTo, Now
// and Send must be set.
type Config struct {
	DB       *sqldb.DB // with the tables letter and notice
	Queue    *queue.Queue
	Box      *secret.Box
	Notice   *notice.Service
	Workflow *workflow.Service // decides what a reader of mail may see
	Actions  *followup.Service
	Person   func(ctx context.Context, id string) (Person, error) // fails with NotFound when nobody has the id
	People   func(context.Context) ([]Person, error)              // everybody with an account
	Address  func() string                                        // where people reach the server: "https://hindcast.example.org"
	Server   email.Server                                         // with an empty Addr there is no mail
	Closed   string                                               // why no mail leaves although there is a server; empty when it does
	// ReplyTo returns the address at which an answer to a letter becomes a comment in a
	// thread, the same whenever it is asked for; empty when answers are not taken in.
	// Nil when they never are.
	ReplyTo func(ctx context.Context, letter string, num int64, thread, person string) (string, error)
	Now     func() time.Time // time.Now when nil
	// Send passes a letter on, as [email.Server.Send] of Server does, which it is when
	// nil.
	Send func(ctx context.Context, l email.Letter, leave func() error) error
}

// Person is somebody who may get mail.
type Person struct {
	hindcast.Viewer
	Email    string
	Disabled bool // may not sign in any more, and gets none
}

// Service sends letters. It may be used by several goroutines at once.
type Service struct {
	Config
	sending chan struct{} // holds one element for each letter that is being sent
}

// atOnce is how many letters one program sends at once, so that a mail server that
// does not answer leaves room for other work.
const atOnce = 2

// New returns a Service.
func New(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Send == nil {
		c.Send = c.Server.Send
	}
	return &Service{c, make(chan struct{}, atOnce)}
}

// Open reports whether mail leaves.
func (s *Service) Open() bool { return s.Server.Addr != "" && s.Closed == "" }

// now is the present in the precision that is kept.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Gather is how long a letter waits for more about the same post-mortem.
const Gather = 2 * time.Minute

// Kind says what a letter tells.
type Kind string

// The kinds of letters.
const (
	Notices Kind = "notice" // what happened just now in one post-mortem
	Digest  Kind = "digest" // what happened since the digest before
	Week    Kind = "week"   // a digest with the actions of the person
)

// State is how far a letter is.
type State string

// The states of a letter.
const (
	Waiting State = "waiting" // may be joined by more
	Writing State = "writing" // is being sent, or tried again
	Leaving State = "leaving" // all but its end was sent
	Sent    State = "sent"    //
	Empty   State = "empty"   // there was nothing left to say
	Unsure  State = "unsure"  // nobody knows whether it arrived
	Failed  State = "failed"  // it was given up
)

// States returns the states in the order in which a letter has them.
func States() []State { return []State{Waiting, Writing, Leaving, Sent, Empty, Unsure, Failed} }

// row is a letter as it is kept.
type row struct {
	id, key  string
	kind     Kind
	person   string
	incident int64
	state    State
	due, at  time.Time
	said     string
}

const columns = `id, key, kind, person, incident, state, due_at, at, said`

func scan(scan func(...any) error) (r row, err error) {
	var due, at int64
	err = scan(&r.id, &r.key, &r.kind, &r.person, &r.incident, &r.state, &due, &at, &r.said)
	r.due, r.at = sqldb.Time(due), sqldb.Time(at)
	return r, err
}

// The kinds of our jobs.
const (
	sendKind   = "letter"
	digestKind = "digests"
	cleanKind  = "clean-letters"
)

// Handlers returns the handlers of our jobs, for a worker.
func (s *Service) Handlers() map[string]queue.Handler {
	all := map[string]queue.Handler{
		sendKind:   {Run: s.send, Ended: s.ended},
		digestKind: {Run: s.digests},
		cleanKind:  {Run: s.clean, Every: 24 * time.Hour},
	}
	if s.Open() {
		all[digestKind] = queue.Handler{Run: s.digests, Every: 15 * time.Minute}
	}
	return all
}

// Take queues mail about a notice in the transaction that keeps it: a letter of its
// own, or one to the same person about the same post-mortem that waits.
func (s *Service) Take(ctx context.Context, tx *sqldb.Tx, p notice.Posted) error {
	due := s.due(p.Choices, []workflow.NoteKind{p.Kind}, s.now().Add(Gather))
	id, found, err := sqldb.Value[string](ctx, tx, `select id from letter where person = $1 and incident = $2 and state = 'waiting' and due_at > $3 and due_at <= $4 order by due_at limit 1`+tx.Dialect().ForUpdate,
		p.Person, p.Num, sqldb.Micros(s.now()), sqldb.Micros(due))
	if err == nil && !found {
		id = store.NewID(s.now())
		_, err = s.add(ctx, tx, row{id: id, key: id, kind: Notices, person: p.Person, incident: p.Num, due: due})
	}
	if err == nil {
		_, err = tx.Exec(ctx, `update notice set letter = $2 where id = $1`, p.ID, id)
	}
	if err != nil {
		return fmt.Errorf("queue mail about #%d: %w", p.Num, err)
	}
	return nil
}

// due returns when mail of some kinds may come to a person, from t on.
func (s *Service) due(c notice.Choices, kinds []workflow.NoteKind, t time.Time) time.Time {
	for _, k := range kinds {
		for _, x := range c.Quiet.Except {
			if k == x {
				return t
			}
		}
	}
	return c.Awake(t, s.Notice.Calendar)
}

// add keeps a letter with its job, once for each key.
func (s *Service) add(ctx context.Context, tx *sqldb.Tx, r row) (added bool, err error) {
	res, err := tx.Exec(ctx, `insert into letter (`+columns+`) values ($1, $2, $3, $4, $5, 'waiting', $6, $7, '') on conflict (key) do nothing`,
		r.id, r.key, string(r.kind), r.person, r.incident, sqldb.Micros(r.due), sqldb.Micros(s.now()))
	if err != nil {
		return false, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	return true, s.queue(ctx, tx, r.id, r.due)
}

// queue adds the job that sends a letter at a time.
func (s *Service) queue(ctx context.Context, tx *sqldb.Tx, id string, at time.Time) error {
	_, err := s.Queue.Add(ctx, tx, queue.Job{Kind: sendKind, Key: fmt.Sprintf("%s/%d", id, at.UnixMicro()), RunAt: at})
	return err
}

// idOf returns the id of the letter that a job sends.
func idOf(j *queue.Job) string {
	id, _, _ := strings.Cut(j.Key, "/")
	return id
}

// keep is how long what became of letters is kept.
const keep = 90 * 24 * time.Hour

// clean forgets old letters.
func (s *Service) clean(ctx context.Context, _ *queue.Job) error {
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(ctx, `delete from letter where at < $1`, sqldb.Micros(s.now().Add(-keep)))
		return err
	})
	if err != nil {
		return s.DB.Fault(fmt.Errorf("forget old letters: %w", err))
	}
	return nil
}
