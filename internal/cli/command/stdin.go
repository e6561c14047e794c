package command

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/evidence"
)

// held is how many bytes of standard input stay in memory; more goes to a scratch file.
const held = 4 << 20

// stay is a reader of what is kept elsewhere. Closing it does nothing.
type stay struct{ *io.SectionReader }

// Close does nothing.
func (stay) Close() error { return nil }

// standardInput returns what comes in as evidence that can be read again. A file that
// was redirected is read where it lies; what comes through a pipe is kept aside until
// the program ends.
func (env *Env) standardInput() (evidence.Source, error) {
	at, size, err := keep(env.Stdin)
	if err != nil {
		return evidence.Source{}, fmt.Errorf("read standard input: %w", err)
	}
	return evidence.Source{Name: "stdin", Size: size, Open: func() (io.ReadCloser, error) {
		return stay{io.NewSectionReader(at, 0, size)}, nil
	}}, nil
}

func keep(in io.Reader) (io.ReaderAt, int64, error) {
	if f, ok := in.(*os.File); ok {
		if at, size, ok := rest(f); ok {
			return at, size, nil
		}
	}
	start, err := io.ReadAll(io.LimitReader(in, held+1))
	if err != nil || len(start) <= held {
		return bytes.NewReader(start), int64(len(start)), err
	}
	f, err := blob.Scratch()
	if err != nil {
		return nil, 0, err
	}
	n, err := io.Copy(f, io.MultiReader(bytes.NewReader(start), in))
	return f, n, err
}

// rest returns what f holds from where it stands, when f is a regular file.
func rest(f *os.File) (io.ReaderAt, int64, bool) {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, 0, false
	}
	from, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, 0, false
	}
	size := max(0, info.Size()-from)
	return io.NewSectionReader(f, from, size), size, true
}
