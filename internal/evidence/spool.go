package evidence

import (
	"bytes"
	"errors"
	"io"
)

const (
	maxHeld    = 512 << 20 // bytes of an archive, or of a member, that is kept aside
	maxSpooled = 2 << 30   // the same of all together
	inMemory   = 4 << 20   // of these so many bytes stay in memory; the rest goes to a scratch file
)

// errHeld stops the keeping of what is too large.
var errHeld = errors.New("an archive inside an archive is too large; unpack the outer one first")

// aside is what was read out of an archive, for reading at any place and again. It
// stays until the reader ends.
type aside struct {
	io.ReaderAt
	size int64
}

// open returns a reader of it from its beginning. Closing it does nothing.
func (a aside) open() section { return section{io.NewSectionReader(a, 0, a.size)} }

type section struct{ *io.SectionReader }

// Close does nothing.
func (section) Close() error { return nil }

// Scratch is a file for what is read out of an archive, until it is closed.
type Scratch interface {
	io.Writer
	io.ReaderAt
	io.Closer
}

// spool keeps what in holds: a little in memory, much in a scratch file, or in
// memory too when there are none.
func (r *reader) spool(in io.Reader) (aside, error) {
	start, err := io.ReadAll(io.LimitReader(in, inMemory+1))
	if err != nil || len(start) <= inMemory {
		return aside{bytes.NewReader(start), int64(len(start))}, err
	}
	in = io.LimitReader(io.MultiReader(bytes.NewReader(start), in), maxHeld+1)
	if r.opt.Scratch == nil {
		all, err := io.ReadAll(in)
		return aside{bytes.NewReader(all), int64(len(all))}, r.full(int64(len(all)), err)
	}
	f, err := r.opt.Scratch()
	if err != nil {
		return aside{}, err
	}
	r.closers = append(r.closers, f)
	n, err := io.Copy(f, in)
	return aside{f, n}, r.full(n, err)
}

// full counts what is kept aside and returns errHeld when it is too much.
func (r *reader) full(n int64, err error) error {
	if r.spooled += n; err == nil && (n > maxHeld || r.spooled > maxSpooled) {
		return errHeld
	}
	return err
}
