package server

import (
	"context"

	"github.com/hindcast/hindcast/internal/collect"
)

// openCollect opens what takes in what other systems tell and keep.
func (s *Server) openCollect(context.Context) error {
	s.collect = collect.New(collect.Config{DB: s.store.DB(), Queue: s.queue, Deliver: s.deliver, Workflow: s.workflow, Person: s.auth.Active, Tickets: s.tickets.Changed, Now: s.opt.Now, Settle: s.opt.Settle})
	return nil
}
