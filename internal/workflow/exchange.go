package workflow

import (
	"archive/zip"
	"context"
	"fmt"
	"io"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/upkeep"
	"github.com/hindcast/hindcast/internal/workflow/archive"
)

// Export writes all post-mortems that the viewer may see, and the evidence of
// those in which the viewer takes part, the oldest first; see package archive. One
// library is exported at a time: it costs the server more than anything else.
func (s *Service) Export(ctx context.Context, v hindcast.Viewer, w io.Writer) error {
	if !s.exporting.TryLock() {
		return hindcast.Errorf(hindcast.Unavailable, "a library is being exported already; try again when that has ended")
	}
	defer s.exporting.Unlock()
	z := archive.NewWriter(w)
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

func (s *Service) exportOne(ctx context.Context, v hindcast.Viewer, z *archive.Writer, id string) error {
	d, err := s.Get(ctx, v, id)
	if err != nil {
		return err
	}
	m := archive.Meta{Num: d.Num, Private: d.Private, PrivateReason: d.PrivateReason, CreatedAt: d.CreatedAt}
	if err := z.Document(m, document.Markdown(d.Post), d.UpdatedAt); err != nil || d.Part() == "" {
		return err
	}
	rows, err := s.Evidence(ctx, v, d.ID)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.Purged() {
			continue
		}
		if err := s.exportFile(ctx, z, d.Num, row); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) exportFile(ctx context.Context, z *archive.Writer, num int64, row store.EvidenceRow) error {
	r, err := s.blobs.Open(ctx, row.SHA256)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }() // read to its end or given up
	return z.File(num, row.Name, r, row.AddedAt)
}

// ImportedLibrary says what became of an exported library.
type ImportedLibrary = archive.ImportedLibrary

// Import adds the post-mortems of an exported library, or of the pages that Notion or
// Confluence exported, of which the viewer becomes lead. Importing it twice adds
// nothing. One that cannot be read is a problem and does not stop the others. Who
// follows the library from outside is told of each only when announce says so.
func (s *Service) Import(ctx context.Context, v hindcast.Viewer, r io.ReaderAt, size int64, announce bool) (ImportedLibrary, error) {
	var out ImportedLibrary
	if !v.MayWrite() {
		return out, hindcast.Errorf(hindcast.Denied, "you may read here, and not write; an admin can make you a member")
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return out, hindcast.Errorf(hindcast.Invalid, "this is no exported library; it is made with 'hindcast export'")
	}
	entries := archive.Read(z)
	if len(entries) == 0 {
		return s.importPages(ctx, v, z, announce)
	}
	for _, e := range entries {
		if err := s.importOne(ctx, v, e, announce, &out); err != nil {
			if hindcast.CodeOf(err) == hindcast.Unavailable || ctx.Err() != nil {
				return out, err
			}
			out.Problems = append(out.Problems, hindcast.Problem{File: e.Path(), Message: err.Error()})
		}
	}
	if out.Incidents > 0 {
		if err := upkeep.Analyze(ctx, s.store.DB()); err != nil {
			s.log.Warn("lists may be slow until the database has looked at what was imported", "error", err)
		}
	}
	return out, nil
}

// importPages makes a post-mortem of each page that another system exported.
func (s *Service) importPages(ctx context.Context, v hindcast.Viewer, z *zip.Reader, announce bool) (ImportedLibrary, error) {
	return archive.Pages(ctx, z, func(name string, text []byte, key string) ([]hindcast.Problem, bool, error) {
		_, report, created, err := s.fromMarkdown(ctx, v, name, text, NewIncident{Quiet: !announce, Key: key})
		return report.Problems, created, err
	})
}

func (s *Service) importOne(ctx context.Context, v hindcast.Viewer, e *archive.Entry, announce bool, out *ImportedLibrary) error {
	text, m, err := e.Document()
	if err != nil {
		return err
	}
	n := NewIncident{Quiet: !announce, Private: m.Private, PrivateReason: m.PrivateReason, Key: fmt.Sprintf("import-%d-%d", m.Num, m.CreatedAt.UnixMicro())}
	if m.CreatedAt.IsZero() {
		n.Key = ""
	}
	d, report, created, err := s.fromMarkdown(ctx, v, e.Path(), text, n)
	if err != nil {
		return err
	}
	if !created {
		out.Known++
		return nil
	}
	out.Incidents++
	out.Problems = append(out.Problems, report.Problems...)
	if len(e.Files) == 0 {
		return nil
	}
	var evidence []File
	for _, f := range e.Files {
		evidence = append(evidence, File{Name: archive.Name(f), Size: int64(f.UncompressedSize64), Open: f.Open})
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
