package elsewhere

import (
	"context"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Sources returns from where pages can be taken over.
func (s *Service) Sources(ctx context.Context, v hindcast.Viewer) ([]deliver.Place, error) {
	return s.Connections.Places(ctx, v, connector.Imports)
}

// Take begins a post-mortem with a page of another system, by its address there,
// and says what was understood of it. Who may write may take what the connection
// reads.
func (s *Service) Take(ctx context.Context, v hindcast.Viewer, endpoint, address string, n workflow.NewIncident) (*workflow.Document, workflow.Imported, error) {
	if !v.MayWrite() {
		return nil, workflow.Imported{}, hindcast.Errorf(hindcast.Denied, "you may read here, and not write; an admin can make you a member")
	}
	from, err := s.Connections.Importer(ctx, endpoint)
	if err != nil {
		return nil, workflow.Imported{}, err
	}
	page, err := from.ReadPage(ctx, address)
	if err != nil {
		return nil, workflow.Imported{}, err
	}
	text := page.Markdown
	if page.Title != "" && n.Title == "" {
		n.Title = page.Title
	}
	return s.Workflow.CreateFromMarkdown(ctx, v, "page.md", []byte(text), n)
}
