package store

import (
	"context"
	"fmt"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// Reindex derives everything again that follows from documents: what lists,
// filters, searches, links and access read. Versions stay as they are. Others
// may read and write meanwhile.
func (s *Store) Reindex(ctx context.Context) error {
	err := s.eachDocument(ctx, func(d *Document) error {
		return s.Write(ctx, func(tx *Tx) error { return tx.derive(ctx, d.ID) })
	})
	if err != nil {
		return err
	}
	return s.reindexTerms(ctx)
}

// derive writes again what follows from a document.
func (tx *Tx) derive(ctx context.Context, id string) error {
	d, err := tx.Load(ctx, id)
	if hindcast.CodeOf(err) == hindcast.NotFound {
		return nil // erased meanwhile
	}
	if err != nil {
		return err
	}
	for _, text := range []string{`delete from service where incident = $1`, `delete from action where incident = $1`,
		`delete from factor where incident = $1`, `delete from link where incident = $1`, `delete from acl where incident = $1`} {
		if _, err := tx.tx.Exec(ctx, text, d.Num); err != nil {
			return fmt.Errorf("derive what follows from incident #%d: %w", d.Num, err)
		}
	}
	kept := tx.before[id]
	next, err := project(d)
	if err != nil {
		return err
	}
	kept.columns = nil // all of them are written
	if err := tx.update(ctx, d, kept, next); err != nil {
		return fmt.Errorf("derive incident #%d: %w", d.Num, err)
	}
	return tx.project(ctx, d, &projection{sections: kept.sections}, next)
}

// reindexTerms makes SQLite's search index again from the texts beside it.
func (s *Store) reindexTerms(ctx context.Context) error {
	if s.db.Engine != sqldb.SQLite {
		return nil
	}
	return s.db.Write(ctx, func(tx *sqldb.Tx) error {
		for _, text := range []string{
			`insert into search_terms (search_terms) values ('delete-all')`,
			`insert into search_terms (rowid, title, body) select num, title, body from search`,
		} {
			if _, err := tx.Exec(ctx, text); err != nil {
				return fmt.Errorf("make the search index again: %w", err)
			}
		}
		return nil
	})
}
