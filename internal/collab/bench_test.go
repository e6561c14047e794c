package collab_test

import (
	"path/filepath"
	"slices"
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

// BenchmarkAcrossServers says how long a step takes from one server to those who
// follow on another.
func BenchmarkAcrossServers(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			url := filepath.Join(b.TempDir(), "hindcast.db")
			if engine == "postgres" {
				url = postgres.URL(b)
			}
			l := open(b, url)
			there := *l
			there.join(url)
			there.run()
			o, err := l.write.Open(b.Context(), lead, l.at)
			l.ok(err)
			f := there.follow(other, o.Version)
			defer f.Close(b.Context())
			n := len(change.Units(o.Text))
			var took []time.Duration
			b.ResetTimer()
			for i := range b.N {
				began := time.Now()
				_, err := l.push(lead, o.Version+int64(i), change.Replace(n+i, 0, 0, change.Units("x")))
				l.ok(err)
				until(b, f, func(e collab.Event) bool { return len(e.Steps) > 0 })
				took = append(took, time.Since(began))
				time.Sleep(time.Duration(i*37%100) * time.Millisecond) // so that looks come at any moment
			}
			slices.Sort(took)
			b.ReportMetric(took[len(took)*95/100].Seconds()*1000, "p95-ms")
		})
	}
}
