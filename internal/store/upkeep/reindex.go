package upkeep

import (
	"context"
	"fmt"

	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
)

// Reindex derives everything again that follows from documents: what lists,
// filters, searches, links and access read. Versions stay as they are. Others
// may read and write meanwhile.
func Reindex(ctx context.Context, s *store.Store) error {
	err := s.Each(ctx, func(d *store.Document) error {
		return s.Write(ctx, func(tx *store.Tx) error { return tx.Derive(ctx, d.ID) })
	})
	if err != nil {
		return err
	}
	return reindexTerms(ctx, s.DB())
}

// reindexTerms makes SQLite's search index again from the texts beside it.
func reindexTerms(ctx context.Context, db *sqldb.DB) error {
	if db.Engine != sqldb.SQLite {
		return nil
	}
	return db.Write(ctx, func(tx *sqldb.Tx) error {
		for _, text := range []string{
			`insert into search_terms (search_terms) values ('delete-all')`,
			`insert into search_terms (rowid, title, body) select num, title, body from search`,
			`insert into search_titles (search_titles) values ('delete-all')`,
			`insert into search_titles (rowid, title) select num, title from search`,
		} {
			if _, err := tx.Exec(ctx, text); err != nil {
				return fmt.Errorf("make the search index again: %w", err)
			}
		}
		return nil
	})
}
