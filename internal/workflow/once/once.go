// Package once lets a request that is sent twice create one incident: its client
// chooses a key, and who claims the key first creates.
package once

import (
	"context"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// keysFor is how long the key of a request is remembered.
const keysFor = 7 * 24 * time.Hour

// Claim claims a key that a person chose for an incident. It returns the incident that
// claimed it before, empty when none did or there is no key.
func Claim(ctx context.Context, tx *sqldb.Tx, person, key, incident string, now time.Time) (string, error) {
	if key == "" {
		return "", nil
	}
	if len(key) > 200 {
		return "", hindcast.Errorf(hindcast.Invalid, "the idempotency key is longer than 200 characters")
	}
	if _, err := tx.Exec(ctx, `delete from idempotency where at < $1`, sqldb.Micros(now.Add(-keysFor))); err != nil {
		return "", err
	}
	res, err := tx.Exec(ctx, `insert into idempotency (person, key, incident, at) values ($1, $2, $3, $4) on conflict (person, key) do nothing`,
		person, key, incident, sqldb.Micros(now))
	if err != nil {
		return "", err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return "", err
	}
	var earlier string
	err = tx.QueryRow(ctx, `select incident from idempotency where person = $1 and key = $2`, person, key).Scan(&earlier)
	return earlier, err
}
