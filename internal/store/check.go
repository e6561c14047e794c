package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// Check reads the whole database and reports damage: pages that cannot be read,
// rows that refer to nothing, and documents that do not decode. It takes about
// as long as reading the file.
func (s *Store) Check(ctx context.Context) error {
	if s.db.Engine == sqldb.SQLite {
		if err := s.checkFile(ctx); err != nil {
			return err
		}
	}
	return s.eachDocument(ctx, func(d *Document) error { return nil })
}

// checkFile asks SQLite about its file.
func (s *Store) checkFile(ctx context.Context) error {
	for _, text := range []string{`pragma integrity_check(20)`, `pragma foreign_key_check`} {
		faults, err := sqldb.All(ctx, s.db, func(scan func(...any) error) (string, error) {
			var columns [4]any
			err := scan(&columns[0])
			if err != nil {
				err = scan(&columns[0], &columns[1], &columns[2], &columns[3])
			}
			return strings.TrimSpace(fmt.Sprint(columns[:]...)), err
		}, text)
		if err != nil {
			return s.reading("the state of the database", err)
		}
		if len(faults) > 1 || len(faults) == 1 && !strings.HasPrefix(faults[0], "ok") {
			return hindcast.Errorf(hindcast.Unavailable, "database %s is damaged (%s); keep a copy of it and restore the last backup", s.db.Place(), strings.Join(faults, "; "))
		}
	}
	return nil
}

// eachDocument reads every document, a few at a time.
func (s *Store) eachDocument(ctx context.Context, f func(*Document) error) error {
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
