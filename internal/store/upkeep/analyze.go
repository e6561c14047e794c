package upkeep

import (
	"context"
	"fmt"

	"github.com/hindcast/hindcast/internal/sqldb"
)

// Analyze lets PostgreSQL look at what the tables hold now, by which it decides how
// to read them: after many rows came at once it would sort whole tables until it
// does that by itself. SQLite reads by the indexes whatever they hold.
func Analyze(ctx context.Context, db *sqldb.DB) error {
	if db.Engine != sqldb.PostgreSQL {
		return nil
	}
	if _, err := db.SQL().ExecContext(ctx, `analyze incident, section, service, action, factor, participant, acl, link, search, evidence, revision, audit`); err != nil {
		return db.Fault(fmt.Errorf("analyze the tables of %s: %w", db.Place(), err))
	}
	return nil
}
