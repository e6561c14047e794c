package store

import (
	"context"
	"fmt"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// View is a way to look at the library that a person keeps under a name.
type View struct {
	Name    string
	Query   string // of the address of the library: "severity=1&service=ledger"
	Created time.Time
}

// MaxViews is how many views one person keeps.
const MaxViews = 50

// Views returns the views of the viewer, by name.
func (s *Store) Views(ctx context.Context, v hindcast.Viewer) ([]View, error) {
	list, err := sqldb.All(ctx, s.db, func(scan func(...any) error) (x View, err error) {
		var created int64
		err = scan(&x.Name, &x.Query, &created)
		x.Created = sqldb.Time(created)
		return x, err
	}, `select name, query, created_at from saved_view where person = $1 order by name limit $2`, v.PersonID, MaxViews)
	return list, s.reading("the views of a person", err)
}

// PutView keeps a view of a person, in place of one of the same name. It fails
// with [hindcast.Conflict] when the person keeps too many.
func (tx *Tx) PutView(ctx context.Context, person string, x View) error {
	n, _, err := sqldb.Value[int64](ctx, tx.tx, `select count(*) from saved_view where person = $1 and name <> $2`, person, x.Name)
	if err != nil {
		return fmt.Errorf("count the views of a person: %w", err)
	}
	if n >= MaxViews {
		return hindcast.Errorf(hindcast.Conflict, "you keep %d views already; remove one first", MaxViews)
	}
	if _, err := tx.tx.Exec(ctx, `insert into saved_view (person, name, query, created_at) values ($1, $2, $3, $4)
		on conflict (person, name) do update set query = $3, created_at = $4`, person, x.Name, x.Query, sqldb.Micros(x.Created)); err != nil {
		return fmt.Errorf("keep a view: %w", err)
	}
	return nil
}

// RemoveView removes a view of a person, if there is one.
func (tx *Tx) RemoveView(ctx context.Context, person, name string) error {
	if _, err := tx.tx.Exec(ctx, `delete from saved_view where person = $1 and name = $2`, person, name); err != nil {
		return fmt.Errorf("remove a view: %w", err)
	}
	return nil
}
