package workflow

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/upkeep"
)

// An exported library is a zip archive with a folder for each post-mortem, named
// by its number:
//
//	12/post-mortem.md    the document, in our format
//	12/incident.json     what the document does not hold; see exported
//	12/evidence/NAME     the files, as they were given
//
// People, tokens and settings stay where they are: they belong to a server.
const (
	exportedDocument = "post-mortem.md"
	exportedIncident = "incident.json"
	exportedEvidence = "evidence"
)

// exported is what a document does not hold.
type exported struct {
	Format        int       `json:"format"`
	Num           int64     `json:"number"`
	Private       bool      `json:"private,omitempty"`
	PrivateReason string    `json:"private_reason,omitempty"`
	CreatedAt     time.Time `json:"created_at"`
}

const exportFormat = 1

// Export writes all post-mortems that the viewer may see, and the evidence of
// those in which the viewer takes part, the oldest first. One library is exported
// at a time: it costs the server more than anything else.
func (s *Service) Export(ctx context.Context, v hindcast.Viewer, w io.Writer) error {
	if !s.exporting.TryLock() {
		return hindcast.Errorf(hindcast.Unavailable, "a library is being exported already; try again when that has ended")
	}
	defer s.exporting.Unlock()
	z := zip.NewWriter(w)
	for after := ""; ; {
		page, err := s.store.List(ctx, v, store.Filter{After: after, Limit: store.MaxLimit})
		if err != nil {
			return err
		}
		for _, item := range page.Items {
			if err := s.exportOne(ctx, v, z, item.ID); err != nil {
				return fmt.Errorf("export #%d: %w", item.Num, err)
			}
		}
		if after = page.Next; after == "" {
			return z.Close()
		}
	}
}

func (s *Service) exportOne(ctx context.Context, v hindcast.Viewer, z *zip.Writer, id string) error {
	d, err := s.Get(ctx, v, id)
	if err != nil {
		return err
	}
	put := func(name string, data []byte) error {
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: d.UpdatedAt})
		if err != nil {
			return err
		}
		_, err = f.Write(data)
		return err
	}
	folder := fmt.Sprint(d.Num)
	meta, err := json.MarshalIndent(exported{exportFormat, d.Num, d.Private, d.PrivateReason, d.CreatedAt}, "", "  ")
	if err != nil {
		return err
	}
	if err := errors.Join(put(path.Join(folder, exportedDocument), document.Markdown(d.Post)), put(path.Join(folder, exportedIncident), meta)); err != nil {
		return err
	}
	if d.Part() == "" {
		return nil
	}
	rows, err := s.Evidence(ctx, v, d.ID)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.Purged() {
			continue
		}
		if err := s.exportFile(ctx, z, path.Join(folder, exportedEvidence, row.Name), row); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) exportFile(ctx context.Context, z *zip.Writer, name string, row store.EvidenceRow) error {
	r, err := s.blobs.Open(ctx, row.SHA256)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }() // read to its end or given up
	f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: row.AddedAt})
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return err
}

// ImportedLibrary says what became of an exported library.
type ImportedLibrary struct {
	Incidents int                `json:"incidents"` // that were added
	Known     int                `json:"known"`     // that were imported before and are left alone
	Files     int                `json:"files"`     // of evidence
	Problems  []hindcast.Problem `json:"problems"`
}

// Import adds the post-mortems of an exported library, or of the pages that Notion or
// Confluence exported, of which the viewer
// becomes lead. Importing it twice adds nothing. One that cannot be read is a
// problem and does not stop the others. Who follows the library from outside is
// told of each only when announce says so.
func (s *Service) Import(ctx context.Context, v hindcast.Viewer, r io.ReaderAt, size int64, announce bool) (ImportedLibrary, error) {
	var out ImportedLibrary
	if !v.MayWrite() {
		return out, hindcast.Errorf(hindcast.Denied, "you may read here, and not write; an admin can make you a member")
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return out, hindcast.Errorf(hindcast.Invalid, "this is no exported library; it is made with 'hindcast export'")
	}
	documents, evidence := map[string]*zip.File{}, map[string][]*zip.File{}
	metas := map[string]*zip.File{}
	var order []string
	for _, f := range z.File {
		folder, name, _ := strings.Cut(f.Name, "/")
		switch {
		case name == exportedDocument:
			documents[folder], order = f, append(order, folder)
		case name == exportedIncident:
			metas[folder] = f
		case strings.HasPrefix(name, exportedEvidence+"/") && !strings.HasSuffix(name, "/"):
			evidence[folder] = append(evidence[folder], f)
		}
	}
	if len(order) == 0 {
		return s.importPages(ctx, v, z, announce)
	}
	for i := len(order) - 1; i >= 0; i-- { // the oldest last in the archive gets the first number
		folder := order[i]
		if err := s.importOne(ctx, v, documents[folder], metas[folder], evidence[folder], announce, &out); err != nil {
			if hindcast.CodeOf(err) == hindcast.Unavailable || ctx.Err() != nil {
				return out, err
			}
			out.Problems = append(out.Problems, hindcast.Problem{File: folder + "/" + exportedDocument, Message: err.Error()})
		}
	}
	if out.Incidents > 0 {
		if err := upkeep.Analyze(ctx, s.store.DB()); err != nil {
			s.log.Warn("lists may be slow until the database has looked at what was imported", "error", err)
		}
	}
	return out, nil
}

// documentLimit is the largest document that is read, in bytes.
const documentLimit = 16 << 20

func (s *Service) importOne(ctx context.Context, v hindcast.Viewer, doc, meta *zip.File, files []*zip.File, announce bool, out *ImportedLibrary) error {
	text, err := member(doc)
	if err != nil {
		return err
	}
	var m exported
	if meta != nil {
		raw, err := member(meta)
		if err == nil {
			err = json.Unmarshal(raw, &m)
		}
		if err != nil || m.Format > exportFormat {
			return hindcast.Errorf(hindcast.Invalid, "%s cannot be read; it may be of a later version", meta.Name)
		}
	}
	n := NewIncident{Quiet: !announce, Private: m.Private, PrivateReason: m.PrivateReason, Key: fmt.Sprintf("import-%d-%d", m.Num, m.CreatedAt.UnixMicro())}
	if m.CreatedAt.IsZero() {
		n.Key = ""
	}
	d, report, created, err := s.fromMarkdown(ctx, v, doc.Name, text, n)
	if err != nil {
		return err
	}
	if !created {
		out.Known++
		return nil
	}
	out.Incidents++
	out.Problems = append(out.Problems, report.Problems...)
	var evidence []File
	for _, f := range files {
		_, name, _ := strings.Cut(f.Name, "/"+exportedEvidence+"/")
		evidence = append(evidence, File{Name: name, Size: int64(f.UncompressedSize64), Open: f.Open})
	}
	if len(evidence) == 0 {
		return nil
	}
	added, err := s.addAny(ctx, v, d.ID, evidence)
	out.Files += added
	return err
}

// addAny adds evidence whatever the status of the document is.
func (s *Service) addAny(ctx context.Context, v hindcast.Viewer, id string, files []File) (int, error) {
	rows, _, err := s.keep(ctx, v, files)
	if err != nil {
		return 0, err
	}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.PutEvidence(ctx, id, rows); err != nil {
			return err
		}
		return s.audit(ctx, tx, v, "evidence.add", id, map[string]int{"files": len(rows)})
	})
	return len(rows), err
}

func member(f *zip.File) ([]byte, error) {
	if f.UncompressedSize64 > documentLimit {
		return nil, hindcast.Errorf(hindcast.Invalid, "%s is larger than %d MiB", f.Name, documentLimit>>20)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", f.Name, err)
	}
	defer func() { _ = r.Close() }() // read to its end
	return io.ReadAll(io.LimitReader(r, documentLimit+1))
}
