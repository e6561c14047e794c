package server

import (
	"context"

	"github.com/hindcast/hindcast/internal/collect"
	"github.com/hindcast/hindcast/internal/collect/channel"
)

// openCollect opens what takes in what other systems tell and keep.
func (s *Server) openCollect(context.Context) error {
	s.channels = channel.New(channel.Config{DB: s.store.DB(), Queue: s.queue, Deliver: s.deliver, Workflow: s.workflow, Box: s.deliver.Box, Person: s.auth.Active, Address: s.address, Now: s.opt.Now})
	s.collect = collect.New(collect.Config{DB: s.store.DB(), Queue: s.queue, Deliver: s.deliver, Workflow: s.workflow, Person: s.auth.Active, Tickets: s.tickets.Changed, Channels: s.channels.Take, Now: s.opt.Now, Settle: s.opt.Settle})
	return s.openMailIn()
}
