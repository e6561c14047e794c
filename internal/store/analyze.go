package store

import (
	"context"
	"fmt"

	"github.com/hindcast/hindcast/internal/sqldb"
)

// Analyze lets PostgreSQL look at what the tables hold now, by which it decides how
// to read them: after many rows came at once it would sort whole tables until it
// does that by itself. SQLite reads by the indexes whatever they hold.
func (s *Store) Analyze(ctx context.Context) error {
	if s.db.Engine != sqldb.PostgreSQL {
		return nil
	}
	if _, err := s.db.SQL().ExecContext(ctx, `analyze incident, section, service, action, factor, participant, acl, link, search, evidence, revision, audit`); err != nil {
		return s.db.Fault(fmt.Errorf("analyze the tables of %s: %w", s.db.Place(), err))
	}
	return nil
}
