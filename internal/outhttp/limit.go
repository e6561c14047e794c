package outhttp

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/hindcast/hindcast"
)

// limiter keeps the limits of one credential.
type limiter struct {
	Limits
	slots chan struct{} // holds one element for each request that runs

	mu    sync.Mutex
	next  time.Time // when the next request may begin if none had been saved up
	until time.Time // the service asked not to be asked before
}

// limiter returns the limiter of a credential.
func (c *Client) limiter(credential string) *limiter {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.limits[credential]
	if l == nil {
		l = &limiter{Limits: c.Limits, slots: make(chan struct{}, c.Limits.AtOnce)}
		c.limits[credential] = l
	}
	return l
}

// enter waits until a request may begin. When that is too late, it says when.
func (l *limiter) enter(ctx context.Context, now func() time.Time, host string) *Error {
	select {
	case l.slots <- struct{}{}:
	case <-ctx.Done():
		return &Error{Code: hindcast.Unavailable, cause: ctx.Err(), message: fmt.Sprintf("%s: other requests took all the time there was", host)}
	}
	wait := l.reserve(now())
	if wait <= 0 {
		return nil
	}
	if end, ok := ctx.Deadline(); ok && now().Add(wait).After(end) || sleep(ctx, wait) != nil {
		l.leave()
		return &Error{Code: hindcast.Unavailable, Wait: wait, cause: ctx.Err(), message: fmt.Sprintf("%s asks to wait for %s", host, wait.Round(time.Second))}
	}
	return nil
}

// reserve takes the next turn and returns how long it is until then.
func (l *limiter) reserve(now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	saved := now.Add(-time.Duration(l.Burst-1) * l.Every)
	if l.next.Before(saved) {
		l.next = saved
	}
	at := l.next
	if l.until.After(at) {
		at = l.until
	}
	l.next = l.next.Add(l.Every)
	return at.Sub(now)
}

func (l *limiter) leave() { <-l.slots }

// pause lets no request begin before a time.
func (l *limiter) pause(until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if until.After(l.until) {
		l.until = until
	}
}
