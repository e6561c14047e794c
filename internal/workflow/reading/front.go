package reading

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store/page"
	"github.com/hindcast/hindcast/internal/workflow/kept"
)

// Front is what is known of a publication without reading it.
type Front struct {
	Num      int64     // of the post-mortem: #12
	N        int64     // of the publication: the first is 1; 0 when what is shown is the document itself
	Last     int64     // the last publication there is
	Revision int64     // that published it; 0 when it began published
	At       time.Time // when
	Revised  bool      // the document is taken up again and not published now
	Part     access.Part
	// Today is set when the states of the action items are those of today, and not
	// those of the day of publication.
	Today bool

	ID      string    // of the post-mortem
	version int64     // of the document; 0 for who may read no more than what is published
	changed time.Time // when it became that
}

// Shows reports whether a publication is what f is the front of.
func (f *Front) Shows(p *Publication) bool {
	return f.Facts() == p.Facts() && f.Part == p.Part
}

// Facts names what readers have: publications of the same facts are alike, but for
// what is told only to those who take part.
func (f *Front) Facts() string {
	facts := fmt.Sprintf("%d %d %d %d %d %t %t %s", f.Num, f.N, f.Last, f.Revision, sqldb.Micros(f.At), f.Revised, f.Today, f.ID)
	if f.Today {
		facts += fmt.Sprintf(" %d %d", f.version, sqldb.Micros(f.changed))
	}
	return facts
}

// Front returns the front of publication n of the post-mortem of a number, of the
// last one when n is 0, and the head of the document when the viewer may read that.
// It is nil when there is none that the viewer may read, and [Service.Get] says why.
func (s *Service) Front(ctx context.Context, v hindcast.Viewer, num, n int64) (*Front, *kept.Head, error) {
	head, seen, err := page.Find(ctx, s.DB, v, num)
	if err != nil {
		return nil, nil, err
	}
	f := &Front{Num: num, Revised: true}
	if seen {
		f.ID, f.Part, f.version, f.changed = head.ID, access.Part(head.Role), head.Version, head.UpdatedAt
		f.Revised = head.Status != hindcast.StatusPublished
	} else if f.ID, err = s.openly(ctx, v, num); err != nil || f.ID == "" {
		return nil, nil, err
	}
	found, err := s.edition(ctx, f, n)
	switch {
	case err != nil:
		return nil, nil, err
	case !found && (n > 0 || f.Revised):
		return nil, nil, nil
	case !found:
		f.At = head.PublishedAt
	}
	f.Today = seen && !f.Revised && f.N == f.Last
	if !seen {
		return f, nil, nil
	}
	return f, kept.Of(head, v), nil
}

// openly returns the id of the post-mortem of a number when everybody may read what
// is published of it; empty when not.
func (s *Service) openly(ctx context.Context, v hindcast.Viewer, num int64) (string, error) {
	if !v.MayRead() {
		return "", nil
	}
	id, _, err := sqldb.Value[string](ctx, s.DB, `select i.id from incident i where i.num = $1 and `+open, num)
	if err != nil {
		return "", s.DB.Fault(fmt.Errorf("read who may read #%d: %w", num, err))
	}
	return id, nil
}

// edition reads which publication n is, the last when n is 0; false when readers
// have none of that number.
func (s *Service) edition(ctx context.Context, f *Front, n int64) (bool, error) {
	var w sqldb.Where
	w.And(`p.incident = ? and p.withdrawn_at = 0`, f.Num)
	if n > 0 {
		w.And(`p.n = ?`, n)
	}
	var when int64
	err := s.DB.QueryRow(ctx, `select p.n, p.revision, p.at, (select max(q.n) from publication q where q.incident = p.incident and q.withdrawn_at = 0)
		from publication p where `+w.String()+` order by p.n desc limit 1`, w.Args...).Scan(&f.N, &f.Revision, &when, &f.Last)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, s.DB.Fault(fmt.Errorf("read the publications of #%d: %w", f.Num, err))
	}
	f.At = sqldb.Time(when)
	return true, nil
}
