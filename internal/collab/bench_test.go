package collab_test

import (
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/collab"
	"github.com/hindcast/hindcast/internal/collab/change"
)

// cpu is how long the processor has worked for this program. What a PostgreSQL
// server does is not in it.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkPush takes changes one by one, each in a transaction of its own, with
// the document written every 20 changes: ten people who make two a second write it
// as often by their clock.
func BenchmarkPush(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			url := filepath.Join(b.TempDir(), "hindcast.db")
			if engine == "postgres" {
				url = postgres.URL(b)
			}
			l := open(b, url)
			o, err := l.write.Open(b.Context(), lead, l.at)
			if err != nil {
				b.Fatal(err)
			}
			n := len(change.Units(o.Text))
			began := cpu(b)
			b.ResetTimer()
			for i := range b.N {
				c := change.Replace(n, n/2, n/2, change.Units("x"))
				if i%2 == 1 {
					c = change.Replace(n, n/2, n/2+1, nil)
				}
				if _, err := l.write.Push(b.Context(), lead, l.at, collab.Push{Client: "lead:1", Version: o.Version + int64(i), Changes: []change.Set{c}}); err != nil {
					b.Fatal(err)
				}
				n = c.After()
				if i%20 == 19 {
					l.ok(l.write.Settle(b.Context(), l.at))
				}
			}
			b.ReportMetric(float64(b.N)/(cpu(b)-began).Seconds(), "changes/cpu-s")
		})
	}
}
