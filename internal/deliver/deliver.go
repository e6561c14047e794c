// Package deliver carries outward acts out: messages about what happens in the
// library, to programs and to people.
//
// An act is a record first. [Service.Announce] queues a [Delivery] for every
// [Endpoint] that wants to know, in the transaction of the change it tells of, so
// that there is none without the change and no change without it. Some wait until
// a person approves them. A job of package queue then sends each, again while it
// fails, under an id that never changes: a receiver that looks at it is told
// everything once. What came of it is kept, can be seen, tried again and
// canceled.
//
//	d := deliver.New(deliver.Config{DB: db, Queue: q, Box: box, Vendors: vendors, ...})
//	wf := workflow.New(workflow.Config{Announce: d.Announce, ...})
//	worker := queue.Worker{Queue: q, Handlers: d.Handlers()}
//
// Secrets of endpoints are kept sealed and never shown again. What an endpoint is
// told depends on it: of private incidents only when it says so, and never their
// titles, which an admin could not read otherwise; of drafts without their titles
// unless it says so.
package deliver

import (
	"context"
	"fmt"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/secret"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
)

// Config says what a [Service] works with. All but Now and Ref must be set.
type Config struct {
	DB      *sqldb.DB // with the tables endpoint and delivery
	Queue   *queue.Queue
	Box     *secret.Box
	HTTP    *outhttp.Client
	Vendors []connector.Vendor
	Address func() string    // where people reach the server, for links: "https://hindcast.example.org"
	Now     func() time.Time // time.Now when nil
	// Ref returns what an incident is called at an endpoint that knows its own only,
	// or nothing. Nothing is announced there when it is nil.
	Ref func(ctx context.Context, tx *sqldb.Tx, endpoint, incident string) (string, error)
	// Again is told, in the same transaction, that an endpoint was changed, or found to
	// work, so that what waits for that goes on. Nil when nothing does.
	Again func(ctx context.Context, tx *sqldb.Tx, endpoint string) error
	// Closed, when not empty, says why nothing may leave: endpoints are not made,
	// changed or tested.
	Closed string
}

// Service keeps endpoints and deliveries. It may be used by several goroutines at
// once.
type Service struct{ Config }

// New returns a Service.
func New(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Ref == nil {
		c.Ref = func(context.Context, *sqldb.Tx, string, string) (string, error) { return "", nil }
	}
	if c.Again == nil {
		c.Again = func(context.Context, *sqldb.Tx, string) error { return nil }
	}
	return &Service{c}
}

// The kinds of our jobs.
const (
	sendKind  = "deliver"
	cleanKind = "forget-deliveries"
)

// How long what is over is kept.
const (
	keepDeliveries = 90 * 24 * time.Hour
	keepJobs       = 7 * 24 * time.Hour
)

// Handlers returns the handlers of our jobs, for a worker.
func (s *Service) Handlers() map[string]queue.Handler {
	return map[string]queue.Handler{
		sendKind:  {Run: s.send, Ended: s.ended},
		cleanKind: {Run: s.clean, Every: 24 * time.Hour},
	}
}

// clean forgets what was over long ago.
func (s *Service) clean(ctx context.Context, _ *queue.Job) error {
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(ctx, `delete from delivery where ended_at > 0 and ended_at < $1`, sqldb.Micros(s.Now().Add(-keepDeliveries)))
		return err
	})
	if err != nil {
		return fmt.Errorf("forget old deliveries: %w", err)
	}
	return s.Queue.Clean(ctx, s.Now().Add(-keepJobs))
}

func (s *Service) deps() connector.Deps { return connector.Deps{HTTP: s.HTTP, Now: s.Now} }

// vendor returns the vendor of a kind of endpoints.
func (s *Service) vendor(kind string) (connector.Vendor, error) {
	var names []string
	for _, v := range s.Vendors {
		if v.Name == kind {
			return v, nil
		}
		names = append(names, v.Name)
	}
	return connector.Vendor{}, hindcast.Errorf(hindcast.Invalid, "kind: there is no kind of endpoint %q; choose one of %v", kind, names)
}

// admin refuses viewers who may not change settings.
func admin(v hindcast.Viewer) error {
	if !v.MayAdminister() {
		return hindcast.Errorf(hindcast.Denied, "only an admin may see and change what leaves this library")
	}
	return nil
}

// may refuses viewers who may not change settings, and everybody when nothing may
// leave.
func (s *Service) may(v hindcast.Viewer) error {
	if err := admin(v); err != nil {
		return err
	}
	if s.Closed != "" {
		return hindcast.Errorf(hindcast.Denied, "%s", s.Closed)
	}
	return nil
}

// audit keeps what a person did.
func (s *Service) audit(ctx context.Context, tx *sqldb.Tx, v hindcast.Viewer, act string, detail any) error {
	return store.Record(ctx, tx, store.AuditEntry{At: s.Now(), PersonID: v.PersonID, TokenID: v.TokenID, Act: act, Detail: detail})
}

// write runs f in a transaction and says what failed. An error that speaks to
// people already stays as it is.
func (s *Service) write(ctx context.Context, what string, f func(tx *sqldb.Tx) error) error {
	err := s.DB.Write(ctx, f)
	if code := hindcast.CodeOf(err); code == "" || code != hindcast.Internal {
		return err
	}
	return s.DB.Fault(fmt.Errorf("%s: %w", what, err))
}
