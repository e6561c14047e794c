package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
)

// Querier reads: a [DB], each statement for itself, or a [Tx].
type Querier interface {
	Query(ctx context.Context, text string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, text string, args ...any) *sql.Row
}

// Tx is a transaction. It belongs to one goroutine.
type Tx struct {
	db     *DB
	tx     *sql.Tx
	stmts  *statements
	missed []string // texts that were not prepared yet
}

// Dialect returns what the engine spells differently.
func (tx *Tx) Dialect() Dialect { return tx.db.Dialect }

// SQL returns the transaction for libraries that need it, such as a job queue.
func (tx *Tx) SQL() *sql.Tx { return tx.tx }

// stmt returns the prepared statement of a text for this transaction; nil when
// the text has to be sent as it is.
func (tx *Tx) stmt(ctx context.Context, text string) *sql.Stmt {
	if tx.stmts == nil {
		return nil
	}
	if stmt := tx.stmts.get(text); stmt != nil {
		return tx.tx.StmtContext(ctx, stmt)
	}
	tx.missed = append(tx.missed, text)
	return nil
}

// Exec runs a statement that returns no rows.
func (tx *Tx) Exec(ctx context.Context, text string, args ...any) (sql.Result, error) {
	stmt := tx.stmt(ctx, text)
	if stmt == nil {
		return tx.tx.ExecContext(ctx, text, args...)
	}
	return stmt.ExecContext(ctx, args...)
}

// Query runs a statement that returns rows.
func (tx *Tx) Query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	stmt := tx.stmt(ctx, text)
	if stmt == nil {
		return tx.tx.QueryContext(ctx, text, args...)
	}
	return stmt.QueryContext(ctx, args...)
}

// QueryRow runs a statement that returns at most one row.
func (tx *Tx) QueryRow(ctx context.Context, text string, args ...any) *sql.Row {
	stmt := tx.stmt(ctx, text)
	if stmt == nil {
		return tx.tx.QueryRowContext(ctx, text, args...)
	}
	return stmt.QueryRowContext(ctx, args...)
}

// Query runs a statement that reads, outside any transaction.
func (db *DB) Query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	if stmt := db.prepared(ctx, text); stmt != nil {
		return stmt.QueryContext(ctx, args...)
	}
	return db.read.QueryContext(ctx, text, args...)
}

// QueryRow runs a statement that reads at most one row, outside any transaction.
func (db *DB) QueryRow(ctx context.Context, text string, args ...any) *sql.Row {
	if stmt := db.prepared(ctx, text); stmt != nil {
		return stmt.QueryRowContext(ctx, args...)
	}
	return db.read.QueryRowContext(ctx, text, args...)
}

// prepared returns the prepared statement of a text; nil when there is none,
// also because the text is wrong: running it says how.
func (db *DB) prepared(ctx context.Context, text string) *sql.Stmt {
	kept := db.statements(db.read)
	if kept == nil {
		return nil
	}
	if kept.get(text) == nil {
		kept.prepare(ctx, db.read, []string{text})
	}
	return kept.get(text)
}

// All runs a statement on q and returns what scan makes of each row, in order.
func All[T any](ctx context.Context, q Querier, scan func(scan func(...any) error) (T, error), text string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err below tells
	var out []T
	for rows.Next() {
		v, err := scan(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// Value reads the one value of the first row into a T, as [sql.Row.Scan] does;
// found is false when there is no row.
func Value[T any](ctx context.Context, q Querier, text string, args ...any) (value T, found bool, err error) {
	err = q.QueryRow(ctx, text, args...).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return value, false, nil
	}
	return value, err == nil, err
}

// Counts reads a select of a key and how many there are of it into a map.
func Counts[K ~string](ctx context.Context, q Querier, text string, args ...any) (map[K]int64, error) {
	out := map[K]int64{}
	_, err := All(ctx, q, func(scan func(...any) error) (n int64, err error) {
		var key K
		err = scan(&key, &n)
		out[key] = n
		return n, err
	}, text, args...)
	return out, err
}

// Where collects the conditions of a select together with their arguments, each
// written with ? for its arguments. The conditions are constants of the
// program; what people type is always an argument.
type Where struct {
	text strings.Builder
	Args []any
}

// And adds a condition.
func (w *Where) And(condition string, args ...any) {
	if w.text.Len() > 0 {
		w.text.WriteString(" and ")
	}
	w.text.WriteString(w.Bind(condition, args...))
}

// Bind returns a text whose every ? is the number of the next argument.
func (w *Where) Bind(text string, args ...any) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		w.Args = append(w.Args, args[0])
		args = args[1:]
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(len(w.Args)))
		text = after
	}
}

// String returns the conditions joined by and; "true" when there are none.
func (w *Where) String() string {
	if w.text.Len() == 0 {
		return "true"
	}
	return w.text.String()
}
