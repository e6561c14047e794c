package record

import (
	"slices"
	"sync"
	"time"
)

// Offsets is the set of offsets from UTC with which times of a file are written. It is
// safe for concurrent use.
type Offsets struct {
	mu  sync.Mutex
	set []time.Duration
}

// Note adds an offset. It does nothing when o is nil.
func (o *Offsets) Note(d time.Duration) {
	if o == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if !slices.Contains(o.set, d) {
		o.set = append(o.set, d)
	}
}

// All returns the offsets, the least first; none when o is nil.
func (o *Offsets) All() []time.Duration {
	if o == nil {
		return nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	out := slices.Clone(o.set)
	slices.Sort(out)
	return out
}
