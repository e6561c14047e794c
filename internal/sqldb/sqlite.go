package sqldb

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver
)

// readers is the number of connections that read from an SQLite file.
const readers = 8

// openSQLite opens a file. One connection writes, because SQLite has one writer
// at a time and waiting for it in Go is cheaper and fairer than retrying.
func openSQLite(ctx context.Context, path string) (*DB, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("find database %s: %w", path, err)
	}
	db := &DB{Dialect: Dialect{Engine: SQLite}, place: path, file: path}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, db.unavailable(err, "cannot make the folder of database %s: %v; name another folder or change its owner", path, err)
	}
	if err := private(path); err != nil {
		return nil, db.unavailable(err, "cannot write database %s: %v; name another file or change its owner", path, err)
	}
	if db.write, err = sqlitePool(path, 1, "_txlock=immediate", "_pragma=cache_size(-4000)"); err != nil {
		return nil, err
	}
	if db.read, err = sqlitePool(path, readers, "_pragma=query_only(1)", "_pragma=cache_size(-2000)"); err != nil {
		return nil, err
	}
	// The writer comes first: it makes the file one with a write-ahead log.
	if err := db.write.PingContext(ctx); err != nil {
		_ = db.Close() // the error that led here says more
		return nil, db.Fault(fmt.Errorf("open database %s: %w", path, err))
	}
	return db, nil
}

// private creates the file, when it is missing, so that only its owner reads it.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func sqlitePool(path string, size int, settings ...string) (*sql.DB, error) {
	query := "_pragma=busy_timeout(5000)&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=foreign_keys(1)" +
		"&_pragma=temp_store(memory)&_pragma=journal_size_limit(67108864)&_dqs=0"
	for _, s := range settings {
		query += "&" + s
	}
	u := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: query}
	pool, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	return pool, nil
}
