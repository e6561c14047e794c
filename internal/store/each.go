package store

import (
	"context"
	"fmt"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// Each calls f with every document, one at a time, for the program itself. Others may
// read and write meanwhile.
func (s *Store) Each(ctx context.Context, f func(*Document) error) error {
	for num := int64(0); ; {
		next, found, err := sqldb.Value[int64](ctx, s.db, `select num from incident where num > $1 order by num limit 1`, num)
		if err != nil || !found {
			return s.reading("documents", err)
		}
		num = next
		doc, found, err := s.readDocument(ctx, num)
		if err != nil {
			return err
		}
		if !found { // erased meanwhile
			continue
		}
		if err := f(doc); err != nil {
			return err
		}
	}
}

// readDocument reads a document for the program itself.
func (s *Store) readDocument(ctx context.Context, num int64) (doc *Document, found bool, err error) {
	err = s.db.Read(ctx, func(tx *sqldb.Tx) error {
		var got fetched
		got, found, err = fetch(ctx, tx, `i.num = $1`, "", num)
		doc = got.doc
		return err
	})
	return doc, found, s.reading(fmt.Sprintf("incident #%d", num), err)
}

// Derive writes again what follows from a document: what lists, filters, searches,
// links and access read. Its version stays as it is.
func (tx *Tx) Derive(ctx context.Context, id string) error {
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
