package sqldb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/hindcast/hindcast"
)

// Migrate brings the tables up to date with the migrations in folder, which has
// a folder for each [Engine] with the same numbers in both. Several programs may
// start at once on one PostgreSQL database: one of them migrates, the others
// wait. A database that a later version of the program has migrated is refused.
func (db *DB) Migrate(ctx context.Context, folder fs.FS) error {
	if err := db.migrate(ctx, folder); err != nil {
		return fmt.Errorf("bring the tables of %s up to date: %w", db.place, db.Fault(err))
	}
	return nil
}

func (db *DB) migrate(ctx context.Context, folder fs.FS) error {
	own, err := fs.Sub(folder, string(db.Engine))
	if err != nil {
		return err
	}
	options := []goose.ProviderOption{goose.WithTableName("schema_version"), goose.WithDisableGlobalRegistry(true), goose.WithAllowOutofOrder(true)}
	dialect := goose.DialectSQLite3
	if db.Engine == PostgreSQL {
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(dialect, db.write, own, options...)
	if err != nil {
		return err
	}
	if err := later(ctx, p); err != nil {
		return err
	}
	_, err = p.Up(ctx)
	var partial *goose.PartialError
	if errors.As(err, &partial) {
		return fmt.Errorf("%s: %w", partial.Failed.Source.Path, partial.Err)
	}
	return err
}

// later refuses a database whose tables are newer than the program.
func later(ctx context.Context, p *goose.Provider) error {
	have, known, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > known {
		return hindcast.Errorf(hindcast.Unavailable, "its tables are version %d and this program knows %d; start the version of Hindcast that you ran before, or a later one", have, known)
	}
	return nil
}
