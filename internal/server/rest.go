package server

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// restAfter is how long nobody asks for anything before memory is given back, and
// restCycles how often memory was collected since the last time that this is worth
// it.
const (
	restAfter  = 30 * time.Second
	restCycles = 4
)

// rest gives back memory that starting took, and later what a busy time took once
// it is over, until ctx ends.
func (s *Server) rest(ctx context.Context) {
	t := time.NewTicker(restAfter)
	defer t.Stop()
	s.giveBack()
	for asked, rested := s.asked.Load(), collected(); ; {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		now := s.asked.Load()
		if now == asked && collected() >= rested+restCycles {
			s.giveBack()
			rested = collected()
		}
		asked = now
	}
}

// restBetween returns what gives memory back between two times of work that nobody
// waits for, unless somebody asked for something in the meantime.
func (s *Server) restBetween() func() {
	var asked int64
	return func() {
		before := asked
		if asked = s.asked.Load(); asked == before {
			s.giveBack()
		}
	}
}

// giveBack gives memory back to the system: what was freed, and the parts of the
// program that were read once.
func (s *Server) giveBack() {
	debug.FreeOSMemory()
	if err := releaseProgram(); err != nil {
		s.opt.Log.Debug("parts of the program stay in memory", "error", err)
	}
}

// collected returns how often memory was collected so far.
func collected() uint64 {
	sample := []metrics.Sample{{Name: "/gc/cycles/total:gc-cycles"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}
