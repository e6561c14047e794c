package evidence

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"sync/atomic"

	"github.com/hindcast/hindcast/internal/evidence/record"
)

const (
	headSize  = 64 << 10
	chunkSize = 1 << 20
	maxLine   = 16 << 20 // longest line that is parsed
)

// input is one opened file: hashed as it is stored, read as it is meant.
type input struct {
	closer io.Closer
	raw    *hashed
	text   *bufio.Reader // decompressed, without byte order mark, in UTF-8
	skip   int64         // bytes of the byte order mark
	packed string        // "gzip", "bzip2" or empty
}

// hashed hashes and counts what is read through it.
type hashed struct {
	r     io.Reader
	sum   hash.Hash // nil: not hashed
	n     int64
	total *atomic.Int64
}

func (h *hashed) Read(p []byte) (int, error) {
	n, err := h.r.Read(p)
	if h.sum != nil {
		h.sum.Write(p[:n])
	}
	h.n += int64(n)
	h.total.Add(int64(n))
	return n, err
}

var (
	gzipMagic  = []byte{0x1f, 0x8b, 8}
	bzip2Magic = []byte("BZh")
	zipMagic   = []byte("PK\x03\x04")
	emptyZip   = []byte("PK\x05\x06")
	xzMagic    = []byte("\xfd7zXZ\x00")
	zstdMagic  = []byte{0x28, 0xb5, 0x2f, 0xfd}
	sevenMagic = []byte("7z\xbc\xaf\x27\x1c")
)

// open opens s and looks through compression and text encoding.
func (r *reader) open(s Source) (*input, error) {
	c, err := s.Open()
	if err != nil {
		return nil, err
	}
	in := &input{closer: c, raw: &hashed{r: c, total: &r.bytes}}
	if !r.opt.Unhashed {
		in.raw.sum = sha256.New()
	}
	br := bufio.NewReaderSize(in.raw, headSize)
	magic, err := br.Peek(6)
	if err != nil && !errors.Is(err, io.EOF) {
		_ = c.Close()
		return nil, err
	}
	var content io.Reader = br
	switch {
	case bytes.HasPrefix(magic, gzipMagic):
		z, err := gzip.NewReader(br)
		if err != nil {
			_ = c.Close()
			return nil, err
		}
		in.packed, content = "gzip", &guard{r: z, stored: &in.raw.n}
	case bytes.HasPrefix(magic, bzip2Magic):
		in.packed, content = "bzip2", &guard{r: bzip2.NewReader(br), stored: &in.raw.n}
	}
	in.decode(content)
	return in, nil
}

// decode removes a byte order mark, turns UTF-16 into UTF-8, and removes colors
// where the text begins with one.
func (in *input) decode(content io.Reader) {
	br, ok := content.(*bufio.Reader)
	if !ok {
		br = bufio.NewReaderSize(content, headSize)
	}
	mark, _ := br.Peek(3) // an error shows again at the first read
	switch {
	case bytes.HasPrefix(mark, []byte{0xef, 0xbb, 0xbf}):
		in.skip = 3
		_, _ = br.Discard(3) // it was peeked
	case bytes.HasPrefix(mark, []byte{0xff, 0xfe}), bytes.HasPrefix(mark, []byte{0xfe, 0xff}):
		br = bufio.NewReaderSize(&utf16Reader{r: br, big: mark[0] == 0xfe}, headSize)
		_, _, _ = br.ReadRune() // the mark itself
	}
	if mark, _ = br.Peek(2); bytes.Equal(mark, colorAhead) {
		br = bufio.NewReaderSize(&plainReader{r: br}, headSize)
	}
	in.text = br
}

// head returns the beginning of the content for recognition. A fault after
// some content is left to the parser's reading.
func (in *input) head(name string) (record.Head, error) {
	b, err := in.text.Peek(headSize)
	head := record.Head{Name: name, Bytes: bytes.Clone(b), Whole: err != nil}
	if errors.Is(err, io.EOF) || len(b) > 0 {
		err = nil
	}
	return head, err
}

// finish reads what is left, so that the hash covers the whole file, and closes it.
func (in *input) finish(f *file) error {
	_, err := io.Copy(io.Discard, in.raw)
	if f.size = in.raw.n; in.raw.sum != nil {
		f.sha = hex.EncodeToString(in.raw.sum.Sum(nil))
	}
	if cerr := in.closer.Close(); err == nil {
		err = cerr
	}
	return err
}

// readFault says in words for people why a file could not be read on.
func readFault(err error) string {
	var pathErr *fs.PathError
	switch {
	case errors.Is(err, errBomb):
		return "it expands to far more than it holds, as an archive bomb does; it was refused"
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return "the gzip data is damaged; what came before the damage was kept"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "the file ends too early, as if it was copied while it was written; what it holds was kept"
	case errors.Is(err, fs.ErrPermission):
		return "permission to read it was denied; change its mode or leave it out"
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file"
	case errors.As(err, &pathErr):
		return "it cannot be read: " + pathErr.Err.Error()
	}
	return "it cannot be read: " + err.Error()
}

// errBomb stops the reading of a stream that expands beyond reason.
var errBomb = errors.New("archive bomb")

const (
	bombSize  = 64 << 20 // expanded bytes that are always allowed
	bombRatio = 250      // expanded to stored bytes beyond that
)

// guard refuses to expand a stream without end.
type guard struct {
	r      io.Reader
	n      int64
	stored *int64 // bytes read from the archive so far
}

func (g *guard) Read(p []byte) (int, error) {
	if g.n > bombSize && g.n/bombRatio > *g.stored {
		return 0, errBomb
	}
	n, err := g.r.Read(p)
	g.n += int64(n)
	return n, err
}
