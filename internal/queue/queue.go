// Package queue keeps work for later in the database, so that it is queued in
// the transaction from which it follows and survives whatever happens to the
// program.
//
// A job is done at least once: a handler that was interrupted runs again. When a
// handler's effects are in the same database, [Handler.Ended] writes them in the
// transaction that ends the attempt, and then they happen once. Several programs
// may work on one database; a job has one holder at a time, whose lease ends
// when it is not renewed, and a holder that lost it cannot end the job any more.
//
//	q := queue.New(queue.Config{DB: db, Now: time.Now})
//	added, err := q.Add(ctx, tx, queue.Job{Kind: "deliver", Key: id, Payload: raw})
//
//	w := queue.Worker{Queue: q, Handlers: map[string]queue.Handler{"deliver": {Run: deliver}}}
//	err = w.Run(ctx) // until ctx ends
package queue

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// State says how far a job is.
type State string

// The states of a job.
const (
	Queued   State = "queued"   // waits for its time
	Running  State = "running"  // somebody holds it
	Done     State = "done"     //
	Failed   State = "failed"   // given up
	Canceled State = "canceled" // by a person or a program
)

// Job is work for later.
type Job struct {
	ID          int64           `json:"id"`
	Kind        string          `json:"kind"`
	Key         string          `json:"key"`     // unique among its kind, while the job is kept
	Payload     json.RawMessage `json:"payload"` // JSON; null when nil
	State       State           `json:"state"`
	RunAt       time.Time       `json:"run_at"` // not before; at once when zero
	Attempt     int             `json:"attempt"`
	MaxAttempts int             `json:"max_attempts"` // [DefaultAttempts] when 0
	Error       string          `json:"error,omitempty"`
	AddedAt     time.Time       `json:"added_at"`
	EndedAt     time.Time       `json:"ended_at,omitzero"`

	// Note is set by [Handler.Run] and Err is what it returned, both for
	// [Handler.Ended]; they are not kept.
	Note string `json:"-"`
	Err  error  `json:"-"`

	holder string
}

// DefaultAttempts is how often a job is begun before it is given up: with the
// waits in between, over about a day and a half.
const DefaultAttempts = 12

// Config says how a [Queue] works. DB must be set, with the table job in it.
type Config struct {
	DB  *sqldb.DB
	Now func() time.Time // time.Now when nil
}

// Queue keeps jobs. It may be used by several goroutines at once.
type Queue struct {
	db   *sqldb.DB
	now  func() time.Time
	wake chan struct{}
}

// New returns the queue of a database.
func New(c Config) *Queue {
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Queue{db: c.DB, now: c.Now, wake: make(chan struct{}, 1)}
}

// Wake tells the worker of this program that there may be work. Work is found
// without it too, a little later.
func (q *Queue) Wake() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// Add queues a job in a transaction. It is not added, and added is false, when
// there is one of its kind with its key, whatever its state.
func (q *Queue) Add(ctx context.Context, tx *sqldb.Tx, j Job) (added bool, err error) {
	if j.Kind == "" || j.Key == "" {
		return false, fmt.Errorf("add job %s %s: a job needs a kind and a key", j.Kind, j.Key)
	}
	if j.MaxAttempts <= 0 {
		j.MaxAttempts = DefaultAttempts
	}
	if j.Payload == nil {
		j.Payload = json.RawMessage("null")
	}
	now := q.now()
	if j.RunAt.IsZero() {
		j.RunAt = now
	}
	res, err := tx.Exec(ctx, `insert into job (kind, key, payload, state, run_at, holder, attempt, max_attempts, error, added_at, ended_at)
		values ($1, $2, $3, 'queued', $4, '', 0, $5, '', $6, 0) on conflict (kind, key) do nothing`,
		j.Kind, j.Key, string(j.Payload), sqldb.Micros(j.RunAt), j.MaxAttempts, sqldb.Micros(now))
	if err != nil {
		return false, fmt.Errorf("add job %s %s: %w", j.Kind, j.Key, err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

const columns = `id, kind, key, payload, state, run_at, holder, attempt, max_attempts, error, added_at, ended_at`

func scanJob(scan func(...any) error) (j Job, err error) {
	var payload []byte
	var run, added, ended int64
	err = scan(&j.ID, &j.Kind, &j.Key, &payload, &j.State, &run, &j.holder, &j.Attempt, &j.MaxAttempts, &j.Error, &added, &ended)
	j.Payload, j.RunAt, j.AddedAt, j.EndedAt = payload, sqldb.Time(run), sqldb.Time(added), sqldb.Time(ended)
	return j, err
}

// Filter chooses jobs. The zero Filter chooses all.
type Filter struct {
	State  State
	Before int64 // jobs with smaller ids; 0 begins with the last
	Limit  int   // 50 when 0
}

// List returns jobs, the last added first.
func (q *Queue) List(ctx context.Context, f Filter) ([]Job, error) {
	if f.Limit <= 0 {
		f.Limit = 50
	}
	var w sqldb.Where
	if f.State != "" {
		w.And(`state = ?`, string(f.State))
	}
	if f.Before > 0 {
		w.And(`id < ?`, f.Before)
	}
	text := `select ` + columns + ` from job where ` + w.String() + ` order by id desc` + w.Bind(` limit ?`, f.Limit)
	list, err := sqldb.All(ctx, q.db, scanJob, text, w.Args...)
	return list, q.db.Fault(err)
}

// Retry queues a job that ended, or that waits for its next attempt, for now,
// with as many attempts as a new one.
func (q *Queue) Retry(ctx context.Context, tx *sqldb.Tx, kind, key string) error {
	return q.set(ctx, tx, kind, key, `update job set state = 'queued', attempt = 0, run_at = $3, ended_at = 0, holder = ''
		where kind = $1 and key = $2 and state <> 'running'`, "is being done now")
}

// Cancel ends a job that is not over. One that runs is interrupted when its
// holder next renews the lease, and cannot end otherwise any more.
func (q *Queue) Cancel(ctx context.Context, tx *sqldb.Tx, kind, key string) error {
	return q.set(ctx, tx, kind, key, `update job set state = 'canceled', ended_at = $3, holder = ''
		where kind = $1 and key = $2 and state in ('queued', 'running')`, "is over already")
}

func (q *Queue) set(ctx context.Context, tx *sqldb.Tx, kind, key, text, refusal string) error {
	res, err := tx.Exec(ctx, text, kind, key, sqldb.Micros(q.now()))
	if err != nil {
		return fmt.Errorf("change job %s %s: %w", kind, key, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	if _, found, err := sqldb.Value[int64](ctx, tx, `select id from job where kind = $1 and key = $2`, kind, key); err != nil || !found {
		if err != nil {
			return err
		}
		return hindcast.Errorf(hindcast.NotFound, "there is no job %s %s", kind, key)
	}
	return hindcast.Errorf(hindcast.Conflict, "job %s %s %s", kind, key, refusal)
}

// Clean forgets jobs that ended before a time, and with them their keys.
func (q *Queue) Clean(ctx context.Context, before time.Time) error {
	return q.db.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(ctx, `delete from job where ended_at > 0 and ended_at < $1`, sqldb.Micros(before))
		return err
	})
}

// Count is how many jobs of a kind are in a state.
type Count struct {
	Kind  string
	State State
	Jobs  int64
}

// Counts returns how many jobs there are.
func (q *Queue) Counts(ctx context.Context) ([]Count, error) {
	list, err := sqldb.All(ctx, q.db, func(scan func(...any) error) (c Count, err error) {
		err = scan(&c.Kind, &c.State, &c.Jobs)
		return c, err
	}, `select kind, state, count(*) from job group by kind, state order by kind, state`)
	return list, q.db.Fault(err)
}

// Lag returns for how long the job that waits longest has been due.
func (q *Queue) Lag(ctx context.Context) (time.Duration, error) {
	now := q.now()
	at, found, err := sqldb.Value[int64](ctx, q.db, `select run_at from job where state in ('queued', 'running') order by run_at limit 1`)
	if err != nil || !found {
		return 0, q.db.Fault(err)
	}
	return max(0, now.Sub(sqldb.Time(at))), nil
}

// due reports whether there is something to do. It only reads, so that an idle
// program writes nothing.
func (q *Queue) due(ctx context.Context) (bool, error) {
	_, found, err := sqldb.Value[int64](ctx, q.db, `select id from job where state in ('queued', 'running') and run_at <= $1 limit 1`, sqldb.Micros(q.now()))
	return found, q.db.Fault(err)
}

// claim takes up to n jobs that are due, for as long as the lease.
func (q *Queue) claim(ctx context.Context, n int, lease time.Duration) (out []Job, err error) {
	err = q.db.Write(ctx, func(tx *sqldb.Tx) error {
		now := q.now()
		out, err = sqldb.All(ctx, tx, scanJob, `select `+columns+` from job where state in ('queued', 'running') and run_at <= $1
			order by run_at, id limit $2`+tx.Dialect().Skip, sqldb.Micros(now), n)
		for i := range out {
			j := &out[i]
			j.holder, j.State, j.Attempt, j.RunAt = rand.Text(), Running, j.Attempt+1, now.Add(lease)
			if err == nil {
				_, err = tx.Exec(ctx, `update job set state = 'running', holder = $2, attempt = $3, run_at = $4 where id = $1`,
					j.ID, j.holder, j.Attempt, sqldb.Micros(j.RunAt))
			}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("take jobs: %w", err)
	}
	return out, nil
}

// renew keeps a job for longer; held is false when somebody else has it, or when
// it was canceled.
func (q *Queue) renew(ctx context.Context, j Job, lease time.Duration) (held bool, err error) {
	err = q.db.Write(ctx, func(tx *sqldb.Tx) error {
		res, err := tx.Exec(ctx, `update job set run_at = $3 where id = $1 and holder = $2 and state = 'running'`, j.ID, j.holder, sqldb.Micros(q.now().Add(lease)))
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		held = n == 1
		return err
	})
	return held, err
}

// errLost says that a job has another holder now.
var errLost = errors.New("the job is held by another")

// end keeps how an attempt ended, together with what f writes.
func (q *Queue) end(ctx context.Context, j Job, f func(context.Context, *sqldb.Tx, Job) error) error {
	return q.db.Write(ctx, func(tx *sqldb.Tx) error {
		// First the row: whoever loses it waits here, and then finds that it is gone.
		res, err := tx.Exec(ctx, `update job set state = $3, run_at = $4, error = $5, ended_at = $6, attempt = $7, holder = '' where id = $1 and holder = $2 and state = 'running'`,
			j.ID, j.holder, string(j.State), sqldb.Micros(j.RunAt), strings.ToValidUTF8(j.Error, "?"), sqldb.Micros(j.EndedAt), j.Attempt)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, errLost)
		}
		if f == nil {
			return nil
		}
		return f(ctx, tx, j)
	})
}

// Get returns one job.
func (q *Queue) Get(ctx context.Context, kind, key string) (Job, error) {
	j, err := scanJob(q.db.QueryRow(ctx, `select `+columns+` from job where kind = $1 and key = $2`, kind, key).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return j, hindcast.Errorf(hindcast.NotFound, "there is no job %s %s", kind, key)
	}
	return j, q.db.Fault(err)
}
