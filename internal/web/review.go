package web

import (
	reviewpages "github.com/hindcast/hindcast/internal/web/review"
)

// reviewing are the pages on which people speak about a post-mortem before it is
// published.
func (h *Handler) reviewing() reviewpages.Handlers {
	return reviewpages.Handlers{Config: reviewpages.Config{Workflow: h.Workflow, Review: h.Review, Name: h.name, Changed: h.changed, Part: partWord, Change: changeOf, Show: h.showAnalysis}}
}
