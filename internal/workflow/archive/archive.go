// Package archive is how a library travels: a zip archive with a folder for each
// post-mortem, named by its number:
//
//	12/post-mortem.md    the document, in our format
//	12/incident.json     what the document does not hold; see [Meta]
//	12/evidence/NAME     the files, as they were given
//
// People, tokens and settings stay where they are: they belong to a server.
package archive

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
)

const (
	documentName = "post-mortem.md"
	metaName     = "incident.json"
	evidenceName = "evidence"
)

// Meta is what a document does not hold.
type Meta struct {
	Format        int       `json:"format"`
	Num           int64     `json:"number"`
	Private       bool      `json:"private,omitempty"`
	PrivateReason string    `json:"private_reason,omitempty"`
	CreatedAt     time.Time `json:"created_at"`
}

const format = 1

// Writer writes an archive.
type Writer struct{ zip *zip.Writer }

// NewWriter returns a Writer to w.
func NewWriter(w io.Writer) *Writer { return &Writer{zip.NewWriter(w)} }

// Close ends the archive.
func (w *Writer) Close() error { return w.zip.Close() }

// Document adds a post-mortem, which was last changed at a time. Its format is set.
func (w *Writer) Document(m Meta, markdown []byte, changed time.Time) error {
	m.Format = format
	meta, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	folder := fmt.Sprint(m.Num)
	return errors.Join(w.put(path.Join(folder, documentName), markdown, changed), w.put(path.Join(folder, metaName), meta, changed))
}

func (w *Writer) put(name string, data []byte, changed time.Time) error {
	f, err := w.create(name, changed)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return err
}

func (w *Writer) create(name string, changed time.Time) (io.Writer, error) {
	return w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: changed})
}

// File adds a file of evidence of a post-mortem.
func (w *Writer) File(num int64, name string, r io.Reader, added time.Time) error {
	f, err := w.create(path.Join(fmt.Sprint(num), evidenceName, name), added)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return err
}

// Entry is a post-mortem in an archive.
type Entry struct {
	Files          []*zip.File // of evidence; see [Name]
	document, meta *zip.File
}

// Read returns the post-mortems of an archive, the oldest first; none when it is no
// exported library.
func Read(z *zip.Reader) []*Entry {
	folders := map[string]*Entry{}
	var order []*Entry
	for _, f := range z.File {
		folder, name, _ := strings.Cut(f.Name, "/")
		e := folders[folder]
		if e == nil {
			e = &Entry{}
			folders[folder] = e
		}
		switch {
		case name == documentName:
			e.document, order = f, append([]*Entry{e}, order...) // the oldest is last in the archive
		case name == metaName:
			e.meta = f
		case strings.HasPrefix(name, evidenceName+"/") && !strings.HasSuffix(name, "/"):
			e.Files = append(e.Files, f)
		}
	}
	return order
}

// Name returns the name under which a file of evidence was kept.
func Name(f *zip.File) string {
	_, name, _ := strings.Cut(f.Name, "/"+evidenceName+"/")
	return name
}

// Path returns the name of the document in the archive.
func (e *Entry) Path() string { return e.document.Name }

// Document returns the text of the document, and what it does not hold; that is
// empty when the archive does not say.
func (e *Entry) Document() ([]byte, Meta, error) {
	var m Meta
	text, err := read(e.document)
	if err != nil || e.meta == nil {
		return text, m, err
	}
	raw, err := read(e.meta)
	if err == nil {
		err = json.Unmarshal(raw, &m)
	}
	if err != nil || m.Format > format {
		return nil, m, hindcast.Errorf(hindcast.Invalid, "%s cannot be read; it may be of a later version", e.meta.Name)
	}
	return text, m, nil
}

// limit is the largest document that is read, in bytes.
const limit = 16 << 20

func read(f *zip.File) ([]byte, error) {
	if f.UncompressedSize64 > limit {
		return nil, hindcast.Errorf(hindcast.Invalid, "%s is larger than %d MiB", f.Name, limit>>20)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", f.Name, err)
	}
	defer func() { _ = r.Close() }() // read to its end
	return io.ReadAll(io.LimitReader(r, limit+1))
}
