package letter

import (
	"context"
	"fmt"
	"time"

	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow/notice"
)

// late is how long after its hour a digest is still sent. What one that was left
// out would have told is in the next.
const late = 12 * time.Hour

// digests queues the digests whose hour has come.
func (s *Service) digests(ctx context.Context, _ *queue.Job) error {
	if !s.Open() {
		return nil
	}
	people, err := s.People(ctx)
	if err != nil {
		return err
	}
	for _, p := range people {
		if p.Disabled || p.Email == "" {
			continue
		}
		if err := s.digest(ctx, p.PersonID); err != nil {
			return s.DB.Fault(fmt.Errorf("queue the digest of person %s: %w", p.PersonID, err))
		}
	}
	return nil
}

// digest queues the digest of a person when its hour has come and it may have
// something to say. It may run at any time, and on several servers at once.
func (s *Service) digest(ctx context.Context, person string) error {
	c, err := s.Notice.ChoicesOf(ctx, s.DB, person)
	if err != nil {
		return err
	}
	now := s.now()
	slot, week := c.Slot(now)
	if due := c.Awake(slot, s.Notice.Calendar); now.Before(due) || now.Sub(due) >= late {
		return nil
	}
	r := row{id: store.NewID(now), key: fmt.Sprintf("digest/%s/%d", person, slot.Unix()), kind: Digest, person: person, due: now}
	if week && c.Actions {
		r.kind = Week
	}
	said, err := s.hasSomething(ctx, r, slot)
	if err != nil || !said {
		return err
	}
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		added, err := s.add(ctx, tx, r)
		if err == nil && added {
			_, err = tx.Exec(ctx, `update notice set letter = $3 where id in (select n.id from notice n where `+notice.Pending+`)`, person, sqldb.Micros(slot), r.id)
		}
		return err
	})
}

// hasSomething reports whether a digest is to be written, and is not queued yet.
func (s *Service) hasSomething(ctx context.Context, r row, slot time.Time) (bool, error) {
	_, found, err := sqldb.Value[string](ctx, s.DB, `select id from letter where key = $1`, r.key)
	if err != nil || found || r.kind == Week {
		return !found, err
	}
	_, found, err = sqldb.Value[string](ctx, s.DB, `select n.id from notice n where `+notice.Pending+` limit 1`, r.person, sqldb.Micros(slot))
	return found, err
}
