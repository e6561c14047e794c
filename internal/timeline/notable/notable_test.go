package notable_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/notable"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

var start = time.Date(2025, 6, 3, 10, 0, 0, 0, time.UTC)

// template makes a template with one line at each of the minutes after start.
func template(text string, level hindcast.Level, minutes ...int) signal.Template {
	c := signal.Counts{Service: "cart", Total: len(minutes)}
	for _, m := range minutes {
		at := start.Add(time.Duration(m) * time.Minute)
		c.Buckets = append(c.Buckets, signal.Count{Bucket: at.Unix() / 10, N: 1, Line: int32(m)})
	}
	c.First = signal.Mark{At: start.Add(time.Duration(minutes[0]) * time.Minute).UnixNano(), Line: minutes[0]}
	c.Last = signal.Mark{At: start.Add(time.Duration(minutes[len(minutes)-1]) * time.Minute).UnixNano()}
	return signal.Template{ID: text, Text: text, Example: text, Level: level, Total: len(minutes), Services: []signal.Counts{c}}
}

// answered gives a template the status of the request that its lines tell of.
func answered(t signal.Template, status int) signal.Template {
	t.Status = status
	return t
}

func TestFind(t *testing.T) {
	usual := template("request done", hindcast.LevelInfo, 0, 1, 2, 3, 60)
	tests := []struct {
		name string
		in   signal.Template
		want []string // detector, minute, direction
	}{
		{"an objective", template("SLO breach wait_4h: oldest job waited 14400s", hindcast.LevelWarn, 30), []string{"stated-breach 30 1"}},
		{"an expiry", template("x509: certificate has expired", hindcast.LevelError, 31, 32), []string{"stated-expiry 31 1"}},
		{"what a caller brought", answered(template("token rejected: expired", hindcast.LevelWarn, 31, 32), 401), nil},
		{"a caller's licence", answered(template("GET /v1/seats license expired", hindcast.LevelWarn, 31), 403), nil},
		{"a request that our own expiry fails", answered(template("upstream certificate has expired", hindcast.LevelError, 31), 502), []string{"stated-expiry 31 1"}},
		{"an expiry to come", template("certificate for db expires in 12 days", hindcast.LevelWarn, 31), nil},
		{"a rollout", template("rollout of cart-api v4.7.0 to production started by ops", hindcast.LevelInfo, 31), []string{"stated-change 31 0"}},
		{"an activation", template("scheduled activation of key k15 (CHG-58812), active key was k14", hindcast.LevelInfo, 31), []string{"stated-change 31 0"}},
		{"the end of a rollout", template("rollout of cart-api v4.7.0 done", hindcast.LevelInfo, 31), nil},
		{"the end", template("shared pool available again, 42 idle", hindcast.LevelInfo, 45), []string{"stated-recovery 45 -1"}},
		{"an attempt", template("failed to get reconnected", hindcast.LevelInfo, 45), nil},
		{"news after a silence", template("leader elected again", hindcast.LevelInfo, 25, 26, 58), []string{"stated-recovery 25 -1", "stated-recovery 58 -1"}},
		{"a new failure", template("could not get a connection", hindcast.LevelError, 33, 34, 35), []string{"new-failure 33 1"}},
		{"a new warning", template("order below purchase price", hindcast.LevelWarn, 33, 34, 35), []string{"new-warning 33 1"}},
		{"no news", template("SLO wait_4h still breached", hindcast.LevelWarn, 33), nil},
		{"a rare failure", template("image is truncated", hindcast.LevelError, 33), nil},
		{"a full disk", template("could not write to file: No space left on device", hindcast.LevelFatal, 33), []string{"stated-failure 33 1"}},
		{"a broker that quits", template("shutdown broker because all log dirs have failed", hindcast.LevelError, 33), []string{"stated-failure 33 1"}},
		{"a process killed", template("worker was terminated by signal 9", hindcast.LevelError, 33), []string{"stated-failure 33 1"}},
		{"no memory", template("java.lang.OutOfMemoryError: Java heap space", hindcast.LevelError, 33), []string{"stated-failure 33 1"}},
		{"a full disk of every day", template("no space left on device", hindcast.LevelError, 5, 33), nil},
		{"a full disk that is told of", template("no space left on device, will clean up", hindcast.LevelInfo, 33), nil},
		{"a known failure", template("payment declined", hindcast.LevelError, 5, 33, 34, 35), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, d := range notable.Find([]signal.Template{usual, tt.in}, notable.Window{From: start.Add(20 * time.Minute), To: start.Add(time.Hour)}) {
				got = append(got, fmt.Sprintf("%s %d %d", d.Detector, int(time.Unix(0, d.From).Sub(start).Minutes()), d.Direction))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Find: -want +got:\n%s", diff)
			}
		})
	}
}
