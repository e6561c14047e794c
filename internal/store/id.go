package store

import (
	"crypto/rand"
	"encoding/hex"
	"io/fs"
	"time"
)

// NewID returns an identifier for something made at a time: a UUID of version 7,
// so that later ones sort after earlier ones.
func NewID(at time.Time) string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails
	ms := uint64(at.UnixMilli())
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

func sub(f fs.FS) (fs.FS, error) { return fs.Sub(f, "migrations") }
