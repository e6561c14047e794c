package workflow

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/webpage"
)

// importPages makes a post-mortem of each page that another system exported into an
// archive, once for each text.
func (s *Service) importPages(ctx context.Context, v hindcast.Viewer, z *zip.Reader, announce bool) (ImportedLibrary, error) {
	var out ImportedLibrary
	pages := 0
	err := webpage.Archive(z, func(p webpage.File, err error) error {
		pages++
		if err == nil {
			var report Imported
			var created bool
			sum := sha256.Sum256(p.Text)
			_, report, created, err = s.fromMarkdown(ctx, v, p.Name, p.Text, NewIncident{Quiet: !announce, Key: "page-" + hex.EncodeToString(sum[:])})
			switch {
			case err == nil && created:
				out.Incidents++
				out.Problems = append(out.Problems, report.Problems...)
			case err == nil:
				out.Known++
			}
		}
		if hindcast.CodeOf(err) == hindcast.Unavailable || ctx.Err() != nil {
			return err
		}
		if err != nil {
			out.Problems = append(out.Problems, hindcast.Problem{File: p.Name, Message: err.Error()})
		}
		return nil
	})
	if err == nil && pages == 0 {
		err = hindcast.Errorf(hindcast.Invalid, "there is no post-mortem in it; it takes what 'hindcast export' made, or pages that Notion or Confluence exported as Markdown or HTML")
	}
	return out, err
}
