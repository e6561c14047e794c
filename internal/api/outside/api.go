// Package outside is the operations of the API on other systems: what is told to them,
// published in them, and what comes in from pagers, channels and mail.
package outside

import (
	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/collect"
	"github.com/hindcast/hindcast/internal/collect/channel"
	"github.com/hindcast/hindcast/internal/collect/mailin"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/deliver/elsewhere"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Config says what the operations work with; a description needs none of it.
type Config struct {
	Workflow *workflow.Service
	Deliver  *deliver.Service
	Outside  *elsewhere.Service
	Collect  *collect.Service
	Channels *channel.Service
	MailIn   *mailin.Service
}

// api is the operations.
type api struct {
	Config
	*operation.Set
}

// Add adds the operations.
func Add(s *operation.Set, c Config) {
	a := &api{Config: c, Set: s}
	a.outward()
	a.elsewhere()
	a.collected()
	a.channels()
	a.mailed()
}
