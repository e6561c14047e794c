package store

import (
	"context"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// MaxCount is where [Store.Counts] stops to count: "more than 99".
const MaxCount = 100

// Counts are the figures of a person's home page, each at most MaxCount.
type Counts struct {
	Drafts         int // drafts in which the viewer takes part
	InReview       int // in review, in which the viewer takes part
	OverdueDrafts  int // required, of the viewer's, not published and past their day
	ActionsOpen    int // open actions of incidents in which the viewer takes part
	ActionsOverdue int // open actions past their day of all incidents that the viewer may see
	Published      int // published in the 30 days before, of all that the viewer may see
}

// Counts returns the figures of the viewer's home page at a time.
func (s *Store) Counts(ctx context.Context, v hindcast.Viewer, now time.Time) (c Counts, err error) {
	if !v.MayRead() {
		return c, nil
	}
	if err := s.countMine(ctx, v, now, &c); err != nil {
		return c, s.reading("the figures of the home page", err)
	}
	var w sqldb.Where
	w.And(`x.open and x.due < ?`, now.Unix()/86400)
	if c.ActionsOverdue, err = s.count(ctx, v, `action x join incident i on i.num = x.incident`, &w); err != nil {
		return c, s.reading("the figures of the home page", err)
	}
	w = sqldb.Where{}
	// The first condition is where SQLite enters the index, the second says which.
	w.And(`i.published_at > ? and i.published_at > 0`, sqldb.Micros(now.AddDate(0, 0, -30)))
	c.Published, err = s.count(ctx, v, `incident i`, &w)
	return c, s.reading("the figures of the home page", err)
}

// countMine counts among what the viewer takes part in, which they may always see.
// Each figure ends where Counts does, in an index of its own: what one took part in
// over the years is not gone through.
func (s *Store) countMine(ctx context.Context, v hindcast.Viewer, now time.Time, c *Counts) error {
	err := s.db.QueryRow(ctx, `select
		(select count(*) from (select 1 from participant p where p.person = $1 and p.status = $2 limit $5) counted),
		(select count(*) from (select 1 from participant p where p.person = $1 and p.status = $3 limit $5) counted),
		(select count(*) from (select 1 from participant p where p.person = $1 and p.publish_due > 0 and p.publish_due < $4 limit $5) counted),
		(select coalesce(sum(n), 0) from (select p.actions_open as n from participant p where p.person = $1 and p.actions_open > 0 order by p.actions_open desc limit $5) counted)`,
		v.PersonID, string(hindcast.StatusDraft), string(hindcast.StatusInReview), sqldb.Micros(now), MaxCount).
		Scan(&c.Drafts, &c.InReview, &c.OverdueDrafts, &c.ActionsOpen)
	c.ActionsOpen = min(c.ActionsOpen, MaxCount)
	return err
}

// count counts what the viewer may see of the rows that conditions let through.
func (s *Store) count(ctx context.Context, v hindcast.Viewer, from string, w *sqldb.Where) (n int, err error) {
	w.And(`i.deleted_at = 0`)
	seen(w, v)
	err = s.db.QueryRow(ctx, `select count(*) from (select 1 from `+from+` where `+w.String()+w.Bind(` limit ?`, MaxCount)+`) counted`, w.Args...).Scan(&n)
	return n, err
}

// Services returns names of services whose beginning, in any case, is prefix and
// that some incident the viewer may see affected, in alphabetical order.
func (s *Store) Services(ctx context.Context, v hindcast.Viewer, prefix string, limit int) ([]string, error) {
	if !v.MayRead() {
		return nil, nil
	}
	// It steps from name to name in the index, however many incidents each has.
	names, err := sqldb.All(ctx, s.db, func(scan func(...any) error) (name string, err error) {
		err = scan(&name)
		return name, err
	}, `with recursive names (key) as (
			select (select min(s.name_key) from service s where s.name_key >= $1)
			union all
			select (select min(s.name_key) from service s where s.name_key > names.key) from names where names.key < $2
		)
		select shown from (select names.key, (select s.name from service s join incident i on i.num = s.incident
			where s.name_key = names.key and i.deleted_at = 0 and exists (select 1 from acl a where a.incident = i.num and a.principal in ('all', $3))
			order by s.happened_at desc, s.incident desc limit 1) as shown from names where names.key < $2) named
		where shown is not null limit $4`, // in the order in which they are found
		fold(prefix), fold(prefix)+"\U0010ffff", principal(v), limited(limit))
	return names, s.reading("services", err)
}
