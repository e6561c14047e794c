package sheet

import "sync"

// keepers is how many pages are compressed and stored at once, beside requests.
const keepers = 2

// keeping runs what follows from a request and nobody waits for. The zero value is
// ready.
type keeping struct {
	mu     sync.Mutex
	closed bool
	busy   int
	done   sync.WaitGroup
}

// begin runs f on its own, unless too many run already or it is over: then f is not
// run at all.
func (k *keeping) begin(f func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed || k.busy == keepers {
		return
	}
	k.busy++
	k.done.Go(func() {
		f()
		k.mu.Lock()
		defer k.mu.Unlock()
		k.busy--
	})
}

// close waits for what runs and lets nothing begin.
func (k *keeping) close() {
	k.mu.Lock()
	k.closed = true
	k.mu.Unlock()
	k.done.Wait()
}
