package store

import (
	"context"
	"fmt"
	"time"

	"github.com/hindcast/hindcast/internal/sqldb"
)

// Erase removes an incident and all that belongs to it for good. Its lines in
// the audit trail stay, and its number is not given again. Blobs that nothing
// else needs are left to the collection of unused blobs.
func (tx *Tx) Erase(ctx context.Context, id string) error {
	var num int64
	if err := tx.tx.QueryRow(ctx, `delete from incident where id = $1 returning num`, id).Scan(&num); err != nil {
		return fmt.Errorf("erase incident %s: %w", id, err)
	}
	delete(tx.before, id)
	if tx.tx.Dialect().Engine != sqldb.SQLite {
		return nil
	}
	for _, text := range []string{`delete from search_terms where rowid = $1`, `delete from search_titles where rowid = $1`} {
		if _, err := tx.tx.Exec(ctx, text, num); err != nil {
			return fmt.Errorf("erase incident %s from the search index: %w", id, err)
		}
	}
	return nil
}

// DeletedBefore returns the ids of incidents that were put into the trash before
// a time, at most MaxLimit, the first deleted first.
func (tx *Tx) DeletedBefore(ctx context.Context, at time.Time) ([]string, error) {
	return sqldb.All(ctx, tx.tx, func(scan func(...any) error) (id string, err error) {
		err = scan(&id)
		return id, err
	}, `select id from incident where deleted_at > 0 and deleted_at < $1 order by deleted_at, num limit $2`, sqldb.Micros(at), MaxLimit)
}
