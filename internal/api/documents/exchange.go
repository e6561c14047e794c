package documents

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/workflow"
)

func (a *api) exchange() {
	operation.Register(a.Set, operation.New("GET", "/library", "export-library", "Get all post-mortems that you may see as a zip, with the evidence of those in which you take part", "library"), a.exportLibrary)
	load := operation.New("POST", "/library", "import-library", "Add the post-mortems of an exported library", "library")
	load.MaxBodyBytes, load.BodyReadTimeout = a.Upload, -1
	operation.Register(a.Set, load, a.importLibrary)
}

func (a *api) exportLibrary(ctx context.Context, _ *struct{}) (*huma.StreamResponse, error) {
	v := operation.Viewer(ctx)
	// The archive is written to a file first, so that a failure is an answer and
	// not half an archive.
	f, err := os.CreateTemp("", "hindcast-export-*.zip")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name()) // it stays until it is closed
	err = a.Workflow.Export(ctx, v, f)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &huma.StreamResponse{Body: func(h huma.Context) {
		defer func() { _ = f.Close() }() // it was only read
		h.SetHeader("Content-Type", "application/zip")
		h.SetHeader("Content-Disposition", `attachment; filename="hindcast-library.zip"`)
		_, _ = io.Copy(h.BodyWriter(), f) // the client went away
	}}, nil
}

// Announcing says whether an import is told to those who follow the library from
// outside.
type Announcing struct {
	Announce bool `query:"announce" doc:"tell endpoints of each post-mortem that is added"`
}

func (a *api) importLibrary(ctx context.Context, in *struct {
	Announcing
	RawBody huma.MultipartFormFiles[struct {
		Library huma.FormFile `form:"library" required:"true"`
	}]
}) (*struct{ Body workflow.ImportedLibrary }, error) {
	defer func() { _ = in.RawBody.Form.RemoveAll() }() // temporary files
	file := in.RawBody.Data().Library
	out, err := a.Workflow.Import(ctx, operation.Viewer(ctx), file, file.Size, in.Announce)
	return &struct{ Body workflow.ImportedLibrary }{out}, err
}
