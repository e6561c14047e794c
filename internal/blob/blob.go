// Package blob keeps bytes under their SHA-256: the files of evidence. A blob is
// whole or not there, is synced to disk before Put returns, never changes, and is
// checked against its hash whenever it is read.
//
// [Dir] keeps blobs as files of a folder. Several programs that share a database
// share a [Bucket] instead.
//
//	sha, size, err := blobs.Put(ctx, upload, 1<<30) // then the row that names it
//	r, err := blobs.Open(ctx, sha)
//
// Blobs that no row names are removed by [Collect] after a day, so that one which
// was just put has time to get its row.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/hindcast/hindcast"
)

// Store keeps blobs. It may be used by several goroutines at once.
type Store interface {
	// Put keeps what r holds, at most limit bytes, and returns its hash, in lower
	// case hexadecimal, and its size. More bytes are a [hindcast.Invalid] error,
	// and nothing is kept. Putting what is there already makes it young again.
	Put(ctx context.Context, r io.Reader, limit int64) (sha string, size int64, err error)
	// Open returns a reader of a blob. Its last Read fails when the bytes do not
	// have the hash; what was read before must not be relied on then. A blob that
	// is not there is [hindcast.NotFound].
	Open(ctx context.Context, sha string) (io.ReadCloser, error)
	// Delete removes a blob. One that is not there is no error.
	Delete(ctx context.Context, sha string) error
	// Walk calls f for every blob, in the order of their hashes, until f fails.
	Walk(ctx context.Context, f func(Info) error) error
}

// Info says when a blob was last put.
type Info struct {
	SHA256 string
	Size   int64
	At     time.Time
}

// Grace is how old an unused blob is before [Collect] should remove it.
const Grace = 24 * time.Hour

// Collect removes the blobs that were last put before a time and that kept does
// not need, and returns how many there were. kept is asked for a few hundred
// hashes at once.
func Collect(ctx context.Context, s Store, before time.Time, kept func(ctx context.Context, hashes []string) (map[string]bool, error)) (removed int, err error) {
	var old []string
	flush := func() error {
		needed, err := kept(ctx, old)
		if err != nil {
			return err
		}
		for _, sha := range old {
			if needed[sha] {
				continue
			}
			if err := s.Delete(ctx, sha); err != nil {
				return err
			}
			removed++
		}
		old = old[:0]
		return nil
	}
	err = s.Walk(ctx, func(i Info) error {
		if !i.At.Before(before) {
			return nil
		}
		if old = append(old, i.SHA256); len(old) < 200 {
			return nil
		}
		return flush()
	})
	if err == nil && len(old) > 0 {
		err = flush()
	}
	return removed, err
}

// valid reports whether a text is a hash as Put returns it.
func valid(sha string) bool {
	if len(sha) != 2*sha256.Size {
		return false
	}
	for _, c := range []byte(sha) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func missing(sha string) error {
	return hindcast.Errorf(hindcast.NotFound, "the bytes of evidence %.12s are not kept here; they may have been purged, or the folder of blobs is not the one that belongs to this database", sha)
}

// copyAtMost copies r to w and returns the hash and the size of the bytes.
func copyAtMost(w io.Writer, r io.Reader, limit int64) (sha string, size int64, err error) {
	h := sha256.New()
	size, err = io.Copy(io.MultiWriter(w, h), io.LimitReader(r, limit+1))
	if err != nil {
		return "", 0, err
	}
	if size > limit {
		return "", 0, hindcast.Errorf(hindcast.Invalid, "the file is larger than %d bytes; leave out what the incident does not need, or raise the limit", limit)
	}
	return hex.EncodeToString(h.Sum(nil)), size, nil
}

// checked reads a blob and compares its hash at the end.
type checked struct {
	io.ReadCloser
	sha  string
	hash hash.Hash
}

func check(r io.ReadCloser, sha string) io.ReadCloser {
	return &checked{r, sha, sha256.New()}
}

// Read reads on; at the end it fails when the bytes do not have the hash.
func (c *checked) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.hash.Write(p[:n])
	if err == io.EOF && hex.EncodeToString(c.hash.Sum(nil)) != c.sha {
		return n, fmt.Errorf("read evidence %.12s: %w", c.sha, hindcast.Errorf(hindcast.Unavailable,
			"the bytes of evidence %.12s are damaged on the disk; restore them from a backup", c.sha))
	}
	return n, err
}
