// Package notice keeps what people are told of themselves: that a review is asked
// for, that somebody answered, that a date draws near.
//
// A notice is written in the transaction of what it tells, by [Service.Post], and
// read in the person's inbox. It is shown as long as its post-mortem is there and
// the person may see it. How else it comes is the person's choice, see [Choices];
// package letter writes the mail.
package notice

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Config says what a [Service] works with. DB must be set.
type Config struct {
	DB       *sqldb.DB         // with the tables notice, note_choice and incident
	Calendar hindcast.Calendar // of the organization
	// Mail queues mail about a notice, in the transaction that keeps it; nil when
	// there is no mail.
	Mail func(ctx context.Context, tx *sqldb.Tx, p Posted) error
	Now  func() time.Time // time.Now when nil
}

// Service keeps notices. It may be used by several goroutines at once.
type Service struct{ Config }

// New returns a Service.
func New(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Service{c}
}

// now is the present in the precision that is kept.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Posted is a notice that was kept just now, for a person who wants it by mail.
type Posted struct {
	ID, Person string
	Num        int64
	Kind       workflow.NoteKind
	Choices    Choices
}

// Notice is what one person was told.
type Notice struct {
	ID      string            `json:"id"`
	Num     int64             `json:"number"` // of the post-mortem: #12; 0 when it is about none
	Kind    workflow.NoteKind `json:"kind"`
	Subject string            `json:"subject"`
	Path    string            `json:"path"` // where it is seen
	At      time.Time         `json:"at"`
	ReadAt  time.Time         `json:"read_at,omitzero"`
}

// Unread reports whether the person has not read it.
func (n Notice) Unread() bool { return n.ReadAt.IsZero() }

func scan(scan func(...any) error) (n Notice, err error) {
	var at, read int64
	err = scan(&n.ID, &n.Num, &n.Kind, &n.Subject, &n.Path, &at, &read)
	n.At, n.ReadAt = sqldb.Time(at), sqldb.Time(read)
	return n, err
}

// Post tells people a note about a post-mortem, which is named by its id, in the
// transaction of what it tells. The same person is told the same thing once, by
// its key.
func (s *Service) Post(ctx context.Context, tx *sqldb.Tx, incident string, n workflow.Note) error {
	num, found, err := sqldb.Value[int64](ctx, tx, `select num from incident where id = $1`, incident)
	if err != nil {
		return fmt.Errorf("tell people of incident %s: %w", incident, err)
	}
	if !found {
		return hindcast.Errorf(hindcast.NotFound, "there is no incident %s to tell people of", incident)
	}
	people := slices.Clone(n.To)
	slices.Sort(people)
	for _, person := range slices.Compact(people) {
		if person == "" {
			continue
		}
		if err := s.tell(ctx, tx, num, person, n); err != nil {
			return fmt.Errorf("tell person %s of incident %s: %w", person, incident, err)
		}
	}
	return nil
}

// tell tells one person of a post-mortem, as the person chose.
func (s *Service) tell(ctx context.Context, tx *sqldb.Tx, num int64, person string, n workflow.Note) error {
	c, err := s.ChoicesOf(ctx, tx, person)
	if err != nil {
		return err
	}
	way := c.Way(n.Kind)
	if way == Off {
		return nil
	}
	if n.Undated && (way == Mail || way == Digest) {
		way = undated
	}
	id, added, err := s.add(ctx, tx, &num, person, way, n)
	if err != nil || !added || way != Mail || s.Mail == nil {
		return err
	}
	return s.Mail(ctx, tx, Posted{ID: id, Person: person, Num: num, Kind: n.Kind, Choices: c})
}

// add keeps a notice; num is nil when it is about no post-mortem.
func (s *Service) add(ctx context.Context, tx *sqldb.Tx, num *int64, person string, way Way, n workflow.Note) (id string, added bool, err error) {
	id, at := store.NewID(s.now()), s.now()
	if n.Undated {
		id, at = rand.Text(), at.Truncate(24*time.Hour)
	}
	res, err := tx.Exec(ctx, `insert into notice (id, incident, person, kind, subject, path, key, at, read_at, inside, way, letter) values ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, '') on conflict do nothing`,
		id, num, person, string(n.Kind), oneLine(n.Subject), n.Path, n.Key, sqldb.Micros(at), !n.Open, string(way))
	if err != nil {
		return id, false, err
	}
	rows, err := res.RowsAffected()
	return id, rows == 1, err
}

// undated is the way of what comes by mail and has no time: it goes with a digest
// of a later day, since mail at once, or with the next digest, would tell when it
// was.
const undated Way = "undated"

// Pending are the conditions under which notice n goes with the digest of a person
// $1 that is due at $2, in microseconds.
const Pending = `n.person = $1 and n.letter = '' and n.read_at = 0 and n.way in ('digest', 'undated') and n.at <= case when n.way = 'digest' then $2 else $2 - 86400000000 end`

// PostSystem tells people something about the server itself, in a transaction. It
// stays in the inbox: what does not work may be the mail.
func (s *Service) PostSystem(ctx context.Context, tx *sqldb.Tx, n workflow.Note) error {
	for _, person := range n.To {
		if _, _, err := s.add(ctx, tx, nil, person, Inbox, n); err != nil {
			return fmt.Errorf("tell person %s of the server: %w", person, err)
		}
	}
	return nil
}

// oneLine makes a subject one line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// MaxShown is how many notices a list holds; older ones are not shown.
const MaxShown = 200

// seen are the conditions under which notice n is shown to the person $1, whose
// principal is $2: what is said among those who take part is shown to them only,
// also when the post-mortem is published.
const seen = `n.person = $1 and (n.incident is null or exists (select 1 from incident i where i.num = n.incident and i.deleted_at = 0)
	and exists (select 1 from acl a where a.incident = n.incident and (a.principal = $2 or a.principal = 'all' and not n.inside)))`

// who returns the arguments of seen.
func who(v hindcast.Viewer) []any { return []any{v.PersonID, "person:" + v.PersonID} }

// List returns what the viewer was told, the latest first, at most [MaxShown].
func (s *Service) List(ctx context.Context, v hindcast.Viewer) ([]Notice, error) {
	if !v.Known() {
		return nil, nil
	}
	list, err := sqldb.All(ctx, s.DB, scan, `select n.id, coalesce(n.incident, 0), n.kind, n.subject, n.path, n.at, n.read_at from notice n where `+seen+` order by n.at desc, n.id desc limit $3`, append(who(v), MaxShown)...)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read the inbox of person %s: %w", v.PersonID, err))
	}
	return list, nil
}

// Unread returns how many notices the viewer has not read.
func (s *Service) Unread(ctx context.Context, v hindcast.Viewer) (int, error) {
	if !v.Known() {
		return 0, nil
	}
	n, _, err := sqldb.Value[int](ctx, s.DB, `select count(*) from notice n where n.read_at = 0 and `+seen, who(v)...)
	if err != nil {
		return 0, s.DB.Fault(fmt.Errorf("count what person %s has not read: %w", v.PersonID, err))
	}
	return n, nil
}

// MarkRead keeps that the viewer has read notices. Those of others, and those that
// are read already, stay as they are.
func (s *Service) MarkRead(ctx context.Context, v hindcast.Viewer, ids ...string) error {
	return s.mark(ctx, v, func(tx *sqldb.Tx) error {
		for _, id := range ids {
			if _, err := tx.Exec(ctx, `update notice set read_at = $3 where id = $1 and person = $2 and read_at = 0`, id, v.PersonID, sqldb.Micros(s.now())); err != nil {
				return fmt.Errorf("keep that notice %s is read: %w", id, err)
			}
		}
		return nil
	})
}

// MarkAll keeps that the viewer has read everything.
func (s *Service) MarkAll(ctx context.Context, v hindcast.Viewer) error {
	return s.mark(ctx, v, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(ctx, `update notice set read_at = $2 where person = $1 and read_at = 0`, v.PersonID, sqldb.Micros(s.now()))
		if err != nil {
			return fmt.Errorf("keep that the inbox of person %s is read: %w", v.PersonID, err)
		}
		return nil
	})
}

// Carried returns what a letter is to tell its reader: of the notices that go by
// it those that the reader may see now and has not read, the first first.
func (s *Service) Carried(ctx context.Context, v hindcast.Viewer, letter string) ([]Notice, error) {
	list, err := sqldb.All(ctx, s.DB, scan, `select n.id, coalesce(n.incident, 0), n.kind, n.subject, n.path, n.at, n.read_at from notice n where n.letter = $3 and n.read_at = 0 and `+seen+` order by n.at, n.id`, append(who(v), letter)...)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read what letter %s tells: %w", letter, err))
	}
	return list, nil
}

// mark writes what f does, for who may change their inbox: everybody but a token
// that only reads.
func (s *Service) mark(ctx context.Context, v hindcast.Viewer, f func(*sqldb.Tx) error) error {
	if !v.Known() {
		return hindcast.Errorf(hindcast.Denied, "sign in to change what reaches you")
	}
	if v.TokenID != "" && !v.MayWrite() {
		return hindcast.Errorf(hindcast.Denied, "this token may only read; use one that may write, or sign in")
	}
	return s.DB.Fault(s.DB.Write(ctx, f))
}

// KeptFor is how long a notice is kept. It is longer than the days over which the
// same thing could be told again.
const KeptFor = 180 * 24 * time.Hour

const cleanKind = "clean-notices"

// Handlers returns the handlers of our jobs, for a worker.
func (s *Service) Handlers() map[string]queue.Handler {
	return map[string]queue.Handler{cleanKind: {Run: s.clean, Every: 24 * time.Hour}}
}

// clean removes old notices.
func (s *Service) clean(ctx context.Context, _ *queue.Job) error {
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(ctx, `delete from notice where at < $1`, sqldb.Micros(s.now().Add(-KeptFor)))
		return err
	})
	if err != nil {
		return s.DB.Fault(fmt.Errorf("remove old notices: %w", err))
	}
	return nil
}
