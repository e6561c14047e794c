// Package documents is the operations of the API on post-mortems: to list, read and
// change them, on the evidence that they are built from, on what their checks say, and
// on the library as a whole.
package documents

import (
	"time"

	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/collect"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Config says what the operations work with; a description needs none of it.
type Config struct {
	Workflow *workflow.Service
	Collect  *collect.Service
	Deliver  *deliver.Service
	Now      func() time.Time
	Upload   int64 // the most bytes of one upload
}

// api is the operations.
type api struct {
	Config
	*operation.Set
}

// Add adds the operations.
func Add(s *operation.Set, c Config) {
	a := &api{Config: c, Set: s}
	a.incidents()
	a.history()
	a.evidence()
	a.library()
	a.exchange()
	a.wording()
	a.asked()
	a.integrity()
}
