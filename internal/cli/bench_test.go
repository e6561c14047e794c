package cli_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/cli"
)

// logFile writes lines of a made-up service, every hundredth an error.
func logFile(b *testing.B, name string, lines int, line func(w io.Writer, at time.Time, level string, r *rand.Rand)) string {
	b.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	at := time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)
	var buf bytes.Buffer
	for i := range lines {
		level := "info"
		if i%100 == 99 {
			level = "error"
		}
		at = at.Add(time.Duration(r.IntN(2000)) * time.Microsecond)
		line(&buf, at, level, r)
	}
	path := filepath.Join(b.TempDir(), name)
	if err := os.WriteFile(path, buf.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	return path
}

// messages are what the service logs.
var messages = [...]string{
	"order %d accepted in %d ms", "payment %d authorized after %d attempts", "cache miss for key user:%d:%d", "connection to 10.0.%d.%d closed by peer",
	"GET /api/orders/%d status=200 duration=%dms", "retry %d of %d for upstream inventory", "session %x refreshed ttl=%d", "consumer lag %d partition %d",
}

func message(r *rand.Rand) string {
	return fmt.Sprintf(messages[r.IntN(len(messages))], r.IntN(250), r.IntN(250))
}

// BenchmarkTimeline reads a log from disk, with all formats to choose from, to a
// finished timeline. lines/cpu-s counts the time of all cores.
func BenchmarkTimeline(b *testing.B) {
	const lines = 300_000
	benchmarks := []struct {
		name string
		line func(w io.Writer, at time.Time, level string, r *rand.Rand)
	}{
		{"text", func(w io.Writer, at time.Time, level string, r *rand.Rand) {
			fmt.Fprintf(w, "%s %s checkout[%d]: %s\n", at.Format(time.RFC3339Nano), level, r.IntN(4), message(r))
		}},
		{"ndjson", func(w io.Writer, at time.Time, level string, r *rand.Rand) {
			fmt.Fprintf(w, `{"ts":%q,"level":%q,"service":"checkout","pod":"checkout-%d","trace_id":"%016x","msg":%q}`+"\n", at.Format(time.RFC3339Nano), level, r.IntN(4), r.Uint64(), message(r))
		}},
	}
	for _, bb := range benchmarks {
		b.Run(bb.name, func(b *testing.B) {
			path := logFile(b, "app.log", lines, bb.line)
			info, err := os.Stat(path)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(info.Size())
			begin := cpu(b)
			for b.Loop() {
				if code := cli.Main([]string{"timeline", "--format", "json", path}, nil, io.Discard, io.Discard); code != 0 {
					b.Fatalf("hindcast timeline exits with %d", code)
				}
			}
			b.ReportMetric(float64(lines*b.N)/(cpu(b)-begin).Seconds(), "lines/cpu-s")
		})
	}
}

// cpu returns the processor time that this process has used.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
