package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/hindcast/hindcast"
)

// Dir keeps blobs as files of a folder: ab/cdef... for the hash abcdef... Files
// being written are in tmp.
type Dir struct {
	root string
}

// OpenDir opens a folder of blobs and makes it when it is not there. What a crash
// left half-written more than [Grace] ago is removed.
func OpenDir(root string) (*Dir, error) {
	d := &Dir{root}
	if err := os.MkdirAll(d.temporary(), 0o700); err != nil {
		return nil, d.unavailable("make the folder", err)
	}
	left, err := os.ReadDir(d.temporary())
	if err != nil {
		return nil, d.unavailable("read the folder", err)
	}
	for _, f := range left {
		info, err := f.Info()
		if err == nil && time.Since(info.ModTime()) > Grace {
			_ = os.Remove(filepath.Join(d.temporary(), f.Name())) // tried again the next time
		}
	}
	return d, nil
}

func (d *Dir) temporary() string { return filepath.Join(d.root, "tmp") }

func (d *Dir) path(sha string) string { return filepath.Join(d.root, sha[:2], sha[2:]) }

// unavailable says what could not be done and what to do about it.
func (d *Dir) unavailable(doing string, err error) error {
	what := "check its disk and owner"
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		what = "the disk is full: free some space and try again"
	}
	return &hindcast.Error{Code: hindcast.Unavailable, Message: fmt.Sprintf("cannot %s of evidence in %s (%v); %s", doing, d.root, reason(err), what), Cause: err}
}

// reason returns what the system said, without the name of a file.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// Put implements [Store]. The file is synced, then named, then the folder is
// synced. Putting a damaged blob again repairs it.
func (d *Dir) Put(_ context.Context, r io.Reader, limit int64) (sha string, size int64, err error) {
	f, err := os.CreateTemp(d.temporary(), "put-*") // mode 0600
	if err != nil {
		return "", 0, d.unavailable("write a file", err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name()) // the error says more
		}
	}()
	sha, size, err = copyAtMost(f, r, limit)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = d.name(f.Name(), sha)
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = d.unavailable("write a file", err)
	}
	return sha, size, err
}

// name moves a finished file to its place for good.
func (d *Dir) name(from, sha string) error {
	to := d.path(sha)
	made := os.Mkdir(filepath.Dir(to), 0o700)
	if made != nil && !errors.Is(made, fs.ErrExist) {
		return made
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	if made == nil {
		if err := syncFolder(d.root); err != nil {
			return err
		}
	}
	return syncFolder(filepath.Dir(to))
}

func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Open implements [Store].
func (d *Dir) Open(_ context.Context, sha string) (io.ReadCloser, error) {
	if !valid(sha) {
		return nil, missing(sha)
	}
	f, err := os.Open(d.path(sha))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, missing(sha)
	}
	if err != nil {
		return nil, d.unavailable("read a file", err)
	}
	return check(f, sha), nil
}

// Delete implements [Store].
func (d *Dir) Delete(_ context.Context, sha string) error {
	if !valid(sha) {
		return missing(sha)
	}
	if err := os.Remove(d.path(sha)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return d.unavailable("remove a file", err)
	}
	return nil
}

// Walk implements [Store]. Files that are no blobs are passed over.
func (d *Dir) Walk(ctx context.Context, f func(Info) error) error {
	folders, err := os.ReadDir(d.root)
	if err != nil {
		return d.unavailable("read the folder", err)
	}
	for _, folder := range folders {
		if !folder.IsDir() || len(folder.Name()) != 2 {
			continue
		}
		if err := d.walk(ctx, folder.Name(), f); err != nil {
			return err
		}
	}
	return nil
}

func (d *Dir) walk(ctx context.Context, folder string, f func(Info) error) error {
	files, err := os.ReadDir(filepath.Join(d.root, folder))
	if err != nil {
		return d.unavailable("read the folder", err)
	}
	for _, file := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		sha := folder + file.Name()
		info, err := file.Info()
		if err != nil || !valid(sha) {
			continue // removed meanwhile, or somebody else's
		}
		if err := f(Info{sha, info.Size(), info.ModTime()}); err != nil {
			return err
		}
	}
	return nil
}
