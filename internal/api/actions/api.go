// Package actions is the operations of the API on action items: to list, change and
// count them, to go through them once a week, and on their tickets elsewhere.
package actions

import (
	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/deliver/ticket"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/followup"
)

// Config says what the operations work with; a description needs none of it.
type Config struct {
	Workflow *workflow.Service
	Followup *followup.Service
	Tickets  *ticket.Service
}

// api is the operations.
type api struct {
	Config
	*operation.Set
}

// Add adds the operations.
func Add(s *operation.Set, c Config) {
	a := &api{Config: c, Set: s}
	a.tickets()
	a.actions()
	a.reviews()
}
