package web

import (
	"context"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/web/history"
	reviewpages "github.com/hindcast/hindcast/internal/web/review"
	"github.com/hindcast/hindcast/internal/workflow"
)

// reviewing are the pages on which people speak about a post-mortem before it is
// published.
func (h *Handler) reviewing() reviewpages.Handlers {
	return reviewpages.Handlers{Config: reviewpages.Config{Workflow: h.Workflow, Review: h.Review, Name: h.name, Changed: h.history().Changed, Part: history.PartWord, Change: changeOf, Show: h.showAnalysis, Send: fragment, Prose: h.prose}}
}

// said returns how much is said about a document, to who takes part in it.
func (h *Handler) said(ctx context.Context, v hindcast.Viewer, d *workflow.Document) (int64, error) {
	if d.Part() == "" {
		return 0, nil
	}
	return h.Review.Said(ctx, v, d.Num)
}
