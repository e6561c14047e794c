package evidence

import (
	"bytes"
	"errors"
	"io"
	"os"
)

const (
	maxHeld    = 512 << 20 // bytes of an archive, or of a member, that is kept aside
	maxSpooled = 2 << 30   // the same of all together
	inMemory   = 4 << 20   // of these so many bytes stay in memory; the rest goes to a temporary file
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

// spool keeps what in holds: a little in memory, much in a temporary file.
func (r *reader) spool(in io.Reader) (aside, error) {
	start, err := io.ReadAll(io.LimitReader(in, inMemory+1))
	if err != nil || len(start) <= inMemory {
		return aside{bytes.NewReader(start), int64(len(start))}, err
	}
	f, err := os.CreateTemp("", "hindcast-evidence-")
	if err != nil {
		return aside{}, err
	}
	r.closers = append(r.closers, temporary{f})
	_ = os.Remove(f.Name()) // where it can stay open without a name
	n, err := io.Copy(f, io.LimitReader(io.MultiReader(bytes.NewReader(start), in), maxHeld+1))
	if r.spooled += n; err == nil && (n > maxHeld || r.spooled > maxSpooled) {
		err = errHeld
	}
	return aside{f, n}, err
}

// temporary is a file that is gone when it is closed.
type temporary struct{ *os.File }

func (t temporary) Close() error {
	err := t.File.Close()
	_ = os.Remove(t.Name()) // it may be gone already
	return err
}
