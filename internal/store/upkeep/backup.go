// Package upkeep works on a library's database as a whole: it backs it up and
// restores it, checks it for damage, and derives again what follows from its
// documents.
package upkeep

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/sqldb/dump"
	"github.com/hindcast/hindcast/internal/store"
)

// Backup writes the whole database as it is at one moment to a new file, while
// others read and write. On SQLite the file is a database that can be opened as
// it is; on PostgreSQL it holds the rows, see package dump. Either can be
// restored into either engine. Evidence bytes are not in it: copy the blobs
// after it.
func Backup(ctx context.Context, s *store.Store, path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		return hindcast.Errorf(hindcast.Conflict, "%s exists already; name another file", path)
	}
	write := copyRows
	if s.DB().Engine == sqldb.SQLite {
		write = copyFile
	}
	part := path + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return hindcast.Errorf(hindcast.Unavailable, "remove what an earlier backup left: %w", err)
	}
	err := write(ctx, s.DB(), part)
	if err == nil {
		err = keep(part, path)
	}
	if err != nil {
		_ = os.Remove(part) // the error says more
		return s.DB().Fault(fmt.Errorf("back up %s: %w", s.DB().Place(), err))
	}
	return nil
}

// copyFile writes a compact copy of an SQLite file.
func copyFile(ctx context.Context, db *sqldb.DB, path string) error {
	if err := os.WriteFile(path, nil, 0o600); err != nil { // so that only its owner reads it
		return err
	}
	own, err := sqldb.Open(ctx, db.File()) // writers do not wait for it
	if err != nil {
		return err
	}
	_, err = own.SQL().ExecContext(ctx, `vacuum into $1`, path)
	return errors.Join(err, own.Close())
}

// copyRows writes the rows of a PostgreSQL database.
func copyRows(ctx context.Context, db *sqldb.DB, path string) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return dump.Write(ctx, db, f)
}

// keep syncs a finished file and gives it its name.
func keep(part, path string) error {
	f, err := os.OpenFile(part, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// Restore fills the empty database that url names with a backup and checks it.
// Nothing is restored when it fails on the way.
func Restore(ctx context.Context, url, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return hindcast.Errorf(hindcast.Invalid, "read backup %s: %w", path, err)
	}
	defer func() { _ = f.Close() }() // it was only read
	start := make([]byte, 16)
	if _, err := io.ReadFull(f, start); err != nil {
		return hindcast.Errorf(hindcast.Invalid, "%s is no backup of Hindcast; it has %d bytes", path, len(start))
	}
	to, err := store.Open(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = to.Close() }() // what was written is committed
	if bytes.Equal(start, []byte("SQLite format 3\x00")) {
		err = restoreFile(ctx, to.DB(), path)
	} else if _, err = f.Seek(0, io.SeekStart); err == nil {
		err = dump.Read(ctx, to.DB(), f)
	}
	if err != nil {
		return err
	}
	if err := reindexTerms(ctx, to.DB()); err != nil {
		return err
	}
	if err := Analyze(ctx, to.DB()); err != nil {
		return err
	}
	return Check(ctx, to)
}

// restoreFile copies the rows of an SQLite backup. It works on a copy of the
// file, whose tables may have to be brought up to date.
func restoreFile(ctx context.Context, to *sqldb.DB, path string) error {
	folder, err := os.MkdirTemp("", "hindcast-restore")
	if err != nil {
		return hindcast.Errorf(hindcast.Unavailable, "make a folder for temporary files: %w", err)
	}
	defer func() { _ = os.RemoveAll(folder) }() // a folder for temporary files
	copied := filepath.Join(folder, "backup.db")
	if err := copyBytes(path, copied); err != nil {
		return hindcast.Errorf(hindcast.Unavailable, "copy backup %s: %w", path, err)
	}
	from, err := store.Open(ctx, copied)
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }() // a copy
	if err := checkFile(ctx, from.DB()); err != nil {
		return err
	}
	r, w := io.Pipe()
	go func() { w.CloseWithError(dump.Write(ctx, from.DB(), w)) }()
	err = dump.Read(ctx, to, r)
	r.CloseWithError(err) // ends the writer if it is still at work
	return err
}

func copyBytes(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // it was only read
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	_, err = io.Copy(out, in)
	return err
}
