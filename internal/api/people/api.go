// Package people is the operations of the API by which people work together: who takes
// part and may what, accounts and reviews, meetings, what readers ask and thank for,
// and what each is told of.
package people

import (
	"time"

	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/auth"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/letter"
	"github.com/hindcast/hindcast/internal/workflow/meeting"
	"github.com/hindcast/hindcast/internal/workflow/notice"
	"github.com/hindcast/hindcast/internal/workflow/reading"
	"github.com/hindcast/hindcast/internal/workflow/review"
)

// Config says what the operations work with; a description needs none of it.
type Config struct {
	Workflow *workflow.Service
	Auth     *auth.Auth
	Review   *review.Service
	Notice   *notice.Service
	Letters  *letter.Service
	Meetings *meeting.Service
	Reading  *reading.Service
	Now      func() time.Time
}

// api is the operations.
type api struct {
	Config
	*operation.Set
}

// Add adds the operations.
func Add(s *operation.Set, c Config) {
	a := &api{Config: c, Set: s}
	a.participants()
	a.people()
	a.meetings()
	a.reviewing()
	a.accounts()
	a.room()
	a.published()
	a.inbox()
}
