package evidence

import (
	"archive/tar"
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

const (
	maxDepth   = 3       // archives inside archives
	maxMembers = 100_000 // of one archive
)

// readerAt is what a zip archive is read from.
type readerAt interface {
	io.ReaderAt
	io.Closer
}

// zip sends the members of a zip archive on their way.
func (r *reader) zip(s Source, depth int) {
	at, size, err := r.hold(s)
	if err != nil {
		r.problem(r.sink, s.Name, readFault(err))
		return
	}
	r.closers = append(r.closers, at)
	z, err := zip.NewReader(at, size)
	if err != nil {
		r.problem(r.sink, s.Name, "the zip archive is damaged and cannot be opened; export it again")
		return
	}
	if fault := zipFault(z, size); fault != "" {
		r.problem(r.sink, s.Name, fault)
		return
	}
	for _, m := range z.File {
		if m.FileInfo().IsDir() || hidden(m.Name) {
			continue
		}
		name, fault := memberName(m.Name)
		switch {
		case fault == "" && m.Flags&1 != 0:
			fault = "the archive member is encrypted; unpack it with its password first"
		case fault == "" && !m.Mode().IsRegular():
			fault = "the archive member is a link or a device; it was refused"
		}
		if fault != "" {
			r.problem(r.sink, s.Name, fault)
			continue
		}
		r.source(Source{Name: name, Size: int64(m.UncompressedSize64), archive: s.Name, Open: func() (io.ReadCloser, error) {
			c, err := m.Open()
			if err != nil {
				return nil, err
			}
			stored := int64(m.CompressedSize64)
			return struct {
				io.Reader
				io.Closer
			}{&guard{r: c, stored: &stored}, c}, nil
		}}, depth+1)
	}
}

// zipFault returns why a zip archive is refused as a whole, or nothing.
func zipFault(z *zip.Reader, size int64) string {
	if len(z.File) > maxMembers {
		return fmt.Sprintf("the archive has %d members, more than %d; it was refused", len(z.File), maxMembers)
	}
	var stored uint64
	for _, m := range z.File {
		stored += m.CompressedSize64
	}
	if stored > uint64(size) {
		return "the members of the archive overlap, as in an archive bomb; it was refused"
	}
	return ""
}

// hold returns s for reading at any place: as it is, or kept aside.
func (r *reader) hold(s Source) (readerAt, int64, error) {
	c, err := s.Open()
	if err != nil {
		return nil, 0, err
	}
	if at, ok := c.(readerAt); ok && s.Size >= 0 {
		return at, s.Size, nil
	}
	defer func() { _ = c.Close() }() // read to its end or given up
	kept, err := r.spool(c)
	if err != nil {
		return nil, 0, err
	}
	return kept.open(), kept.size, nil
}

// tar sends the members of a tar archive on their way. in is open at its beginning.
func (r *reader) tar(s Source, in *input, depth int) {
	t := tar.NewReader(in.text)
	held := int64(0)
	for n := 0; ; n++ {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			r.problem(r.sink, s.Name, "the tar archive is damaged; the members before the damage were kept")
			return
		}
		if h.Typeflag == tar.TypeDir || hidden(h.Name) {
			continue
		}
		name, fault := memberName(h.Name)
		switch held += h.Size; {
		case n > maxMembers || held > maxHeld:
			r.problem(r.sink, s.Name, "the tar archive is too large to be read in place; unpack it first")
			return
		case fault == "" && h.Typeflag != tar.TypeReg:
			fault = "the archive member is a link or a device; it was refused"
		}
		if fault != "" {
			r.problem(r.sink, s.Name, fault)
			continue
		}
		kept, err := r.spool(t)
		if err != nil {
			r.problem(r.sink, s.Name, readFault(err))
			return
		}
		r.source(Source{Name: name, Size: h.Size, archive: s.Name, Open: func() (io.ReadCloser, error) {
			return kept.open(), nil
		}}, depth+1)
	}
}

// isTar reports whether head begins a tar archive.
func isTar(head []byte) bool {
	return len(head) > 262 && string(head[257:262]) == "ustar"
}

// hidden reports whether a member is an operating system's own and no evidence.
func hidden(name string) bool {
	return strings.HasPrefix(name, "__MACOSX/") || path.Base(name) == ".DS_Store"
}

// memberName returns the name of an archive member, or why it is refused.
func memberName(name string) (clean, fault string) {
	name = strings.TrimPrefix(name, "./")
	if name == "" || strings.ContainsAny(name, "\\\x00") || strings.HasPrefix(name, "/") || len(name) > 1 && name[1] == ':' {
		return "", "an archive member has a name that points outside the archive; it was refused"
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return "", "an archive member has a name that points outside the archive; it was refused"
		}
	}
	return path.Clean(name), ""
}
