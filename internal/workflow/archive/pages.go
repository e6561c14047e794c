package archive

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/webpage"
)

// ImportedLibrary says what became of an exported library.
type ImportedLibrary struct {
	Incidents int                `json:"incidents"` // that were added
	Known     int                `json:"known"`     // that were imported before and are left alone
	Files     int                `json:"files"`     // of evidence
	Problems  []hindcast.Problem `json:"problems"`
}

// Pages adds each page that another system exported into an archive with add, which
// gets a key of its text and says what it did not understand and whether it is new.
// A page that cannot be added is a problem and does not stop the others.
func Pages(ctx context.Context, z *zip.Reader, add func(name string, text []byte, key string) (problems []hindcast.Problem, created bool, err error)) (ImportedLibrary, error) {
	var out ImportedLibrary
	pages := 0
	err := webpage.Archive(z, func(p webpage.File, err error) error {
		pages++
		if err == nil {
			var problems []hindcast.Problem
			var created bool
			sum := sha256.Sum256(p.Text)
			problems, created, err = add(p.Name, p.Text, "page-"+hex.EncodeToString(sum[:]))
			switch {
			case err == nil && created:
				out.Incidents++
				out.Problems = append(out.Problems, problems...)
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
