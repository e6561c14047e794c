package sqldb

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/hindcast/hindcast"
)

// connections is the size of the pool of one program on PostgreSQL.
const connections = 16

// openPostgres opens a database of a server. All replicas of a program share it,
// so writers lock the rows that they change.
func openPostgres(ctx context.Context, url string) (*DB, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		// The driver's error may quote the URL, which may hold a password.
		return nil, hindcast.Errorf(hindcast.Invalid, "the address of the PostgreSQL database cannot be read; write postgres://USER@HOST:PORT/DATABASE")
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "hindcast"
	}
	config.RuntimeParams["timezone"] = "UTC"
	// How many rows a filter or a word lets through decides how they are read.
	config.RuntimeParams["plan_cache_mode"] = "force_custom_plan"
	if config.RuntimeParams["lock_timeout"] == "" {
		config.RuntimeParams["lock_timeout"] = "10s"
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 10 * time.Second
	}
	pool := sql.OpenDB(stdlib.GetConnector(*config))
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	pool.SetConnMaxIdleTime(10 * time.Minute)
	db := &DB{
		Dialect: Dialect{Engine: PostgreSQL, ForUpdate: " for update", Skip: " for update skip locked"},
		place:   fmt.Sprintf("PostgreSQL database %s on %s port %d", config.Database, config.Host, config.Port),
		write:   pool, read: pool,
	}
	if err := pool.PingContext(ctx); err != nil {
		_ = pool.Close() // the error that led here says more
		return nil, db.Fault(fmt.Errorf("open %s: %w", db.place, err))
	}
	return db, nil
}
