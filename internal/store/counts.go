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
	mine := func(w *sqldb.Where) { w.And(`p.person = ?`, v.PersonID) }
	ours := `participant p join incident i on i.num = p.incident`
	today := now.Unix() / 86400
	for _, q := range []struct {
		to    *int
		from  string
		where func(w *sqldb.Where)
	}{
		{&c.Drafts, ours, func(w *sqldb.Where) { mine(w); w.And(`i.status = ?`, string(hindcast.StatusDraft)) }},
		{&c.InReview, ours, func(w *sqldb.Where) { mine(w); w.And(`i.status = ?`, string(hindcast.StatusInReview)) }},
		{&c.OverdueDrafts, ours, func(w *sqldb.Where) {
			mine(w)
			w.And(`i.required and i.published_at = 0 and i.publish_due > 0 and i.publish_due < ?`, sqldb.Micros(now))
		}},
		{&c.ActionsOpen, ours + ` join action x on x.incident = i.num`, func(w *sqldb.Where) { mine(w); w.And(`x.open`) }},
		{&c.ActionsOverdue, `action x join incident i on i.num = x.incident`, func(w *sqldb.Where) { w.And(`x.open and x.due < ?`, today) }},
		{&c.Published, `incident i`, func(w *sqldb.Where) {
			w.And(`i.published_at > 0 and i.published_at > ?`, sqldb.Micros(now.AddDate(0, 0, -30)))
		}},
	} {
		var w sqldb.Where
		q.where(&w)
		w.And(`i.deleted_at = 0`)
		seen(&w, v)
		text := `select count(*) from (select 1 from ` + q.from + ` where ` + w.String() + w.Bind(` limit ?`, MaxCount) + `) counted`
		if err := s.db.QueryRow(ctx, text, w.Args...).Scan(q.to); err != nil {
			return c, s.reading("the figures of the home page", err)
		}
	}
	return c, nil
}

// Services returns names of services whose beginning, in any case, is prefix and
// that some incident the viewer may see affected, in alphabetical order.
func (s *Store) Services(ctx context.Context, v hindcast.Viewer, prefix string, limit int) ([]string, error) {
	var w sqldb.Where
	if prefix != "" {
		w.And(`s.name_key >= ? and s.name_key < ?`, fold(prefix), fold(prefix)+"\U0010ffff")
	}
	w.And(`i.deleted_at = 0`)
	seen(&w, v)
	names, err := sqldb.All(ctx, s.db, func(scan func(...any) error) (name string, err error) {
		err = scan(&name)
		return name, err
	}, `select min(s.name) from service s join incident i on i.num = s.incident where `+w.String()+` group by s.name_key order by s.name_key`+w.Bind(` limit ?`, limited(limit)), w.Args...)
	return names, s.reading("services", err)
}
