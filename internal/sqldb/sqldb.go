// Package sqldb talks SQL to SQLite and to PostgreSQL with one text for both.
//
// Statements name their parameters $1, $2, ... which both engines bind by
// number, so that one may be used twice and in any order. The few things that
// have no common text sit in [Dialect]. Times are integers: microseconds since
// 1970 in UTC, 0 for an unknown time; see [Micros] and [Time].
//
//	db, err := sqldb.Open(ctx, "sqlite:/var/lib/hindcast/hindcast.db")
//	err = db.Write(ctx, func(tx *sqldb.Tx) error {
//		_, err := tx.Exec(ctx, `update service set name = $2 where id = $1`, id, name)
//		return err
//	})
//
// Everything that goes wrong outside our control (a full disk, a locked
// database, a server that does not answer) is a [hindcast.Unavailable] error
// that says what to do.
package sqldb

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
)

// Engine names a database engine.
type Engine string

// The engines.
const (
	SQLite     Engine = "sqlite"
	PostgreSQL Engine = "postgres"
)

// Dialect holds what the two engines spell differently.
type Dialect struct {
	Engine    Engine
	ForUpdate string // ends a select that locks its rows until the transaction ends
	Skip      string // ends a select that locks rows and leaves out those locked by others
}

// DB is an open database. It may be used by several goroutines at once.
type DB struct {
	Dialect
	place string  // the file or the server, without credentials
	file  string  // SQLite's file
	write *sql.DB // SQLite: one connection
	read  *sql.DB
	stmts [2]statements // prepared on write and on read; SQLite only
}

// maxAttempts is how often a transaction is tried when the engine asks for it.
const maxAttempts = 8

// Open opens the database that url names and makes sure that it answers:
// "postgres://..." or "postgresql://..." for a server, "sqlite:PATH" or a path
// for a file, which is created when it does not exist. It creates no tables.
func Open(ctx context.Context, url string) (*DB, error) {
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		return openPostgres(ctx, url)
	}
	return openSQLite(ctx, strings.TrimPrefix(url, "sqlite:"))
}

// Place returns where the database is, for people: a file, or a server and its
// database, never credentials.
func (db *DB) Place() string { return db.place }

// File returns the path of an SQLite database; "" on PostgreSQL.
func (db *DB) File() string { return db.file }

// SQL returns the pool that may write, for libraries that need one. What is
// written through it is not retried and its errors are the driver's.
func (db *DB) SQL() *sql.DB { return db.write }

// Close closes the connections.
func (db *DB) Close() error {
	db.stmts[0].close()
	db.stmts[1].close()
	err := db.read.Close()
	if db.write != db.read {
		if e := db.write.Close(); err == nil {
			err = e
		}
	}
	return err
}

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	var one int
	return db.QueryRow(ctx, `select 1`).Scan(&one)
}

// Write runs f in a transaction that may write and commits it when f returns
// nil. When the engine asks for it, everything is rolled back and f runs again:
// f must not have effects outside the transaction, nor call Write itself, which
// would wait for the end of f. An error of f is returned as it is, unless it came
// from the database.
func (db *DB) Write(ctx context.Context, f func(*Tx) error) error {
	for attempt := 1; ; attempt++ {
		err := db.transact(ctx, db.write, nil, f)
		if err == nil {
			return nil
		}
		if attempt == maxAttempts || !db.retryable(err) {
			return db.Fault(err)
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
}

// Read runs f in a transaction that sees one state of the database throughout
// and cannot write.
func (db *DB) Read(ctx context.Context, f func(*Tx) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if db.Engine == PostgreSQL {
		opts.Isolation = sql.LevelRepeatableRead
	}
	return db.Fault(db.transact(ctx, db.read, opts, f))
}

func (db *DB) transact(ctx context.Context, pool *sql.DB, opts *sql.TxOptions, f func(*Tx) error) error {
	inner, err := pool.BeginTx(ctx, opts)
	if err != nil {
		return fmt.Errorf("begin a transaction: %w", err)
	}
	tx := &Tx{db: db, tx: inner, stmts: db.statements(pool)}
	ended := false
	defer func() {
		if !ended { // also when f panics
			_ = inner.Rollback() // the error that led here says more
		}
	}()
	if err := f(tx); err != nil {
		return err
	}
	ended = true
	if err := inner.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	tx.stmts.prepare(ctx, pool, tx.missed)
	return nil
}

// pause waits a little longer after every attempt, by chance, so that two
// writers that met do not meet again.
func pause(ctx context.Context, attempt int) error {
	longest := time.Duration(attempt*attempt) * 4 * time.Millisecond
	t := time.NewTimer(rand.N(longest))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Micros returns t in microseconds since 1970; 0 for the zero time.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Time returns the time, in UTC, of which [Micros] returns n.
func Time(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

// unavailable makes the error for what the database could not do now.
func (db *DB) unavailable(cause error, format string, args ...any) error {
	return &hindcast.Error{Code: hindcast.Unavailable, Message: fmt.Sprintf(format, args...), Cause: cause}
}
