package sqldb

import (
	"context"
	"database/sql/driver"
	"errors"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/hindcast/hindcast"
)

// Fault returns err with what it means: a fault of the disk, of another program
// that holds the database, or of the server's is a [hindcast.Unavailable] error
// that says what to do. Any other error, nil too, is returned as it is.
func (db *DB) Fault(err error) error {
	var e *hindcast.Error
	if err == nil || errors.As(err, &e) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return db.sqliteFault(err, lite.Code())
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return db.postgresFault(err, pg.Code)
	}
	if db.Engine == PostgreSQL && unreachable(err) {
		return db.unavailable(err, "%s does not answer (%s); check that the server runs and that its address, user and password are right", db.place, brief(err))
	}
	return err
}

// IsUnique reports whether a statement failed because it would have repeated a
// value that has to be unique.
func IsUnique(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "23505"
}

// retryable reports whether the engine asks to run the transaction again: two
// writers met and this one gave way. A database that stayed locked for the
// whole of busy_timeout is not tried again.
func (db *DB) retryable(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code() == sqlite3.SQLITE_BUSY_SNAPSHOT || lite.Code() == sqlite3.SQLITE_BUSY_RECOVERY
	}
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}

func (db *DB) sqliteFault(err error, code int) error {
	switch code & 0xff { // the primary code
	case sqlite3.SQLITE_FULL:
		return db.unavailable(err, "the disk that holds database %s is full; nothing was saved; free some space and try again", db.place)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return db.unavailable(err, "database %s is locked by another program; stop that program, or wait until it is done, and try again", db.place)
	case sqlite3.SQLITE_READONLY:
		return db.unavailable(err, "database %s may not be written; change the owner or the mode of the file and its folder", db.place)
	case sqlite3.SQLITE_CANTOPEN:
		return db.unavailable(err, "database %s cannot be opened; check that the folder exists and that this user may write there", db.place)
	case sqlite3.SQLITE_IOERR:
		return db.unavailable(err, "the disk that holds database %s refused to read or write (code %d); nothing was saved; check its space, quota and health and try again", db.place, code)
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return db.unavailable(err, "database %s is damaged or is no database; keep a copy of it and restore the last backup", db.place)
	}
	return err
}

func (db *DB) postgresFault(err error, code string) error {
	switch {
	case code == "53100":
		return db.unavailable(err, "the disk of %s is full; nothing was saved; free some space and try again", db.place)
	case code == "53300":
		return db.unavailable(err, "%s has no connection left; raise max_connections or stop other programs, and try again", db.place)
	case code == "55P03", code == "40001", code == "40P01":
		return db.unavailable(err, "another writer holds what was to be changed in %s; try again", db.place)
	case code == "25006":
		return db.unavailable(err, "%s only lets read; connect to the primary server", db.place)
	case code == "28P01", code == "28000", code == "3D000":
		return db.unavailable(err, "%s refuses the connection (%s); check user, password and the name of the database", db.place, code)
	case strings.HasPrefix(code, "57P"), strings.HasPrefix(code, "08"), strings.HasPrefix(code, "53"), strings.HasPrefix(code, "58"):
		return db.unavailable(err, "%s is not ready (%s); check the server's log and try again", db.place, code)
	}
	return err
}

// unreachable reports whether an error says that there is no connection.
func unreachable(err error) bool {
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, net.ErrClosed) || pgconn.SafeToRetry(err)
}

// brief returns why there is no connection without the address, which a
// driver's error repeats with the name of the user.
func brief(err error) string {
	var op *net.OpError
	switch {
	case errors.As(err, &op):
		return op.Err.Error()
	default:
		return "no connection"
	}
}
