package webpage

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// Bounds of an archive: its pages, and the bytes of one of them and of an archive
// within it.
const (
	mostPages   = 500
	mostBytes   = 16 << 20
	mostArchive = 256 << 20
)

// File is a page of an archive.
type File struct {
	Name string // as that of Markdown, without the id that Notion adds
	Text []byte // as Markdown
}

// Archive calls f with each page in an archive that Notion or Confluence exported,
// and with why one cannot be read. Notion's archives hold others, which hold the
// pages. Lists of contents are passed over.
func Archive(z *zip.Reader, f func(File, error) error) error {
	n := 0
	return archive(z, 1, &n, f)
}

func archive(z *zip.Reader, deeper int, n *int, f func(File, error) error) error {
	for _, m := range z.File {
		name, ext := path.Base(m.Name), strings.ToLower(path.Ext(m.Name))
		switch {
		case ext == ".zip" && deeper > 0:
			inner, err := within(m)
			if err == nil {
				err = archive(inner, deeper-1, n, f)
			}
			if err != nil {
				return err
			}
			continue
		case !slices.Contains([]string{".md", ".markdown", ".html", ".htm"}, ext), strings.HasPrefix(name, "."), strings.HasPrefix(m.Name, "__MACOSX/"), name == "index.html":
			continue
		}
		if *n++; *n > mostPages {
			return hindcast.Errorf(hindcast.Invalid, "the archive has more than %d pages; export those that are post-mortems", mostPages)
		}
		p := File{Name: notionID.ReplaceAllString(name, "$1")}
		raw, err := read(m, mostBytes)
		if err == nil {
			p.Text, err = Text(p.Name, raw)
			p.Name = strings.TrimSuffix(p.Name, path.Ext(p.Name)) + ".md"
		}
		if err := f(p, err); err != nil {
			return err
		}
	}
	return nil
}

// notionID is what Notion adds to the names of pages.
var notionID = lazyregexp.New(`(?i) [0-9a-f]{32}(\.\w+)$`)

func within(m *zip.File) (*zip.Reader, error) {
	raw, err := read(m, mostArchive)
	if err != nil {
		return nil, err
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, hindcast.Errorf(hindcast.Invalid, "%s in the archive is damaged; export it again", m.Name)
	}
	return z, nil
}

func read(m *zip.File, most int64) ([]byte, error) {
	r, err := m.Open()
	if err != nil {
		return nil, fmt.Errorf("open %s in the archive: %w", m.Name, err)
	}
	defer func() { _ = r.Close() }() // it was only read
	raw, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, hindcast.Errorf(hindcast.Invalid, "%s in the archive is damaged: %v", m.Name, err)
	}
	if int64(len(raw)) > most {
		return nil, hindcast.Errorf(hindcast.Invalid, "%s in the archive is larger than %d MB", m.Name, most>>20)
	}
	return raw, nil
}
