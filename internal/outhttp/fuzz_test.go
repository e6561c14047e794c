package outhttp_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/outhttp"
)

// FuzzWait holds that whatever a service says, it is not waited for longer than a
// day, and never less than not at all.
func FuzzWait(f *testing.F) {
	for _, s := range []string{"120", "-1", "NaN", "1e999", "Sun, 15 Mar 2026 14:01:30 GMT", "2026-03-15T14:02Z", "1773583260", "1773583260000", `"default";r=0;t=40`} {
		f.Add(429, s, "0")
	}
	names := []string{"Retry-After", "Retry-After-Ms", "X-Ratelimit-Reset", "X-Ratelimit-Reset-After", "Ratelimit-Reset", "Ratelimit", "X-Rate-Limit-Reset", "X-Ratelimit-Requests-Reset"}
	f.Fuzz(func(t *testing.T, status int, value, left string) {
		for _, name := range names {
			h := http.Header{"X-Ratelimit-Remaining": {left}, "Ratelimit-Remaining": {left}, "X-Rate-Limit-Remaining": {left}, "X-Ratelimit-Requests-Remaining": {left}}
			h.Set(name, value)
			if d := outhttp.Wait(status, h, time.Unix(1773583200, 0)); d < 0 || d > 24*time.Hour {
				t.Errorf("Wait(%d, %s: %q) = %v", status, name, value, d)
			}
		}
	})
}
