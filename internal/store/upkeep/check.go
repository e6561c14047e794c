package upkeep

import (
	"context"
	"fmt"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
)

// Check reads the whole database and reports damage: pages that cannot be read,
// rows that refer to nothing, and documents that do not decode. It takes about
// as long as reading the file.
func Check(ctx context.Context, s *store.Store) error {
	if s.DB().Engine == sqldb.SQLite {
		if err := checkFile(ctx, s.DB()); err != nil {
			return err
		}
	}
	return s.Each(ctx, func(*store.Document) error { return nil })
}

// checkFile asks SQLite about its file.
func checkFile(ctx context.Context, db *sqldb.DB) error {
	for _, text := range []string{`pragma integrity_check(20)`, `pragma foreign_key_check`} {
		faults, err := sqldb.All(ctx, db, func(scan func(...any) error) (string, error) {
			var columns [4]any
			err := scan(&columns[0])
			if err != nil {
				err = scan(&columns[0], &columns[1], &columns[2], &columns[3])
			}
			return strings.TrimSpace(fmt.Sprint(columns[:]...)), err
		}, text)
		if err != nil {
			return db.Fault(fmt.Errorf("read the state of the database: %w", err))
		}
		if len(faults) > 1 || len(faults) == 1 && !strings.HasPrefix(faults[0], "ok") {
			return hindcast.Errorf(hindcast.Unavailable, "database %s is damaged (%s); keep a copy of it and restore the last backup", db.Place(), strings.Join(faults, "; "))
		}
	}
	return nil
}
