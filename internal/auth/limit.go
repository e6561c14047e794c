package auth

import (
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/hindcast/hindcast"
)

// limiter counts failed attempts by key. After a few free ones each failure
// doubles the time in which the key is refused.
type limiter struct {
	mu   sync.Mutex
	seen map[string]failures
}

type failures struct {
	count int
	until time.Time // refused until then
	last  time.Time
}

const (
	freeFailures  = 5
	freeOfClient  = 20 // an office may come from one address
	firstWait     = 2 * time.Second
	longestWait   = 15 * time.Minute
	forgetAfter   = time.Hour
	limiterMemory = 100_000 // keys; beyond, those that failed longest ago are forgotten
)

// allow returns an error that says how long to wait.
func (l *limiter) allow(now time.Time, keys ...string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, k := range keys {
		if wait := l.seen[k].until.Sub(now); wait > 0 {
			return hindcast.Errorf(hindcast.Unavailable, "too many attempts; try again in %s", hindcast.FormatDuration(wait.Round(time.Second)+time.Second))
		}
	}
	return nil
}

// failed counts a failure for keys.
func (l *limiter) failed(now time.Time, keys ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seen == nil {
		l.seen = map[string]failures{}
	}
	if len(l.seen) > limiterMemory {
		l.forget(now)
	}
	for _, k := range keys {
		f := l.seen[k]
		if now.Sub(f.last) > forgetAfter {
			f = failures{}
		}
		f.count++
		f.last = now
		if over := f.count - free(k); over > 0 {
			f.until = now.Add(min(firstWait<<min(over-1, 20), longestWait))
		}
		l.seen[k] = f
	}
}

// free is how many failures of a key cost nothing.
func free(key string) int {
	if strings.HasPrefix(key, clientKey) {
		return freeOfClient
	}
	return freeFailures
}

const clientKey = "client:"

// keyOfClient is the key of who sends from an address. A network of IPv6 is one
// client, since its addresses cost nothing.
func keyOfClient(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Unmap().Is4() {
		return clientKey + address
	}
	if network, err := ip.WithZone("").Prefix(64); err == nil {
		address = network.String()
	}
	return clientKey + address
}

// succeeded forgets the failures of keys.
func (l *limiter) succeeded(keys ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, k := range keys {
		delete(l.seen, k)
	}
}

// forget drops what is old, and everything when nothing is.
func (l *limiter) forget(now time.Time) {
	for k, f := range l.seen {
		if now.Sub(f.last) > longestWait {
			delete(l.seen, k)
		}
	}
	if len(l.seen) > limiterMemory {
		clear(l.seen)
	}
}
