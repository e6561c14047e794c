// Package blob keeps bytes under their SHA-256 in a folder. What was kept is on
// disk when Put returns, and is the same bytes when it is read: a damaged file is
// an error, never other evidence.
//
//	DIR/ab/cdef...   the blob whose hash is abcdef...
//	DIR/new/*        blobs that are being written
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/hindcast/hindcast"
)

// Store is a folder of blobs. It may be used by several goroutines and programs
// at once.
type Store struct {
	dir string
}

// Open opens a folder of blobs and makes it when it does not exist.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(filepath.Join(dir, "new"), 0o700); err != nil {
		return nil, fault("make the folder of evidence", err)
	}
	return &Store{dir: dir}, nil
}

// path returns where a blob lies.
func (s *Store) path(sum string) (string, error) {
	raw, err := hex.DecodeString(sum)
	if err != nil || len(raw) != sha256.Size || sum != strings.ToLower(sum) {
		return "", hindcast.Errorf(hindcast.Invalid, "%.80q is no SHA-256", sum)
	}
	return filepath.Join(s.dir, sum[:2], sum[2:]), nil
}

// Put keeps what r holds, at most limit bytes, and returns its hash and size.
func (s *Store) Put(ctx context.Context, r io.Reader, limit int64) (sum string, size int64, err error) {
	f, err := os.CreateTemp(filepath.Join(s.dir, "new"), "blob-")
	if err != nil {
		return "", 0, fault("keep evidence", err)
	}
	defer func() { _ = os.Remove(f.Name()) }() // it was renamed, or is not wanted
	h := sha256.New()
	size, err = io.Copy(io.MultiWriter(f, h), io.LimitReader(reader{ctx, r}, limit+1))
	if err == nil && size > limit {
		err = hindcast.Errorf(hindcast.Invalid, "the file is larger than %d MiB; cut it to the time around the incident", limit>>20)
	}
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return "", size, fault("keep evidence", err)
	}
	sum = hex.EncodeToString(h.Sum(nil))
	return sum, size, s.settle(f.Name(), sum)
}

// settle moves a written file to its place, and makes sure that it is found
// there after a crash.
func (s *Store) settle(from, sum string) error {
	to, err := s.path(sum)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return fault("keep evidence", err)
	}
	if err := os.Chmod(from, 0o400); err != nil {
		return fault("keep evidence", err)
	}
	if err := os.Rename(from, to); err != nil {
		return fault("keep evidence", err)
	}
	for _, dir := range []string{filepath.Dir(to), s.dir} {
		if err := syncDir(dir); err != nil {
			return fault("keep evidence", err)
		}
	}
	return nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Open opens a blob. Reading to its end fails when its bytes are not those of its
// hash. The result reads at any place too, for archives, without that check.
func (s *Store) Open(_ context.Context, sum string) (io.ReadCloser, error) {
	path, err := s.path(sum)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, hindcast.Errorf(hindcast.NotFound, "the bytes of evidence %s are not kept here; restore them from a backup", sum)
	}
	if err != nil {
		return nil, fault("read evidence", err)
	}
	return &checked{File: f, hash: sha256.New(), sum: sum}, nil
}

// checked is a blob whose hash is checked at its end.
type checked struct {
	*os.File
	hash hash.Hash
	sum  string
}

// Read reads on; at the end it checks the hash.
func (c *checked) Read(p []byte) (int, error) {
	n, err := c.File.Read(p)
	c.hash.Write(p[:n])
	if err == io.EOF && hex.EncodeToString(c.hash.Sum(nil)) != c.sum {
		return n, hindcast.Errorf(hindcast.Internal, "the bytes of evidence %s were damaged on disk; restore them from a backup", c.sum)
	}
	return n, err
}

// Delete removes a blob for good. One that is not there is no error.
func (s *Store) Delete(_ context.Context, sum string) error {
	path, err := s.path(sum)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault("purge evidence", err)
	}
	return syncDir(filepath.Dir(path))
}

// Walk calls f with the hash and the size of every blob written before a time,
// in the order of the hashes. Who collects what nobody needs leaves a day, since
// a blob is written before what refers to it.
func (s *Store) Walk(ctx context.Context, before time.Time, f func(sum string, size int64) error) error {
	return filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // deleted meanwhile
		}
		if err != nil {
			return fault("list evidence", err)
		}
		if d.IsDir() {
			if d.Name() == "new" {
				return fs.SkipDir
			}
			return ctx.Err()
		}
		sum := filepath.Base(filepath.Dir(path)) + d.Name()
		info, err := d.Info()
		if _, perr := s.path(sum); perr != nil || err != nil || !info.ModTime().Before(before) {
			return nil
		}
		return f(sum, info.Size())
	})
}

// fault says what people can do about an error of the disk.
func fault(doing string, err error) error {
	var e *hindcast.Error
	switch {
	case errors.As(err, &e):
		return err
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return &hindcast.Error{Code: hindcast.Unavailable, Message: doing + ": the disk is full; make room and try again", Cause: err}
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return &hindcast.Error{Code: hindcast.Unavailable, Message: doing + ": the data folder cannot be written; change its owner or mode", Cause: err}
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// reader ends with its context.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
