package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/hindcast/hindcast/internal/sqldb"
)

// Setting reads a setting of the library, such as its severity policy, into
// value; found is false when it was never set.
func (s *Store) Setting(ctx context.Context, key string, value any) (found bool, err error) {
	found, err = setting(ctx, s.db, key, value)
	return found, s.reading("setting "+key, err)
}

// Setting reads a setting as [Store.Setting] does.
func (tx *Tx) Setting(ctx context.Context, key string, value any) (found bool, err error) {
	return setting(ctx, tx.tx, key, value)
}

func setting(ctx context.Context, q sqldb.Querier, key string, value any) (bool, error) {
	var body []byte
	err := q.QueryRow(ctx, `select value from setting where key = $1`, key).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, json.Unmarshal(body, value)
}

// PutSetting keeps a setting as JSON.
func (tx *Tx) PutSetting(ctx context.Context, key string, value any, at time.Time) error {
	body, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("keep setting %s: %w", key, err)
	}
	_, err = tx.tx.Exec(ctx, `insert into setting (key, value, updated_at) values ($1, $2, $3)
		on conflict (key) do update set value = $2, updated_at = $3`, key, string(body), sqldb.Micros(at))
	if err != nil {
		return fmt.Errorf("keep setting %s: %w", key, err)
	}
	return nil
}
